"""The pictures that a person was enrolled with: the kept face, or a placeholder, with day and source."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from detector_app.faces.people import Picture
from detector_app.ui.detection_table import keep_scroll_bar
from detector_app.ui.faces.face_image import paint_image
from detector_app.ui.faces.lazy_images import Fetch, LazyImages
from detector_app.ui.icons import paint_icon
from detector_app.ui.theme import GRID_PX, Tokens, tabular, tokens_for

Index = QModelIndex | QPersistentModelIndex
FACE_PX = 112
LINE_PX = 18
TILE = QSize(FACE_PX + 2 * GRID_PX, FACE_PX + 2 * LINE_PX + 3 * GRID_PX)
_ICON_PX = 32
PictureRole = Qt.ItemDataRole.UserRole
FaceRole = Qt.ItemDataRole.UserRole + 1
DayRole = Qt.ItemDataRole.UserRole + 2


class PictureModel(QAbstractListModel):
    """The pictures of one person, the oldest first."""

    def __init__(self, fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: tuple[Picture, ...] = ()
        self._faces = LazyImages(fetch, self)
        self._faces.arrived.connect(self._repaint)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All of them."""
        return self._pictures

    def show_pictures(self, pictures: Sequence[Picture]) -> None:
        """Show these from now on. A picture of a number never changes, so those fetched already stay."""
        self.beginResetModel()
        self._pictures = tuple(pictures)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        """Number of pictures."""
        return 0 if parent.isValid() else len(self._pictures)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The source, and what the delegate paints."""
        picture = self._pictures[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return picture.source
        if role == DayRole:
            return day(picture.added)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._hint(picture)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{picture.source}, {day(picture.added)}"
        if role == FaceRole:
            return self._faces.get(picture.id) if picture.kept else None
        return picture if role == PictureRole else None

    def _hint(self, picture: Picture) -> str:
        lines = [picture.source, day(picture.added)]
        if picture.quality is not None:
            eyes, sharpness = round(picture.quality.eyes_px), round(picture.quality.sharpness)
            lines.append(
                self.tr("{eyes} px between the eyes, sharpness {sharpness}").format(eyes=eyes, sharpness=sharpness)
            )
        if not picture.kept:
            lines.append(self.tr("The face was not kept; what was measured of it was."))
        return "\n".join(filter(None, lines))

    def _repaint(self, ids: tuple[int, ...]) -> None:
        for row, picture in enumerate(self._pictures):
            if picture.id in ids:
                self.dataChanged.emit(self.index(row), self.index(row))


class PictureGrid(QListView):
    """Tiles of one person's pictures.

    Signals:
        forgetRequested: a ``Picture`` that is to go, by the Delete key or the menu.
        chosen: the ``Picture`` that is selected, or None.
    """

    forgetRequested = Signal(object)
    chosen = Signal(object)

    def __init__(self, fetch: Fetch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = PictureModel(fetch, self)
        self.setModel(self.pictures)
        self.setItemDelegate(_TileDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_scroll_bar(self)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit(self.picture))
        self._retranslate()

    @property
    def picture(self) -> Picture | None:
        """The one that is selected."""
        selected = self.selectedIndexes()
        found: Picture | None = selected[0].data(PictureRole) if selected else None
        return found

    def show_pictures(self, pictures: Sequence[Picture]) -> None:
        """Show these; none is selected."""
        self.pictures.show_pictures(pictures)
        self.chosen.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete forgets the selected picture."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.picture is not None:
            self.forgetRequested.emit(self.picture)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the picture under the pointer."""
        index = self.indexAt(event.pos())
        if index.isValid():
            menu = self.menu_for(index.data(PictureRole))
            menu.exec(event.globalPos())
            menu.deleteLater()

    def menu_for(self, picture: Picture) -> QMenu:
        """The context menu of ``picture``."""
        menu = QMenu(self)
        menu.addAction(self.tr("Forget picture"), lambda: self.forgetRequested.emit(picture))
        return menu

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self.viewport().update()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Pictures"))


class _TileDelegate(QStyledItemDelegate):
    """Paints a tile: the face, under it the day and where it comes from."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return TILE

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t = tokens_for(option.palette)
        rect, state = option.rect, option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(t.selection if selected else t.surface2))
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(t.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(2, 2, -2, -2), 6, 6)
        place = QRectF(rect.left() + GRID_PX, rect.top() + GRID_PX, FACE_PX, FACE_PX)
        face = index.data(FaceRole)
        if face is not None:
            paint_image(painter, place, face)
        else:
            _paint_placeholder(painter, place, t)
        _paint_words(painter, QRect(rect.left() + GRID_PX, int(place.bottom()) + 4, FACE_PX, LINE_PX), index, t)
        painter.restore()


def _paint_placeholder(painter: QPainter, place: QRectF, t: Tokens) -> None:
    painter.setPen(QColor(t.line))
    painter.setBrush(QColor(t.surface2))
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    corner = (place.width() - _ICON_PX) / 2
    paint_icon(painter, place.adjusted(corner, corner, -corner, -corner), "eye-off", QColor(t.muted))


def _paint_words(painter: QPainter, line: QRect, index: Index, t: Tokens) -> None:
    font = tabular(painter.font())
    metrics = QFontMetrics(font)
    painter.setFont(font)
    align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    for text, colour in ((str(index.data(DayRole)), t.text), (str(index.data()), t.muted)):
        painter.setPen(QColor(colour))
        painter.drawText(line, align, metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, line.width()))
        line = line.translated(0, LINE_PX)


def day(moment: str) -> str:
    """The day of an ISO 8601 moment where the user is, written so that every country reads the same; what is none stays as it is."""
    try:
        return datetime.fromisoformat(moment).astimezone().date().isoformat()
    except ValueError:
        return moment
