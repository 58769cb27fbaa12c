"""Lets settings count: at once where that is possible, else it says when."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from detector_app.settings import TABLE, Settings
from detector_app.ui.message_bar import Message
from detector_app.ui.preferences import with_preferences
from detector_app.ui.settings_dialog import SettingsDialog
from detector_app.ui.theme import apply_theme

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow

_CASCADE = frozenset({"min_face_px", "scale_factor", "proposal_score", "refine_score", "face_score", "scan_every"})
_THRESHOLDS = _CASCADE | {"model_thresholds", "score", "iou", "class_agnostic", "max_detections", "top_k"}
_PEOPLE = ("face_names", "blur_strangers", "keep_faces", "embedder")
_NEXT_START = frozenset({"providers", "strict", "threads"})


class AppliedSettings(QObject):
    """Follows the preferences on behalf of the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._live: dict[str, Callable[[Settings], object]] = {
            "theme": self._apply_theme,
            "language": self._apply_language,
            "speed": lambda settings: window.controller.set_speed(settings.speed),
            "loop": lambda settings: window.controller.set_loop(settings.loop),
            "live_timeout_s": lambda settings: window.controller.set_live_timeout(settings.live_timeout_s),
            "recent_limit": lambda settings: window.inputs.set_recent_limit(settings.recent_limit),
        }
        self._live |= dict.fromkeys(_PEOPLE, lambda _settings: window.faces.follow())
        window.preferences.changed.connect(self.apply)
        self.apply(window.preferences.settings, frozenset(self._live))

    def apply(self, settings: Settings, names: object) -> None:
        """Let the settings called ``names`` (a frozenset) count."""
        different = names if isinstance(names, frozenset) else frozenset(TABLE)
        for name in self._live.keys() & different:
            self._live[name](settings)
        if different & _THRESHOLDS:
            self.choose_thresholds()
        if different & _NEXT_START:
            text = self.tr("The processor settings count from the next start on.")
            self._window.area.messages.show_message(Message(text))
        dialog = self._window.windows.get(SettingsDialog)
        if dialog is not None:
            dialog.show_settings(settings)

    def choose_thresholds(self) -> None:
        """Give the running model the thresholds that the settings want for it, and show them."""
        controller, card = self._window.controller, self._window.controller.state.model
        if card is None:
            return
        chosen = with_preferences(controller.settings, self._window.preferences.settings, card)
        controller.change_settings(chosen)
        self._window.area.panel.show_model(card, chosen)

    def _apply_theme(self, settings: Settings) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, settings.theme)
        self._window.themes.set_current(settings.theme)

    def _apply_language(self, settings: Settings) -> None:
        self._window.translations.use(settings.language)
        self._window.languages.set_current(settings.language)
