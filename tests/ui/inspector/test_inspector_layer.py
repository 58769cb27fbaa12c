"""What is painted over the picture: only what is asked for, where it belongs, thousands of boxes at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from detector_app.ui.inspector.grid import Grid, grid_for
from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.inspector.inspector_layer import InspectorLayer
from detector_app.ui.inspector.steps import Mark
from detector_app.ui.video_view import VideoView
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.letterbox import Letterbox
from tests.ui.inspector.traces import desk, many, result
from tests.ui.results import card

PICTURE = QColor(120, 80, 40)


class Scene:
    """A picture at twice its size with the layer over it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.inspection, self.view = Inspection(), VideoView()
        qtbot.addWidget(self.view)
        self.layer = InspectorLayer(self.inspection)
        self.view.add_layer(self.layer)
        self.view.resize(800, 600)

    def show(self, shown: FrameResult) -> None:
        self.view.show_result(shown)
        self.inspection.show(shown, card())

    def image(self) -> QImage:
        return self.view.grab().toImage()

    def touched(self, x: float, y: float, reach: int = 3) -> bool:
        """Whether anything is painted within ``reach`` view pixels of a point of the picture."""
        image, at = self.image(), self.view.transform.to_view(QPointF(x, y)).toPoint()
        around = [(at.x() + dx, at.y() + dy) for dx in range(-reach, reach + 1) for dy in range(-reach, reach + 1)]
        return any(image.pixelColor(*pixel) != PICTURE for pixel in around)


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    scene = Scene(qtbot)
    scene.show(result(desk()))
    return scene


def choose(scene: Scene, name: str) -> None:
    scene.inspection.choose(next(step for step in scene.inspection.steps if step.stage.name == name))


def test_at_the_last_step_only_the_detections_are_seen(scene: Scene) -> None:
    assert not scene.layer.hides_boxes
    assert scene.touched(20, 60)
    assert not scene.touched(30, 126), "the suppressed one is not asked for"
    assert not scene.touched(320, 250)


def test_a_step_shows_what_it_let_through_and_what_it_took(scene: Scene) -> None:
    choose(scene, "suppression")
    assert scene.layer.hides_boxes
    assert scene.touched(20, 60, 2)
    assert scene.touched(130, 80, 6), "dashed"
    assert not scene.touched(320, 250), "ended before"
    choose(scene, "score")
    assert scene.touched(320, 250, 6)


def test_the_pointer_finds_the_smallest_box_that_is_drawn(scene: Scene) -> None:
    choose(scene, "suppression")
    assert scene.layer.candidate_at(QPointF(25, 25)) == Mark(0, 0, 0)
    assert scene.layer.candidate_at(QPointF(128, 128)) == Mark(0, 0, 2)
    assert scene.layer.candidate_at(QPointF(5, 5)) is None
    assert scene.layer.candidate_at(QPointF(340, 250)) is None


def test_the_candidate_in_focus_shows_its_suppressor_and_its_anchor(scene: Scene) -> None:
    scene.inspection.pin(Mark(0, 0, 2))
    assert scene.touched(34, 100, 6), "its anchor, before it was moved"
    inside = scene.view.transform.to_view(QPointF(100, 40)).toPoint()
    assert scene.image().pixelColor(inside) != PICTURE, "where the two overlap"
    outside = scene.view.transform.to_view(QPointF(125, 125)).toPoint()
    assert scene.image().pixelColor(outside) == PICTURE


def test_the_cross_is_there_while_somebody_asks(scene: Scene) -> None:
    scene.inspection.ask(QPointF(180, 250))
    assert not scene.touched(180, 250, 12)
    scene.layer.asking = True
    scene.view.update()
    assert scene.touched(180, 250, 12)
    assert not scene.touched(180, 250, 1), "the middle stays free"


def test_answers_are_tinted_cell_by_cell(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    of = replace(many(2000), letterbox=Letterbox.fit((400, 300), (320, 320)))
    scene.show(result(of))
    choose(scene, "places")
    grid = grid_for(of, 8)
    assert grid is not None
    places = of.last.places
    assert places is not None
    for row in (0, 1, 2):
        cell = grid.cells(places.row[[row]], places.column[[row]])[0]
        middle = QPointF((cell[0] + cell[2]) / 2, (cell[1] + cell[3]) / 2)
        if not QPointF(200, 150).x() * 2 >= middle.x() >= 0 or not 300 >= middle.y() >= 0:
            continue
        found = scene.layer.candidate_at(middle)
        assert found is not None
        assert (places.row[found.row], places.column[found.row]) == (places.row[row], places.column[row])
        assert scene.touched(middle.x(), middle.y(), 0)


def test_a_grid_lies_as_the_letterbox_says() -> None:
    box = Letterbox.fit((640, 360), (320, 320))
    grid = Grid(box, 32)
    cells = grid.cells(np.array([0, 5]), np.array([0, 9]))
    assert cells[1] == pytest.approx(box.inverse(np.array([[288, 160], [320, 192]], np.float32)).ravel())
    assert grid.cell_at(QPointF(float(cells[1][:3:2].mean()), float(cells[1][1::2].mean()))) == (9, 5)
    lines = grid.lines()
    assert all(0 <= line.x1() <= 640 and 0 <= line.y2() <= 360 for line in lines)
    assert len([line for line in lines if line.x1() == line.x2()]) == 11
    assert grid_for(desk(), 32) is None


def test_nothing_to_show_paints_nothing(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    scene.inspection.show(None, None)
    assert not scene.image().isNull()
    scene.show(replace(result(desk()), trace=None))
    assert scene.layer.candidate_at(QPointF(25, 25)) is None
    assert not scene.layer.hides_boxes


def test_a_selection_stays_on_the_frame_and_not_beyond(scene: Scene) -> None:
    scene.inspection.pin(Mark(0, 0, 2))
    scene.inspection.ask(QPointF(10, 10))
    scene.show(result(desk()))
    assert scene.inspection.pinned == Mark(0, 0, 2)
    scene.show(result(desk(), index=1))
    assert scene.inspection.pinned is None
    assert scene.inspection.point == QPointF(10, 10)
    scene.show(result(desk(), source="another"))
    assert scene.inspection.point is None


def test_walking_ends_at_both_ends_and_keeps_its_step(scene: Scene) -> None:
    inspection = scene.inspection
    inspection.walk(5)
    assert inspection.step is inspection.steps[-1]
    inspection.walk(-1)
    assert inspection.step is inspection.steps[-2]
    scene.show(result(desk(), index=1))
    assert inspection.step is inspection.steps[-2]
    inspection.walk(-99)
    assert inspection.step is inspection.steps[0]
    inspection.show(None, None)
    inspection.walk(1)
    assert inspection.step is None


def test_who_asks_sees_the_detections_and_no_step(scene: Scene) -> None:
    choose(scene, "suppression")
    assert scene.layer.hides_boxes
    scene.layer.asking = True
    assert not scene.layer.hides_boxes
    scene.view.update()
    assert not scene.touched(130, 100, 2)
