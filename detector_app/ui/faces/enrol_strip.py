"""Asks for what is still missing before pictures are enrolled: whose they are, and what to do where several faces are seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from detector_app.faces.people import MOST_CHARACTERS
from detector_app.ui.theme import GRID_PX

_NAME_PX = 200
_MOST_SHOWN = 40


class EnrolStrip(QFrame):
    """One line in the dialog, there while it asks.

    Signals:
        enrolRequested: name, files, and whether to take the largest of several faces.
        importRequested: the folder, and the same.
    """

    enrolRequested = Signal(str, object, bool)
    importRequested = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._files: tuple[Path, ...] = ()
        self._folder: Path | None = None
        self._what = QLabel()
        self.name = QComboBox(editable=True)
        self.name.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.name.setMinimumWidth(_NAME_PX)
        line = self.name.lineEdit()
        if line is not None:
            line.setMaxLength(MOST_CHARACTERS)
        self.largest = QCheckBox()
        self.start_button = QPushButton()
        self.start_button.setProperty("primary", True)
        self._cancel = QPushButton()
        for button in (self.start_button, self._cancel):
            button.setAutoDefault(False)
        self.start_button.clicked.connect(self._start)
        self._cancel.clicked.connect(self.hide)
        self.name.editTextChanged.connect(self._check)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self._what)
        row.addWidget(self.name)
        row.addSpacing(GRID_PX)
        row.addWidget(self.largest)
        row.addStretch(1)
        row.addWidget(self.start_button)
        row.addWidget(self._cancel)
        self._retranslate()
        self.hide()

    def ask_name(self, files: Sequence[Path], names: Sequence[str], name: str) -> None:
        """Ask whose ``files`` are; ``name`` is offered, ``names`` can be chosen."""
        self._files, self._folder = tuple(files), None
        self.name.clear()
        self.name.addItems(list(names))
        self.name.setEditText(name)
        self.name.show()
        self._show()
        self.name.setFocus()
        line = self.name.lineEdit()
        if line is not None:
            line.selectAll()

    def ask_import(self, folder: Path) -> None:
        """Ask whether to take everybody in ``folder``."""
        self._files, self._folder = (), folder
        self.name.hide()
        self._show()
        self.start_button.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter starts, Esc does away with the question and not with the dialog."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._start()
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _show(self) -> None:
        self._retranslate()
        self._check()
        self.show()

    def _start(self) -> None:
        if not self.start_button.isEnabled():
            return
        self.hide()
        if self._folder is not None:
            self.importRequested.emit(self._folder, self.largest.isChecked())
        else:
            name = " ".join(self.name.currentText().split())
            self.enrolRequested.emit(name, self._files, self.largest.isChecked())

    def _check(self) -> None:
        self.start_button.setEnabled(self._folder is not None or bool(self.name.currentText().strip()))

    def _retranslate(self) -> None:
        if self._folder is not None:
            name = self._folder.name
            shown = name if len(name) <= _MOST_SHOWN else f"{name[:_MOST_SHOWN]}…"
            self._what.setText(self.tr("Everybody in “{folder}”").format(folder=shown))
            self._what.setToolTip(str(self._folder))
            self.start_button.setText(self.tr("Import"))
        else:
            self._what.setText(self.tr("Pictures: {count}. Who is it?").format(count=len(self._files)))
            self._what.setToolTip("\n".join(path.name for path in self._files[:_MOST_SHOWN]))
            self.start_button.setText(self.tr("Enrol"))
        self.name.setAccessibleName(self.tr("Name"))
        self.largest.setText(self.tr("Of several faces take the largest"))
        self._cancel.setText(self.tr("Cancel"))
