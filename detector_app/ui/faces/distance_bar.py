"""A distance on its scale: left of the threshold the same person, right of it two."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from detector_app.ui.faces.pair_style import GENUINE, IMPOSTOR
from detector_app.ui.theme import tabular, tokens_for

_TRACK_PX = 12
_MARK_PX = 8
_LEAST_SHOWN = 0.2


class DistanceBar(QWidget):
    """Shows one distance and the threshold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._distance = self._threshold = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def end(self) -> float:
        """The distance at the right end."""
        return min(2.0, max(2 * self._threshold, 1.15 * self._distance, _LEAST_SHOWN))

    def show_distance(self, distance: float, threshold: float) -> None:
        """Show these."""
        self._distance, self._threshold = distance, threshold
        self.update()

    def sizeHint(self) -> QSize:
        """A line of figures above and one below."""
        return QSize(240, 2 * self.fontMetrics().height() + _TRACK_PX + _MARK_PX + 6)

    def minimumSizeHint(self) -> QSize:
        """As high."""
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The two sides, the threshold below, the distance above."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = tabular(self.font())
        painter.setFont(font)
        metrics, t = QFontMetricsF(font), tokens_for(self.palette())
        track = QRectF(1, metrics.height() + _MARK_PX, self.width() - 2, _TRACK_PX)
        between, here = self._x(track, self._threshold), self._x(track, self._distance)
        for style, left, right in ((IMPOSTOR, between, track.right()), (GENUINE, track.left(), between)):
            painter.setPen(style.pen())
            painter.setBrush(style.brush())
            painter.drawRect(QRectF(left, track.top(), max(0.0, right - left), track.height()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.text))
        top = track.top() - 1
        half = _MARK_PX * 0.75
        painter.drawPolygon(
            QPolygonF([QPointF(here, top), QPointF(here - half, top - _MARK_PX), QPointF(here + half, top - _MARK_PX)])
        )
        painter.setPen(QColor(t.text))
        self._write(painter, f"{self._distance:.3f}", here, 0)
        painter.setPen(QColor(t.muted))
        self._write(painter, f"{self._threshold:.3f}", between, track.bottom() + 4)

    def _x(self, track: QRectF, distance: float) -> float:
        return track.left() + min(1.0, distance / self.end) * track.width()

    def _write(self, painter: QPainter, text: str, x: float, top: float) -> None:
        """Centred at ``x``, moved inward at the ends."""
        metrics = QFontMetricsF(painter.font())
        width = metrics.horizontalAdvance(text)
        left = min(max(0.0, x - width / 2), self.width() - width)
        painter.drawText(QPointF(left, top + metrics.ascent()), text)
