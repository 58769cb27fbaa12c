"""A small “?” that opens the page of the help that explains what stands beside it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QToolButton, QWidget

from detector_app.ui.icons import icon

CONTEXT = "HelpButton"


@runtime_checkable
class HasHelp(Protocol):
    """A window that can open pages of the help."""

    def show_help(self, page: str) -> object:
        """Open ``page``."""


class HelpButton(QToolButton):
    """Opens a page of the help in the window that it stands in, docked or floating."""

    def __init__(self, page: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = page
        self.setIcon(icon("help"))
        self.setAutoRaise(True)
        self.clicked.connect(self._open)
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _open(self) -> None:
        above = self.parentWidget()
        while above is not None:
            if isinstance(above, HasHelp):
                above.show_help(self.page)
                return
            above = above.parentWidget()

    def _say(self) -> None:
        text = QCoreApplication.translate("HelpButton", "What is this?")
        self.setToolTip(text)
        self.setAccessibleName(text)


def help_button(page: str) -> HelpButton:
    """A button for a panel's heading: ``row.addWidget(help_button("nms"))``.

    Args:
        page: among :data:`~detector_app.ui.help.contents.PAGES`.
    """
    return HelpButton(page)
