"""A small square in the colour of a class."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QIcon, QPixmap

from detector_app.ui.overlay import class_qcolor

SWATCH_PX = 8


@cache
def swatch(name: str) -> QIcon:
    """For the class ``name``, the same in a selected row."""
    pixmap = QPixmap(SWATCH_PX, SWATCH_PX)
    pixmap.fill(class_qcolor(name))
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon
