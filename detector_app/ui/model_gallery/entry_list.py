"""The models of the gallery to choose from: name, what it finds and how large it is, and what is there of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from detector_app.model_gallery import GalleryEntry, State
from detector_app.ui.detection_table import keep_scroll_bar
from detector_app.ui.icons import paint_icon
from detector_app.ui.model_gallery.transfers import Transfers
from detector_app.ui.model_gallery.words import share_of, size_words, state_words, task_words
from detector_app.ui.theme import GRID_PX, PADDING_PX, tabular, tokens_for

Index = QModelIndex | QPersistentModelIndex
ROW_PX = 56
_ICON_PX = 16
_BAR_PX = 2
EntryRole = Qt.ItemDataRole.UserRole
NoteRole = Qt.ItemDataRole.UserRole + 1
StateRole = Qt.ItemDataRole.UserRole + 2
ShareRole = Qt.ItemDataRole.UserRole + 3
IconRole = Qt.ItemDataRole.UserRole + 4


class EntryModel(QAbstractListModel):
    """The entries that are to be seen, in the order of the table."""

    def __init__(self, transfers: Transfers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transfers = transfers
        self.entries: tuple[GalleryEntry, ...] = ()
        transfers.changed.connect(self._repaint)

    def show_entries(self, entries: Sequence[GalleryEntry]) -> None:
        """Show these."""
        self.beginResetModel()
        self.entries = tuple(entries)
        self.endResetModel()

    def row_of(self, name: str) -> int:
        """Where the model ``name`` is; -1 if nowhere."""
        return next((i for i, entry in enumerate(self.entries) if entry.name == name), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        """Number of entries."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name, and what the delegate paints."""
        entry = self.entries[index.row()]
        installed, transfer = self._transfers.states.get(entry.name), self._transfers.transfer(entry.name)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return entry.name
        if role == EntryRole:
            return entry
        note = f"{task_words(entry.task)} · {size_words(entry.size_bytes)}"
        state = state_words(installed, transfer)
        if role == NoteRole:
            return note
        if role == StateRole:
            return state
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (entry.name, note, state)))
        running = transfer is not None and transfer.running
        if role == ShareRole and running:
            return share_of(transfer) if transfer is not None else None
        if role == IconRole and not running:
            failed = transfer is not None and transfer.error is not None
            there = installed is not None and installed.state is State.INSTALLED
            return "warning" if failed else "check" if there else ""
        return None

    def _repaint(self, name: str) -> None:
        row = self.row_of(name)
        if row >= 0:
            self.dataChanged.emit(self.index(row), self.index(row))


class EntryList(QListView):
    """One model can be chosen.

    Signals:
        chosen: a ``GalleryEntry``, or None when there is none to choose.
        activatedEntry: one that was double-clicked, or chosen with Enter.
    """

    chosen = Signal(object)
    activatedEntry = Signal(object)

    def __init__(self, transfers: Transfers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = EntryModel(transfers, self)
        self.setModel(self.shown)
        self.setItemDelegate(_EntryDelegate(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_scroll_bar(self)
        self.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit(self.entry))
        self.activated.connect(lambda index: self.activatedEntry.emit(index.data(EntryRole)))

    @property
    def entry(self) -> GalleryEntry | None:
        """Which is chosen."""
        found: GalleryEntry | None = self.currentIndex().data(EntryRole)
        return found

    def show_entries(self, entries: Sequence[GalleryEntry]) -> None:
        """Show these; the chosen one stays so if it is among them, otherwise the first is chosen."""
        before = self.entry
        if tuple(entries) == self.shown.entries:
            return
        self.shown.show_entries(entries)
        row = -1 if before is None else self.shown.row_of(before.name)
        self.setCurrentIndex(self.shown.index(max(0, row)) if entries else QModelIndex())
        self.chosen.emit(self.entry)

    def choose(self, name: str) -> None:
        """Choose the model ``name``, if it is there."""
        row = self.shown.row_of(name)
        if row >= 0:
            self.setCurrentIndex(self.shown.index(row))


class _EntryDelegate(QStyledItemDelegate):
    """Paints a row: the name, under it a note; on the right what is there, under all of it how far a download is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = tokens_for(option.palette)
        rect, state = option.rect.adjusted(2, 2, -2, -2), option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.selection if chosen else t.surface2))
            painter.drawRoundedRect(rect, 4, 4)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(t.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, 4, 4)
        painter.setFont(tabular(option.font))
        words = rect.adjusted(PADDING_PX, GRID_PX - 2, -PADDING_PX, 2 - GRID_PX)
        upper = QRect(words.left(), words.top(), words.width(), words.height() // 2)
        self._line(
            painter, upper, str(index.data()), QColor(t.text), self._icon(painter, upper, index, t.accent, t.danger)
        )
        lower = upper.translated(0, upper.height())
        told = str(index.data(StateRole))
        room = painter.fontMetrics().horizontalAdvance(told)
        painter.setPen(QColor(t.muted))
        painter.drawText(lower, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, told)
        self._line(painter, lower, str(index.data(NoteRole)), QColor(t.muted), room + GRID_PX)
        share = index.data(ShareRole)
        if isinstance(share, float):
            wide = rect.width() - 2 * PADDING_PX
            bar = QRect(rect.left() + PADDING_PX, rect.bottom() - _BAR_PX, wide, _BAR_PX)
            painter.fillRect(bar, QColor(t.line))
            painter.fillRect(QRect(bar.left(), bar.top(), round(wide * share), _BAR_PX), QColor(t.accent))
        painter.restore()

    def _icon(self, painter: QPainter, line: QRect, index: Index, good: str, bad: str) -> int:
        """Paint the sign of the state at the right end of ``line``; gives the room that it takes."""
        name = index.data(IconRole)
        if not name:
            return 0
        top = line.top() + (line.height() - _ICON_PX) // 2
        place = QRect(line.right() - _ICON_PX + 1, top, _ICON_PX, _ICON_PX)
        paint_icon(painter, place, str(name), QColor(bad if name == "warning" else good))
        return _ICON_PX + GRID_PX

    def _line(self, painter: QPainter, place: QRect, text: str, colour: QColor, taken_px: int) -> None:
        painter.setPen(colour)
        room = place.adjusted(0, 0, -taken_px, 0)
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)
