"""The promise of "Copy as command": the window's own export and the copied line in another process write the same lines."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from detector_app.commands.run_line import Gap
from detector_app.engine.layout_files import write_layout
from detector_app.sources.opener import open_source
from detector_app.ui.command_line.command_dialog import CommandDialog
from detector_app.ui.inputs import demo_clip
from detector_app.ui.main_window import MainWindow
from detector_app.vision.zones import CountingLine, Layout
from tests.ui.films import DEADLINE_MS, load, play

FACE_S, FRAMES = 4.2, 8


@pytest.fixture
def odd_folder(tmp_path: Path) -> Path:
    """A folder whose name a shell takes apart if it is not quoted."""
    folder = tmp_path / "a b & 'co' 面包 $HOME"
    folder.mkdir()
    return folder


@pytest.fixture
def odd_film(film: Path, odd_folder: Path) -> Path:
    return Path(shutil_copy(film, odd_folder / 'the "film".mp4'))


@pytest.fixture
def people_film(odd_folder: Path) -> Path:
    """A part of the demo clip in which a face is seen."""
    clip = demo_clip()
    assert clip is not None
    source, path = open_source(str(clip)), odd_folder / "people.mp4"
    try:
        source.seek(FACE_S)
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=Fraction(25))
            stream.width, stream.height, stream.pix_fmt = 640, 400, "yuv420p"
            for _ in range(FRAMES):
                frame = source.read()
                assert frame is not None
                container.mux(stream.encode(av.VideoFrame.from_ndarray(frame.image_bgr, format="bgr24")))
            container.mux(stream.encode())
    finally:
        source.close()
    return path


def shutil_copy(source: Path, target: Path) -> Path:
    target.write_bytes(source.read_bytes())
    return target


def copied(qtbot: QtBot, window: MainWindow) -> str:
    """The line, as the window puts it on the clipboard."""
    window.actions_table["copy_command"].trigger()
    dialog = window.windows.get(CommandDialog)
    assert dialog is not None
    dialog.shell.setCurrentIndex(0)
    with qtbot.waitSignal(dialog.copied):
        dialog.copy_button.click()
    assert dialog.text.toPlainText() == QGuiApplication.clipboard().text()
    return QGuiApplication.clipboard().text()


def exported(qtbot: QtBot, window: MainWindow, folder: Path) -> list[Any]:
    """What the window's own export writes."""
    dialog = window.keeper.ask_export()
    assert dialog is not None
    for kind in ("video", "csv", "coco", "frames"):
        dialog.box(kind).setChecked(False)
    dialog.folder.setText(str(folder))
    dialog.start_button.click()
    controller = window.controller
    qtbot.waitUntil(lambda: controller.state.export is not None and not controller.state.export.running, timeout=60_000)
    return lines_of(folder)


