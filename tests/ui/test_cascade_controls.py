from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from detector_app.pipelines.pipeline import CascadeSettings
from detector_app.ui.cascade_controls import CascadeControls

ALONE = CascadeSettings()
BESIDE = replace(ALONE, score=0.7)


@pytest.fixture
def controls(qtbot: QtBot) -> CascadeControls:
    widget = CascadeControls()
    qtbot.addWidget(widget)
    widget.show_settings(BESIDE, BESIDE)
    widget.show()
    return widget


def test_the_sliders_are_behind_a_heading(controls: CascadeControls, qtbot: QtBot) -> None:
    slider = controls.sliders["min_face_px"]
    assert not slider.isVisible()
    qtbot.mouseClick(controls.heading, Qt.MouseButton.LeftButton)
    assert slider.isVisible()
    qtbot.mouseClick(controls.heading, Qt.MouseButton.LeftButton)
    assert not slider.isVisible()


def test_faces_have_a_score_of_their_own_only_beside_objects(controls: CascadeControls) -> None:
    assert controls.sliders["score"].isVisible()
    controls.show_settings(ALONE, ALONE)
    assert not controls.sliders["score"].isVisible()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("min_face_px", 60.0),
        ("scale_factor", 0.5),
        ("proposal_score", 0.8),
        ("refine_score", 0.33),
        ("score", 0.9),
        ("scan_every", 7),
    ],
)
def test_each_slider_changes_its_own(controls: CascadeControls, qtbot: QtBot, name: str, value: float) -> None:
    with qtbot.waitSignal(controls.changed) as caught:
        controls.sliders[name].field.setValue(value)
    assert caught.args == [replace(BESIDE, **{name: value})]


def test_showing_settings_tells_nobody(controls: CascadeControls, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(controls.changed):
        controls.show_settings(replace(BESIDE, min_face_px=99, refine_score=0.1), BESIDE)
    assert controls.sliders["min_face_px"].value == 99


def test_a_double_click_on_the_name_goes_back(controls: CascadeControls, qtbot: QtBot) -> None:
    controls.heading.setChecked(True)
    controls.show_settings(replace(BESIDE, scale_factor=0.4), BESIDE)
    with qtbot.waitSignal(controls.changed) as caught:
        qtbot.mouseDClick(controls.sliders["scale_factor"].name, Qt.MouseButton.LeftButton)
    assert caught.args == [BESIDE]
