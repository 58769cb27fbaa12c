"""What each action of the table does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QMainWindow

from detector_app.engine.controller import Controller
from detector_app.ui.about_dialog import AboutDialog
from detector_app.ui.actions import Actions
from detector_app.ui.central_area import CentralArea
from detector_app.ui.inputs import Inputs
from detector_app.ui.keeper import Keeper
from detector_app.ui.model_info import ModelInfo
from detector_app.ui.preferences import Preferences
from detector_app.ui.secondary_windows import SecondaryWindows
from detector_app.ui.settings_dialog import SettingsDialog
from detector_app.ui.shortcut_sheet import ShortcutSheet

_THRESHOLD_STEP = 0.05
_ZOOM_STEP = 1.25
_SECOND = 1.0


@dataclass(frozen=True)
class Parts:
    """The parts of the window that actions work on."""

    window: QMainWindow
    actions: Actions
    controller: Controller
    preferences: Preferences
    area: CentralArea
    inputs: Inputs
    keeper: Keeper
    choose_camera: Callable[[], None]
    windows: SecondaryWindows
    log_file: Path


class Commands:
    """Connects every action to what it does."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        for name, handler in {**self._files(), **self._playback(), **self._detection(), **self._window()}.items():
            parts.actions[name].triggered.connect(_without_argument(handler))

    def go_to_start(self) -> None:
        """Show the first frame."""
        self._parts.controller.seek_index(0)

    def go_to_end(self) -> None:
        """Show the last frame."""
        source = self._parts.controller.state.source
        if source is not None and source.frame_count is not None:
            self._parts.controller.seek_index(source.frame_count - 1)
        elif source is not None and source.duration_s is not None:
            self._parts.controller.seek(source.duration_s)

    def _files(self) -> dict[str, Callable[[], object]]:
        inputs, keeper = self._parts.inputs, self._parts.keeper
        return {
            "open": inputs.choose_files,
            "open_folder": inputs.choose_folder,
            "open_model": inputs.choose_model,
            "stream": inputs.ask_stream,
            "choose_camera": self._parts.choose_camera,
            "retry": inputs.retry,
            "next": lambda: inputs.move(1),
            "previous": lambda: inputs.move(-1),
            "close_source": self._close_source,
            "demo": inputs.open_demo,
            "snapshot": keeper.take_snapshot,
            "record": keeper.toggle_recording,
            "export": keeper.ask_export,
        }

    def _playback(self) -> dict[str, Callable[[], object]]:
        controller = self._parts.controller
        return {
            "play": controller.toggle,
            "step_back": lambda: controller.step(-1),
            "step_forward": lambda: controller.step(1),
            "second_back": lambda: self._seek_by(-_SECOND),
            "second_on": lambda: self._seek_by(_SECOND),
            "start": self.go_to_start,
            "end": self.go_to_end,
        }

    def _detection(self) -> dict[str, Callable[[], object]]:
        panel = self._parts.area.panel
        return {
            "score_down": lambda: panel.nudge_score(-_THRESHOLD_STEP),
            "score_up": lambda: panel.nudge_score(_THRESHOLD_STEP),
            "iou_down": lambda: panel.nudge_iou(-_THRESHOLD_STEP),
            "iou_up": lambda: panel.nudge_iou(_THRESHOLD_STEP),
            **{f"class_{i}": _call_with(panel.toggle_class, i - 1) for i in range(1, 10)},
        }

    def _window(self) -> dict[str, Callable[[], object]]:
        parts, view, windows = self._parts, self._parts.area.view, self._parts.windows
        return {
            "fit": view.fit,
            "actual_size": view.actual_size,
            "zoom_in": lambda: view.zoom_by(_ZOOM_STEP),
            "zoom_out": lambda: view.zoom_by(1 / _ZOOM_STEP),
            "leave_full_screen": lambda: parts.actions["full_screen"].setChecked(False),
            "model_info": lambda: windows.show(ModelInfo, lambda: ModelInfo(parts.controller.state, parts.window)),
            "settings": lambda: windows.show(SettingsDialog, self._make_settings),
            "shortcuts": lambda: windows.show(ShortcutSheet, lambda: ShortcutSheet(parts.window)),
            "about": lambda: windows.show(AboutDialog, lambda: AboutDialog(parts.window)),
            "log": lambda: parts.keeper.reveal(parts.log_file),
            "quit": parts.window.close,
        }

    def _close_source(self) -> None:
        self._parts.inputs.forget()
        self._parts.controller.close_source()

    def _seek_by(self, seconds: float) -> None:
        result = self._parts.controller.latest()
        if result is not None:
            self._parts.controller.seek(max(0.0, result.frame.time_s + seconds))

    def _make_settings(self) -> SettingsDialog:
        dialog = SettingsDialog(self._parts.preferences.settings, self._parts.window)
        dialog.changed.connect(self._parts.preferences.update)
        return dialog


def _without_argument(handler: Callable[[], object]) -> Callable[[bool], None]:
    """``triggered`` brings whether the action is checked; the handlers do not want it."""

    def call(_checked: bool = False) -> None:
        handler()

    return call


def _call_with(handler: Callable[[int], object], value: int) -> Callable[[], object]:
    return lambda: handler(value)
