"""Short real videos for the window's tests."""

from __future__ import annotations

from pathlib import Path

import av
from pytestqt.qtbot import QtBot

from detector_app.engine.state import Phase
from detector_app.ui.main_window import MainWindow
from tests.onnx_files import STRIDE, picture_with_squares

FPS = 30
FRAMES = 60
DEADLINE_MS = 15_000


def cell_centre(index: int) -> int:
    """Where the square of frame ``index`` is, in pixels from the left: the centre of a cell."""
    return STRIDE * (2 + index % 16) + STRIDE // 2


def squares_film(path: Path, frames: int = FRAMES, colour: str = "red") -> Path:
    """Write a film of 320×320 in which one square moves a cell each frame."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width = stream.height = 320
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "ultrafast", "g": "15"}
        for index in range(frames):
            picture = picture_with_squares([(cell_centre(index), 168, colour)])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode())
    return path


def wait_for_phase(qtbot: QtBot, window: MainWindow, *phases: Phase) -> None:
    """Wait until the engine is in one of ``phases`` and the window knows it."""
    qtbot.waitUntil(lambda: window.state.phase in phases, timeout=DEADLINE_MS)


def load(qtbot: QtBot, window: MainWindow, model: Path) -> None:
    """Load ``model`` and wait for it."""
    window.inputs.open_all([str(model)])
    qtbot.waitUntil(lambda: window.state.model_name == str(model), timeout=DEADLINE_MS)


def play(qtbot: QtBot, window: MainWindow, film: Path) -> None:
    """Open ``film`` and wait for its first picture."""
    window.inputs.open(str(film))
    qtbot.waitUntil(lambda: window.area.showing_picture and window.state.spec == str(film), timeout=DEADLINE_MS)
