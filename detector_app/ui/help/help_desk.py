"""Opens the help from the window, and shows its examples in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from detector_app.ui.help.contents import PAGES
from detector_app.ui.help.example_runner import ExampleRunner
from detector_app.ui.help.help_window import HelpWindow
from detector_app.ui.translation import resolve_language

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow


class HelpDesk(QObject):
    """Connects the action "help", the help's window and what brings the app into a state.

    Attributes:
        examples: shows the examples.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.examples = ExampleRunner(window)
        self.examples.finished.connect(self._tell)
        window.actions_table["help"].triggered.connect(lambda _=False: self.show())
        window.preferences.changed.connect(lambda *_: self._follow_language())

    def show(self, page: str = "") -> HelpWindow:
        """Open ``page``; by default the one that was open, or the first.

        Raises:
            KeyError: there is none of that name.
        """
        found = self._window.windows.get(HelpWindow)
        shown = self._window.windows.show(HelpWindow, self._make)
        if page or found is None:
            shown.show_page(page or PAGES[0])
        return shown

    def close(self) -> None:
        """Give an example up that is on its way: the engine ends."""
        self.examples.stop()

    def _make(self) -> HelpWindow:
        made = HelpWindow(self._language(), self._window)
        made.exampleAsked.connect(self._show_example)
        return made

    def _show_example(self, name: str) -> None:
        shown = self._window.windows.get(HelpWindow)
        if shown is not None:
            shown.tell(self.tr("One moment…"))
        self.examples.run(name)

    def _tell(self, _name: str, done: bool) -> None:
        shown = self._window.windows.get(HelpWindow)
        if shown is not None:
            shown.tell(self.tr("The window shows it now.") if done else self.tr("That could not be shown."))

    def _language(self) -> str:
        return resolve_language(self._window.preferences.settings.language)

    def _follow_language(self) -> None:
        shown = self._window.windows.get(HelpWindow)
        if shown is not None:
            shown.use_language(self._language())
