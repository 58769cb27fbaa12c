"""The table of a search: face, who, where, when, how far apart."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from detector_app.faces.search import Hit
from detector_app.ui.detection_table import keep_scroll_bar
from detector_app.ui.faces.face_image import paint_image
from detector_app.ui.faces.sightings import Sighting, Sightings
from detector_app.ui.theme import GRID_PX, tabular

Index = QModelIndex | QPersistentModelIndex
FACE_PX = 40
_ROW_PX = FACE_PX + GRID_PX
_FACE, _NAME, _WHERE, _WHEN, _DISTANCE = range(5)
_WIDTHS = {_FACE: FACE_PX + 2 * GRID_PX, _NAME: 152, _WHEN: 144, _DISTANCE: 96}
SightingRole = Qt.ItemDataRole.UserRole
SortRole = Qt.ItemDataRole.UserRole + 1


class SightingModel(QAbstractTableModel):
    """The rows of :class:`Sightings`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found = Sightings()

    def begin(self, every: int) -> None:
        """Forget all; a search that looks at each ``every``-th frame begins."""
        self.beginResetModel()
        self.found = Sightings(every)
        self.endResetModel()

    def add(self, hit: Hit, face: QImage) -> None:
        """Show one more hit, as a row of its own or in that of its neighbours."""
        row, before = self.found.place_of(hit), len(self.found.rows)
        if row == before:
            self.beginInsertRows(QModelIndex(), row, row)
            self.found.add(hit, face)
            self.endInsertRows()
            return
        self.found.add(hit, face)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, _DISTANCE))

    def retranslate(self) -> None:
        """Follow the language."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, _DISTANCE)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        """Number of rows."""
        return 0 if parent.isValid() else len(self.found.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        """Five."""
        return 0 if parent.isValid() else len(_WIDTHS) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return ("", self.tr("Person"), self.tr("Where"), self.tr("When"), self.tr("Distance"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts, and the row itself for the delegate and the dialog."""
        row, column = self.found.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.source if column == _WHERE else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == SortRole:
            keys = (index.row(), row.name, row.source, row.first_s or 0.0, row.distance)
            return keys[column]
        return row if role == SightingRole else None


class SightingTable(QTableView):
    """A click on a heading sorts; a double click or Enter opens.

    Signals:
        opened: the ``Sighting``.
    """

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sightings = SightingModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.sightings)
        self._sorted.setSortRole(SortRole)
        self._sorted.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setModel(self._sorted)
        self.setItemDelegateForColumn(_FACE, _FaceDelegate(self))
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_PX)
        keep_scroll_bar(self)
        self._set_up_header()
        self.doubleClicked.connect(self._open)
        self._retranslate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(SightingRole))

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(_WHERE, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            header.resizeSection(column, width)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Where they were seen"))
        self.sightings.retranslate()


class _FaceDelegate(QStyledItemDelegate):
    """Paints the face."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        row: Sighting = index.data(SightingRole)
        place = QRectF(0, 0, FACE_PX, FACE_PX)
        place.moveCenter(QRectF(option.rect).center())
        paint_image(painter, place, row.face, 4)


def _text(row: Sighting, column: int) -> str:
    return ("", row.name, row.file_name, row.time_text or "–", f"{row.distance:.3f}")[column]


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in (_WHEN, _DISTANCE) else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
