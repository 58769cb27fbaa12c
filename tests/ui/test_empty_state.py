from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from detector_app.ui.empty_state import EmptyState


def made(qtbot: QtBot) -> tuple[EmptyState, list[QAction]]:
    actions = [QAction(name) for name in ("demo", "open", "camera")]
    empty = EmptyState(*actions)
    qtbot.addWidget(empty)
    empty.resize(900, 600)
    empty.show()
    return empty, actions


def test_its_buttons_do_what_the_actions_do(qtbot: QtBot) -> None:
    empty, actions = made(qtbot)
    buttons = (empty.demo_button, empty.open_button, empty.camera_button)
    for action, button in zip(actions, buttons, strict=True):
        with qtbot.waitSignal(action.triggered):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_no_button_is_enabled_that_cannot_work(qtbot: QtBot) -> None:
    empty, actions = made(qtbot)
    actions[0].setEnabled(False)
    assert not empty.demo_button.isEnabled()
    assert empty.open_button.isEnabled()
    actions[0].setEnabled(True)
    assert empty.demo_button.isEnabled()


def test_while_something_opens_it_offers_nothing_else(qtbot: QtBot) -> None:
    empty, _ = made(qtbot)
    empty.show_opening("camera:desk")
    assert not empty.demo_button.isVisible()
    empty.show_opening("")
    assert empty.demo_button.isVisible()


def test_a_long_path_does_not_make_the_window_wider(qtbot: QtBot) -> None:
    empty, _actions = made(qtbot)
    before = empty.minimumSizeHint().width()
    empty.show_opening(str(Path("/", *["folder"] * 20, "dog.jpg").absolute()))
    assert empty.minimumSizeHint().width() <= before
