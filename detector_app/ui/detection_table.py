"""What is in the picture as a table: class, score and middle; rows and boxes light up together."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from detector_app.ui.identity_text import chip_text, colour_name, shown_name
from detector_app.ui.lit_rows import Index, LitRowDelegate, LitRowModel
from detector_app.ui.swatch import SWATCH_PX, swatch
from detector_app.ui.theme import CONTROL_PX, GRID_PX, tabular
from detector_app.vision.detections import Detections
from detector_app.vision.drawing import track_text

_NAME, _SCORE, _CENTRE, _TRACK = range(4)
_WIDEST = {_SCORE: "0.00", _CENTRE: "0000, 0000", _TRACK: "#0000"}


class DetectionModel(LitRowModel):
    """One row per detection, in their order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._detections = Detections.empty()

    @property
    def detections(self) -> Detections:
        """What is shown."""
        return self._detections

    def show(self, detections: Detections) -> None:
        """Show these; rows that stay keep their place on the screen."""

        def put() -> None:
            self._detections = detections

        self.exchange(len(detections), put)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        """Number of detections."""
        return 0 if parent.isValid() else len(self._detections)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Class, score, middle, number of what is followed."""
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Names of the columns."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Class"), self.tr("Score"), self.tr("Centre"), self.tr("Id"))[section]
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts in source pixels, and the class colour."""
        i, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(i, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.DecorationRole and column == _NAME:
            return swatch(colour_name(self._detections, i))
        if role == Qt.ItemDataRole.ToolTipRole:
            left, top, right, bottom = (float(v) for v in self._detections.xyxy[i])
            size = f"{right - left:.1f} × {bottom - top:.1f} px"
            return f"{chip_text(self._detections, i)}\n{left:.1f}, {top:.1f} – {right:.1f}, {bottom:.1f}\n{size}"
        return None

    def _text(self, i: int, column: int) -> str:
        left, top, right, bottom = (float(v) for v in self._detections.xyxy[i])
        if column == _NAME:
            return shown_name(self._detections, i)
        if column == _TRACK:
            return track_text(self._detections, i).strip()
        if column == _SCORE:
            return f"{self._detections.scores[i]:.2f}"
        return f"{(left + right) / 2:.0f}, {(top + bottom) / 2:.0f}"


class DetectionTable(QTableView):
    """The rows to point at.

    Signals:
        rowHovered, rowSelected: the row, -1 for none, when a person points or selects; never for the ``set_`` methods.
    """

    rowHovered = Signal(int)
    rowSelected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = DetectionModel(self)
        self.setModel(self.found)
        self.setItemDelegate(LitRowDelegate(self))
        self._pointed = -1
        self._quiet = False
        self.setFont(tabular(self.font()))
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_scroll_bar(self)
        self.setWordWrap(False)
        self.setColumnHidden(_TRACK, True)
        self.setIconSize(QSize(SWATCH_PX, SWATCH_PX))
        self._set_up_headers()
        self.selectionModel().selectionChanged.connect(self._tell_selection)

    def _set_up_headers(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(CONTROL_PX - 4)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(32)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        self._size_columns()

    def _size_columns(self) -> None:
        """Make columns of numbers as wide as their widest text and their name from the beginning, so that nothing moves."""
        metrics = QFontMetrics(self.font())
        for column, widest in _WIDEST.items():
            name = str(self.found.headerData(column, Qt.Orientation.Horizontal))
            width = max(metrics.horizontalAdvance(text) for text in (widest, name))
            self.horizontalHeader().resizeSection(column, width + 2 * GRID_PX)

    def changeEvent(self, event: QEvent) -> None:
        """Make room for the names in another language or font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.FontChange):
            self.found.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, _TRACK)
            self._size_columns()

    @property
    def selected(self) -> int:
        """The selected row, -1 none."""
        rows = self.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    def show_detections(self, detections: Detections) -> None:
        """Show these; what is selected afterwards is for the caller to say."""
        self._quiet = True
        # There is no room for both in the narrow panel; the middle is in the tooltip, too.
        self.setColumnHidden(_TRACK, detections.track_ids is None)
        self.setColumnHidden(_CENTRE, detections.track_ids is not None)
        self.found.show(detections)
        self._quiet = False

    def set_hovered(self, row: int) -> None:
        """Light row ``row`` up; -1 none."""
        self.found.hover(row)

    def set_selected(self, row: int) -> None:
        """Select row ``row``; -1 none."""
        if row == self.selected:
            return
        self._quiet = True
        if row < 0:
            self.clearSelection()
        else:
            self.selectRow(row)
        self._quiet = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say which row the pointer is on."""
        super().mouseMoveEvent(event)
        self._point(self.rowAt(round(event.position().y())))

    def leaveEvent(self, event: QEvent) -> None:
        """No row."""
        super().leaveEvent(event)
        self._point(-1)

    def _tell_selection(self) -> None:
        if not self._quiet:
            self.rowSelected.emit(self.selected)

    def _point(self, row: int) -> None:
        if row != self._pointed:
            self._pointed = row
            self.set_hovered(row)
            self.rowHovered.emit(row)


def keep_scroll_bar(view: QAbstractItemView) -> None:
    """Keep the room of the vertical scroll bar in any case, so that columns do not move; without a use the bar is not seen."""
    view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    bar = view.verticalScrollBar()
    bar.setEnabled(False)
    bar.rangeChanged.connect(lambda least, most: bar.setEnabled(most > least))


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == _NAME else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
