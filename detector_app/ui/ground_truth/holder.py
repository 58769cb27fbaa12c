"""The place of a panel that is made only when it is needed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


class Holder(QWidget):
    """Empty until :meth:`hold`.

    Attributes:
        language_changed: called after what is held has changed its language.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.language_changed: Callable[[], object] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def hold(self, panel: QWidget, below: QWidget) -> None:
        """Show ``panel``, and ``below`` under it; where the window is too low for all of it, it can be scrolled."""
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(panel)
        self._column.addWidget(scroll, 1)
        self._column.addWidget(below)

    def changeEvent(self, event: QEvent) -> None:
        """Tell of another language; this widget hears of it before the panel."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.language_changed is not None:
            QTimer.singleShot(0, self, self.language_changed)
