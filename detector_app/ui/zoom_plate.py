"""A small plate in the corner of a picture with the zoom in per cent."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette

from detector_app.ui.theme import GRID_PX, tabular, tokens_for

_CORNER_PX = 4


def paint_zoom(painter: QPainter, view: QSizeF, zoom: float, font: QFont, palette: QPalette) -> None:
    """Paint it into the right lower corner.

    Args:
        painter: in view coordinates.
        view: size of the view.
        zoom: device pixels per source pixel.
        font: of the view.
        palette: of the view, for its theme.
    """
    t = tokens_for(palette)
    painter.setFont(tabular(font))
    text = f"{100 * zoom:.0f} %"
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(text) + 2 * GRID_PX, metrics.height() + GRID_PX
    plate = QRectF(view.width() - width - GRID_PX, view.height() - height - GRID_PX, width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(t.surface1))
    painter.drawRoundedRect(plate, _CORNER_PX, _CORNER_PX)
    painter.setPen(QColor(t.text))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
