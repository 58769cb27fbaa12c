"""How the two models are told apart: a letter, a line and a colour each, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from detector_app.engine.state import EngineState
from detector_app.ui.theme import tabular
from detector_app.ui.view_transform import ViewTransform
from detector_app.vision.detections import Detections
from detector_app.vision.palette import CASING_OPACITY, COLORS, text_color

GAP_PX, LINE_PX, RING_PX = 4.0, 2.0, 1.0
_TAG_PX = 15.0
_TAG_FONT_PX = 11


class Side(IntEnum):
    """One of the two models."""

    FIRST = 0
    SECOND = 1

    @property
    def letter(self) -> str:
        """Its name where there is little room."""
        return "AB"[self]


_DASHES: tuple[list[float], list[float]] = ([4.0, 2.0], [1.0, 1.5])
"""Of the line around boxes that only this model found."""


def side_colour(side: Side) -> QColor:
    """The colour of boxes that only this model found: two that colour-blind eyes tell apart."""
    return QColor(*COLORS[side])


def titles(state: EngineState) -> tuple[str, str]:
    """What the models are called: by their cards, or by their files if they have the same name there."""
    first = state.model.name if state.model is not None else ""
    second = state.second_model.name if state.second_model is not None else ""
    if first == second:
        return Path(state.model_name).stem or first, Path(state.second_name).stem or second
    return first, second


def paint_lonely(
    painter: QPainter, detections: Detections, rows: Sequence[int], transform: ViewTransform, side: Side
) -> None:
    """Mark boxes that only one model found: a broken line around the box, and the model's letter at a lower corner.

    Args:
        painter: in view coordinates.
        detections: of that model, in source pixels.
        rows: which of them.
        transform: source pixels → view.
        side: which model.
    """
    for i in rows:
        left, top, right, bottom = (float(edge) for edge in detections.xyxy[i])
        box = transform.rect_to_view(QRectF(QPointF(left, top), QPointF(right, bottom)))
        paint_mark(painter, QRectF(box.toAlignedRect()).adjusted(-GAP_PX, -GAP_PX, GAP_PX, GAP_PX), side)


def paint_mark(painter: QPainter, rect: QRectF, side: Side) -> None:
    """The broken line along ``rect``, and the letter: of the first model at the left, where the wipe shows it longest."""
    colour = side_colour(side)
    casing = QColor(*text_color((colour.red(), colour.green(), colour.blue())))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    faint = QColor(casing)
    faint.setAlphaF(CASING_OPACITY)
    painter.setPen(_sharp(faint, LINE_PX + 2 * RING_PX))
    painter.drawRect(rect)
    pen = _sharp(colour, LINE_PX)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern(_DASHES[side])
    painter.setPen(pen)
    painter.drawRect(rect)
    left = rect.left() if side is Side.FIRST else rect.right() - _TAG_PX
    paint_tag(painter, QRectF(left, rect.bottom() - _TAG_PX, _TAG_PX, _TAG_PX), side)


def paint_tag(painter: QPainter, rect: QRectF, side: Side) -> None:
    """The model's letter; the painter's font is another one afterwards."""
    colour = side_colour(side)
    painter.fillRect(rect, colour)
    font = QFont(tabular(painter.font()))
    font.setPixelSize(_TAG_FONT_PX)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(*text_color((colour.red(), colour.green(), colour.blue()))))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, side.letter)


def _sharp(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen
