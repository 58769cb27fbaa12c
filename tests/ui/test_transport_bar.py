from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from detector_app.engine.state import EngineState, Phase
from detector_app.ui.transport_bar import TransportBar
from tests.ui.results import FOLDER, STREAM, VIDEO, state

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[TransportBar]:
    bar = TransportBar()
    qtbot.addWidget(bar)
    bar.resize(1000, bar.sizeHint().height())
    bar.show()
    qtbot.waitExposed(bar)
    bar.show_state(state())
    yield bar
    bar.close()


def test_every_button_asks_for_what_it_says(bar: TransportBar, qtbot: QtBot) -> None:
    heard: list[object] = []
    bar.startRequested.connect(lambda: heard.append("start"))
    bar.endRequested.connect(lambda: heard.append("end"))
    bar.playToggled.connect(lambda: heard.append("play"))
    bar.stepRequested.connect(heard.append)
    bar.loopToggled.connect(heard.append)
    buttons = (bar.start_button, bar.back_button, bar.play_button, bar.forward_button, bar.end_button, bar.loop_button)
    for button in buttons:
        qtbot.mouseClick(button, LEFT)
    assert heard == ["start", -1, "play", 1, "end", True]


def test_every_button_says_what_it_does(bar: TransportBar) -> None:
    for button in bar.findChildren(QToolButton):
        if button.parent() is bar:
            assert button.toolTip()
            assert button.accessibleName()


def test_the_play_button_changes_its_name(bar: TransportBar) -> None:
    assert bar.play_button.accessibleName() == "Pause"
    bar.show_state(state(phase=Phase.PAUSED))
    assert bar.play_button.accessibleName() == "Play"
    assert "Space" in bar.play_button.toolTip()


def test_without_a_source_nothing_can_be_asked(bar: TransportBar) -> None:
    bar.show_state(EngineState())
    assert not any(button.isEnabled() for button in (bar.play_button, bar.start_button, bar.speed_button, bar.slider))


def test_live_shows_live_and_only_play(bar: TransportBar) -> None:
    bar.show_state(state(STREAM))
    bar.show_position(75.5)
    assert bar.live_label.isVisible()
    assert bar.play_button.isEnabled()
    hidden = (bar.slider, bar.start_button, bar.back_button, bar.forward_button, bar.end_button, bar.speed_button)
    assert not any(widget.isVisible() for widget in hidden)
    assert bar.time_label.text() == "01:15.500"
    height = bar.sizeHint().height()
    bar.show_state(state(VIDEO))
    assert not bar.live_label.isVisible()
    assert bar.sizeHint().height() == height


def test_the_position_is_shown_beside_the_duration(bar: TransportBar) -> None:
    bar.show_position(12.48)
    assert bar.time_label.text() == "00:12.480 / 00:30.000"
    assert bar.slider.value() == 12480


def test_a_folder_counts_its_pictures(bar: TransportBar) -> None:
    bar.show_state(state(FOLDER))
    bar.show_position(2.0, 2)
    assert bar.time_label.text() == "3 / 12"


def test_a_press_seeks_there_and_dragging_goes_on(bar: TransportBar, qtbot: QtBot) -> None:
    sought: list[float] = []
    bar.seekRequested.connect(sought.append)
    slider = bar.slider
    qtbot.mousePress(slider, LEFT, pos=QPoint(slider.width() // 2, 13))
    qtbot.mouseMove(slider, QPoint(slider.width() - 6, 13))
    bar.show_position(1.0)
    assert slider.value() == 30000, "while it is held, playback does not move the handle"
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(slider.width() - 6, 13))
    bar.show_position(1.0)
    assert slider.value() == 1000
    assert sought == [pytest.approx(15, abs=0.1), pytest.approx(30)]


def test_showing_a_position_asks_for_nothing(bar: TransportBar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(bar.seekRequested):
        bar.show_position(20.0)
        bar.show_state(replace(state(), speed=2.0))


def test_time_along_the_slider_is_even_and_ends_at_the_duration(bar: TransportBar) -> None:
    assert bar.slider.time_at(-5) == 0
    assert bar.slider.time_at(bar.slider.width() + 5) == 30
    assert bar.slider.time_at(bar.slider.width() / 2) == pytest.approx(15, abs=0.05)


def test_speeds_are_offered_and_the_present_one_is_marked(bar: TransportBar, qtbot: QtBot) -> None:
    bar.show_state(replace(state(), speed=0.5))
    assert bar.speed_button.text() == "0.5×"
    actions = bar.speed_button.menu().actions()
    assert [action.text() for action in actions if action.isChecked()] == ["0.5×"]
    with qtbot.waitSignal(bar.speedChanged) as heard:
        actions[-1].trigger()
    assert heard.args == [4.0]


def test_loop_shows_the_state(bar: TransportBar) -> None:
    bar.show_state(replace(state(), loop=True))
    assert bar.loop_button.isChecked()


def test_nothing_moves_when_the_time_changes(bar: TransportBar, qtbot: QtBot) -> None:
    places = set()
    for time_s in (0.0, 1.111, 11.111, 28.888):
        bar.show_position(time_s)
        bar.layout().activate()
        places.add((bar.slider.geometry().getRect(), bar.time_label.geometry().getRect(), bar.sizeHint().toTuple()))
    assert len(places) == 1
