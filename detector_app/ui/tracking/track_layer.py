"""Paints trails, lines and zones over the picture, and hands the mouse to who draws them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPolygonF

from detector_app.engine.tracking import TRAIL_S, Trail
from detector_app.ui.chips import ChipCache
from detector_app.ui.overlay import casing_qcolor, class_qcolor
from detector_app.ui.picture_layer import PictureLayer
from detector_app.ui.tracking.shape_editor import REACH_PX, ShapeEditor, Tool
from detector_app.ui.video_view import VideoView
from detector_app.ui.view_transform import ViewTransform
from detector_app.vision.zones import CountingLine, Point, Shape

LINE_PX, HANDLE_PX, ARROW_PX, HEAD_PX = 2.0, 4.0, 24.0, 12.0
_SHAPE, _CASING, _DRAFT = QColor(255, 255, 255), QColor(0, 0, 0, 170), QColor(255, 214, 64)
"""Lines and zones are white between dark lines: no class has that colour. What is selected or being drawn is yellow."""
_STEPS = 8
"""Widths of a trail that fades."""


class TrackLayer(PictureLayer):
    """Trails of what is followed, and the shapes.

    Attributes:
        trails: of the shown result.
        editing: corners are shown and can be dragged.
    """

    def __init__(self, view: VideoView, editor: ShapeEditor) -> None:
        self._view, self._editor = view, editor
        self._chips: ChipCache | None = None
        self.trails: Sequence[Trail] = ()
        self.editing = False
        editor.changed.connect(view.update)

    # --- painting -----------------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, transform: ViewTransform, bounds: QRectF) -> None:
        """Trails below, shapes above."""
        painter.setClipRect(bounds)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for trail in self.trails:
            _paint_trail(painter, trail, transform)
        for i, shape in enumerate(self._editor.layout.shapes):
            chosen = self.editing and i == self._editor.selected
            self._paint_shape(painter, shape, transform, _DRAFT if chosen else _SHAPE)
        self._paint_draft(painter, transform)

    def _paint_shape(self, painter: QPainter, shape: Shape, transform: ViewTransform, colour: QColor) -> None:
        points = [self._to_view(point, transform) for point in shape.points]
        line = isinstance(shape, CountingLine)
        if not line:
            breath = QColor(colour)
            breath.setAlphaF(0.10)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(breath)
            painter.drawPolygon(QPolygonF(points))
        for pen in (QPen(_CASING, LINE_PX + 2), _dashed(colour, dashed=not line)):
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if line:
                painter.drawLine(points[0], points[1])
            else:
                painter.drawPolygon(QPolygonF(points))
        if line:
            _paint_arrow(painter, points[0], points[1], colour)
        if self.editing:
            _paint_handles(painter, points, colour)
        self._paint_name(painter, shape.name, points)

    def _paint_name(self, painter: QPainter, name: str, points: list[QPointF]) -> None:
        made_for = (painter.font(), painter.device().devicePixelRatio())
        if self._chips is None or self._chips.made_for != made_for:
            self._chips = ChipCache(*made_for)
        chip = self._chips.chip(name, _SHAPE.rgb())
        at = min(points, key=lambda point: (point.y(), point.x()))
        painter.drawPixmap(at + QPointF(6, 6), chip)

    def _paint_draft(self, painter: QPainter, transform: ViewTransform) -> None:
        editor = self._editor
        if editor.tool is Tool.MOVE:
            return
        ends = [*editor.draft, *([editor.pointer] if editor.pointer is not None and editor.draft else [])]
        points = [self._to_view(point, transform) for point in ends]
        for pen in (QPen(_CASING, LINE_PX + 2), _dashed(_DRAFT, dashed=editor.tool is Tool.ZONE)):
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(points))
        _paint_handles(painter, [self._to_view(point, transform) for point in editor.draft], _DRAFT)

    # --- the mouse ----------------------------------------------------------------------------------------------------------

    def press(self, at: QPointF, event: QMouseEvent) -> bool:
        """Draw with the left button, close a zone with the right one."""
        if not self.editing:
            return False
        if event.button() == Qt.MouseButton.RightButton:
            return self._editor.tool is not Tool.MOVE and bool(self._editor.draft) and self._editor.finish()
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        return self._editor.press(self._part(at), self._reach())

    def move(self, at: QPointF, event: QMouseEvent) -> bool:
        """Let what is drawn or held follow the pointer."""
        return self.editing and self._editor.move(self._part(at))

    def release(self, at: QPointF, event: QMouseEvent) -> None:
        """End a drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._editor.release(self._part(at), self._reach())

    # --- inside -------------------------------------------------------------------------------------------------------------

    def _size(self) -> tuple[float, float]:
        shown = self._view.shown
        return (shown.frame.width_px, shown.frame.height_px) if shown is not None else (1, 1)

    def _part(self, at: QPointF) -> Point:
        width, height = self._size()
        return at.x() / width, at.y() / height

    def _reach(self) -> QPointF:
        width, height = self._size()
        reach_px = REACH_PX / self._view.transform.scale
        return QPointF(reach_px / width, reach_px / height)

    def _to_view(self, point: Point, transform: ViewTransform) -> QPointF:
        width, height = self._size()
        return transform.to_view(QPointF(point[0] * width, point[1] * height))


def _dashed(colour: QColor, *, dashed: bool) -> QPen:
    pen = QPen(colour, LINE_PX)
    if dashed:
        pen.setDashPattern([4.0, 3.0])
    return pen


def _paint_trail(painter: QPainter, trail: Trail, transform: ViewTransform) -> None:
    """A line that gets thinner and fainter with age."""
    points = [transform.to_view(QPointF(x, y)) for x, y in trail.points_xy]
    strength = np.clip(1 - trail.ages_s / TRAIL_S, 0, 1)
    for casing in (True, False):
        colour = QColor(casing_qcolor(trail.class_name) if casing else class_qcolor(trail.class_name))
        for i in range(len(points) - 1):
            fresh = round(float(strength[i + 1]) * _STEPS) / _STEPS
            colour.setAlphaF((0.5 if casing else 1.0) * fresh)
            painter.setPen(QPen(colour, 1 + 2.5 * fresh + (2 if casing else 0), c=Qt.PenCapStyle.FlatCap))
            painter.drawLine(points[i], points[i + 1])


def _paint_arrow(painter: QPainter, start: QPointF, end: QPointF, colour: QColor) -> None:
    """From the middle of a line to its right hand: the way in."""
    along = end - start
    length = max(1.0, float(np.hypot(along.x(), along.y())))
    across = QPointF(-along.y(), along.x()) / length
    middle = (start + end) / 2
    tip, side = middle + across * ARROW_PX, along / length * HEAD_PX / 2
    head = QPolygonF([tip, tip - across * HEAD_PX + side, tip - across * HEAD_PX - side])
    painter.setPen(QPen(_CASING, LINE_PX + 2))
    painter.drawLine(middle, tip)
    painter.setPen(QPen(colour, LINE_PX))
    painter.drawLine(middle, tip - across * 4)
    painter.setPen(QPen(_CASING, 1))
    painter.setBrush(colour)
    painter.drawPolygon(head)


def _paint_handles(painter: QPainter, points: Sequence[QPointF], colour: QColor) -> None:
    painter.setPen(QPen(_CASING, 1.5))
    painter.setBrush(colour)
    for point in points:
        painter.drawEllipse(point, HANDLE_PX, HANDLE_PX)
