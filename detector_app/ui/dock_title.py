"""The line over a docked panel: its title, and the buttons that take it out and close it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QToolButton, QWidget

from detector_app.ui.icons import icon
from detector_app.ui.theme import PADDING_PX


class DockTitle(QWidget):
    """Follows the title of its dock. Dragging it moves the dock, a double click takes it out or puts it back."""

    def __init__(self, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = QLabel(dock.windowTitle())
        self._title.setProperty("role", "heading")
        self._float, self._close = QToolButton(), QToolButton()
        for button, symbol in ((self._float, "float"), (self._close, "close")):
            button.setIcon(icon(symbol))
            button.setAutoRaise(True)
        self._float.clicked.connect(lambda: dock.setFloating(not dock.isFloating()))
        self._close.clicked.connect(dock.close)
        dock.windowTitleChanged.connect(self._title.setText)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING_PX, 4, 4, 4)
        row.setSpacing(0)
        row.addWidget(self._title, 1)
        row.addWidget(self._float)
        row.addWidget(self._close)
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        for button, text in (
            (self._float, self.tr("Take the panel out, or put it back")),
            (self._close, self.tr("Close the panel")),
        ):
            button.setToolTip(text)
            button.setAccessibleName(text)
