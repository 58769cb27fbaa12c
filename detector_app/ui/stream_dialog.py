"""Asks for the address of a network stream."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from detector_app.ui.dialog_buttons import dialog_buttons

SCHEMES = ("rtsp", "rtsps", "http", "https", "rtmp", "udp", "tcp", "srt")


def is_stream_address(text: str) -> bool:
    """Whether ``text`` is an address with a known scheme and a host: the check that needs no network."""
    try:
        parts = urlsplit(text.strip())
        return parts.scheme.lower() in SCHEMES and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number, a bracket that is not closed
        return False


class StreamDialog(QDialog):
    """An address with the ones used before; it can be opened only when it can be one. Not modal.

    ``chosen`` carries the address.
    """

    chosen = Signal(str)

    def __init__(self, history: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._label = QLabel()
        self.address = QComboBox(editable=True)
        self.address.addItems(history)
        self.address.setMinimumWidth(440)
        self._label.setBuddy(self.address)
        self._hint = QLabel()
        self._hint.setProperty("role", "muted")
        self._buttons = dialog_buttons(QDialogButtonBox.StandardButton.Cancel | QDialogButtonBox.StandardButton.Open)
        self.open_button = self._buttons.button(QDialogButtonBox.StandardButton.Open)
        self.open_button.setProperty("primary", True)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.address.editTextChanged.connect(self._check)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        for widget in (self._label, self.address, self._hint):
            column.addWidget(widget)
        column.addSpacing(16)
        column.addWidget(self._buttons)
        self._retranslate()
        line = self.address.lineEdit()
        if line is not None:
            line.selectAll()

    def accept(self) -> None:
        """Hand the address on, if it can be one."""
        text = self.address.currentText().strip()
        if is_stream_address(text):
            self.chosen.emit(text)
            super().accept()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _check(self) -> None:
        text = self.address.currentText().strip()
        good = is_stream_address(text)
        self.open_button.setEnabled(good)
        if good or not text:
            self._hint.setText(self.tr("For example rtsp://camera.local/stream or http://camera.local/video.mjpg"))
        else:
            self._hint.setText(self.tr("An address begins with rtsp://, http:// or https:// and names a host."))

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Open a stream"))
        self._label.setText(self.tr("Address of the stream"))
        self.open_button.setText(self.tr("Open"))
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        self._check()
