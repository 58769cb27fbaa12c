"""What is asked before a search: who, where, and how closely."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSpinBox, QWidget

from detector_app.ui.faces.file_choice import ask_file, ask_folder
from detector_app.ui.faces.search_errand import Question
from detector_app.ui.theme import CONTROL_PX, GRID_PX

_FOLDER, _VIDEO, _CURRENT = range(3)
_EVERY = 10
_MOST_EVERY = 1000
_CHOICE_PX = 184
_NUMBER_PX = 88
_TEXT_MARGIN_PX = 6


class SearchForm(QWidget):
    """Person, place, the number of frames from one look to the next, and the button that starts.

    Signals:
        changed: it is complete now, or not any more.
    """

    changed = Signal()

    def __init__(self, current_source: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current = current_source if Path(current_source).exists() and current_source else ""
        self._labels = [QLabel() for _ in range(3)]
        self.person, self.kind = QComboBox(), QComboBox()
        self.place = QLineEdit()
        self.browse_button = QPushButton()
        self.browse_button.setAutoDefault(False)
        self.start_button = QPushButton()
        self.start_button.setProperty("primary", True)
        self.start_button.setDefault(True)
        self.every = QSpinBox(minimum=1, maximum=_MOST_EVERY, value=_EVERY)
        self.every.lineEdit().setTextMargins(_TEXT_MARGIN_PX, 0, 0, 0)
        self._before, self._after = QLabel(), QLabel()
        self.person.addItem("", None)
        self.kind.addItems(["", "", ""])
        self._chosen = {_FOLDER: "", _VIDEO: ""}
        self.kind.setCurrentIndex(_CURRENT if self._current else _FOLDER)
        self._allow_current()
        self._lay_out()
        self.kind.currentIndexChanged.connect(self._follow)
        self.place.textEdited.connect(self._remember)
        self.place.textChanged.connect(lambda: self.changed.emit())
        self.browse_button.clicked.connect(self._browse)
        self._retranslate()
        self._follow()

    @property
    def question(self) -> Question | None:
        """What is asked; None while it is not complete."""
        where = self.place.text().strip()
        if not where or self.person.count() < 2:  # "Everyone" alone is nobody
            return None
        return Question(where, self.person.currentData(), self.every.value())

    def show_people(self, names: Sequence[str]) -> None:
        """These can be looked for; who is chosen stays so."""
        chosen = self.person.currentData()
        self.person.clear()
        self.person.addItem(self.tr("Everyone"), None)
        for name in names:
            self.person.addItem(name, name)
        at = self.person.findData(chosen) if chosen is not None else 0
        self.person.setCurrentIndex(max(0, at))
        self.changed.emit()

    def show_source(self, current_source: str) -> None:
        """Another source is shown in the window now."""
        self._current = current_source if current_source and Path(current_source).exists() else ""
        self._allow_current()
        self._follow()

    def choose(self, path: Path) -> None:
        """Search there: a folder or a file."""
        kind = _FOLDER if path.is_dir() else _VIDEO
        self._chosen[kind] = str(path)
        self.kind.setCurrentIndex(kind)
        self._follow()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _allow_current(self) -> None:
        """A camera or a stream has no beginning and no end to be searched."""
        model = self.kind.model()
        item = model.item(_CURRENT) if hasattr(model, "item") else None
        if item is not None:
            item.setEnabled(bool(self._current))
        if not self._current and self.kind.currentIndex() == _CURRENT:
            self.kind.setCurrentIndex(_FOLDER)

    def _follow(self) -> None:
        kind = self.kind.currentIndex()
        self.place.setReadOnly(kind == _CURRENT)
        self.place.setText(self._current if kind == _CURRENT else self._chosen[kind])
        self.place.setCursorPosition(0)
        self.place.setToolTip(self.place.text())
        self.browse_button.setEnabled(kind != _CURRENT)
        self.changed.emit()

    def _remember(self, text: str) -> None:
        if self.kind.currentIndex() in self._chosen:
            self._chosen[self.kind.currentIndex()] = text

    def _browse(self) -> None:
        if self.kind.currentIndex() == _FOLDER:
            ask_folder(self, self.tr("Folder to search"), self.choose)
        else:
            ask_file(self, self.tr("Video to search"), self.tr("All files (*)"), self.choose)

    def _lay_out(self) -> None:
        where, often = QHBoxLayout(), QHBoxLayout()
        for row in (where, often):
            row.setSpacing(GRID_PX)
        for widget, stretch in ((self.kind, 0), (self.place, 1), (self.browse_button, 0)):
            where.addWidget(widget, stretch)
        often.addWidget(self._before)
        often.addWidget(self.every)
        often.addWidget(self._after)
        often.addStretch(1)
        often.addWidget(self.start_button)
        for label in self._labels:
            label.setFixedHeight(CONTROL_PX)
        self.person.setFixedWidth(_CHOICE_PX)
        self.kind.setFixedWidth(_CHOICE_PX)
        self.every.setFixedWidth(_NUMBER_PX)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(2 * GRID_PX)
        form.setVerticalSpacing(GRID_PX)
        form.addRow(self._labels[0], self.person)
        form.addRow(self._labels[1], where)
        form.addRow(self._labels[2], often)

    def _retranslate(self) -> None:
        texts = (self.tr("Person"), self.tr("Where"), self.tr("Of videos"))
        for label, text, buddy in zip(self._labels, texts, (self.person, self.kind, self.every), strict=True):
            label.setText(text)
            label.setBuddy(buddy)
            buddy.setAccessibleName(text)
        self.person.setItemText(0, self.tr("Everyone"))
        for i, text in enumerate((self.tr("Folder"), self.tr("Video or picture"), self.tr("Current source"))):
            self.kind.setItemText(i, text)
        self.place.setPlaceholderText(self.tr("Choose where to search"))
        self.place.setAccessibleName(self.tr("Path"))
        self.browse_button.setText(self.tr("Choose…"))
        self._before.setText(self.tr("one frame in"))
        self._after.setText(self.tr("is looked at"))
        self.start_button.setText(self.tr("Search"))
