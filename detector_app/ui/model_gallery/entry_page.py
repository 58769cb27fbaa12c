"""One model of the gallery: what it is, whose, under which licence, how good, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from urllib.parse import urlsplit

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from detector_app.model_gallery import GalleryEntry, Installed, State
from detector_app.ui.model_gallery.transfer_bar import TransferBar
from detector_app.ui.model_gallery.transfers import Task, Transfer, Transfers
from detector_app.ui.model_gallery.words import size_words, task_words, unchecked_words, what_words
from detector_app.ui.theme import GRID_PX
from detector_app.ui.translation import describe_error

_NAMES_PX = 104
Row = tuple[str, str, bool]
"""What it is called, what it is, whether that holds links."""


class EntryPage(QWidget):
    """Shows an entry and follows the work on it.

    Signals:
        openRequested: path of its model.
        removeRequested: the entry, after which a person must be asked.
        showRequested: path that is to be shown in its folder.
    """

    openRequested = Signal(str)
    removeRequested = Signal(object)
    showRequested = Signal(object)

    def __init__(self, transfers: Transfers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transfers = transfers
        self._entry: GalleryEntry | None = None
        self._title, self._what = QLabel(textFormat=Qt.TextFormat.PlainText), QLabel(wordWrap=True)
        self._title.setProperty("role", "title")
        self._what.setTextFormat(Qt.TextFormat.PlainText)
        self._facts = QWidget()
        self.note = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.work = TransferBar()
        self.get_button, self.open_button = _button(primary=True), _button(primary=True)
        self.show_button, self.verify_button, self.remove_button = _button(), _button(), _button()
        self._column = QVBoxLayout()
        self._lay_out()
        self._connect()

    @property
    def entry(self) -> GalleryEntry | None:
        """Which is shown."""
        return self._entry

    def show_entry(self, entry: GalleryEntry | None) -> None:
        """Show another one, or none."""
        self._entry = entry
        self._fill()

    def follow(self, name: str) -> None:
        """Follow what has changed of the model ``name``, if it is shown."""
        if self._entry is not None and self._entry.name == name:
            self._follow()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language, and the theme: a text with links takes their colour when it is set."""
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self._fill()
        super().changeEvent(event)

    # --- what is shown ----------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        entry = self._entry
        self.setVisible(entry is not None)
        if entry is None:
            return
        self._title.setText(entry.name)
        self._what.setText(what_words(entry))
        page = _facts(self._rows(entry))
        self._column.replaceWidget(self._facts, page)
        self._facts.hide()
        self._facts.deleteLater()
        self._facts = page
        self._follow()

    def _rows(self, entry: GalleryEntry) -> list[Row]:
        made = self.tr("Converted on this machine from {files}; needs the train extra")
        files = ", ".join(file.name for file in entry.files)
        measured = [f"{metric.name} {metric.value:.3f} · {metric.data}" for metric in entry.metrics]
        rows: list[Row] = [
            (self.tr("Finds"), task_words(entry.task), False),
            (self.tr("Size"), size_words(entry.size_bytes), False),
            (self.tr("Licence"), _link(entry.licence_page, entry.licence), True),
            (self.tr("Source"), _link(entry.source_page), True),
            (self.tr("Published"), "\n".join(measured), False),
            (self.tr("Made of"), made.format(files=files) if entry.needs_train else "", False),
            (self.tr("Not checked"), unchecked_words(entry), False),
        ]
        return [row for row in rows if row[1]]

    def _follow(self) -> None:
        """Buttons, bar and note as things are now."""
        entry = self._entry
        if entry is None:
            return
        installed, transfer = self._transfers.states.get(entry.name), self._transfers.transfer(entry.name)
        self.work.show_transfer(transfer, cancelling=self._transfers.cancelling(entry.name))
        running = transfer is not None and transfer.running
        state = State.ABSENT if installed is None else installed.state
        there = state is State.INSTALLED and not running
        self.get_button.setVisible(state is not State.INSTALLED and not running)
        self.get_button.setText(self._get_words(entry, installed, state))
        self.remove_button.setVisible(state is not State.ABSENT and not running)
        for button in (self.open_button, self.show_button, self.verify_button):
            button.setVisible(there)
        self._tell(installed, transfer)
        self._retranslate()

    def _get_words(self, entry: GalleryEntry, installed: Installed | None, state: State) -> str:
        if state is State.PARTIAL and installed is not None:
            rest = max(0, entry.size_bytes - installed.have_bytes)
            return self.tr("Continue ({size} to go)").format(size=size_words(rest))
        return self.tr("Get ({size})").format(size=size_words(entry.size_bytes))

    def _tell(self, installed: Installed | None, transfer: Transfer | None) -> None:
        """How the last work ended, or where the model is."""
        role, text = "muted", ""
        if transfer is not None and transfer.error is not None and not transfer.running:
            role, text = "danger", describe_error(transfer.error)
        elif transfer is not None and transfer.task is Task.VERIFY and not transfer.running:
            text = self.tr("Every byte is as it should be.")
        elif installed is not None and installed.state is State.INSTALLED:
            text = self.tr("It is in {folder}").format(folder=installed.path.parent)
        self.note.setText(text)
        self.note.setVisible(bool(text))
        if self.note.property("role") != role:
            self.note.setProperty("role", role)
            self.note.style().unpolish(self.note)
            self.note.style().polish(self.note)

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.get_button.clicked.connect(lambda: self._with_entry(self._transfers.get))
        self.verify_button.clicked.connect(lambda: self._with_entry(self._transfers.verify))
        self.remove_button.clicked.connect(lambda: self._with_entry(self.removeRequested.emit))
        self.open_button.clicked.connect(lambda: self._with_entry(self._open))
        self.show_button.clicked.connect(lambda: self._with_entry(self._show))
        self.work.cancelled.connect(lambda: self._with_entry(lambda entry: self._transfers.cancel(entry.name)))
        self._transfers.changed.connect(self.follow)

    def _with_entry(self, call: Callable[[GalleryEntry], object]) -> None:
        if self._entry is not None:
            call(self._entry)

    def _open(self, entry: GalleryEntry) -> None:
        self.openRequested.emit(str(self._transfers.states[entry.name].path))

    def _show(self, entry: GalleryEntry) -> None:
        self.showRequested.emit(self._transfers.states[entry.name].path)

    def _lay_out(self) -> None:
        page = QWidget()
        page.setObjectName("page")
        page.setLayout(self._column)
        self._column.setContentsMargins(0, 0, GRID_PX, 0)
        self._column.setSpacing(2 * GRID_PX)
        for widget in (self._title, self._what, self._facts):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addWidget(self.remove_button)
        buttons.addStretch(1)
        for button in (self.verify_button, self.show_button, self.open_button, self.get_button):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(scroll, 1)
        column.addWidget(self.note)
        column.addWidget(self.work)
        column.addLayout(buttons)

    def _retranslate(self) -> None:
        self.open_button.setText(self.tr("Open"))
        self.open_button.setToolTip(self.tr("Run this model in the main window"))
        self.show_button.setText(self.tr("Show in folder"))
        self.verify_button.setText(self.tr("Verify"))
        self.verify_button.setToolTip(self.tr("Compare every byte with what its source says"))
        self.remove_button.setText(self.tr("Remove…"))
        self.remove_button.setToolTip(self.tr("Delete its files from this machine"))
        self.get_button.setToolTip(self.tr("Download it from its source, and check every byte"))


