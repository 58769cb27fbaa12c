"""A layer over the picture paints last and has the mouse first."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter

from detector_app.ui.picture_layer import PictureLayer
from detector_app.ui.video_view import VideoView
from detector_app.ui.view_transform import ViewTransform
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult

PICTURE = np.full((100, 200, 3), 90, np.uint8)
FOUND = Detections(
    np.array([[20, 20, 60, 60]], np.float32), np.array([0.9], np.float32), np.array([0], np.int64), ("cup",)
)


class Marker(PictureLayer):
    def __init__(self, takes: bool) -> None:
        self.takes, self.hides_boxes = takes, False
        self.seen: list[tuple[str, QPointF]] = []

    def paint(self, painter: QPainter, transform: ViewTransform, bounds: QRectF) -> None:
        painter.fillRect(transform.rect_to_view(QRectF(100, 40, 20, 20)), QColor("#00ff00"))

    def press(self, at: QPointF, event: QMouseEvent) -> bool:
        self.seen.append(("press", at))
        return self.takes

    def move(self, at: QPointF, event: QMouseEvent) -> bool:
        self.seen.append(("move", at))
        return False

    def release(self, at: QPointF, event: QMouseEvent) -> None:
        self.seen.append(("release", at))


def view_with(qtbot, layer: Marker) -> VideoView:  # type: ignore[no-untyped-def]
    view = VideoView()
    qtbot.addWidget(view)
    view.resize(400, 200)
    view.show_result(FrameResult(Frame(PICTURE, 0, 0.0, 0.0, "clip"), FOUND))
    view.add_layer(layer)
    view.add_layer(layer)
    return view


def test_a_layer_paints_over_the_picture(qtbot) -> None:  # type: ignore[no-untyped-def]
    view = view_with(qtbot, Marker(takes=False))
    assert view.grab().toImage().pixelColor(220, 100) == QColor("#00ff00")


def test_a_layer_that_takes_the_mouse_keeps_it_until_the_release(qtbot) -> None:  # type: ignore[no-untyped-def]
    layer = Marker(takes=True)
    view = view_with(qtbot, layer)
    with qtbot.assertNotEmitted(view.clickedAt):
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(80, 80))
        qtbot.mouseMove(view, QPoint(120, 80))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(120, 80))
    assert [kind for kind, _ in layer.seen if kind != "move"] == ["press", "release"]
    assert layer.seen[-1][1] == QPointF(60, 40)
    assert view.selected == -1


def test_a_click_that_no_layer_takes_is_told_in_source_pixels(qtbot) -> None:  # type: ignore[no-untyped-def]
    view = view_with(qtbot, Marker(takes=False))
    with qtbot.waitSignal(view.clickedAt) as clicked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(80, 80))
    assert clicked.args == [QPointF(40, 40)]
    assert view.selected == 0


def test_a_layer_can_stand_in_for_the_boxes(qtbot) -> None:  # type: ignore[no-untyped-def]
    layer = Marker(takes=False)
    view = view_with(qtbot, layer)
    with_boxes = view.grab().toImage()
    layer.hides_boxes = True
    without = view.grab().toImage()
    assert with_boxes.pixelColor(40, 80) != without.pixelColor(40, 80)
    view.remove_layer(layer)
    assert view.grab().toImage().pixelColor(220, 100) != QColor("#00ff00")
