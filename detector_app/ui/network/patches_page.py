"""What excites a unit most: nine patches of a video or folder, found in the background, best first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from detector_app.engine.unit_search import Patch, SearchProgress
from detector_app.ui.export_bar import ExportBar, clock_text
from detector_app.ui.icons import icon
from detector_app.ui.theme import GRID_PX

_ACROSS, _LEAST_PX = 3, 48
_CAPTION_PX, _GAP_PX, _BAR_PX = 10, 8, 14
_ROLE = Qt.ItemDataRole.UserRole


class SearchBar(ExportBar):
    """How far the search is."""

    def title_text(self, name: str) -> str:
        """What is being done."""
        return self.tr("Looking through {name}").format(name=name)


class PatchList(QListWidget):
    """Pictures in three columns, as large as fits without scrolling."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other sizes."""
        super().resizeEvent(event)
        room = self.contentsRect()
        caption = self.fontMetrics().height() + _CAPTION_PX
        wide = (room.width() - _BAR_PX) // _ACROSS
        side = max(_LEAST_PX, min(wide - _GAP_PX, room.height() // _ACROSS - caption))
        self.setIconSize(QSize(side, side))
        self.setGridSize(QSize(wide, side + caption))


class PatchesPage(QWidget):
    """One unit's patches.

    Signals:
        left: back to the maps.
        searchRequested: "present", "folder" or "video": where to look.
        stopRequested: enough.
        patchChosen: a :class:`~detector_app.engine.unit_search.Patch` that a person wants to see in its frame.
    """

    left = Signal()
    searchRequested = Signal(str)
    stopRequested = Signal()
    patchChosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit_text = ""
        self._last: SearchProgress | None = None
        self.back, self.title, self.about = QToolButton(), QLabel(), QLabel(wordWrap=True)
        self.buttons = {name: QPushButton() for name in ("present", "folder", "video")}
        self.bar = SearchBar()
        self.patches = PatchList()
        self.status = QLabel(wordWrap=True)
        self._arrange()
        self._connect()
        self._say()

    def show_unit(self, text: str, *, searchable: bool) -> None:
        """Speak of this unit; ``searchable``, the open source can be looked through."""
        self._unit_text = text
        self.title.setText(text)
        self.buttons["present"].setEnabled(searchable)

    def begin(self, name: str) -> None:
        """A search in ``name`` has begun."""
        self.patches.clear()
        self.status.clear()
        self.bar.begin(name)
        for button in self.buttons.values():
            button.hide()

    def show_progress(self, progress: SearchProgress) -> None:
        """Show the best patches so far."""
        self._last = progress
        self.bar.show_progress(progress.done + progress.skipped, progress.total, progress.remaining_s)
        self._fill(progress.patches)
        if not progress.running:
            self.bar.hide()
            for button in self.buttons.values():
                button.show()
            self._say_end()

    def reset(self) -> None:
        """Another unit: nothing is known of it yet."""
        self._last = None
        self.patches.clear()
        self.status.clear()

    def _fill(self, patches: tuple[Patch, ...]) -> None:
        shown = [self.patches.item(i).data(_ROLE) for i in range(self.patches.count())]
        if len(shown) == len(patches) and all(one is other for one, other in zip(shown, patches, strict=True)):
            return
        row = self.patches.currentRow()
        self.patches.clear()
        for number, patch in enumerate(patches, 1):
            item = QListWidgetItem(QIcon(in_square(pixmap_of(patch))), f"{patch.value:.2f}")
            place = clock_text(patch.time_s) if patch.time_s > 0 or not _is_picture(patch) else Path(patch.source).name
            item.setData(_ROLE, patch)
            item.setToolTip(
                self.tr("{value:.3f} at {place}, frame {index}").format(
                    value=patch.value, place=place, index=patch.index
                )
            )
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole,
                self.tr("Patch {number}: {value:.2f}, {place}").format(number=number, value=patch.value, place=place),
            )
            self.patches.addItem(item)
        self.patches.setCurrentRow(row)

    def _say_end(self) -> None:
        last = self._last
        if last is None or last.running:
            return
        text = self.tr("{done} frames looked at.").format(done=f"{last.done:,}")
        if not last.complete:
            text += " " + self.tr("It was stopped before the end.")
        if last.skipped:
            text += " " + self.tr("{count} could not be read.").format(count=last.skipped)
        self.status.setText(text)

    def _arrange(self) -> None:
        self.back.setIcon(icon("back"))
        self.about.setProperty("role", "muted")
        self.status.setProperty("role", "muted")
        view = self.patches
        head, row = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(head)
        column.addWidget(self.about)
        column.addLayout(row)
        column.addWidget(self.bar)
        column.addWidget(view, 1)
        column.addWidget(self.status)

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, where=name: self.searchRequested.emit(where))
        self.bar.cancelled.connect(self.stopRequested)
        self.patches.itemActivated.connect(lambda item: self.patchChosen.emit(item.data(_ROLE)))
        self.patches.itemClicked.connect(lambda item: self.patchChosen.emit(item.data(_ROLE)))

    def _say(self) -> None:
        self.back.setToolTip(self.tr("Back to the maps"))
        self.back.setAccessibleName(self.tr("Back to the maps"))
        self.about.setText(
            self.tr(
                "Which parts of pictures excite this unit most? One from each picture, or from each second of a video "
                "(as in Zeiler and Fergus, 2014)."
            )
        )
        texts = {"present": self.tr("Search here"), "folder": self.tr("A folder…"), "video": self.tr("A video…")}
        hints = {
            "present": self.tr("Look through the open video or folder"),
            "folder": self.tr("Look through a folder of pictures"),
            "video": self.tr("Look through another video"),
        }
        for name, button in self.buttons.items():
            button.setText(texts[name])
            button.setToolTip(hints[name])
        self.patches.setAccessibleName(self.tr("Patches that excite the unit most, best first"))
        self._say_end()

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)


def pixmap_of(patch: Patch) -> QPixmap:
    """The patch as a picture."""
    image = np.ascontiguousarray(patch.image_bgr)
    height, width = image.shape[:2]
    return QPixmap.fromImage(QImage(image.data, width, height, 3 * width, QImage.Format.Format_BGR888))


def in_square(pixmap: QPixmap) -> QPixmap:
    """In the middle of a square, so that all captions stand in a line."""
    side = max(pixmap.width(), pixmap.height())
    square = QPixmap(side, side)
    square.fill(Qt.GlobalColor.transparent)
    painter = QPainter(square)
    painter.drawPixmap((side - pixmap.width()) // 2, (side - pixmap.height()) // 2, pixmap)
    painter.end()
    return square


def _is_picture(patch: Patch) -> bool:
    return Path(patch.source).suffix.lower() in (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff")
