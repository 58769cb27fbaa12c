"""What is wrong, as lists to walk through: on this picture, and the pictures with most of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHeaderView, QListWidget, QListWidgetItem, QTableWidget, QTableWidgetItem, QWidget

from detector_app.evaluation.precision_recall import FrameErrors
from detector_app.ui.ground_truth.marks import Kind, Mark, paint_mark
from detector_app.ui.theme import CONTROL_PX, tabular
from detector_app.ui.time_text import clock

MOST_ROWS = 500
_ICON = QSize(20, 14)


class PictureErrors(QListWidget):
    """The errors of the shown picture with their stories.

    Signals:
        chosen: the mark that is to be lifted, or None.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: list[Mark] = []
        self.setIconSize(_ICON)
        self.setWordWrap(True)
        self.setSpacing(2)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentRowChanged.connect(lambda row: self.chosen.emit(self._marks[row] if row >= 0 else None))
        self._say()

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """List those of ``marks`` that are errors; missed ones first."""
        wanted = [mark for kind in (Kind.MISSED, Kind.WRONG) for mark in marks if mark.kind is kind]
        if wanted == self._marks:
            return
        self.blockSignals(True)
        self.clear()
        self._marks = wanted
        for mark in wanted:
            self.addItem(QListWidgetItem(kind_icon(mark.kind), mark.story))
        self.setCurrentRow(-1)
        self.blockSignals(False)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _say(self) -> None:
        self.setAccessibleName(self.tr("Errors on this picture"))


class WorstFrames(QTableWidget):
    """Evaluated pictures, those with most errors first.

    Signals:
        chosen: number of the frame to go to.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 3, parent)
        self._listed: list[tuple[int, int, int]] = []
        self.setShowGrid(False)
        self.setEditTriggers(self.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(self.SelectionBehavior.SelectRows)
        self.setSelectionMode(self.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(CONTROL_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.currentCellChanged.connect(lambda row, *_: self._choose(row))
        self.cellClicked.connect(lambda row, _column: self._choose(row))
        self._say()

    def show_errors(self, errors: Sequence[FrameErrors]) -> None:
        """List those that have any."""
        worst = sorted((one for one in errors if one.errors), key=lambda one: (-one.errors, one.frame.index))[
            :MOST_ROWS
        ]
        listed = [(one.frame.index, one.wrong, one.missed) for one in worst]
        if listed == self._listed:
            return
        self._listed = listed
        self.blockSignals(True)
        self.setRowCount(len(worst))
        for row, one in enumerate(worst):
            self.setItem(row, 0, QTableWidgetItem(one.frame.name or clock(one.frame.time_s)))
            for column, count in ((1, one.wrong), (2, one.missed)):
                self.setItem(row, column, _figure(count))
        self.setCurrentCell(-1, -1)
        self.blockSignals(False)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._listed):
            self.chosen.emit(self._listed[row][0])

    def _say(self) -> None:
        self.setAccessibleName(self.tr("Pictures with most errors"))
        for column, text in enumerate((self.tr("Picture"), self.tr("Wrong"), self.tr("Missed"))):
            head = QTableWidgetItem(text)
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(column, head)


def kind_icon(kind: Kind) -> QIcon:
    """The box of a kind as a small picture."""
    pixmap = QPixmap(_ICON * 2)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_mark(painter, QRectF(2, 2, _ICON.width() - 5, _ICON.height() - 5), kind)
    painter.end()
    return QIcon(pixmap)


def _figure(count: int) -> QTableWidgetItem:
    item = QTableWidgetItem(str(count))
    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setFont(tabular(item.font()))
    return item
