"""The candidates of a step as a table of any length: what each is, what became of it, where it comes from."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from detector_app.ui.detection_table import keep_scroll_bar
from detector_app.ui.inspector import words
from detector_app.ui.inspector.steps import Mark, Step
from detector_app.ui.inspector.story import place_text, story
from detector_app.ui.lit_rows import Index, LitRowDelegate, LitRowModel
from detector_app.ui.swatch import SWATCH_PX, swatch
from detector_app.ui.theme import CONTROL_PX, GRID_PX, tabular
from detector_app.vision.detections import IntArray
from detector_app.vision.trace import Fate

NUMBER, CLASS, SCORE, OBJECTNESS, PLACE, FATE = range(6)
_WIDEST = {NUMBER: "00000", CLASS: "platelets", SCORE: "0.00", OBJECTNESS: "0.00", PLACE: "000, 000 · 0"}
_ROOMY_PX = 480
"""From here on there is room for objectness and place."""
_RIGHT = frozenset({NUMBER, SCORE, OBJECTNESS})
_NONE: IntArray = np.zeros(0, np.int64)


class CandidateModel(LitRowModel):
    """What came through a step or ended there; texts are made for the rows that are seen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.step: Step | None = None
        self.rows: IntArray = _NONE
        """Rows of the look, in the order shown."""
        self.roomy = False
        """Whether there is room for whole sentences."""
        self._order: tuple[int, Qt.SortOrder] = (NUMBER, Qt.SortOrder.AscendingOrder)

    def show(self, step: Step | None) -> None:
        """Show the candidates of ``step``; rows that stay keep their place on the screen."""
        rows = _NONE if step is None else self._sorted(step, np.union1d(step.through, step.taken))

        def put() -> None:
            self.step, self.rows = step, rows

        self.exchange(len(rows), put)

    def mark(self, at: int) -> Mark | None:
        """The candidate in row ``at`` of the table."""
        return self.step.mark(int(self.rows[at])) if self.step is not None and 0 <= at < len(self.rows) else None

    def position(self, mark: Mark | None) -> int:
        """The row of the table that shows ``mark``, −1 if none does."""
        if mark is None or self.step is None or self.step.mark(mark.row) != mark:
            return -1
        found = np.flatnonzero(self.rows == mark.row)
        return int(found[0]) if len(found) else -1

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By the values, not by their texts; of equals the better one first."""
        self._order = column, order
        if self.step is not None:
            self.layoutAboutToBeChanged.emit()
            self.rows = self._sorted(self.step, self.rows)
            self.layoutChanged.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        """Number of candidates."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Number, class, score, objectness, place, fate."""
        return 0 if parent.isValid() else 6

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns, and what they mean."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            names = (
                "#",
                self.tr("Class"),
                self.tr("Score"),
                self.tr("Object."),
                self.tr("Place"),
                self.tr("Fate"),
            )
            return names[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            hints = {SCORE: words.SCORE, OBJECTNESS: words.OBJECTNESS, PLACE: words.PLACE, FATE: words.IOU}
            return words.say(hints[section]) if section in hints else None
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts, the class colour, and the whole story as tooltip."""
        step, column = self.step, index.column()
        if step is None:
            return None
        row = int(self.rows[index.row()])
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(step, row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.DecorationRole and column == CLASS:
            return swatch(words.class_name(step.trace, int(step.look.class_ids[row])))
        if role == Qt.ItemDataRole.ToolTipRole:
            return story(step.trace, step.stage.look, row)
        return None

    def _text(self, step: Step, row: int, column: int) -> str:
        look = step.look
        if column == NUMBER:
            return str(row)
        if column == CLASS:
            return words.class_name(step.trace, int(look.class_ids[row]))
        if column == SCORE:
            return f"{look.scores[row]:.2f}"
        if column == OBJECTNESS:
            return "" if look.objectness is None else f"{look.objectness[row]:.2f}"
        if column == PLACE:
            return place_text(look.places, row)
        tell = words.fate_text if self.roomy else words.short_fate_text
        return tell(step.trace, step.stage.look, row)

    def _sorted(self, step: Step, rows: IntArray) -> IntArray:
        column, order = self._order
        look, rows = step.look, np.sort(rows)
        keys: dict[int, tuple[np.ndarray, ...]] = {
            NUMBER: (rows,),
            CLASS: (look.class_ids[rows],),
            SCORE: (look.scores[rows],),
            OBJECTNESS: (rows if look.objectness is None else look.objectness[rows],),
            PLACE: (look.ids[rows],),
            FATE: (look.by[rows], look.fates[rows]),
        }
        found = keys[column]
        falling = order == Qt.SortOrder.DescendingOrder
        return rows[np.lexsort((rows, *(-key.astype(np.float64) if falling else key for key in found)))]


class CandidateTable(QTableView):
    """The rows to point at and to select.

    Signals:
        markHovered, markSelected: a ``Mark`` or None, when a person points or selects.
    """

    markHovered = Signal(object)
    markSelected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = CandidateModel(self)
        self.setModel(self.found)
        self.setItemDelegate(_RowDelegate(self))
        self._pointed = -1
        self._quiet = False
        self._selected: Mark | None = None
        self.setFont(tabular(self.font()))
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_scroll_bar(self)
        self.setIconSize(QSize(SWATCH_PX, SWATCH_PX))
        self._set_up_headers()
        self.selectionModel().selectionChanged.connect(self._tell_selection)
        self.found.layoutChanged.connect(lambda: self.set_selected(self._selected))

    def show_step(self, step: Step | None, pinned: Mark | None) -> None:
        """Show the candidates of ``step``, with ``pinned`` selected if it is among them."""
        self._quiet = True
        self.found.show(step)
        self._quiet = False
        self.set_selected(pinned)

    def set_hovered(self, mark: Mark | None) -> None:
        """Light the row of ``mark`` up."""
        self.found.hover(self.found.position(mark))

    def set_selected(self, mark: Mark | None) -> None:
        """Select the row of ``mark`` and bring it into sight."""
        self._selected = mark
        at = self.found.position(mark)
        rows = self.selectionModel().selectedRows()
        if at == (rows[0].row() if rows else -1):
            return
        self._quiet = True
        if at < 0:
            self.clearSelection()
        else:
            self.selectRow(at)
            self.scrollTo(self.found.index(at, 0))
        self._quiet = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say which candidate the pointer is on."""
        super().mouseMoveEvent(event)
        self._point(self.rowAt(round(event.position().y())))

    def leaveEvent(self, event: QEvent) -> None:
        """None."""
        super().leaveEvent(event)
        self._point(-1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show objectness and place where there is room for them."""
        super().resizeEvent(event)
        self.found.roomy = self.width() >= _ROOMY_PX
        for column in (OBJECTNESS, PLACE):
            self.setColumnHidden(column, not self.found.roomy)

    def changeEvent(self, event: QEvent) -> None:
        """Make room for the names in another language or font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.FontChange):
            self.found.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, FATE)
            self._size_columns()

    def _set_up_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(CONTROL_PX - 4)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(FATE, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicator(NUMBER, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self._size_columns()

    def _size_columns(self) -> None:
        metrics = QFontMetrics(self.font())
        for column, widest in _WIDEST.items():
            name = str(self.found.headerData(column, Qt.Orientation.Horizontal))
            width = max(metrics.horizontalAdvance(text) for text in (widest, name))
            more = 3 * GRID_PX if column == CLASS else 2 * GRID_PX if column in (PLACE, SCORE) else GRID_PX
            self.horizontalHeader().resizeSection(column, width + more)

    def _tell_selection(self) -> None:
        rows = self.selectionModel().selectedRows()
        if not self._quiet:
            self._selected = self.found.mark(rows[0].row()) if rows else None
            self.markSelected.emit(self._selected)

    def _point(self, at: int) -> None:
        if at != self._pointed:
            self._pointed = at
            self.found.hover(at)
            self.markHovered.emit(self.found.mark(at))


class _RowDelegate(LitRowDelegate):
    """What ended stands back."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        found = index.model()
        if not isinstance(found, CandidateModel) or found.step is None:
            return
        if found.step.look.fates[found.rows[index.row()]] != Fate.KEPT:
            muted = option.palette.placeholderText()
            option.palette.setBrush(option.palette.ColorRole.Text, muted)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
