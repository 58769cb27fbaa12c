"""Pictures and folders on their way into the gallery: the question, the progress, and what was not taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from detector_app.faces.attendant import FaceAttendant
from detector_app.faces.exchange import Imported, ImportOptions, import_people
from detector_app.ui.faces.enrol_strip import EnrolStrip
from detector_app.ui.faces.errand import Errand, while_alive
from detector_app.ui.faces.picture_enrolment import enrol_files
from detector_app.ui.faces.refusal_table import RefusalTable
from detector_app.ui.faces.service import FaceService
from detector_app.ui.faces.work_bar import WorkBar
from detector_app.ui.message_bar import Message, Severity
from detector_app.ui.theme import GRID_PX


class Intake(QWidget):
    """A few lines in a dialog, without height while nothing goes on.

    Signals:
        began: pictures are being looked at.
        ended: they are not any more.
        told: a ``Message`` about what came of it.
        enrolled: the name of somebody who has more pictures now.
    """

    began = Signal()
    ended = Signal()
    told = Signal(object)
    enrolled = Signal(str)

    def __init__(self, service: FaceService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._errand: Errand | None = None
        self.strip, self.work, self.refusals = EnrolStrip(), WorkBar(), RefusalTable()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        for widget in (self.refusals, self.strip, self.work):
            column.addWidget(widget)
        self.strip.enrolRequested.connect(self._enrol)
        self.strip.importRequested.connect(self._import)
        self.work.cancelled.connect(self.stop)

    @property
    def busy(self) -> bool:
        """Whether pictures are being looked at."""
        return self._errand is not None

    def ask_name(self, files: Sequence[Path], names: Sequence[str], name: str) -> None:
        """Ask whose ``files`` are, and then enrol them; not while others are looked at."""
        if not self.busy:
            self.strip.ask_name(files, names, name)

    def ask_import(self, folder: Path) -> None:
        """Ask whether to take everybody in ``folder``, and then do so; not while others are looked at."""
        if not self.busy:
            self.strip.ask_import(folder)

    def stop(self) -> None:
        """End what goes on; people who are enrolled already stay."""
        if self._errand is not None:
            self._errand.cancel()

    def _enrol(self, name: str, files: tuple[Path, ...], largest: bool) -> None:
        errand = self._begin(self.tr("Enrolling {name}").format(name=name))
        options = self._options(errand, largest)
        self._run(errand, lambda attendant: enrol_files(attendant, name, files, options))

    def _import(self, folder: Path, largest: bool) -> None:
        errand = self._begin(self.tr("Importing {name}").format(name=folder.name))
        options = self._options(errand, largest)
        self._run(errand, lambda at: import_people(folder, at.gallery, at.finder, at.embedder, options))

    def _options(self, errand: Errand, largest: bool) -> ImportOptions:
        return ImportOptions(self._service.keep_crops, largest, errand.tell, errand.cancelled)

    def _begin(self, what: str) -> Errand:
        self._errand = errand = Errand(self._service)
        errand.progressed.connect(self.work.show_progress)
        self.refusals.clear()
        self.work.begin(what)
        self.began.emit()
        return errand

    def _run(self, errand: Errand, work: Callable[[FaceAttendant], Imported]) -> None:
        self._service.do(
            work,
            while_alive(self, lambda came: self._tell(errand, came)),
            changes=True,
            otherwise=while_alive(self, lambda: self._end(errand)),
        )

    def _tell(self, errand: Errand, came: Imported) -> None:
        self._end(errand)
        self.refusals.show_refused(came.refused)
        pictures, names = sum(came.people.values()), ", ".join(came.people)
        if came.cancelled:
            self.told.emit(Message(self.tr("Stopped. Pictures enrolled before: {count}.").format(count=pictures)))
        elif not pictures:
            self.told.emit(Message(self.tr("No picture was good enough to be enrolled."), Severity.WARNING))
        else:
            said = self.tr("Pictures enrolled: {count} ({names}).").format(names=names, count=pictures)
            self.told.emit(Message(said))
            self.enrolled.emit(next(iter(came.people)))

    def _end(self, errand: Errand) -> None:
        self._errand = None
        self.work.end()
        errand.deleteLater()
        self.ended.emit()