def _button(*, primary: bool = False) -> QPushButton:
    button = QPushButton()
    button.setAutoDefault(primary)
    if primary:
        button.setProperty("primary", True)
    return button


def _link(address: str, text: str = "") -> str:
    """``text`` (or the address without its beginning) as a link, if the address is one of the web."""
    parts = urlsplit(address)
    shown = escape(text or f"{parts.netloc}{parts.path}")
    return f'<a href="{escape(address)}">{shown}</a>' if parts.scheme in ("https", "http") else shown


def _facts(rows: list[Row]) -> QWidget:
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(2 * GRID_PX)
    grid.setVerticalSpacing(GRID_PX)
    grid.setColumnMinimumWidth(0, _NAMES_PX)
    grid.setColumnStretch(1, 1)
    top = Qt.AlignmentFlag.AlignTop
    for line, (name, value, linked) in enumerate(rows):
        label, words = QLabel(name), QLabel(value, wordWrap=True)
        label.setProperty("role", "muted")
        words.setTextFormat(Qt.TextFormat.RichText if linked else Qt.TextFormat.PlainText)
        words.setOpenExternalLinks(linked)
        words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction if linked else Qt.TextInteractionFlag.TextSelectableByMouse
        )
        words.setAccessibleName(name)
        grid.addWidget(label, line, 0, top)
        grid.addWidget(words, line, 1, top)
    return page
