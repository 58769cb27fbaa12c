"""An icon in a layout that follows the theme, because it is painted anew each time."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from detector_app.ui.icons import paint_icon
from detector_app.ui.theme import tokens_for


class IconLabel(QWidget):
    """The icon ``name``, ``size_px`` wide and high, in the theme's colour called ``colour``."""

    def __init__(self, name: str, size_px: int, colour: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._colour = name, colour
        self.setFixedSize(size_px, size_px)

    def show_icon(self, name: str, colour: str = "text") -> None:
        """Show another icon, in another colour."""
        self._name, self._colour = name, colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon in the colour of the moment."""
        del event
        tint = QColor(getattr(tokens_for(QApplication.palette()), self._colour))
        paint_icon(QPainter(self), self.rect(), self._name, tint)
