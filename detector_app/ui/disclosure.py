"""A heading that opens and closes what is under it, at once and by keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from detector_app.ui.theme import GRID_PX


class Disclosure(QWidget):
    """Shows ``body`` while it is open; closed at first."""

    def __init__(self, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body = body
        self.heading = QToolButton()
        self.heading.setCheckable(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setProperty("role", "disclosure")
        self.heading.setAutoRaise(True)
        self.heading.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.heading.toggled.connect(self._open)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID_PX)
        self._column.addWidget(self.heading)
        self._column.addWidget(body)
        self._open(False)

    @property
    def opened(self) -> bool:
        """Whether the body is shown."""
        return self.heading.isChecked()

    def open(self, opened: bool) -> None:
        """Show or hide the body."""
        self.heading.setChecked(opened)

    def show_body(self, body: QWidget) -> None:
        """Have another body, which is shown if the old one was."""
        self._column.replaceWidget(self.body, body)
        self.body.deleteLater()
        self.body = body
        body.setVisible(self.opened)

    def say(self, title: str) -> None:
        """Set the heading's words."""
        self.heading.setText(title)
        self.heading.setAccessibleName(title)

    def _open(self, opened: bool) -> None:
        self.heading.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        self.body.setVisible(opened)
