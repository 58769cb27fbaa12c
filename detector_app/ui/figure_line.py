"""One line of words and numbers in which no word moves when a number changes."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from detector_app.ui.theme import tabular


class FigureLine(QWidget):
    """Paints a template such as ``"{fps} fps"``; each number is right-aligned in a place that is wide enough for its sample.

    Spaces as wide as figures (U+2007) would not do: many fonts get their width wrong. A window that is too narrow cuts the line off
    at its end.
    """

    def __init__(self, samples: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples = samples
        self._template = ""
        self._values: dict[str, str] = {}
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, template: str, values: Mapping[str, str]) -> None:
        """Show ``template`` filled with ``values``."""
        if (template, values) != (self._template, self._values):
            self._template, self._values = template, dict(values)
            self.setAccessibleName(self.text())
            self.update()

    def text(self) -> str:
        """The line as plain text."""
        return self._template.format_map(self._values)

    def places(self) -> list[tuple[str, QRectF]]:
        """Each word or number with its place, left to right, in this widget's pixels."""
        metrics = QFontMetricsF(tabular(self.font()))
        pieces = [
            piece
            for words, name, _, _ in Formatter().parse(self._template)
            for piece in ((words, ""), (self._values[name], self._samples.get(name, "")) if name else ("", ""))
        ]
        placed, x = [], 0.0
        for text, sample in pieces:
            width = max(metrics.horizontalAdvance(text), metrics.horizontalAdvance(sample))
            placed.append((text, QRectF(x, 0, width, self.height())))
            x += width
        return placed

    def sizeHint(self) -> QSize:
        """One line high; the width is whatever there is."""
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Every piece at the right end of its place."""
        painter = QPainter(self)
        painter.setFont(tabular(self.font()))
        painter.setPen(self.palette().color(self.foregroundRole()))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        for text, place in self.places():
            painter.drawText(place, flags, text)

    def changeEvent(self, event: QEvent) -> None:
        """Follow colours and font."""
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.update()
        super().changeEvent(event)
