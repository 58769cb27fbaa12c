"""Rows of a table that light up whole, under the pointer or because their box in the picture is pointed at."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

Index = QModelIndex | QPersistentModelIndex


class LitRowModel(QAbstractTableModel):
    """A table of which one row may be lit up.

    Attributes:
        hovered: that row, -1 none.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hovered = -1

    def hover(self, row: int) -> None:
        """Light row ``row`` up (-1: none)."""
        before, self.hovered = self.hovered, row
        for i in {before, row}:
            if 0 <= i < self.rowCount():
                self.dataChanged.emit(self.index(i, 0), self.index(i, self.columnCount() - 1))

    def exchange(self, after: int, put: Callable[[], None]) -> None:
        """Let ``put`` put other contents of ``after`` rows in place; rows that stay keep their place on the screen."""
        before = self.rowCount()
        if after > before:
            self.beginInsertRows(QModelIndex(), before, after - 1)
        elif after < before:
            self.beginRemoveRows(QModelIndex(), after, before - 1)
        put()
        if after > before:
            self.endInsertRows()
        elif after < before:
            self.endRemoveRows()
        if after:
            self.dataChanged.emit(self.index(0, 0), self.index(after - 1, self.columnCount() - 1))


class LitRowDelegate(QStyledItemDelegate):
    """Shows a whole row as under the pointer, not one cell."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Light the row up, or not."""
        super().initStyleOption(option, index)
        found = index.model()
        if isinstance(found, LitRowModel) and index.row() == found.hovered:
            option.state |= QStyle.StateFlag.State_MouseOver
        else:
            option.state &= ~QStyle.StateFlag.State_MouseOver
