"""What must hold however wildly it is used. Bounded: each test takes seconds."""

from __future__ import annotations

import random
from pathlib import Path
from threading import Event

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from detector_app.ui.main_window import MainWindow
from tests.onnx_files import tiny_anchor_model
from tests.ui.films import DEADLINE_MS, load, play, squares_film


class Wakes:
    """Counts the wake-ups that the engine's threads asked for, and those that the window answered."""

    def __init__(self, window: MainWindow) -> None:
        self.asked = self.answered = self.most_pending = 0
        self._accept = window.bridge.accept
        window.bridge.accept = self._answer  # type: ignore[method-assign]
        window.bridge.resultReady.connect(self._ask, Qt.ConnectionType.DirectConnection)

    def _ask(self) -> None:
        self.asked += 1
        self.most_pending = max(self.most_pending, self.asked - self.answered)

    def _answer(self) -> None:
        self.answered += 1
        self._accept()


def test_a_window_that_is_busy_has_one_wake_up_waiting(window: MainWindow, qtbot: QtBot, film: Path) -> None:
    wakes = Wakes(window)
    window.preferences.set(loop=True, speed=4.0)
    play(qtbot, window, film)
    qtbot.waitUntil(lambda: wakes.answered >= 10, timeout=DEADLINE_MS)
    before, pause = window.controller.statistics().frames, Event()
    for _ in range(DEADLINE_MS // 10):  # Qt's loop stands still meanwhile
        if window.controller.statistics().frames >= before + 10:
            break
        pause.wait(0.01)
    assert window.controller.statistics().frames >= before + 10
    assert wakes.asked - wakes.answered <= 1
    qtbot.waitUntil(lambda: wakes.answered >= 20, timeout=DEADLINE_MS)
    assert wakes.most_pending == 1


def test_wild_seeking_ends_on_the_frame_that_was_asked_for_last(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path
) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    window.controller.pause()
    chance = random.Random(7)
    for _ in range(200):
        window.area.transport.seekRequested.emit(chance.uniform(-1, 3))
        if chance.random() < 0.2:
            window.actions_table["step_back"].trigger()
        qtbot.wait(1)
    window.controller.seek_index(17)

    def arrived() -> bool:
        result = window.controller.latest()
        return result is not None and result.frame.index == 17

    qtbot.waitUntil(arrived, timeout=DEADLINE_MS)


def test_fifty_switches_of_sources_and_models(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, tmp_path: Path
) -> None:
    films = [film, squares_film(tmp_path / "blue.mp4", frames=20, colour="blue")]
    models = [model, tiny_anchor_model(tmp_path / "second.onnx")]
    for turn in range(50):
        window.inputs.sourceChosen.emit(str(films[turn % 2]))
        window.controller.load_model(str(models[turn % 2]))
        qtbot.wait(5 if turn % 3 else 60)
    qtbot.waitUntil(
        lambda: (
            window.state.model_name == str(models[1])
            and window.state.spec == str(films[1])
            and window.area.showing_picture
        ),
        timeout=DEADLINE_MS,
    )
    assert window.area.messages.message is None


def test_every_key_and_button_at_random(window: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    chance = random.Random(11)
    elsewhere = {
        "open",
        "open_folder",
        "open_model",
        "log",
        "quit",
        "export",
        "record",
        "snapshot",
        "choose_camera",
        "retry",
    }
    names = [name for name in window.actions_table if name not in elsewhere]
    for _ in range(300):
        action = window.actions_table[chance.choice(names)]
        if action.isEnabled():
            action.trigger()
        qtbot.wait(1)
    window.inputs.open(str(film))
    window.actions_table["leave_full_screen"].trigger()
    qtbot.waitUntil(lambda: window.state.spec == str(film) and window.area.showing_picture, timeout=DEADLINE_MS)