def run_elsewhere(line: str, folder: Path) -> list[Any]:
    """What the line writes in a process of its own."""
    program, *words = shlex.split(line)
    assert program == "detector-app"
    command = [sys.executable, "-m", "detector_app", *words, "--save", "jsonl", "--out", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return lines_of(folder)


def lines_of(folder: Path) -> list[Any]:
    """The lines of the one JSONL file, each exactly as written, but for the timings at its end."""
    (path,) = folder.glob("*.jsonl")
    text = path.read_text(encoding="utf-8").splitlines()
    assert all("timings_ms" in json.loads(line) for line in text)
    return [line[: line.index(', "timings_ms"')] for line in text]


def use_a_model_wait(qtbot: QtBot, window: MainWindow, name: str) -> None:
    window.inputs.modelChosen.emit(name)
    qtbot.waitUntil(lambda: window.state.model_name == name, timeout=DEADLINE_MS)


def thresholds_and_a_class(qtbot: QtBot, window: MainWindow, film: Path, model: Path) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    panel = window.area.panel
    panel.score.field.setValue(0.85)
    panel.overlap.slider.setValue(panel.overlap.slider.value() - 13)
    panel.agnostic.click()
    panel.toggle_class(1)


def everything_hidden(qtbot: QtBot, window: MainWindow, film: Path, model: Path) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    for row in (0, 1):
        window.area.panel.toggle_class(row)


def faces_searched_otherwise(qtbot: QtBot, window: MainWindow, film: Path, model: Path) -> None:
    del model
    use_a_model_wait(qtbot, window, "mtcnn")
    play(qtbot, window, film)
    sliders = window.area.panel.cascade.sliders
    for name, value in {"min_face_px": 40, "scale_factor": 0.6, "proposal_score": 0.55, "refine_score": 0.65}.items():
        sliders[name].field.setValue(value)
    sliders["scan_every"].field.setValue(3)


def both_at_once(qtbot: QtBot, window: MainWindow, film: Path, model: Path) -> None:
    del model
    use_a_model_wait(qtbot, window, "desk-yolo")
    window.actions_table["find_faces"].trigger()
    qtbot.waitUntil(lambda: window.state.model_name == "desk-yolo+mtcnn", timeout=DEADLINE_MS)
    play(qtbot, window, film)
    window.area.panel.cascade.sliders["score"].field.setValue(0.9)
    window.area.panel.score.field.setValue(0.25)
    window.preferences.set(max_detections=2)


def strangers_blurred(qtbot: QtBot, window: MainWindow, film: Path, model: Path) -> None:
    del model
    use_a_model_wait(qtbot, window, "mtcnn")
    window.actions_table["blur_strangers"].trigger()
    play(qtbot, window, film)
    qtbot.waitUntil(lambda: window.faces.service.attendant is not None, timeout=DEADLINE_MS)
    window.area.panel.cascade.sliders["scan_every"].field.setValue(4)


def followed_and_counted(qtbot: QtBot, window: MainWindow, film: Path, model: Path) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    layout = Layout((CountingLine("gate", (0.5, 0.0), (0.5, 1.0)),))
    file = film.with_name("lines.json")
    write_layout(file, layout)
    window.tracking.load(file)
    window.actions_table["track"].setChecked(True)
    tracking = window.controller.tracking
    assert tracking is not None
    assert tracking.layout == layout


def read_otherwise(qtbot: QtBot, window: MainWindow, film: Path, model: Path) -> None:
    """The colours swapped: what is red is called blue."""
    load(qtbot, window, model)
    own = window.state.model
    assert own is not None
    other = replace(own, classes=("blue as red", "red, as blue"))
    window.controller.load_model(str(model), other)
    qtbot.waitUntil(lambda: window.state.given_card == other, timeout=DEADLINE_MS)
    play(qtbot, window, film)


States = Callable[[QtBot, MainWindow, Path, Path], None]


@pytest.mark.parametrize(
    ("bring", "people"),
    [
        (thresholds_and_a_class, False),
        (everything_hidden, False),
        (faces_searched_otherwise, True),
        (both_at_once, True),
        (strangers_blurred, True),
        (followed_and_counted, False),
        (read_otherwise, False),
    ],
)
def test_the_copied_command_writes_what_the_export_writes(
    qtbot: QtBot,
    window: MainWindow,
    request: pytest.FixtureRequest,
    model: Path,
    tmp_path: Path,
    bring: States,
    people: bool,
) -> None:
    film = request.getfixturevalue("people_film" if people else "odd_film")
    odd_model = shutil_copy(model, film.with_name("my model.onnx"))
    bring(qtbot, window, film, odd_model)
    line = copied(qtbot, window)
    assert ("--track --zones" in line) == (bring is followed_and_counted)
    ours = exported(qtbot, window, tmp_path / "window")
    assert ours == run_elsewhere(line, tmp_path / "command")
    found = sum('"score"' in one for one in ours)
    assert ("track_id" in "".join(ours)) == (bring is followed_and_counted)
    assert (found == 0) == (bring is everything_hidden), "a comparison of nothing with nothing proves nothing"


def test_the_open_dialog_follows_what_is_chosen(qtbot: QtBot, window: MainWindow, film: Path, model: Path) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    copied(qtbot, window)
    dialog = window.windows.get(CommandDialog)
    assert dialog is not None
    assert "--score" not in dialog.line
    window.area.panel.score.field.setValue(0.77)
    qtbot.waitUntil(lambda: "--score 0.77" in dialog.text.toPlainText())
    dialog.shell.setCurrentIndex(1)
    assert dialog.text.toPlainText().startswith("detector-app run ")
    assert not dialog.notes.isVisible()
    dialog.show_words(("run", "camera:0"), (Gap.LIVE, Gap.PASSWORD))
    assert dialog.notes.isVisible()
    assert "password" in dialog.notes.text()


def test_without_an_input_there_is_no_command(window: MainWindow) -> None:
    assert not window.actions_table["copy_command"].isEnabled()
    assert window.command_line.show() is None
