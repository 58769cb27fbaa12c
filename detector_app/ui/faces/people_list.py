"""Everybody who is enrolled, to choose from: a disc with the face, the name, how many pictures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from detector_app.faces.people import Person
from detector_app.ui.detection_table import keep_scroll_bar
from detector_app.ui.faces.face_image import paint_avatar
from detector_app.ui.faces.lazy_images import Fetch, LazyImages
from detector_app.ui.theme import GRID_PX, tabular, tokens_for

Index = QModelIndex | QPersistentModelIndex
AVATAR_PX = 40
ROW_PX = AVATAR_PX + 2 * GRID_PX
PersonRole = Qt.ItemDataRole.UserRole
NoteRole = Qt.ItemDataRole.UserRole + 1
AvatarRole = Qt.ItemDataRole.UserRole + 2


class PeopleModel(QAbstractListModel):
    """The people in the order in which they are given, which is by name."""

    def __init__(self, fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._people: tuple[Person, ...] = ()
        self.avatars = LazyImages(fetch, self)
        self.avatars.arrived.connect(self._repaint)

    @property
    def people(self) -> tuple[Person, ...]:
        """All of them."""
        return self._people

    def show_people(self, people: Sequence[Person]) -> None:
        """Show these from now on."""
        before, self._people = self._people, tuple(people)
        self.avatars.renew()
        if [person.id for person in before] == [person.id for person in people]:
            if people:
                self.dataChanged.emit(self.index(0), self.index(len(people) - 1))
            return
        self.beginResetModel()
        self.endResetModel()

    def row_of(self, person_id: int) -> int:
        """Where the person is; -1 if nowhere."""
        return next((i for i, person in enumerate(self._people) if person.id == person_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        """Number of people."""
        return 0 if parent.isValid() else len(self._people)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name, and what the delegate paints."""
        person = self._people[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return person.name
        if role == NoteRole:
            return self.tr("Pictures: {count}").format(count=person.pictures)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{person.name}, {self.data(index, NoteRole)}"
        if role == AvatarRole:
            return self.avatars.get(person.id) if person.kept else None
        return person if role == PersonRole else None

    def _repaint(self, ids: tuple[int, ...]) -> None:
        for person_id in ids:
            row = self.row_of(person_id)
            if row >= 0:
                self.dataChanged.emit(self.index(row), self.index(row))


class PeopleList(QListView):
    """One person can be chosen.

    Signals:
        chosen: a ``Person``, or None when there is nobody to choose.
    """

    chosen = Signal(object)

    def __init__(self, fetch: Fetch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.people = PeopleModel(fetch, self)
        self.setModel(self.people)
        self.setItemDelegate(_PersonDelegate(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_scroll_bar(self)
        self.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit(self.person))

    @property
    def person(self) -> Person | None:
        """Who is chosen."""
        found: Person | None = self.currentIndex().data(PersonRole)
        return found

    def show_people(self, people: Sequence[Person]) -> None:
        """Show these; who is chosen stays so, or the one in the same place, and :attr:`chosen` tells what is known of them now."""
        before, row = self.person, self.currentIndex().row()
        self.selectionModel().blockSignals(True)
        self.people.show_people(people)
        now = -1 if before is None else self.people.row_of(before.id)
        if now < 0 and people:
            now = min(max(row, 0), len(people) - 1)
        self.setCurrentIndex(self.people.index(now) if now >= 0 else QModelIndex())
        self.selectionModel().blockSignals(False)
        self.viewport().update()
        self.chosen.emit(self.person)

    def choose(self, name: str) -> None:
        """Choose the person called ``name``, if there is one."""
        for row, person in enumerate(self.people.people):
            if person.name.casefold() == name.casefold():
                self.setCurrentIndex(self.people.index(row))
                self.scrollTo(self.people.index(row))

    def filter(self, text: str) -> None:
        """Show only people whose name holds ``text``, whatever the case; choose the first of them if the chosen one is not among them."""
        wanted = " ".join(text.casefold().split())
        hidden = {i for i, person in enumerate(self.people.people) if wanted not in person.name.casefold()}
        for i in range(len(self.people.people)):
            if self.isRowHidden(i) != (i in hidden):
                self.setRowHidden(i, i in hidden)
        first = next((i for i in range(len(self.people.people)) if i not in hidden), -1)
        if first >= 0 and self.currentIndex().row() in hidden:
            self.setCurrentIndex(self.people.index(first))


class _PersonDelegate(QStyledItemDelegate):
    """Paints a row: disc, name, and under it how many pictures."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = tokens_for(option.palette)
        rect, state = option.rect, option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(t.selection if chosen else t.surface2))
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), 4, 4)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(t.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), 4, 4)
        name = str(index.data())
        place = QRectF(rect.left() + GRID_PX, rect.top() + GRID_PX, AVATAR_PX, AVATAR_PX)
        paint_avatar(painter, place, name, index.data(AvatarRole))
        words = rect.adjusted(AVATAR_PX + 2 * GRID_PX + 4, GRID_PX, -GRID_PX, -GRID_PX)
        upper = QRect(words.left(), words.top(), words.width(), words.height() // 2)
        font = tabular(painter.font())
        painter.setFont(font)
        painter.setPen(QColor(t.text))
        left, metrics = Qt.AlignmentFlag.AlignLeft, QFontMetrics(font)
        elided = metrics.elidedText(name, Qt.TextElideMode.ElideRight, upper.width())
        painter.drawText(upper, left | Qt.AlignmentFlag.AlignVCenter, elided)
        painter.setPen(QColor(t.muted))
        lower = upper.translated(0, upper.height())
        painter.drawText(lower, left | Qt.AlignmentFlag.AlignVCenter, str(index.data(NoteRole)))
        painter.restore()
