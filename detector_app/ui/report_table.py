"""Rows of figures that are read, not changed: names on the left, figures on the right, and at the end whether they are right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from detector_app.ui.theme import CONTROL_PX, GRID_PX, tabular


class ReportTable(QTableWidget):
    """The first ``words`` columns and the last hold words, the others figures."""

    def __init__(self, words: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._whole = False
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFont(tabular(self.font()))
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(CONTROL_PX)
        self.horizontalHeader().setHighlightSections(False)

    def show_heads(self, heads: Sequence[str]) -> None:
        """Name the columns."""
        self.setColumnCount(len(heads))
        for column, text in enumerate(heads):
            head = QTableWidgetItem(text)
            head.setTextAlignment(self._side(column))
            self.setHorizontalHeaderItem(column, head)
        self._fit()

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show these."""
        self.setRowCount(len(rows))
        for line, row in enumerate(rows):
            for column, text in enumerate(row):
                cell = QTableWidgetItem(text)
                cell.setTextAlignment(self._side(column))
                cell.setToolTip(text)
                self.setItem(line, column, cell)
        self._fit()

    def stand_whole(self) -> None:
        """Be as high as all rows, for a page that scrolls itself; show what is to be shown first."""
        self._whole = True
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        rows = self.rowCount() * self.verticalHeader().defaultSectionSize()
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows + 2 * self.frameWidth() + GRID_PX)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page where the table stands whole."""
        if self._whole:
            event.ignore()
        else:
            super().wheelEvent(event)

    def texts(self) -> list[tuple[str, ...]]:
        """What is shown, row by row."""
        columns = range(self.columnCount())
        return [tuple(cell.text() for i in columns if (cell := self.item(line, i))) for line in range(self.rowCount())]

    def _side(self, column: int) -> Qt.AlignmentFlag:
        figure = self._words <= column < self.columnCount() - 1
        return (Qt.AlignmentFlag.AlignRight if figure else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter

    def _fit(self) -> None:
        """Columns as wide as what they hold and some air; those of words share what is left."""
        header = self.horizontalHeader()
        for column in range(self.columnCount()):
            if column < self._words:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
                wide = max(self.sizeHintForColumn(column), header.sectionSizeHint(column))
                self.setColumnWidth(column, wide + 2 * GRID_PX)
