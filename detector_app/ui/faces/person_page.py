"""One person: the name, which can be changed in place, the pictures, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from detector_app.faces.people import MOST_CHARACTERS, Person, Picture
from detector_app.ui.faces.lazy_images import Fetch
from detector_app.ui.faces.picture_grid import PictureGrid, day
from detector_app.ui.icons import icon
from detector_app.ui.theme import GRID_PX

_LEAST_NAME_PX = 160


class NameField(QLineEdit):
    """Enter, or leaving it, takes the name over; Esc brings the former one back.

    Signals:
        renamed: the new name.
    """

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self.setMaxLength(MOST_CHARACTERS)
        self.editingFinished.connect(self._finish)

    def show_name(self, name: str, *, anew: bool) -> None:
        """Show ``name``; what is just being typed stays, unless ``anew``: then it is another person's."""
        typing = self.text() != self._name
        self._name = name
        if anew or not typing:
            self.setText(name)
            self.setCursorPosition(0)

    def restore(self) -> None:
        """Show the former name again."""
        self.setText(self._name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Esc are for the field, not for the dialog, while there is something to take over or back."""
        key = event.key()
        if key == Qt.Key.Key_Escape and self.text() != self._name:
            self.restore()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
        else:
            super().keyPressEvent(event)

    def _finish(self) -> None:
        name = " ".join(self.text().split())
        if not name:
            self.restore()
        elif name != self._name:
            self._name = name
            self.renamed.emit(name)


class PersonPage(QWidget):
    """Shows one person.

    Signals:
        renamed: the ``Person`` and the new name.
        exportRequested: the ``Person`` and the suffix: "" for a folder, ".zip".
        forgetRequested: the ``Person``.
        forgetPictureRequested: the ``Picture``.
    """

    renamed = Signal(object, str)
    exportRequested = Signal(object, str)
    forgetRequested = Signal(object)
    forgetPictureRequested = Signal(object)

    def __init__(self, fetch: Fetch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._person: Person | None = None
        self.name = NameField()
        self.name.setMinimumWidth(_LEAST_NAME_PX)
        self.export_button = _tool_button("export")
        self.export_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.export_button)
        self._as_folder = menu.addAction("", lambda: self.exportRequested.emit(self._person, ""))
        self._as_archive = menu.addAction("", lambda: self.exportRequested.emit(self._person, ".zip"))
        self.export_button.setMenu(menu)
        self.forget_button = _tool_button("trash")
        self.forget_button.clicked.connect(lambda: self.forgetRequested.emit(self._person))
        self._since = QLabel()
        self._since.setProperty("role", "muted")
        self.forget_picture_button = _tool_button("trash")
        self.forget_picture_button.clicked.connect(self._forget_picture)
        self.grid = PictureGrid(fetch)
        self.grid.forgetRequested.connect(self.forgetPictureRequested)
        self.grid.chosen.connect(lambda picture: self.forget_picture_button.setEnabled(picture is not None))
        self.name.renamed.connect(lambda name: self.renamed.emit(self._person, name))
        self._lay_out()
        self._retranslate()

    @property
    def person(self) -> Person | None:
        """Who is shown."""
        return self._person

    def show_person(self, person: Person) -> None:
        """Show ``person``; another one's pictures go until :meth:`show_pictures` brings the right ones."""
        before, self._person = self._person, person
        another = before is None or before.id != person.id
        if another:
            self.grid.show_pictures(())
        self.name.show_name(person.name, anew=another)
        self._say_since()

    def show_pictures(self, person_id: int, pictures: Sequence[Picture]) -> None:
        """Show the pictures, if they are still those of the person shown, and others than before."""
        if self._person is not None and self._person.id == person_id and tuple(pictures) != self.grid.pictures.pictures:
            self.grid.show_pictures(pictures)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _forget_picture(self) -> None:
        if self.grid.picture is not None:
            self.forgetPictureRequested.emit(self.grid.picture)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        head.addWidget(self.name, 1)
        head.addWidget(self.export_button)
        head.addWidget(self.forget_button)
        foot = QHBoxLayout()
        foot.setSpacing(GRID_PX)
        foot.addWidget(self._since, 1)
        foot.addWidget(self.forget_picture_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(head)
        column.addWidget(self.grid, 1)
        column.addLayout(foot)

    def _say_since(self) -> None:
        if self._person is not None:
            template = self.tr("Enrolled since {day} · pictures: {count} · faces kept: {kept}")
            p = self._person
            self._since.setText(template.format(day=day(p.created), count=p.pictures, kept=p.kept))

    def _retranslate(self) -> None:
        self.name.setAccessibleName(self.tr("Name"))
        self.name.setToolTip(self.tr("Type another name to rename this person"))
        self.export_button.setText(self.tr("Export"))
        self._as_folder.setText(self.tr("As a folder…"))
        self._as_archive.setText(self.tr("As a zip file…"))
        self.forget_button.setText(self.tr("Forget…"))
        self.forget_button.setToolTip(self.tr("Delete this person with all pictures"))
        self.forget_picture_button.setText(self.tr("Forget picture"))
        self.forget_picture_button.setToolTip(self.tr("Delete the selected picture (Del)"))
        self._say_since()


def _tool_button(icon_name: str) -> QToolButton:
    """With its words beside the icon."""
    button = QToolButton()
    button.setIcon(icon(icon_name))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button
