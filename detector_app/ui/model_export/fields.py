"""One field of the form for each kind of argument: what is entered, whether it can be right, and how the command says it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from detector_app.ui.faces.file_choice import ask_file, ask_folder
from detector_app.ui.model_export.offer import Argument, Kind
from detector_app.ui.model_export.words import argument_words, choice_words
from detector_app.ui.theme import GRID_PX
from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate

CONTEXT = "ExportFields"
_NEEDED = QT_TRANSLATE_NOOP("ExportFields", "Still needed: {label}")
_NO_FILE = QT_TRANSLATE_NOOP("ExportFields", "{label}: there is no such file")
_NO_FOLDER = QT_TRANSLATE_NOOP("ExportFields", "{label}: there is no such folder")
_WRONG_SUFFIX = QT_TRANSLATE_NOOP("ExportFields", "{label}: the name should end in {suffixes}")


class Field(QWidget):
    """What one argument is given. ``changed`` tells that it is another value now."""

    changed = Signal()

    def __init__(self, argument: Argument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.argument = argument
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GRID_PX)

    @property
    def value(self) -> str:
        """As it is entered, without spaces around it; empty if nothing is."""
        raise NotImplementedError

    def put(self, value: str) -> None:
        """Enter ``value``."""
        raise NotImplementedError

    def words(self) -> list[str]:
        """This argument as the command takes it; nothing where its default counts."""
        value = self.value
        return [f"{self.argument.flag}={value}"] if value and value != self.argument.default else []

    def complaint(self) -> str:
        """What is wrong with the value, in the present language; empty if nothing is."""
        return self._say(_NEEDED) if self.argument.required and not self.value else ""

    def retranslate(self) -> None:
        """Set every text again in the present language."""
        label, hint = argument_words(self.argument)
        for widget in self.findChildren(QWidget):
            widget.setToolTip(hint)
            widget.setAccessibleName(label)

    def _say(self, template: str, **details: str) -> str:
        return translate(CONTEXT, template).format(label=argument_words(self.argument)[0], **details)


class TextField(Field):
    """A line of text."""

    def __init__(self, argument: Argument, parent: QWidget | None = None) -> None:
        super().__init__(argument, parent)
        self.line = QLineEdit()
        self.line.textChanged.connect(lambda: self.changed.emit())
        self._row.addWidget(self.line, 1)
        self.setFocusProxy(self.line)

    @property
    def value(self) -> str:
        """See Field."""
        return self.line.text().strip()

    def put(self, value: str) -> None:
        """See Field."""
        self.line.setText(value)

    def words(self) -> list[str]:
        """See Field; of one that may be repeated, each word by itself."""
        if not self.argument.repeated:
            return super().words()
        return [f"{self.argument.flag}={word}" for word in self.value.split()]

    def retranslate(self) -> None:
        """See Field."""
        super().retranslate()
        optional = "" if self.argument.required else translate(CONTEXT, _OPTIONAL)
        self.line.setPlaceholderText(self.argument.default or optional)


class PathField(TextField):
    """A file or a folder, typed or chosen."""

    def __init__(self, argument: Argument, parent: QWidget | None = None) -> None:
        super().__init__(argument, parent)
        self.start_in: Callable[[], str] = str
        """Gives the folder where choosing begins."""
        self.browse_button = QPushButton()
        self.browse_button.setAutoDefault(False)
        self.browse_button.clicked.connect(self.browse)
        self._row.addWidget(self.browse_button)

    @property
    def path(self) -> Path | None:
        """What is entered as an absolute path; None if nothing is."""
        return entered_path(self.value)

    def words(self) -> list[str]:
        """See Field; the exporter may run in another folder, so it gets the whole path."""
        path = self.path
        return [] if path is None else [f"{self.argument.flag}={path}"]

    def complaint(self) -> str:
        """See Field."""
        path = self.path
        if path is None:
            return self._say(_NEEDED) if self.argument.required or self.value else ""
        if self.argument.kind is Kind.FOLDER:
            return "" if path.is_dir() else self._say(_NO_FOLDER)
        suffixes = self.argument.suffixes
        if suffixes and path.suffix.lower() not in suffixes:
            return self._say(_WRONG_SUFFIX, suffixes=", ".join(suffixes))
        return "" if path.is_file() else self._say(_NO_FILE)

    def browse(self) -> None:
        """Let it be chosen."""
        title = argument_words(self.argument)[0]
        if self.argument.kind is Kind.FOLDER:
            dialog = ask_folder(self, title, lambda path: self.put(str(path)))
        else:
            dialog = ask_file(self, title, self._pattern(title), lambda path: self.put(str(path)))
        begin = str(self.path.parent) if self.path is not None else self.start_in()
        if begin:
            dialog.setDirectory(begin)

    def retranslate(self) -> None:
        """See Field."""
        super().retranslate()
        self.browse_button.setText(translate(CONTEXT, _CHOOSE))
        self.browse_button.setAccessibleName(f"{translate(CONTEXT, _CHOOSE)} {argument_words(self.argument)[0]}")

    def _pattern(self, title: str) -> str:
        every = QCoreApplication.translate("ExportFields", "All files (*)")
        suffixes = " ".join(f"*{suffix}" for suffix in self.argument.suffixes)
        return f"{title} ({suffixes});;{every}" if suffixes else every


class ChoiceField(Field):
    """One of several; where none is a default, the first choice leaves it to the exporter."""

    def __init__(self, argument: Argument, parent: QWidget | None = None) -> None:
        super().__init__(argument, parent)
        self.box = QComboBox()
        offered = argument.choices if argument.default in argument.choices else ("", *argument.choices)
        for choice in offered:
            self.box.addItem("", choice)
        self.put(argument.default)
        self.box.currentIndexChanged.connect(lambda: self.changed.emit())
        self._row.addWidget(self.box)
        self._row.addStretch(1)
        self.setFocusProxy(self.box)

    @property
    def value(self) -> str:
        """See Field."""
        return str(self.box.currentData())

    def put(self, value: str) -> None:
        """See Field."""
        self.box.setCurrentIndex(max(0, self.box.findData(value)))

    def retranslate(self) -> None:
        """See Field."""
        super().retranslate()
        for i in range(self.box.count()):
            choice = str(self.box.itemData(i))
            self.box.setItemText(i, choice_words(choice) if choice else translate(CONTEXT, _AUTOMATIC))


class FlagField(Field):
    """Given or not."""

    def __init__(self, argument: Argument, parent: QWidget | None = None) -> None:
        super().__init__(argument, parent)
        self.box = QCheckBox()
        self.box.toggled.connect(lambda: self.changed.emit())
        self._row.addWidget(self.box)
        self._row.addStretch(1)
        self.setFocusProxy(self.box)

    @property
    def value(self) -> str:
        """``yes`` if it is given."""
        return "yes" if self.box.isChecked() else ""

    def put(self, value: str) -> None:
        """See Field."""
        self.box.setChecked(bool(value))

    def words(self) -> list[str]:
        """See Field."""
        return [self.argument.flag] if self.box.isChecked() else []

    def retranslate(self) -> None:
        """See Field."""
        super().retranslate()
        self.box.setText(argument_words(self.argument)[0])


_OPTIONAL = QT_TRANSLATE_NOOP("ExportFields", "optional")
_AUTOMATIC = QT_TRANSLATE_NOOP("ExportFields", "as the files say")
_CHOOSE = QT_TRANSLATE_NOOP("ExportFields", "Choose…")
_KINDS: dict[Kind, type[Field]] = {
    Kind.FILE: PathField,
    Kind.FOLDER: PathField,
    Kind.CHOICE: ChoiceField,
    Kind.FLAG: FlagField,
    Kind.TEXT: TextField,
}


def make_field(argument: Argument) -> Field:
    """The field that fits ``argument``."""
    return _KINDS[argument.kind](argument)


def entered_path(text: str) -> Path | None:
    """``text`` as an absolute path, ``~`` and all; None if it is empty or can be none."""
    if not text or "\0" in text:
        return None
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:  # a ~name of nobody
        return Path(text).absolute()
