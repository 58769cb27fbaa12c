"""The model's classes: colour, name, how many are in the picture, and whether they are wanted."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from detector_app.ui.detection_table import keep_scroll_bar
from detector_app.ui.icons import paint_icon
from detector_app.ui.overlay import class_qcolor
from detector_app.ui.theme import CONTROL_PX, GRID_PX, Tokens, tabular, tokens_for

Index = QModelIndex | QPersistentModelIndex
_SWATCH_PX = 12


@dataclass(frozen=True)
class ClassRow:
    """One row: ``count`` is how many are in the picture, ``shown`` whether the class is wanted."""

    name: str
    count: int = 0
    shown: bool = True


RowRole = Qt.ItemDataRole.UserRole


class ClassModel(QAbstractListModel):
    """Rows in the order in which classes were first seen, the others after them in the model's own order.

    A class that has been seen never changes its place, so that its number key stays the same.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ClassRow] = []
        self._seen = 0

    @property
    def rows(self) -> tuple[ClassRow, ...]:
        """What is shown, top to bottom."""
        return tuple(self._rows)

    def reset(self, names: tuple[str, ...], hidden: frozenset[str]) -> None:
        """Start again with these classes (repeated names are one row), nothing seen yet."""
        self.beginResetModel()
        self._rows = [ClassRow(name, shown=name not in hidden) for name in dict.fromkeys(names)]
        self._seen = 0
        self.endResetModel()

    def count(self, counts: dict[str, int]) -> None:
        """Show how many of each class are in the picture; classes never seen before move up."""
        for name in counts:
            self._move_up(name)
        for i, row in enumerate(self._rows):
            self._replace(i, ClassRow(row.name, counts.get(row.name, 0), row.shown))

    def show_only(self, hidden: frozenset[str]) -> None:
        """Hide exactly the classes ``hidden``."""
        for i, row in enumerate(self._rows):
            self._replace(i, ClassRow(row.name, row.count, row.name not in hidden))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        """Number of classes."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, check state, and the row itself for the delegate."""
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return row.name
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if row.shown else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.name} {row.count}"
        return row if role == RowRole else None

    def _move_up(self, name: str) -> None:
        at = next((i for i, row in enumerate(self._rows) if row.name == name), -1)
        if at < self._seen:
            return  # known already, or a class that the model does not name
        if at > self._seen:
            self.beginMoveRows(QModelIndex(), at, at, QModelIndex(), self._seen)
            self._rows.insert(self._seen, self._rows.pop(at))
            self.endMoveRows()
        self._seen += 1

    def _replace(self, i: int, row: ClassRow) -> None:
        if row != self._rows[i]:
            self._rows[i] = row
            self.dataChanged.emit(self.index(i), self.index(i))


class ClassList(QListView):
    """The classes to click on.

    Signals:
        hiddenChanged: names of the classes that are not wanted, when a person changes them.
    """

    hiddenChanged = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.classes = ClassModel(self)
        self.setModel(self.classes)
        self.setItemDelegate(_ClassDelegate(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_scroll_bar(self)

    @property
    def hidden(self) -> frozenset[str]:
        """Names of the classes that are not wanted."""
        return frozenset(row.name for row in self.classes.rows if not row.shown)

    def toggle(self, position: int) -> None:
        """Want the class at row ``position`` (from 0), or not; nothing happens beyond the last row."""
        rows = self.classes.rows
        if 0 <= position < len(rows):
            self._hide(self.hidden ^ {rows[position].name})

    def filter(self, text: str) -> None:
        """Show only rows whose name holds ``text``, whatever the case."""
        for i, row in enumerate(self.classes.rows):
            self.setRowHidden(i, text.casefold() not in row.name.casefold())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click toggles."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.toggle(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter toggle the current row."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.toggle(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Only this one; all; none."""
        menu = self.menu_at(self.indexAt(event.pos()))
        menu.exec(event.globalPos())
        menu.deleteLater()

    def menu_at(self, index: QModelIndex) -> QMenu:
        """The context menu for the row ``index``, which may be invalid."""
        menu = QMenu(self)
        names = frozenset(row.name for row in self.classes.rows)
        if index.isValid():
            name = self.classes.rows[index.row()].name
            menu.addAction(self.tr("Only {name}").format(name=name), lambda: self._hide(names - {name}))
        menu.addAction(self.tr("Show all"), lambda: self._hide(frozenset()))
        menu.addAction(self.tr("Hide all"), lambda: self._hide(names))
        return menu

    def _hide(self, hidden: frozenset[str]) -> None:
        if hidden != self.hidden:
            self.classes.show_only(hidden)
            self.hiddenChanged.emit(hidden)


class _ClassDelegate(QStyledItemDelegate):
    """Paints a row: key, swatch, name, count; a crossed eye instead of the count where the class is not wanted."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, CONTROL_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ClassRow = index.data(RowRole)
        t = tokens_for(option.palette)
        rect, state = option.rect, option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(t.surface2))
            painter.drawRoundedRect(rect, 4, 4)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(t.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 4, 4)
        self._paint_swatch(painter, rect, row)
        self._paint_words(painter, rect, row, t)
        painter.restore()

    def _paint_swatch(self, painter: QPainter, rect: QRect, row: ClassRow) -> None:
        swatch = QRect(rect.left() + GRID_PX, rect.center().y() - _SWATCH_PX // 2 + 1, _SWATCH_PX, _SWATCH_PX)
        colour = class_qcolor(row.name)
        painter.setPen(colour)
        painter.setBrush(colour if row.shown else Qt.GlobalColor.transparent)
        painter.drawRoundedRect(swatch, 3, 3)

    def _paint_words(self, painter: QPainter, rect: QRect, row: ClassRow, t: Tokens) -> None:
        font = tabular(painter.font())
        metrics = QFontMetrics(font)
        painter.setFont(font)
        number_width = metrics.horizontalAdvance("000")
        number = rect.adjusted(0, 0, -GRID_PX, 0)
        number.setLeft(number.right() - number_width)
        name = rect.adjusted(2 * GRID_PX + _SWATCH_PX, 0, 0, 0)
        name.setRight(number.left() - GRID_PX)
        painter.setPen(QColor(t.text if row.count and row.shown else t.muted))
        text = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, text)
        if not row.shown:
            paint_icon(painter, QRect(number.right() - 15, rect.center().y() - 7, 16, 16), "eye-off", QColor(t.muted))
        else:
            align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(number, align, str(row.count) if row.count else "–")
