"""The best classes as rows: name, per cent, and a bar as long as the probability; painted, so that nothing moves but the bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from detector_app.ui.theme import GRID_PX, Tokens, tabular
from detector_app.vision.classification import Label

BAR_PX = 4
BEST_FACTOR = 1.3
"""How much larger the best class is written."""
WIDEST = "100.0 %"


@dataclass(frozen=True)
class Rows:
    """Paints rows with one font; the first is larger.

    Attributes:
        font: of the rows but the first.
    """

    font: QFont

    def height_px(self, count: int) -> float:
        """Of ``count`` rows together, one at least."""
        return self._row_px(0) + (max(1, count) - 1) * self._row_px(1) - GRID_PX

    def fitting(self, height_px: float) -> int:
        """How many rows have room in ``height_px``."""
        return max(0, math.floor((height_px + GRID_PX - self._row_px(0)) / self._row_px(1)) + 1)

    def paint(self, painter: QPainter, area: QRectF, labels: Sequence[Label], t: Tokens) -> None:
        """Paint ``labels``, the best first, from the top of ``area`` downwards."""
        top = area.top()
        for i, label in enumerate(labels):
            self._paint_row(painter, QRectF(area.left(), top, area.width(), self._row_px(i) - GRID_PX), i, label, t)
            top += self._row_px(i)

    def _paint_row(self, painter: QPainter, row: QRectF, i: int, label: Label, t: Tokens) -> None:
        font = self._font(i)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(t.text if i == 0 else t.muted))
        words = row.adjusted(0, 0, 0, -BAR_PX - 3)
        share_px = metrics.horizontalAdvance(WIDEST)
        text = metrics.elidedText(label.name, Qt.TextElideMode.ElideRight, words.width() - share_px - GRID_PX)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, label.percent)
        bar = QRectF(row.left(), row.bottom() - BAR_PX, row.width(), BAR_PX)
        _paint_bar(painter, bar, label.probability, QColor(t.accent if i == 0 else t.muted), QColor(t.line))

    def _font(self, i: int) -> QFont:
        font = tabular(self.font)
        if i == 0:
            font.setPointSizeF(font.pointSizeF() * BEST_FACTOR)
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _row_px(self, i: int) -> float:
        return QFontMetricsF(self._font(i)).height() + BAR_PX + 3 + GRID_PX


def spoken(labels: Sequence[Label]) -> str:
    """The rows as one line, for those who do not see them."""
    return ", ".join(f"{label.name} {label.percent}" for label in labels)


def _paint_bar(painter: QPainter, bar: QRectF, share: float, colour: QColor, ground: QColor) -> None:
    """Half round ends; the length is exact to a part of a pixel."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(bar, BAR_PX / 2, BAR_PX / 2)
    painter.save()
    painter.setClipRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()))
    painter.setBrush(colour)
    painter.drawRoundedRect(bar, BAR_PX / 2, BAR_PX / 2)
    painter.restore()
