"""What all figures of the help are painted with: the colours of the theme and of the app's own boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from detector_app.ui.theme import Tokens
from detector_app.vision.detections import FloatArray
from detector_app.vision.palette import COLORS

WIDTH_PX, HEIGHT_PX = 560, 200


@dataclass(frozen=True)
class Brush:
    """A painter over a figure of :data:`WIDTH_PX` × :data:`HEIGHT_PX`, with names for colours."""

    painter: QPainter
    tokens: Tokens

    def colour(self, name: str) -> QColor:
        """``text``, ``muted``, … of the theme, or ``box0``, ``box1``, … of the palette."""
        if name.startswith("box"):
            return QColor(*COLORS[int(name.removeprefix("box"))])
        return QColor(getattr(self.tokens, name))

    def box(
        self,
        xyxy: Sequence[float] | FloatArray,
        colour: str,
        *,
        width: float = 2,
        dashed: bool = False,
        fill: float = 0,
    ) -> None:
        """A rectangle; ``fill`` is the opacity of its inside."""
        left, top, right, bottom = (float(v) for v in xyxy)
        inside = self.colour(colour)
        inside.setAlphaF(fill)
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        self.painter.setPen(QPen(self.colour(colour), width, style))
        self.painter.setBrush(inside)
        self.painter.drawRect(QRectF(QPointF(left, top), QPointF(right, bottom)))

    def line(
        self, points: Sequence[tuple[float, float]], colour: str, *, width: float = 2, dashed: bool = False
    ) -> None:
        """A line through ``points``."""
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        self.painter.setPen(QPen(self.colour(colour), width, style))
        self.painter.drawPolyline([QPointF(x, y) for x, y in points])

    def dot(self, x: float, y: float, colour: str, radius: float = 4) -> None:
        """A filled point."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.colour(colour))
        self.painter.drawEllipse(QPointF(x, y), radius, radius)

    def text(self, x: float, y: float, words: str, colour: str = "text", *, centred: bool = False) -> None:
        """Words with their baseline at ``y``, from ``x`` on or around it."""
        self.painter.setPen(self.colour(colour))
        shift = self.painter.fontMetrics().horizontalAdvance(words) / 2 if centred else 0
        self.painter.drawText(QPointF(x - shift, y), words)

    def arrow(self, start: tuple[float, float], end: tuple[float, float], colour: str = "muted") -> None:
        """A level arrow."""
        self.line([start, end], colour, width=1.5)
        back = 6 if end[0] > start[0] else -6
        self.line([(end[0] - back, end[1] - 4), end, (end[0] - back, end[1] + 4)], colour, width=1.5)
