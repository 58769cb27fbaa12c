"""Shown in place of the form while the exporter is asked, and when it cannot be used: why, and the command that mends it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from detector_app.ui.model_export.exporter import Failure, Trouble
from detector_app.ui.model_export.failure_words import INSTALL, failure_words
from detector_app.ui.theme import GRID_PX

_WIDTH_PX = 480
_BAR_PX = 160


class UnavailablePage(QWidget):
    """``retryRequested`` asks to try again."""

    retryRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._failure: Failure | None = None
        self.text = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter, textFormat=Qt.TextFormat.PlainText)
        self.text.setFixedWidth(_WIDTH_PX)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self.bar.setFixedWidth(_BAR_PX)
        self.command = QLabel(INSTALL, alignment=Qt.AlignmentFlag.AlignCenter)
        self.command.setProperty("role", "key")
        self.command.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.command.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy_button, self.retry_button = QPushButton(), QPushButton()
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(INSTALL))
        self.retry_button.clicked.connect(lambda: self.retryRequested.emit())
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addStretch(1)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.retry_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(2 * GRID_PX)
        column.addStretch(1)
        for widget in (self.text, self.bar, self.command):
            column.addWidget(widget, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addLayout(buttons)
        column.addStretch(2)
        self._retranslate()

    def show_failure(self, failure: Failure | None) -> None:
        """Say why there is no form; None while the exporter is being asked."""
        self._failure = failure
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        failure = self._failure
        missing = failure is not None and failure.trouble is Trouble.MISSING
        self.text.setText(self.tr("Asking what can be exported…") if failure is None else failure_words(failure))
        self.text.setProperty("role", "muted" if failure is None else "")
        self.text.style().polish(self.text)
        self.bar.setVisible(failure is None)
        self.bar.setAccessibleName(self.text.text())
        self.command.setVisible(missing)
        self.copy_button.setVisible(missing)
        self.retry_button.setVisible(failure is not None)
        self.copy_button.setText(self.tr("Copy the command"))
        self.retry_button.setText(self.tr("Try again"))
