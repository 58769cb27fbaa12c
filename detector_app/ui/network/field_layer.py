"""The receptive field of the chosen activation, drawn over the picture."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QPainter

from detector_app.ui.chips import ChipCache
from detector_app.ui.inspector.brushwork import Brush
from detector_app.ui.picture_layer import PictureLayer
from detector_app.ui.theme import tokens_for
from detector_app.ui.view_transform import ViewTransform

_SHADE = QColor(0, 0, 0, 84)
_LEAST_LIT_PX = 24
"""In the view: beside a smaller field nothing is shaded, for the picture would only be dark."""


class FieldLayer(PictureLayer):
    """A frame around what the activation depends on, with a cross where it lies itself.

    Attributes:
        field: in pixels of the source; None for nothing.
        centre: where the activation lies.
    """

    def __init__(self) -> None:
        self.field: QRectF | None = None
        self.centre = QPointF()
        self._chips: ChipCache | None = None

    def paint(self, painter: QPainter, transform: ViewTransform, bounds: QRectF) -> None:
        """Dim what the activation cannot see, and frame what it can."""
        if self.field is None:
            return
        made_for = (painter.font(), painter.device().devicePixelRatio())
        if self._chips is None or self._chips.made_for != made_for:
            self._chips = ChipCache(*made_for)
        accent = QColor(tokens_for(QGuiApplication.palette()).accent)
        inside = transform.rect_to_view(self.field)
        painter.setClipRect(bounds.adjusted(-2, -2, 2, 2))
        if min(inside.width(), inside.height()) >= _LEAST_LIT_PX:
            for part in _around(inside.intersected(bounds), bounds):
                painter.fillRect(part, _SHADE)
        brush = Brush(painter, transform, bounds, self._chips)
        brush.box(self.field, accent)
        brush.cross(self.centre, accent)


def _around(hole: QRectF, whole: QRectF) -> list[QRectF]:
    """The four parts of ``whole`` beside ``hole``."""
    top, bottom = QRectF(whole), QRectF(whole)
    top.setBottom(hole.top())
    bottom.setTop(hole.bottom())
    left = QRectF(whole.left(), hole.top(), hole.left() - whole.left(), hole.height())
    right = QRectF(hole.right(), hole.top(), whole.right() - hole.right(), hole.height())
    return [part for part in (top, bottom, left, right) if part.width() > 0 and part.height() > 0]
