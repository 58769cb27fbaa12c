"""What this is, which version, and which libraries it stands on."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

import detector_app
from detector_app.ui.icon_label import IconLabel

_LIBRARIES = ("PySide6-Essentials", "onnxruntime-gpu", "onnxruntime", "opencv-python", "av", "numpy")
_ICON_PX = 48


def installed(names: tuple[str, ...] = _LIBRARIES) -> list[tuple[str, str]]:
    """(name, version) of those packages that are installed."""
    found = []
    for name in names:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:  # one of the two runtimes is always absent
            continue
    return found


class AboutDialog(QDialog):
    """Name, version, licence, libraries. Not modal."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title, self._text, self._libraries = QLabel("Detector App"), QLabel(), QLabel()
        self._title.setProperty("role", "title")
        self._libraries.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 32, 48, 32)
        column.setSpacing(8)
        column.addWidget(IconLabel("inspect", _ICON_PX), alignment=Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._text, self._libraries):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        column.insertSpacing(3, 8)
        self._libraries.setText("\n".join(f"{name} {number}" for name, number in installed()))
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("About Detector App"))
        self._text.setText(
            self.tr("An object detector you can see inside.\nVersion {version} · MIT licence").format(
                version=detector_app.__version__
            )
        )
