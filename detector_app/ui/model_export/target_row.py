"""Where the exported model goes: offered by the name of its weights, until a person says otherwise."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from detector_app.ui.faces.file_choice import ask_file_to_write
from detector_app.ui.model_export.fields import entered_path
from detector_app.ui.theme import GRID_PX

SUFFIX = ".onnx"


class TargetRow(QWidget):
    """A path with a button, and a line that warns of what would be replaced.

    Signals:
        changed: it is another path now.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cascade = False
        self._offered = ""
        self.line = QLineEdit()
        self.browse_button = QPushButton()
        self.browse_button.setAutoDefault(False)
        self.browse_button.clicked.connect(self.browse)
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("role", "warning")
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self.line, 1)
        row.addWidget(self.browse_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        column.addLayout(row)
        column.addWidget(self.note)
        self.setFocusProxy(self.line)
        self.line.textChanged.connect(self.look)
        self._retranslate()

    @property
    def path(self) -> Path | None:
        """What is entered; None if nothing is. A model that is one file always gets the suffix of one."""
        path = entered_path(self.line.text().strip())
        if path is None or self._cascade or path.suffix.lower() == SUFFIX or not path.name:
            return path
        return path.with_name(f"{path.name}{SUFFIX}")

    def offer(self, folder: Path, stem: str, *, cascade: bool) -> None:
        """Propose ``folder/stem.onnx``, or the folder ``stem`` of a cascade; what a person has entered stays."""
        own = self.line.text() != self._offered
        changed_kind, self._cascade = cascade != self._cascade, cascade
        path = folder / (stem if cascade else f"{stem}{SUFFIX}")
        self._offered = str(path) if stem else ""
        if not own or changed_kind:
            self.line.setText(self._offered)
        self.look()

    def complaint(self) -> str:
        """What is wrong with the path; empty if nothing is."""
        path = self.path
        if path is None or not path.name:
            return self.tr("Still needed: the file to write")
        if not path.parent.is_dir():
            return self.tr("There is no folder {folder}").format(folder=path.parent)
        if path.is_dir() and not self._cascade:
            return self.tr("{name} is a folder; a file name is needed").format(name=path.name)
        if path.is_file() and self._cascade:
            return self.tr("{name} is a file; a folder is needed").format(name=path.name)
        if not os.access(path.parent, os.W_OK):
            return self.tr("Nothing may be written into {folder}").format(folder=path.parent)
        return ""

    def browse(self) -> None:
        """Let it be chosen."""
        pattern = self.tr("All files (*)") if self._cascade else self.tr("Models (*.onnx)")
        path = self.path
        name = path.name if path is not None else f"model{SUFFIX}"
        dialog = ask_file_to_write(self, self.tr("Write the model to"), pattern, name, self._take)
        if path is not None and path.parent.is_dir():
            dialog.setDirectory(str(path.parent))
            dialog.selectFile(name)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _take(self, path: Path) -> None:
        self.line.setText(str(path))

    def look(self) -> None:
        """See anew whether something is there that would be replaced."""
        path = self.path
        there = path is not None and (path.is_file() or (self._cascade and path.is_dir() and any(path.iterdir())))
        self.note.setText(
            self.tr("{name} exists already and will be replaced.").format(name=path.name) if there and path else ""
        )
        self.note.setVisible(bool(there))
        self.line.setToolTip(self.line.text())
        self.changed.emit()

    def _retranslate(self) -> None:
        self.browse_button.setText(self.tr("Choose…"))
        self.browse_button.setAccessibleName(self.tr("Choose where to write"))
        self.line.setAccessibleName(self.tr("Write to"))
        self.look()
