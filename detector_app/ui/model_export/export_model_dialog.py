"""The window that turns trained weights into a verified model file."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from detector_app.ui.message_bar import Message, MessageBar
from detector_app.ui.model_export.events import DoneEvent
from detector_app.ui.model_export.export_form import ExportForm
from detector_app.ui.model_export.exporter import Cancelled, Failure, ModelExporter, Run, Trouble
from detector_app.ui.model_export.failure_words import INSTALL, failure_words
from detector_app.ui.model_export.result_page import ResultPage
from detector_app.ui.model_export.stage_bar import StageBar
from detector_app.ui.model_export.unavailable_page import UnavailablePage
from detector_app.ui.recent import LastFolders
from detector_app.ui.theme import GRID_PX

_SIZE = (800, 600)


class ExportModelDialog(QDialog):
    """Asks, shows how far it is, and shows the proof. Not modal; an export goes on when it is closed.

    Signals:
        openRequested: path of a model that is to run in the main window.
        showRequested: path that is to be shown in its folder.
    """

    openRequested = Signal(str)
    showRequested = Signal(object)

    def __init__(self, exporter: ModelExporter, folders: LastFolders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._exporter = exporter
        self.messages = MessageBar()
        self.unavailable = UnavailablePage()
        self.form = ExportForm(folders)
        self.work = StageBar()
        self.results = ResultPage()
        self.failure = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.failure.setProperty("role", "danger")
        self.failure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hint = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.hint.setProperty("role", "muted")
        self.start_button = QPushButton()
        self.start_button.setProperty("primary", True)
        self.start_button.setDefault(True)
        self._form_page = QWidget()
        self.pages = QStackedWidget()
        for page in (self.unavailable, self._form_page, self.results):
            self.pages.addWidget(page)
        self._lay_out()
        self._connect()
        self._retranslate()
        self.resize(*_SIZE)
        exporter.ask()
        self._show_run()

    def start(self) -> None:
        """Export what the form asks."""
        order = self.form.order()
        if order is not None and not self._exporter.running:
            self.messages.clear()
            self.form.remember()
            self._exporter.start(order)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # --- what is shown ----------------------------------------------------------------------------------------------------

    def _show_offer(self, offered: object) -> None:
        if isinstance(offered, Failure):
            self.unavailable.show_failure(offered)
            return
        self.form.show_families(self._exporter.families)
        self._show_run()
        self.form.family_box.setFocus()

    def _ask_again(self) -> None:
        self.unavailable.show_failure(None)
        self._exporter.ask()

    def _show_run(self) -> None:
        run = self._exporter.run
        self.work.show_run(run)
        if run is not None and isinstance(run.outcome, DoneEvent):
            self.results.show_run(run)
            self.pages.setCurrentWidget(self.results)
            self.results.open_button.setFocus()
        elif self._exporter.families:
            self.pages.setCurrentWidget(self._form_page)
            self.form.target.look()
        self._tell_outcome(run)
        self._follow()

    def _tell_outcome(self, run: Run | None) -> None:
        self.failure.setVisible(run is not None and isinstance(run.outcome, Failure))
        if run is None:
            return
        if isinstance(run.outcome, Failure):
            command = f" {INSTALL}" if run.outcome.trouble is Trouble.MISSING else ""
            self.failure.setText(f"{failure_words(run.outcome)}{command}")
        elif isinstance(run.outcome, Cancelled):
            self.messages.show_message(Message(self.tr("The export was cancelled. Nothing was written.")))

    def _follow(self) -> None:
        """Buttons and the line beside them as things are now."""
        running = self._exporter.running
        complaint = self.form.complaint()
        self.form.setEnabled(not running)
        self.start_button.setEnabled(not running and not complaint)
        self.hint.setText("" if running else complaint)
        self.hint.setVisible(not running)
        self.start_button.setVisible(not running)

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self._exporter.offered.connect(self._show_offer)
        self._exporter.changed.connect(self._show_run)
        self.form.changed.connect(self._follow)
        self.start_button.clicked.connect(self.start)
        self.work.cancelled.connect(self._exporter.cancel)
        self.unavailable.retryRequested.connect(self._ask_again)
        self.results.openRequested.connect(self.openRequested)
        self.results.showRequested.connect(self.showRequested)
        self.results.againRequested.connect(self._exporter.forget)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(2 * GRID_PX)
        foot.addWidget(self.hint, 1)
        foot.addWidget(self.work, 1)
        foot.addWidget(self.start_button)
        page = QVBoxLayout(self._form_page)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(GRID_PX)
        page.addWidget(self.form, 1)
        page.addWidget(self.failure)
        page.addLayout(foot)
        inner = QVBoxLayout()
        inner.setContentsMargins(3 * GRID_PX, 3 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        inner.addWidget(self.pages)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addLayout(inner, 1)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Export a model"))
        self.start_button.setText(self.tr("Export"))
        self.start_button.setToolTip(self.tr("Trace the network, compare it with PyTorch, and write the file"))
        self._follow()
