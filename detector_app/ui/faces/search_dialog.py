"""The window that looks for a person in pictures and videos."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QDialog, QLabel, QStackedWidget, QVBoxLayout, QWidget

from detector_app.errors import DetectorError
from detector_app.faces.attendant import FaceAttendant
from detector_app.ui.background import Background
from detector_app.ui.faces.errand import while_alive
from detector_app.ui.faces.private_line import PrivateLine
from detector_app.ui.faces.refusal_table import RefusalTable, Refused
from detector_app.ui.faces.search_errand import SearchErrand
from detector_app.ui.faces.search_form import SearchForm
from detector_app.ui.faces.service import FaceService
from detector_app.ui.faces.sighting_table import SightingTable
from detector_app.ui.faces.sightings import MOST_SHOWN, Sighting
from detector_app.ui.faces.work_bar import WorkBar
from detector_app.ui.message_bar import Message, MessageBar, Severity
from detector_app.ui.theme import GRID_PX
from detector_app.ui.translation import describe_error

_SIZE = (880, 640)


class SearchDialog(QDialog):
    """Asks, searches, and shows what is found while the search goes on. Not modal.

    Signals:
        openRequested: path of a picture or video that is to be shown, and the time in it in seconds, or None.
    """

    openRequested = Signal(str, object)

    def __init__(
        self, service: FaceService, background: Background, current_source: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._service, self._background = service, background
        self._errand: SearchErrand | None = None
        self._searched = False
        self._enrolled = 0
        self._skipped: list[Refused] = []
        self.messages = MessageBar()
        self.form = SearchForm(current_source)
        self.work = WorkBar()
        self.table = SightingTable()
        self._nothing = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._nothing.setProperty("role", "muted")
        self._results = QStackedWidget()
        self._results.addWidget(self._nothing)
        self._results.addWidget(self.table)
        self.skipped = RefusalTable()
        self.summary = QLabel()
        self.private = PrivateLine()
        self._lay_out()
        self._connect()
        self._retranslate()
        self.resize(*_SIZE)
        self._load()

    @property
    def searching(self) -> bool:
        """Whether a search goes on."""
        return self._errand is not None

    def start(self) -> None:
        """Search for what the form asks."""
        question = self.form.question
        if question is None or self.searching:
            return
        self._errand = errand = SearchErrand(question, self._service)
        errand.progressed.connect(self.work.show_progress)
        errand.looking.connect(self.work.say)
        errand.found.connect(self._take)
        errand.skipped.connect(self._skip)
        self._searched, self._skipped = True, []
        self.messages.clear()
        self.skipped.clear()
        self.table.sightings.begin(question.every)
        self.work.begin(Path(question.where).name)
        self._follow()
        self._service.with_attendant(while_alive(self, self._run))

    def stop(self) -> None:
        """End the search; what was found stays."""
        if self._errand is not None:
            self._errand.cancel()

    def show_source(self, current_source: str) -> None:
        """Another source is shown in the window now."""
        self.form.show_source(current_source)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # --- the search -------------------------------------------------------------------------------------------------------

    def _run(self, attendant: FaceAttendant) -> None:
        errand = self._errand
        if errand is None:
            return
        self._background.call(
            lambda: errand.run(attendant),
            while_alive(self, lambda _: self._end()),
            while_alive(self, self._fail),
        )

    def _take(self, hit: object, face: object) -> None:
        self.table.sightings.add(hit, face)  # type: ignore[arg-type]
        self._follow()

    def _skip(self, error: DetectorError) -> None:
        self._skipped.append((error.where, error))

    def _fail(self, error: Exception) -> None:
        self._end()
        told = error if isinstance(error, DetectorError) else DetectorError(detail=str(error))
        self._service.failed.emit(told)

    def _end(self) -> None:
        errand, self._errand = self._errand, None
        if errand is not None:
            errand.deleteLater()
        self.work.end()
        self.skipped.show_refused(self._skipped)
        self._follow()

    def _refuse(self, error: DetectorError) -> None:
        if self._service.attendant is None and self._errand is not None:
            self._end()  # what knows the people could not be opened, so the search never began
        text = describe_error(error)
        self.messages.show_message(Message(text, Severity.DANGER, full=text))

    def _open(self, row: Sighting) -> None:
        self.openRequested.emit(row.source, row.first_s)

    # --- what is shown ----------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        self._service.do(
            lambda attendant: (attendant.gallery.path, tuple(person.name for person in attendant.gallery.people())),
            while_alive(self, lambda found: self._show(*found)),
        )

    def _show(self, path: Path, names: tuple[str, ...]) -> None:
        self._enrolled = len(names)
        self.private.show_path(path)
        self.form.show_people(names)
        self._follow()

    def _follow(self) -> None:
        """Texts and buttons as things are now."""
        found = self.table.sightings.found
        self.form.setEnabled(not self.searching)
        self.form.start_button.setEnabled(self.form.question is not None)
        self._results.setCurrentIndex(1 if found.rows else 0)
        if self.searching:
            self._nothing.setText(self.tr("Searching…"))
        elif self._searched:
            self._nothing.setText(self.tr("Nobody who was looked for was seen."))
        elif self._enrolled:
            self._nothing.setText(self.tr("A double click on what is found opens it in the window."))
        else:
            self._nothing.setText(self.tr("Nobody is enrolled yet, so nobody can be found."))
        text = self.tr("Found: {count}").format(count=len(found.rows)) if self._searched else ""
        if found.left_out:
            more = self.tr("only the first {most} are shown, {more} more were found")
            text = f"{text} · {more.format(most=MOST_SHOWN, more=found.left_out)}"
        self.summary.setText(text)

    def _connect(self) -> None:
        self.form.changed.connect(self._follow)
        self.form.start_button.clicked.connect(self.start)
        self.work.cancelled.connect(self.stop)
        self.table.opened.connect(self._open)
        self._service.changed.connect(self._load)
        self._service.failed.connect(self._refuse)
        self.finished.connect(lambda _: self.stop())

    def _lay_out(self) -> None:
        inner = QVBoxLayout()
        inner.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, GRID_PX)
        inner.setSpacing(GRID_PX)
        inner.addWidget(self.form)
        inner.addWidget(self.work)
        inner.addWidget(self._results, 1)
        for widget in (self.skipped, self.summary, self.private):
            inner.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addLayout(inner, 1)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Find a person"))
        self._follow()
