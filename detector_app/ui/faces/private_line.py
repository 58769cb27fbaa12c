"""The foot of the dialogs about people: everything stays on this machine, and where that is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget
from superqt import QElidingLabel

from detector_app.ui.icon_label import IconLabel
from detector_app.ui.theme import GRID_PX

_ICON_PX = 16


class PrivateLine(QWidget):
    """Names the gallery's file, once it is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._words = QLabel()
        self._words.setProperty("role", "muted")
        self.place = QElidingLabel()
        self.place.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.place.setProperty("role", "muted")
        self.place.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.show_button = QPushButton(flat=True)
        self.show_button.setAutoDefault(False)
        self.show_button.clicked.connect(self._reveal)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(IconLabel("lock", _ICON_PX, "muted"))
        row.addWidget(self._words)
        row.addWidget(self.place, 1)
        row.addWidget(self.show_button)
        self.show_path(None)

    def show_path(self, path: Path | None) -> None:
        """Name ``path``."""
        self._path = path
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _reveal(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.parent)))

    def _retranslate(self) -> None:
        known = self._path is not None
        self._words.setText(
            self.tr("Everything stays on this machine:") if known else self.tr("Everything stays on this machine.")
        )
        self.place.setText(str(self._path or ""))
        self.place.setToolTip(str(self._path or ""))
        self.show_button.setText(self.tr("Show in folder"))
        self.show_button.setVisible(known)
