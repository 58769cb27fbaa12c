"""What is right, wrong and missed is told apart without any colour, too."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from detector_app.ui.ground_truth.layer import TruthLayer
from detector_app.ui.ground_truth.marks import Kind, Mark, kind_colour, paint_mark
from detector_app.ui.video_view import VideoView
from tests.ui.results import result

ERRORS_AND_RIGHT = (Kind.RIGHT, Kind.WRONG, Kind.MISSED)


def painted(kind: Kind) -> NDArray[np.uint8]:
    """A mark around (10, 10)–(90, 50) on grey, as RGB."""
    image = QImage(100, 60, QImage.Format.Format_RGB888)
    image.fill(0x808080)
    painter = QPainter(image)
    paint_mark(painter, QRectF(10, 10, 80, 40), kind)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(60, image.bytesPerLine())
    return rows[:, :300].reshape(60, 100, 3).copy()


def along_the_lower_edge(kind: Kind) -> float:
    """Which part of the lower edge has the colour of the kind."""
    colour = np.array(kind_colour(kind).getRgb()[:3])
    edge = painted(kind)[49:51, 14:86]
    return float((edge == colour).all(axis=2).any(axis=0).mean())


def test_lines_differ() -> None:
    assert along_the_lower_edge(Kind.RIGHT) == 1
    assert along_the_lower_edge(Kind.WRONG) == 1
    assert 0.3 < along_the_lower_edge(Kind.MISSED) < 0.8, "dashed"


def test_only_what_is_wrong_has_a_cross_in_its_corner() -> None:
    corners = {kind: painted(kind)[13:20, 81:88] for kind in ERRORS_AND_RIGHT}
    assert {kind: bool((corner != 0x80).any()) for kind, corner in corners.items()} == {
        Kind.RIGHT: False,
        Kind.WRONG: True,
        Kind.MISSED: False,
    }


@pytest.mark.parametrize("pair", list(combinations(ERRORS_AND_RIGHT, 2)), ids=str)
def test_colours_differ_for_eyes_that_see_no_red_or_green(pair: tuple[Kind, Kind]) -> None:
    # Viénot, Brettel and Mollon 1999, deuteranopia, in linear RGB.
    seen = np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]])
    first, second = (seen @ (np.array(kind_colour(kind).getRgb()[:3]) / 255) ** 2.2 for kind in pair)
    assert np.abs(first - second).max() > 0.1


def test_a_mark_chosen_from_a_list_is_lifted_or_selected(qtbot: QtBot) -> None:
    view = VideoView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show_result(result(("cup", 0.9, (10, 10, 60, 60))))
    layer = TruthLayer(view)
    view.add_layer(layer)
    right = Mark(Kind.RIGHT, (10, 10, 60, 60), "cup 0.90", "right", 0, (12, 12, 60, 60))
    missed = Mark(Kind.MISSED, (100, 100, 160, 160), "missed: cup", "missed")
    layer.show_marks((right, missed))
    layer.choose(missed)
    assert (layer.story, view.selected) == ("missed", -1)
    view.grab()
    layer.choose(right)
    assert (layer.story, view.selected) == ("right", 0)
    view.grab()
    layer.choose(None)
    assert (layer.story, view.selected) == ("", -1)
    layer.show_marks(())
    assert layer.hides_boxes, "judged, and nothing there"
    layer.show_marks(None)
    assert not layer.hides_boxes


def test_an_object_that_vanishes_is_not_told_of_any_more(qtbot: QtBot) -> None:
    view = VideoView()
    qtbot.addWidget(view)
    layer = TruthLayer(view)
    missed = Mark(Kind.MISSED, (100, 100, 160, 160), "missed: cup", "below 0.4")
    layer.show_marks((missed,))
    assert layer.move(QPointF(120, 120), None)  # type: ignore[arg-type]
    layer.show_marks((Mark(Kind.MISSED, (100, 100, 160, 160), "missed: cup", "below 0.3"),))
    assert layer.story == "below 0.3", "the same object under other thresholds"
    layer.show_marks(())
    assert layer.story == ""
    assert not layer.move(QPointF(120, 120), None)  # type: ignore[arg-type]
