"""Keeps the shown command in step with the window."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_state_path
from PySide6.QtCore import QObject

from detector_app.commands.run_line import Names, Shown, gaps_of, words_of
from detector_app.errors import SinkError
from detector_app.settings import APP_NAME
from detector_app.settings_store import write_atomically
from detector_app.ui.command_line.command_dialog import CommandDialog
from detector_app.ui.faces.face_desk import finds_faces
from detector_app.ui.message_bar import Message
from detector_app.vision.zone_format import layout_text
from detector_app.vision.zones import Layout

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow


ZONES_FOLDER, CARDS_FOLDER = "zones", "cards"
"""In the app's own folder: lines and zones, and corrected cards, of copied commands."""


class CommandDesk(QObject):
    """Connects the action "copy_command", its dialog and what the window does.

    ``gallery`` is the file of the enrolled people, None for the user's own.
    """

    def __init__(self, window: MainWindow, gallery: Path | None) -> None:
        super().__init__(window)
        self._window, self._gallery = window, gallery
        self._processor = window.preferences.settings  # another choice counts from the next start on
        window.actions_table["copy_command"].triggered.connect(lambda _=False: self.show())
        window.area.panel.settingsChanged.connect(lambda _: self.follow())
        window.preferences.changed.connect(lambda *_: self.follow())
        window.actions_table["track"].toggled.connect(lambda _: self.follow())
        window.bridge.stateChanged.connect(lambda _: self.follow())

    def shown(self) -> Shown | None:
        """What the window does now; None while there is no input or no model."""
        window, state = self._window, self._window.controller.state
        if state.model is None or state.source is None:
            return None
        wanted = window.preferences.settings
        named = (wanted.face_names or wanted.blur_strangers) and finds_faces(state)
        names = Names(wanted.blur_strangers, wanted.embedder, self._gallery) if named else None
        return Shown(
            state.spec,
            state.model_name,
            state.model,
            window.controller.settings,
            live=state.source.live,
            corrected=state.given_card is not None,
            card_file=None if state.given_card is None else self._kept(CARDS_FOLDER, state.given_card.to_json()),
            providers=self._processor.providers,
            strict=self._processor.strict,
            threads=self._processor.threads,
            names=names,
            track=window.controller.tracking is not None,
            zones=self._zones(),
        )

    def _zones(self) -> Path | None:
        tracking = self._window.controller.tracking
        drawn = tracking is not None and tracking.layout != Layout()
        return self._kept(ZONES_FOLDER, layout_text(tracking.layout)) if tracking is not None and drawn else None

    def _kept(self, folder: str, text: str) -> Path | None:
        """A file that holds ``text``, named by it, so that a copied line stays true; None where it cannot be written, which is told."""
        name = hashlib.sha256(text.encode()).hexdigest()[:12]
        path = user_state_path(APP_NAME, appauthor=False) / folder / f"{name}.json"
        try:
            if not path.is_file():
                write_atomically(path, text)
        except OSError as error:
            self._window.show_error(SinkError(str(path), detail=error.strerror or str(error)))
            return None
        return path

    def show(self) -> CommandDialog | None:
        """Show the command; None where there is none."""
        if self.shown() is None:
            return None
        dialog = self._window.windows.show(CommandDialog, self._make)
        self.follow()
        return dialog

    def follow(self) -> None:
        """Show what gives the present results, if the dialog is open."""
        dialog = self._window.windows.get(CommandDialog)
        shown = None if dialog is None else self.shown()
        if dialog is not None and shown is not None:
            dialog.show_words(words_of(shown), gaps_of(shown))

    def _make(self) -> CommandDialog:
        dialog = CommandDialog(self._window, windows=sys.platform == "win32")
        dialog.copied.connect(lambda _: self._say())
        return dialog

    def _say(self) -> None:
        self._window.area.messages.show_message(Message(self.tr("The command is on the clipboard.")))
