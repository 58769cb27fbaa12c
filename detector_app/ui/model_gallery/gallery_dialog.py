"""The window of the public models."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from detector_app.model_gallery import GalleryEntry, State
from detector_app.ui.icons import icon
from detector_app.ui.model_gallery.entry_list import EntryList
from detector_app.ui.model_gallery.entry_page import EntryPage
from detector_app.ui.model_gallery.transfers import Transfers
from detector_app.ui.model_gallery.words import TASKS, task_words, what_words
from detector_app.ui.theme import GRID_PX

_SIZE = (920, 600)
_LIST_PX = 296
_BAR_PX = 160
_QUESTION_PX = 360
_WAITING, _MODELS = range(2)
_INSTALLED = "installed"


class GalleryDialog(QDialog):
    """A list to search, and beside it the chosen model. Not modal; downloads go on when it is closed.

    Signals:
        openRequested: path of a model that is to run in the main window.
        showRequested: path that is to be shown in its folder.
    """

    openRequested = Signal(str)
    showRequested = Signal(object)

    def __init__(self, transfers: Transfers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._transfers = transfers
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter_box = QComboBox()
        self.list = EntryList(transfers)
        self.page = EntryPage(transfers)
        self.nothing = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.nothing.setProperty("role", "muted")
        self._bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self._bar.setFixedWidth(_BAR_PX)
        self.retry_button = QPushButton()
        self.retry_button.clicked.connect(transfers.refresh)
        self._folder = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._folder.setProperty("role", "muted")
        self._none_found = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._none_found.setProperty("role", "muted")
        self._right = QStackedWidget()
        self.pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._retranslate()
        self.resize(*_SIZE)
        self._show_list()
        transfers.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # --- what is shown ----------------------------------------------------------------------------------------------------

    def _show_list(self) -> None:
        found = self._transfers.entries
        trouble = self._transfers.trouble
        self.pages.setCurrentIndex(_MODELS if found else _WAITING)
        waiting = not found and trouble is None
        self._bar.setVisible(waiting)
        self.retry_button.setVisible(not waiting)
        self.nothing.setText(
            self.tr("Reading the list of models…")
            if waiting
            else self.tr("The list of models cannot be read: {detail}").format(detail=trouble)
        )
        self._fill_filter()
        self._filter()
        self.page.show_entry(self.list.entry)

    def _fill_filter(self) -> None:
        tasks = [task for task in TASKS if any(entry.task == task for entry in self._transfers.entries)]
        chosen = self.filter_box.currentData()
        self.filter_box.blockSignals(True)
        self.filter_box.clear()
        self.filter_box.addItem(self.tr("All models"), "")
        for task in tasks:
            self.filter_box.addItem(task_words(task), task)
        self.filter_box.addItem(self.tr("On this machine"), _INSTALLED)
        self.filter_box.setCurrentIndex(max(0, self.filter_box.findData(chosen)))
        self.filter_box.blockSignals(False)

    def _filter(self) -> None:
        """Show the models of the chosen task that hold every word of the search."""
        words, wanted = self.search.text().casefold().split(), str(self.filter_box.currentData() or "")
        found = [entry for entry in self._transfers.entries if self._fits(entry, words, wanted)]
        self.list.show_entries(found)
        self._right.setCurrentIndex(0 if found else 1)

    def _fits(self, entry: GalleryEntry, words: list[str], wanted: str) -> bool:
        text = f"{entry.name} {what_words(entry)} {entry.what()} {entry.licence} {task_words(entry.task)}".casefold()
        installed = self._transfers.states.get(entry.name)
        there = installed is not None and installed.state is State.INSTALLED
        right = not wanted or entry.task == wanted or (wanted == _INSTALLED and there)
        return right and all(word in text for word in words)

    def _follow(self, name: str) -> None:
        """A model that is gone leaves the list of those that are here."""
        if self.filter_box.currentData() == _INSTALLED and not self._transfers.running(name):
            self._filter()

    # --- what is done -----------------------------------------------------------------------------------------------------

    def _act(self, entry: GalleryEntry) -> None:
        """A double click opens what is here, and gets what is not."""
        installed = self._transfers.states.get(entry.name)
        if installed is not None and installed.state is State.INSTALLED:
            self.openRequested.emit(str(installed.path))
        else:
            self._transfers.get(entry)

    def _ask_remove(self, entry: GalleryEntry) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setOption(QMessageBox.Option.DontUseNativeDialog)
        box.setWindowTitle(self.tr("Remove a model"))
        box.setText(self.tr("Remove {name} from this machine?").format(name=entry.name))
        box.setInformativeText(self.tr("Its files and its card are deleted. It can be downloaded again."))
        for label in box.findChildren(QLabel, "qt_msgbox_informativelabel"):
            label.setMinimumWidth(_QUESTION_PX)
        delete = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        delete.clicked.connect(lambda: self._transfers.remove(entry))
        box.open()

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self._transfers.listed.connect(self._show_list)
        self._transfers.changed.connect(self._follow)
        self.search.textChanged.connect(self._filter)
        self.filter_box.currentIndexChanged.connect(self._filter)
        self.list.chosen.connect(self.page.show_entry)
        self.list.activatedEntry.connect(self._act)
        self.page.openRequested.connect(self.openRequested)
        self.page.showRequested.connect(self.showRequested)
        self.page.removeRequested.connect(self._ask_remove)

    def _lay_out(self) -> None:
        waiting = QWidget()
        middle = QVBoxLayout(waiting)
        middle.setSpacing(2 * GRID_PX)
        middle.addStretch(1)
        middle.addWidget(self.nothing)
        for below in (self._bar, self.retry_button):
            middle.addWidget(below, alignment=Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch(2)
        left = QVBoxLayout()
        left.setSpacing(GRID_PX)
        for widget in (self.search, self.filter_box, self.list):
            widget.setFixedWidth(_LIST_PX)
            left.addWidget(widget)
        self._right.addWidget(self.page)
        self._right.addWidget(self._none_found)
        models = QWidget()
        row = QHBoxLayout(models)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3 * GRID_PX)
        row.addLayout(left)
        row.addWidget(self._right, 1)
        for page in (waiting, models):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.pages, 1)
        column.addWidget(self._folder)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Get models"))
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search the models"))
        self.filter_box.setAccessibleName(self.tr("Which models are shown"))
        self.list.setAccessibleName(self.tr("Models"))
        self.retry_button.setText(self.tr("Try again"))
        self._none_found.setText(self.tr("No model fits. Try other words, or show all models."))
        self._folder.setText(self.tr("Models are kept in {folder}").format(folder=self._transfers.folder))
        self._show_list()
