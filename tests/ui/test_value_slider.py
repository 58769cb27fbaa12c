from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.ui.theme import apply_theme
from detector_app.ui.value_slider import ValueSlider


@pytest.fixture
def slider(qtbot: QtBot, qapp: QApplication) -> ValueSlider:
    apply_theme(qapp, "system")
    slider = ValueSlider()
    qtbot.addWidget(slider)
    slider.resize(280, 28)
    slider.show()
    return slider


def heard(slider: ValueSlider) -> list[float]:
    values: list[float] = []
    slider.changed.connect(values.append)
    return values


def test_slider_field_and_value_agree(slider: ValueSlider) -> None:
    values = heard(slider)
    slider.slider.setValue(73)
    assert (slider.value, slider.field.value()) == (0.73, 0.73)
    slider.field.setValue(0.29)
    assert (slider.value, slider.slider.value()) == (0.29, 29)
    assert values == [0.73, 0.29]


def test_setting_is_silent_and_bounded(slider: ValueSlider) -> None:
    values = heard(slider)
    for wanted, shown in ((0.4, 0.4), (1.7, 1.0), (-1.0, 0.0), (1 / 3, 0.33)):
        slider.set_value(wanted)
        assert (slider.value, slider.field.value(), slider.slider.value()) == (shown, shown, round(100 * shown))
    assert values == []


def test_nudging_ends_at_the_ends_and_says_so_once(slider: ValueSlider) -> None:
    slider.set_value(0.97)
    values = heard(slider)
    for _ in range(3):
        slider.nudge(0.05)
    assert values == [1.0]


def test_keys_move_the_slider(slider: ValueSlider, qtbot: QtBot) -> None:
    values = heard(slider)
    qtbot.keyClick(slider.slider, Qt.Key.Key_Right)
    qtbot.keyClick(slider.slider, Qt.Key.Key_PageDown)
    assert values == [0.51, 0.46]


def test_a_number_can_be_typed(slider: ValueSlider, qtbot: QtBot) -> None:
    values = heard(slider)
    slider.field.selectAll()
    qtbot.keyClicks(slider.field, "0.85")
    assert values == []
    qtbot.keyClick(slider.field, Qt.Key.Key_Return)
    assert values == [0.85]


def test_a_double_click_on_the_name_restores_the_default(slider: ValueSlider, qtbot: QtBot) -> None:
    slider.default = 0.35
    values = heard(slider)
    qtbot.mouseDClick(slider.name, Qt.MouseButton.LeftButton)
    assert values == [0.35]


def test_the_number_has_room_and_the_size_never_changes(slider: ValueSlider) -> None:
    sizes = set()
    for value in (0.0, 0.11, 0.88, 1.0):
        slider.set_value(value)
        sizes.add(slider.sizeHint().toTuple())
        text = slider.field.text()
        assert slider.field.lineEdit().width() >= slider.field.fontMetrics().horizontalAdvance(text) + 2
    assert len(sizes) == 1
