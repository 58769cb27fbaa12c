"""Strokes of the inspector over the picture: seen on light and dark alike, thousands of boxes at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from detector_app.ui.chips import ChipCache
from detector_app.ui.overlay import class_qcolor
from detector_app.ui.view_transform import ViewTransform
from detector_app.vision.detections import FloatArray
from detector_app.vision.palette import CASING_OPACITY, text_color

_DARK, _LIGHT = QColor(0, 0, 0, 70), QColor(255, 255, 255, 70)
_DASHES_PX = (7.0, 5.0)
_GAP_PX = 3.0
_CROSS_PX = 11.0


def rects(xyxy: FloatArray) -> list[QRectF]:
    """(N, 4) boxes as Qt's."""
    return [QRectF(left, top, right - left, bottom - top) for left, top, right, bottom in xyxy.tolist()]


def casing(colour: QColor) -> QColor:
    """Of the thin line on either side of one in ``colour``: black or white, whichever is farther from it."""
    around = QColor(*text_color((colour.red(), colour.green(), colour.blue())))
    around.setAlphaF(CASING_OPACITY)
    return around


class Brush:
    """One painting in view coordinates.

    Args:
        painter: in view coordinates.
        transform: source pixels → view.
        bounds: the part of the picture in sight; chips stay inside.
        chips: drawn labels, kept between paintings.
    """

    def __init__(self, painter: QPainter, transform: ViewTransform, bounds: QRectF, chips: ChipCache) -> None:
        self._painter, self._transform, self._bounds, self._chips = painter, transform, bounds, chips

    def many(self, xyxy: FloatArray, colour: QColor, *, width_px: float = 1.0, dashed: bool = False) -> None:
        """Thin boxes in source pixels, all at once."""
        painter = self._painter
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._pen(colour, width_px, dashed=dashed))
        painter.drawRects(rects(self._in_view(xyxy) + 0.5))
        painter.restore()

    def box(self, box: QRectF, colour: QColor, *, width_px: float = 2.0, dashed: bool = False) -> None:
        """One box that is seen on every picture."""
        where = self._transform.rect_to_view(box)
        painter = self._painter
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (self._pen(casing(colour), width_px + 2, dashed=dashed), self._pen(colour, width_px, dashed=dashed)):
            painter.setPen(pen)
            painter.drawRect(where)

    def tint(self, box: QRectF, colour: QColor, opacity: float) -> None:
        """Fill a box thinly."""
        thin = QColor(colour)
        thin.setAlphaF(opacity)
        self._painter.fillRect(self._transform.rect_to_view(box), thin)

    def tints(self, xyxy: FloatArray, colour: QColor, opacity: float) -> None:
        """Fill many boxes thinly, all at once."""
        thin = QColor(colour)
        thin.setAlphaF(opacity)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(thin)
        self._painter.drawRects(rects(self._in_view(xyxy)))

    def lines(self, lines: Sequence[QLineF]) -> None:
        """Thin lines in source pixels, each beside its own shadow."""
        to_view = self._transform.to_view
        seen = [QLineF(to_view(line.p1()), to_view(line.p2())) for line in lines]
        self._painter.setPen(self._pen(_DARK, 1.0))
        self._painter.drawLines([line.translated(1.0, 1.0) for line in seen])
        self._painter.setPen(self._pen(_LIGHT, 1.0))
        self._painter.drawLines(seen)

    def cross(self, point: QPointF, colour: QColor) -> None:
        """Where somebody asked: a cross that leaves its middle free."""
        at = self._transform.to_view(point)
        arms = [(1, 0), (-1, 0), (0, 1), (0, -1)]
        lines = [QLineF(at + QPointF(x, y) * _GAP_PX, at + QPointF(x, y) * _CROSS_PX) for x, y in arms]
        for pen in (self._pen(QColor(0, 0, 0, 190), 4.0), self._pen(QColor(255, 255, 255), 2.0)):
            self._painter.setPen(pen)
            self._painter.drawLines(lines)
        self._painter.setPen(self._pen(colour, 2.0))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawEllipse(at, _CROSS_PX, _CROSS_PX)

    def label(self, box: QRectF, text: str, colour: QColor, *, below: bool = False) -> None:
        """A chip at a box's upper left corner, or under its lower one, within the picture."""
        where = self._transform.rect_to_view(box)
        pixmap = self._chips.chip(text, colour.rgb())
        size = pixmap.deviceIndependentSize()
        top = where.bottom() + 2 if below else where.top() - size.height() - 2
        self._draw_chip(QPointF(where.left(), top), text, colour)

    def label_at(self, middle: QPointF, text: str, colour: QColor) -> None:
        """A chip around ``middle`` (source pixels)."""
        size = self._chips.chip(text, colour.rgb()).deviceIndependentSize()
        at = self._transform.to_view(middle)
        self._draw_chip(QPointF(at.x() - size.width() / 2, at.y() - size.height() / 2), text, colour)

    def _in_view(self, xyxy: FloatArray) -> FloatArray:
        """All boxes at once: one by one they would cost more than drawing them."""
        left, top = self._transform.left, self._transform.top
        return xyxy * np.float32(self._transform.scale) + np.array([left, top, left, top], np.float32)

    def _draw_chip(self, corner: QPointF, text: str, colour: QColor) -> None:
        pixmap = self._chips.chip(text, colour.rgb())
        size, bounds = pixmap.deviceIndependentSize(), self._bounds
        x = max(bounds.left(), min(corner.x(), bounds.right() - size.width()))
        y = max(bounds.top(), min(corner.y(), bounds.bottom() - size.height()))
        self._painter.drawPixmap(QPointF(round(x), round(y)), pixmap)

    @staticmethod
    def _pen(colour: QColor, width_px: float, *, dashed: bool = False) -> QPen:
        pen = QPen(colour, width_px)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if dashed:
            pen.setDashPattern([length / width_px for length in _DASHES_PX])
        return pen


def thin(name: str, opacity: float) -> QColor:
    """The colour of class ``name``, so opaque."""
    colour = class_qcolor(name)
    colour.setAlphaF(opacity)
    return colour
