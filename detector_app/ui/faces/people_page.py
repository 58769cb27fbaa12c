"""The people of the gallery beside the one who is chosen, or how to enrol the first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from detector_app.faces.people import Person
from detector_app.ui.faces.gallery_images import avatars_of, faces_of
from detector_app.ui.faces.people_list import PeopleList
from detector_app.ui.faces.person_page import PersonPage
from detector_app.ui.faces.service import FaceService
from detector_app.ui.icon_label import IconLabel
from detector_app.ui.icons import icon
from detector_app.ui.theme import GRID_PX, PADDING_PX

SEARCHED_FROM = 12
"""With so many people there is a field to look for a name."""
_LIST_PX = 264
_SYMBOL_PX = 48
_HINT_PX = 440


class PeoplePage(QStackedWidget):
    """Three pages: waiting, nobody yet, the people.

    Signals:
        filesWanted: pictures are to be chosen, for the person chosen or a new one.
        folderWanted: a folder of people is to be chosen.
        chosen: the ``Person`` to be shown, or None.
    """

    filesWanted = Signal()
    folderWanted = Signal()
    chosen = Signal(object)

    def __init__(self, service: FaceService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.list = PeopleList(avatars_of(service))
        self.list.setFixedWidth(_LIST_PX)
        self.search.setFixedWidth(_LIST_PX)
        self.person = PersonPage(faces_of(service))
        self._files_buttons = [_button(self.filesWanted) for _ in range(2)]
        self._folder_buttons = [_button(self.folderWanted) for _ in range(2)]
        self._files_buttons[0].setProperty("primary", True)
        self._title, self._hint = QLabel(), QLabel(wordWrap=True)
        self._title.setProperty("role", "title")
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setFixedWidth(_HINT_PX)
        self._waiting = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._waiting.setProperty("role", "muted")
        for page in (self._waiting, self._make_empty(), self._make_people()):
            self.addWidget(page)
        self.search.textChanged.connect(self.list.filter)
        self.list.chosen.connect(self._choose)
        self._retranslate()

    @property
    def names(self) -> tuple[str, ...]:
        """Of everybody."""
        return tuple(person.name for person in self.list.people.people)

    @property
    def empty(self) -> bool:
        """Whether it says that nobody is enrolled."""
        return self.currentIndex() == 1

    def show_people(self, people: Sequence[Person]) -> None:
        """Show these."""
        self.search.setVisible(len(people) >= SEARCHED_FROM)
        if len(people) < SEARCHED_FROM:
            self.search.clear()
        self.list.show_people(people)
        self.list.filter(self.search.text())
        self.setCurrentIndex(2 if people else 1)

    def allow_more(self, allowed: bool) -> None:
        """Whether more pictures and folders can be taken in now."""
        for button in (*self._files_buttons, *self._folder_buttons):
            button.setEnabled(allowed)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _choose(self, person: Person | None) -> None:
        if person is not None:
            self.person.show_person(person)
        self.chosen.emit(person)

    def _make_empty(self) -> QWidget:
        page = QWidget()
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addStretch(1)
        buttons.addWidget(self._files_buttons[0])
        buttons.addWidget(self._folder_buttons[0])
        buttons.addStretch(1)
        column = QVBoxLayout(page)
        column.setSpacing(2 * GRID_PX)
        column.addStretch(1)
        for widget in (IconLabel("people", _SYMBOL_PX, "muted"), self._title):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        # An alignment would take the wrapped text the height that it needs.
        words = QHBoxLayout()
        words.addStretch(1)
        words.addWidget(self._hint)
        words.addStretch(1)
        column.addLayout(words)
        column.addLayout(buttons)
        column.addStretch(1)
        return page

    def _make_people(self) -> QWidget:
        page = QWidget()
        left = QVBoxLayout()
        left.setSpacing(GRID_PX)
        left.addWidget(self.search)
        left.addWidget(self.list, 1)
        left.addWidget(self._files_buttons[1])
        left.addWidget(self._folder_buttons[1])
        row = QHBoxLayout(page)
        row.setContentsMargins(0, PADDING_PX, 0, 0)
        row.setSpacing(2 * GRID_PX)
        row.addLayout(left)
        row.addWidget(self.person, 1)
        return page

    def _retranslate(self) -> None:
        self.list.setAccessibleName(self.tr("People"))
        self.search.setPlaceholderText(self.tr("Find a name"))
        self.search.setAccessibleName(self.tr("Find a name"))
        self._waiting.setText(self.tr("Opening the gallery…"))
        self._title.setText(self.tr("Nobody is enrolled yet"))
        self._hint.setText(
            self.tr(
                "Click a face in the picture, or select it and press E, and type a name. One picture is enough; "
                "several under different light are better."
            )
        )
        for button in self._files_buttons:
            button.setText(self.tr("Enrol from pictures…"))
            button.setToolTip(self.tr("Several files of one person"))
        for button in self._folder_buttons:
            button.setText(self.tr("Import a folder of people…"))
            button.setToolTip(self.tr("A sub-folder for each person, or pictures named for them"))


def _button(wanted: SignalInstance) -> QPushButton:
    """One that does not answer to Enter in a field."""
    button = QPushButton()
    button.setAutoDefault(False)
    button.clicked.connect(lambda: wanted.emit())
    return button
