"""The place of the picture, with room for a line above it and another view beside it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget


class PictureFrame(QWidget):
    """Holds the pages of the picture; the rest is there when it is shown."""

    def __init__(self, pages: QWidget) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._row = QHBoxLayout()
        self._row.setSpacing(0)
        self._pages, self._policy = pages, pages.sizePolicy()
        self._companion: QWidget | None = None
        self._line = QFrame()
        self._row.addWidget(pages, 1)
        self._column.addLayout(self._row, 1)

    def add_above(self, bar: QWidget) -> None:
        """Have ``bar`` above the picture while it is visible."""
        self._column.insertWidget(0, bar)

    def add_beside(self, view: QWidget) -> None:
        """Have ``view`` beside the picture, as wide as that, when it is shown."""
        self._companion = view
        self._line.setFixedWidth(1)
        self._line.setProperty("role", "upright")
        self._row.addWidget(self._line)
        self._row.addWidget(view, 1)
        self._line.hide()
        view.hide()

    def show_beside(self, shown: bool) -> None:
        """Show what is beside the picture, or hide it."""
        if self._companion is None or shown is self._companion.isVisibleTo(self):
            return
        self._line.setVisible(shown)
        # Pages that cannot be seen then (the empty state) must not make their half the wider one.
        ignored = QSizePolicy(QSizePolicy.Policy.Ignored, self._policy.verticalPolicy())
        self._pages.setSizePolicy(ignored if shown else self._policy)
        self._companion.setSizePolicy(ignored)
        self._companion.setVisible(shown)
