"""How pairs of one person and pairs of two are drawn, wherever they are: told apart by colour, by pattern and by outline."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from detector_app.vision.palette import COLORS

LINE_PX = 2.0
_SWATCH = QSize(28, 16)


@dataclass(frozen=True)
class PairStyle:
    """Colour, pattern and outline of one kind."""

    colour: QColor
    pattern: Qt.BrushStyle
    outline: Qt.PenStyle

    def pen(self) -> QPen:
        """The outline."""
        return cosmetic_pen(self.colour, LINE_PX, self.outline)

    def brush(self) -> QBrush:
        """The filling."""
        colour = QColor(self.colour)
        colour.setAlphaF(0.35 if self.pattern == Qt.BrushStyle.SolidPattern else 0.8)
        return QBrush(colour, self.pattern)


GENUINE = PairStyle(QColor(*COLORS[0]), Qt.BrushStyle.SolidPattern, Qt.PenStyle.SolidLine)
IMPOSTOR = PairStyle(QColor(*COLORS[5]), Qt.BrushStyle.BDiagPattern, Qt.PenStyle.DashLine)


class Swatch(QWidget):
    """A piece of a histogram for its legend."""

    def __init__(self, style: PairStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.setFixedSize(_SWATCH)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As in the plot."""
        del event
        painter = QPainter(self)
        painter.setPen(self._style.pen())
        painter.setBrush(self._style.brush())
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))


def cosmetic_pen(colour: QColor | str, width_px: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """As wide at every scale: the plot's own unit is a distance."""
    pen = QPen(QColor(colour), width_px, style)
    pen.setCosmetic(True)
    return pen
