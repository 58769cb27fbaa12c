"""The place of the picture, with room for a line above it and another view beside it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget


class PictureFrame(QWidget):
    """Holds the pages of the picture; the rest is there when it is shown."""

    def __init__(self, pages: QWidget) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._row = QHBoxLayout()
        self._row.setSpacing(0)
        self._row.addWidget(pages, 1)
        self._column.addLayout(self._row, 1)

    def add_above(self, bar: QWidget) -> None:
        """Have ``bar`` above the picture while it is visible."""
        self._column.insertWidget(0, bar)

    def add_beside(self, view: QWidget) -> QWidget:
        """Have ``view`` beside the picture, as wide as that; what is returned is to be shown and hidden."""
        companion = QWidget()
        row = QHBoxLayout(companion)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        line = QFrame()
        line.setFixedWidth(1)
        line.setStyleSheet("background: palette(mid);")
        row.addWidget(line)
        row.addWidget(view, 1)
        companion.hide()
        self._row.addWidget(companion, 1)
        return companion
