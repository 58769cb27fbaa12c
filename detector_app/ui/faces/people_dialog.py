"""The window of the people who are enrolled: to look through, rename, add to, export and forget, and how alike is the same."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QLabel, QMessageBox, QTabWidget, QVBoxLayout, QWidget

from detector_app.errors import DetectorError
from detector_app.faces.attendant import FaceAttendant
from detector_app.faces.exchange import export_person, safe_name
from detector_app.faces.people import Person, Picture
from detector_app.ui.faces.errand import while_alive
from detector_app.ui.faces.file_choice import ask_file_to_write, ask_files, ask_folder, picture_patterns, reveal
from detector_app.ui.faces.intake import Intake
from detector_app.ui.faces.people_page import PeoplePage
from detector_app.ui.faces.private_line import PrivateLine
from detector_app.ui.faces.service import FaceService
from detector_app.ui.message_bar import Message, MessageBar, Remedy, Severity
from detector_app.ui.theme import GRID_PX
from detector_app.ui.translation import describe_error

if TYPE_CHECKING:
    from detector_app.ui.faces.threshold_page import ThresholdPage

_SIZE = (960, 640)
_QUESTION_PX = 400


class PeopleDialog(QDialog):
    """Not modal; follows what is changed elsewhere. Pictures and folders may be dropped on it."""

    def __init__(self, service: FaceService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self._service = service
        self._loading = self._outdated = False
        self._choose_next = ""
        self.messages = MessageBar()
        self.page = PeoplePage(service)
        self.threshold: ThresholdPage | None = None
        self._threshold_tab = QWidget()
        self.intake = Intake(service)
        self.private = PrivateLine()
        self.tabs = QTabWidget()
        self.tabs.addTab(self.page, "")
        self.tabs.addTab(self._threshold_tab, "")
        self._lay_out()
        self._connect()
        self._retranslate()
        self.resize(*_SIZE)
        self._load()

    def choose(self, name: str) -> None:
        """Choose the person called ``name`` as soon as they are there."""
        self._choose_next = name
        self.page.list.choose(name)

    def ask_files(self) -> None:
        """Let pictures be chosen that are of one person."""
        pattern = self.tr("Pictures ({patterns})").format(patterns=picture_patterns())
        ask_files(self, self.tr("Pictures of one person"), pattern, self.enrol_files)

    def enrol_files(self, files: list[Path]) -> None:
        """Ask whose these pictures are, and enrol them then."""
        person = self.page.list.person
        self.intake.ask_name(files, self.page.names, "" if person is None else person.name)

    def ask_folder(self) -> None:
        """Let a folder of people be chosen."""
        ask_folder(self, self.tr("Folder of people"), self.intake.ask_import)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped."""
        if event.mimeData().hasUrls() and not self.intake.busy:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A folder is imported, pictures are enrolled, after a question."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.tabs.setCurrentIndex(0)
        if len(paths) == 1 and paths[0].is_dir():
            self.intake.ask_import(paths[0])
        elif files := [path for path in paths if path.is_file()]:
            self.enrol_files(files)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # --- what is shown ----------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        """Read the people anew; while that goes on, another wish to do so is remembered."""
        if self._loading:
            self._outdated = True
            return
        self._loading, self._outdated = True, False
        self._service.do(
            lambda attendant: (attendant.gallery.path, attendant.gallery.people()),
            while_alive(self, lambda found: self._show(*found)),
            otherwise=while_alive(self, self._loaded),
        )

    def _show(self, path: Path, people: tuple[Person, ...]) -> None:
        self.private.show_path(path)
        self.page.show_people(people)
        if self._choose_next:
            self.page.list.choose(self._choose_next)
            self._choose_next = ""
        self._loaded()

    def _loaded(self) -> None:
        self._loading = False
        if self._outdated:
            self._load()

    def _load_pictures(self, person: Person | None) -> None:
        if person is not None:
            self._service.do(
                lambda attendant: attendant.gallery.pictures(person.id),
                while_alive(self, lambda pictures: self.page.person.show_pictures(person.id, pictures)),
            )

    def _show_tab(self, index: int) -> None:
        """The plot's library takes a second to load, so it waits, in the background, until it is wanted."""
        if index == 1 and self.threshold is None:
            self._service.do(_load_plots, while_alive(self, lambda _: self._make_threshold()))

    def _make_threshold(self) -> None:
        from detector_app.ui.faces.threshold_page import ThresholdPage

        if self.threshold is None:
            self.threshold = ThresholdPage(self._service)
            column = QVBoxLayout(self._threshold_tab)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(self.threshold)

    def _say(self, text: str, *remedies: Remedy) -> None:
        self.messages.show_message(Message(text, remedies=remedies))

    def _refuse(self, error: DetectorError) -> None:
        remedies = () if self._service.attendant is not None else (Remedy(self.tr("Try again"), self._load),)
        if self._service.attendant is None:
            self._loading = False
        text = describe_error(error)
        self.messages.show_message(Message(text, Severity.DANGER, remedies, full=text))

    # --- what is done -----------------------------------------------------------------------------------------------------

    def _rename(self, person: Person, name: str) -> None:
        def restore() -> None:
            self.page.person.name.show_name(person.name, anew=True)

        self._service.do(
            lambda attendant: attendant.gallery.rename(person.id, name),
            lambda _: None,
            changes=True,
            otherwise=while_alive(self, restore),
        )

    def _forget_picture(self, picture: Picture) -> None:
        person = self.page.person.person
        if person is not None and person.pictures <= 1:
            self._ask_forget(person)
            return
        said = self.tr("The picture was deleted.")
        self._service.do(
            lambda attendant: attendant.gallery.forget_picture(picture.id),
            while_alive(self, lambda _: self._say(said)),
            changes=True,
        )

    def _ask_forget(self, person: Person) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setOption(QMessageBox.Option.DontUseNativeDialog)
        box.setWindowTitle(self.tr("Forget a person"))
        box.setText(self.tr("Forget {name}?").format(name=person.name))
        text = self.tr(
            "All {count} pictures and everything that was measured of them are deleted and overwritten, so that nothing "
            "of this person is left in the file. This cannot be undone. Copies that a backup has made are not reached."
        )
        box.setInformativeText(text.format(count=person.pictures))
        for label in box.findChildren(QLabel, "qt_msgbox_informativelabel"):
            label.setMinimumWidth(_QUESTION_PX)
        forget = box.addButton(self.tr("Forget"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        forget.clicked.connect(lambda: self._forget(person))
        box.open()

    def _forget(self, person: Person) -> None:
        said = self.tr("Nothing of {name} is left in the gallery.").format(name=person.name)
        self._service.do(
            lambda attendant: attendant.gallery.forget(person.id),
            while_alive(self, lambda _: self._say(said)),
            changes=True,
        )

    def _ask_export(self, person: Person, suffix: str) -> None:
        title = self.tr("Export {name}").format(name=person.name)
        if suffix:
            pattern = self.tr("Zip file ({patterns})").format(patterns=f"*{suffix}")
            name = f"{safe_name(person.name)}{suffix}"
            ask_file_to_write(self, title, pattern, name, lambda path: self._export(person, path))
        else:
            ask_folder(self, title, lambda path: self._export(person, path))

    def _export(self, person: Person, target: Path) -> None:
        show = self.tr("Show in folder")
        template = self.tr("{name} was written to {path}")

        def tell(path: Path) -> None:
            said = template.format(name=person.name, path=path.name)
            self._say(said, Remedy(show, lambda: reveal(path)))

        self._service.do(lambda attendant: export_person(attendant.gallery, person, target), while_alive(self, tell))

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        service, page, person = self._service, self.page, self.page.person
        service.changed.connect(self._load)
        service.failed.connect(self._refuse)
        page.chosen.connect(self._load_pictures)
        page.filesWanted.connect(self.ask_files)
        page.folderWanted.connect(self.ask_folder)
        person.renamed.connect(self._rename)
        person.exportRequested.connect(self._ask_export)
        person.forgetRequested.connect(self._ask_forget)
        person.forgetPictureRequested.connect(self._forget_picture)
        self.intake.began.connect(self.messages.clear)
        self.intake.began.connect(lambda: page.allow_more(False))
        self.intake.ended.connect(lambda: page.allow_more(True))
        self.intake.told.connect(self.messages.show_message)
        self.intake.enrolled.connect(self.choose)
        self.tabs.currentChanged.connect(self._show_tab)
        self.finished.connect(lambda _: self.intake.stop())

    def _lay_out(self) -> None:
        inner = QVBoxLayout()
        inner.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        inner.setSpacing(GRID_PX)
        inner.addWidget(self.tabs, 1)
        inner.addWidget(self.intake)
        inner.addWidget(self.private)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addLayout(inner, 1)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("People"))
        self.tabs.setTabText(0, self.tr("People"))
        self.tabs.setTabText(1, self.tr("How alike is the same?"))


def _load_plots(attendant: FaceAttendant) -> None:
    """Nothing but the import, away from the window's thread."""
    del attendant
    importlib.import_module("pyqtgraph")
