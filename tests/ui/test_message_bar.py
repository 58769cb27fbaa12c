from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from detector_app.ui.message_bar import Message, MessageBar, Remedy, Severity


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


def test_it_is_hidden_while_there_is_no_message(bar: MessageBar) -> None:
    assert bar.isHidden()
    bar.show_message(Message("hello"))
    assert not bar.isHidden()
    bar.clear()
    assert bar.isHidden()
    assert bar.message is None


def test_the_button_mends_once_and_the_message_goes(bar: MessageBar, qtbot: QtBot) -> None:
    mended: list[str] = []
    bar.show_message(Message("no camera", Severity.DANGER, (Remedy("Try again", lambda: mended.append("again")),)))
    (button,) = bar.buttons
    assert button.text() == "Try again"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert mended == ["again"]
    assert bar.message is None


def test_a_remedy_that_fails_again_shows_its_own_message(bar: MessageBar, qtbot: QtBot) -> None:
    again = Message("still no camera", Severity.DANGER)
    bar.show_message(Message("no camera", Severity.DANGER, (Remedy("Try again", lambda: bar.show_message(again)),)))
    qtbot.mouseClick(bar.buttons[0], Qt.MouseButton.LeftButton)
    assert bar.message is again


def test_a_newer_message_replaces_the_older_with_its_buttons(bar: MessageBar) -> None:
    bar.show_message(Message("one", remedies=(Remedy("a", bool), Remedy("b", bool))))
    bar.show_message(Message("two", remedies=(Remedy("c", bool),)))
    assert [button.text() for button in bar.buttons] == ["c"]


def test_clearing_a_topic_leaves_messages_about_others(bar: MessageBar) -> None:
    bar.show_message(Message("no camera", Severity.DANGER, topic="source"))
    bar.clear("model")
    assert bar.message is not None
    bar.clear("source")
    assert bar.message is None


def test_a_long_message_is_whole_in_the_tooltip(bar: MessageBar, qtbot: QtBot) -> None:
    text = "a very long path " * 40
    bar.resize(400, 40)
    bar.show_message(Message(text))
    qtbot.waitExposed(bar)
    assert bar.width() == 400, "one long line must not widen the window"
    assert any(child.toolTip() == text for child in bar.children() if hasattr(child, "toolTip"))
