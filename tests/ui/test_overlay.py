from __future__ import annotations

from dataclasses import replace
from itertools import dropwhile, takewhile

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from detector_app.ui.overlay import Look, Overlay, class_qcolor, detection_at
from detector_app.ui.view_transform import ViewTransform
from detector_app.vision.detections import Detections
from detector_app.vision.identity import Identity
from tests.ui.results import detections

BIG = ("cup", 0.9, (20.0, 60.0, 180.0, 180.0))
SMALL = ("bottle", 0.8, (60.0, 80.0, 100.0, 120.0))
NONE: frozenset[str] = frozenset()


def painted(
    found: Detections,
    look: Look = Look(),  # noqa: B008
    scale: float = 1.0,
    ratio: float = 1.0,
    background: QColor | Qt.GlobalColor = Qt.GlobalColor.white,
) -> QImage:
    canvas = QImage(round(200 * ratio), round(200 * ratio), QImage.Format.Format_RGB32)
    canvas.setDevicePixelRatio(ratio)
    canvas.fill(background)
    painter = QPainter(canvas)
    Overlay().paint(painter, found, ViewTransform(scale), QRectF(0, 0, 200, 200), look)
    painter.end()
    return canvas


def line_width(canvas: QImage, y: int, colour: QColor) -> int:
    """Length of the first run of ``colour`` in row ``y``."""
    row = [canvas.pixelColor(x, y) == colour for x in range(canvas.width())]
    run = dropwhile(lambda is_line: not is_line, row)
    return sum(1 for _ in takewhile(bool, run))


def test_no_detections_paint_nothing(qapp: QApplication) -> None:
    assert painted(detections()) == painted(Detections.empty())
    assert painted(detections()).pixelColor(5, 5) == QColor(Qt.GlobalColor.white)


def test_lines_are_two_pixels_at_any_zoom(qapp: QApplication) -> None:
    cup = class_qcolor("cup")
    assert [line_width(painted(detections(BIG), scale=s), round(150 * s), cup) for s in (0.5, 1.0, 1.3)] == [2, 2, 2]
    assert line_width(painted(detections(BIG), ratio=2.0), 300, cup) == 4


def test_the_line_lies_on_the_edge(qapp: QApplication) -> None:
    row = [painted(detections(BIG)).pixelColor(x, 150) for x in range(16, 25)]
    assert row[3] == row[4] == class_qcolor("cup")
    assert row[1] == row[6] == QColor(Qt.GlobalColor.white)


@pytest.mark.parametrize("name", ["cup", "bottle", "fork"])
def test_a_box_is_seen_on_a_picture_of_its_own_colour(qapp: QApplication, name: str) -> None:
    own = class_qcolor(name)
    canvas = painted(detections((name, *BIG[1:])), background=own)
    row = [canvas.pixelColor(x, 150) for x in range(16, 25)]
    assert [abs(colour.lightness() - own.lightness()) > 50 for colour in row] == [i in {2, 5} for i in range(9)]


def test_hovering_lifts_one_and_dims_the_rest(qapp: QApplication) -> None:
    found = detections(BIG, SMALL)
    canvas = painted(found, Look(hovered=1))
    assert line_width(canvas, 100, class_qcolor("bottle")) == 2
    assert line_width(canvas, 150, class_qcolor("cup")) == 0
    assert canvas.pixelColor(80, 100) != QColor(Qt.GlobalColor.white)


def test_selecting_encircles_and_dims_nothing(qapp: QApplication) -> None:
    canvas = painted(detections(BIG, SMALL), Look(selected=0))
    accent = qapp.palette().color(qapp.palette().ColorRole.Accent)
    assert line_width(canvas, 150, accent) == 2
    assert line_width(canvas, 100, class_qcolor("bottle")) == 2


def test_hidden_classes_are_neither_painted_nor_found(qapp: QApplication) -> None:
    hidden = frozenset({"bottle"})
    found = detections(BIG, SMALL)
    assert painted(found, Look(hidden=hidden)) == painted(detections(BIG))
    assert painted(found, Look(hovered=1, hidden=hidden)) == painted(detections(BIG))
    assert detection_at(found, hidden, QPointF(80, 100)) == 0


def test_the_smallest_box_under_the_pointer_is_found() -> None:
    found = detections(BIG, SMALL)
    assert detection_at(found, NONE, QPointF(80, 100)) == 1
    assert detection_at(found, NONE, QPointF(30, 100)) == 0
    assert detection_at(found, NONE, QPointF(180, 100)) == -1
    assert detection_at(detections(), NONE, QPointF(1, 1)) == -1


def test_landmarks_are_white_dots_that_skin_does_not_hide(qapp: QApplication) -> None:
    box = detections(("cup", 0.9, (20.0, 60.0, 180.0, 180.0)))
    points = np.array([[[100.0, 120.0], [140.0, 130.0]]], np.float32)
    faces = Detections(box.xyxy, box.scores, box.class_ids, box.class_names, points)
    skin = QColor(214, 160, 130)
    canvas = painted(faces, background=skin)
    assert canvas.pixelColor(100, 120) == canvas.pixelColor(140, 130) == QColor("white")
    assert canvas.pixelColor(104, 120) == skin
    assert canvas.pixelColor(102, 120).lightness() < skin.lightness(), "a dark ring"


def test_what_has_no_landmarks_gets_none(qapp: QApplication) -> None:
    box = detections(("cup", 0.9, (20.0, 60.0, 180.0, 180.0)))
    none = np.full((1, 5, 2), np.nan, np.float32)
    cup = Detections(box.xyxy, box.scores, box.class_ids, box.class_names, none)
    assert painted(cup) == painted(box)


def test_a_known_face_has_a_colour_of_its_own(qapp: QApplication) -> None:
    box = detections(("cup", 0.9, (20.0, 60.0, 180.0, 180.0)))
    box = replace(box, class_names=("face",), class_ids=np.zeros(1, np.int64))

    def edge(identity: Identity) -> QColor:
        named = replace(box, identities=(identity,))
        return painted(named).pixelColor(100, 180)

    assert edge(Identity("Anna", 0.2, known=True)) == class_qcolor("Anna")
    assert edge(Identity("Anna", 0.9, known=False)) == class_qcolor("face")


def test_three_hundred_boxes_and_boxes_out_of_sight_are_painted(qapp: QApplication) -> None:
    many = [("cup", 0.5, (i % 20 * 10.0, i // 20 * 10.0, i % 20 * 10.0 + 30, i // 20 * 10.0 + 30)) for i in range(300)]
    outside = ("fork", 0.4, (900.0, 900.0, 950.0, 950.0))
    assert painted(detections(*many, outside)) == painted(detections(*many))
