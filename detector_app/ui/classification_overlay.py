"""What a classifier says, over the live picture: the best classes in a corner, and a thin frame around what it looks at."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPalette, QPen

from detector_app.ui.theme import CORNER_PX, GRID_PX, PADDING_PX, Tokens, tokens_for
from detector_app.ui.top_classes import Rows
from detector_app.ui.view_transform import ViewTransform
from detector_app.vision.classification import TOP, Classification, Label
from detector_app.vision.frame import Frame

MOST_WIDTH_PX, LEAST_WIDTH_PX = 248, 144
MOST_SHARE = 0.5
"""Of the picture's sides that the panel may cover: in a small window it has fewer rows."""
OPACITY = 0.93
"""The picture is still felt behind the panel, and the words are legible on snow and at night."""
_LINE, _CASING = QColor(255, 255, 255, 230), QColor(0, 0, 0, 130)


@dataclass(frozen=True)
class Plate:
    """The panel in the corner: where it is and what it says. Its place never depends on what is said."""

    rect: QRectF
    labels: tuple[Label, ...]
    rows: Rows

    @classmethod
    def in_corner(cls, classification: Classification, bounds: QRectF, font: QFont) -> Plate:
        """In the top left corner of ``bounds`` (view pixels), with as many rows as may be; empty where not even one may."""
        rows = Rows(font)
        width = min(MOST_WIDTH_PX, max(LEAST_WIDTH_PX, MOST_SHARE * bounds.width()))
        room = max(1, min(TOP, rows.fitting(MOST_SHARE * bounds.height() - 2 * PADDING_PX)))
        labels = classification.top(room)
        height = rows.height_px(len(labels)) + 2 * PADDING_PX
        if width + 2 * GRID_PX > bounds.width() or height + 2 * GRID_PX > bounds.height():
            return cls(QRectF(), (), rows)
        return cls(QRectF(round(bounds.left()) + GRID_PX, round(bounds.top()) + GRID_PX, width, height), labels, rows)

    def paint(self, painter: QPainter, t: Tokens) -> None:
        """Paint it in the colours of the theme."""
        if not self.labels:
            return
        ground = QColor(t.surface1)
        ground.setAlphaF(OPACITY)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(t.line), 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(self.rect.adjusted(0.5, 0.5, -0.5, -0.5), CORNER_PX, CORNER_PX)
        inner = self.rect.adjusted(PADDING_PX, PADDING_PX, -PADDING_PX, -PADDING_PX)
        self.rows.paint(painter, inner, self.labels, t)


def paint_classification(
    painter: QPainter, found: tuple[Frame, Classification], transform: ViewTransform, bounds: QRectF, palette: QPalette
) -> None:
    """Paint the panel and, unless the network sees all of the picture, the frame.

    Args:
        painter: of the view, with its font.
        found: the shown frame and what is said of it.
        transform: where the frame lies in the view.
        bounds: the part of the picture in sight, in view pixels.
        palette: of the view.
    """
    frame, classification = found
    plate = Plate.in_corner(classification, bounds, painter.font())
    if not classification.sees_all(frame.width_px, frame.height_px):
        left, top, right, bottom = classification.seen_xyxy
        seen = transform.rect_to_view(QRectF(left, top, right - left, bottom - top))
        _paint_seen(painter, seen, bounds, plate.rect)
    plate.paint(painter, tokens_for(palette))


def _paint_seen(painter: QPainter, seen: QRectF, bounds: QRectF, covered: QRectF) -> None:
    """A light line of one pixel between two dark ones, so that it is seen on anything; it passes behind the panel unseen."""
    free = QPainterPath()
    free.addRect(bounds)
    free.addRect(covered & bounds)  # what is in both is out
    painter.save()
    painter.setClipPath(free)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    line = QRectF(round(seen.left()), round(seen.top()), round(seen.width()) - 1, round(seen.height()) - 1)
    painter.setPen(QPen(_CASING, 1))
    painter.drawRects([line.adjusted(-1, -1, 1, 1), line.adjusted(1, 1, -1, -1)])
    painter.setPen(QPen(_LINE, 1))
    painter.drawRect(line)
    painter.restore()
