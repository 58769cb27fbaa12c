"""The menu bar, and the menus whose entries are only known when they open: recent inputs, cameras, models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QSignalBlocker, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from detector_app.pipelines.embedded import FACE_MODEL, SIGN
from detector_app.settings import TABLE
from detector_app.sources.opener import CameraName, list_cameras
from detector_app.ui.actions import Actions
from detector_app.ui.background import Background
from detector_app.ui.icons import icon
from detector_app.ui.recent import RecentList
from detector_app.ui.settings_dialog import choice_text
from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate

_NAME_LIMIT = 48


class RecentMenu(QMenu):
    """Recent inputs, newest first. ``chosen`` carries the spec."""

    chosen = Signal(str)

    def __init__(self, recent: RecentList, parent: QWidget) -> None:
        super().__init__(parent)
        self._recent = recent
        self.setIcon(icon("recent"))
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        items = self._recent.items()
        for item in items:
            entry = self.addAction(_short(item))
            entry.setToolTip(item)
            entry.triggered.connect(lambda _=False, spec=item: self.chosen.emit(spec))
        if not items:
            self.addAction(self.tr("Nothing yet")).setEnabled(False)
            return
        self.addSeparator()
        self.addAction(self.tr("Forget these")).triggered.connect(self._recent.clear)


class CameraMenu(QMenu):
    """Cameras by name, looked for on a thread each time it opens. ``chosen`` carries the spec."""

    chosen = Signal(str)

    def __init__(
        self,
        background: Background,
        parent: QWidget,
        find: Callable[[], tuple[CameraName, ...]] = list_cameras,
    ) -> None:
        super().__init__(parent)
        self._background, self._find = background, find
        self._looking = False
        self.setIcon(icon("camera"))
        self.aboutToShow.connect(self.look)

    def look(self) -> None:
        """Look for cameras and fill the menu when they are found."""
        if self._looking:
            return
        self._looking = True
        self._say(self.tr("Looking for cameras…"))
        self._background.call(self._find, self._show, lambda _error: self._show(()))

    def choose(self, preferred: str, corner: QPoint) -> None:
        """Choose the camera called ``preferred``, or the only one; if that leaves a choice, open the menu at ``corner`` (screen)."""

        def decide(cameras: tuple[CameraName, ...]) -> None:
            wanted = [c for c in cameras if c.name == preferred] or list(cameras)
            if len(wanted) == 1:
                self.chosen.emit(_camera_spec(wanted[0]))
            else:
                self.popup(corner)

        self._background.call(self._find, decide, lambda _error: self.popup(corner))

    def _show(self, cameras: tuple[CameraName, ...]) -> None:
        self._looking = False
        if not cameras:
            self._say(self.tr("No camera found"))
        else:
            self.clear()
        for camera in cameras:
            self._add(camera)

    def _add(self, camera: CameraName) -> None:
        entry = self.addAction(icon("camera"), camera.name.replace("&", "&&"))
        entry.triggered.connect(lambda: self.chosen.emit(_camera_spec(camera)))

    def _say(self, text: str) -> None:
        self.clear()
        self.addAction(text).setEnabled(False)


class ModelMenu(QMenu):
    """Models known by name, recent ones and a file to choose. ``chosen`` carries a name or a path.

    ``named`` gives the models that have a name; it is asked each time the menu opens, for one may have been downloaded meanwhile.
    """

    chosen = Signal(str)

    def __init__(
        self,
        named: Callable[[], dict[str, Path]],
        recent: RecentList,
        browse: QAction,
        parent: QWidget,
        symbol: str = "model",
    ) -> None:
        super().__init__(parent)
        self._named, self._recent, self._browse = named, recent, browse
        self._current = ""
        self.setIcon(icon(symbol))
        self.aboutToShow.connect(self._fill)

    def set_current(self, name: str) -> None:
        """Mark the model that runs, also when another one looks for faces beside it."""
        self._current = name.removesuffix(f"{SIGN}{FACE_MODEL}")

    def _fill(self) -> None:
        self.clear()
        group = QActionGroup(self)
        named = self._named()
        for name in named:
            self._add(name, group)
        others = [path for path in self._recent.items() if path not in named]
        if others and named:
            self.addSeparator()
        for path in others:
            self._add(path, group)
        self.addSeparator()
        self.addAction(self._browse)

    def _add(self, model: str, group: QActionGroup) -> None:
        entry = self.addAction(_short(model))
        entry.setCheckable(True)
        entry.setChecked(model == self._current)
        entry.setActionGroup(group)
        entry.setToolTip(model)
        entry.triggered.connect(lambda _=False: self.chosen.emit(model))


class OpenMenu(QMenu):
    """What the arrow beside “Open” offers: the ways to open, then recent inputs."""

    def __init__(self, actions: Actions, recent: RecentMenu, parent: QWidget) -> None:
        super().__init__(parent)
        for name in ("open", "open_folder", "demo"):
            self.addAction(actions[name])
        self.addSeparator()
        self.addMenu(recent)


class ChoiceMenu(QMenu):
    """The choices of one setting, the present one checked. ``chosen`` carries the choice."""

    chosen = Signal(str)

    def __init__(self, setting: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._setting = TABLE[setting]
        self.setIcon(icon(setting))
        group = QActionGroup(self)
        self._entries = {choice: self._add(choice, group) for choice in self._setting.choices}
        self.retranslate()

    def set_current(self, choice: str) -> None:
        """Check ``choice``; no signal follows."""
        with QSignalBlocker(self):
            self._entries[choice].setChecked(True)

    def retranslate(self) -> None:
        """Set every text again in the present language."""
        self.setTitle(translate("settings", self._setting.label))
        for choice, entry in self._entries.items():
            entry.setText(choice_text(choice))

    def _add(self, choice: str, group: QActionGroup) -> QAction:
        entry = self.addAction(choice)
        entry.setCheckable(True)
        entry.setActionGroup(group)
        entry.triggered.connect(lambda: self.chosen.emit(choice))
        return entry


_SEPARATOR = ""
_MENU_BAR: dict[str, tuple[str, ...]] = {
    QT_TRANSLATE_NOOP("Menus", "&File"): (
        "open", "open_folder", "menu:camera", "stream", "menu:recent", "demo", _SEPARATOR,
        "next", "previous", "close_source", _SEPARATOR, "export_model", _SEPARATOR, "quit",
    ),
    QT_TRANSLATE_NOOP("Menus", "&View"): (
        "fit", "actual_size", "zoom_in", "zoom_out", _SEPARATOR, "panel", "inspect", "network", "tracking_panel", "full_screen",
        _SEPARATOR, "menu:theme", "menu:language",
    ),
    QT_TRANSLATE_NOOP("Menus", "&Model"): (
        "menu:model", "open_model", "get_models", _SEPARATOR, "model_info", "model_reading", _SEPARATOR,
        "menu:second", "compare_panel", "compare_view", "stop_compare",
    ),
    QT_TRANSLATE_NOOP("Menus", "F&aces"): (
        "find_faces", "face_names", "blur_strangers", _SEPARATOR, "enrol", "people", _SEPARATOR, "compare", "search_person",
    ),
    QT_TRANSLATE_NOOP("Menus", "&Tools"): (
        "snapshot", "record", "export", "copy_command", _SEPARATOR,
        "track", "analyse", "previous_event", "next_event", _SEPARATOR,
        "load_truth", "forget_truth", "truth_panel", "truth", "next_error", "previous_error",
        _SEPARATOR, "settings",
    ),
    QT_TRANSLATE_NOOP("Menus", "&Help"): ("help", "tour", "shortcuts", _SEPARATOR, "log", _SEPARATOR, "about"),
}  # fmt: skip
_SUBMENU_TITLES = {
    "camera": QT_TRANSLATE_NOOP("Menus", "Camera"),
    "recent": QT_TRANSLATE_NOOP("Menus", "Open recent"),
    "model": QT_TRANSLATE_NOOP("Menus", "Choose a model"),
    "second": QT_TRANSLATE_NOOP("Menus", "Compare with"),
}


class MenuBar:
    """Fills a window's menu bar from the table; ``submenus`` are the ones named ``menu:…`` there."""

    def __init__(self, bar: QMenuBar, actions: Actions, submenus: dict[str, QMenu]) -> None:
        self._submenus = submenus
        self._menus = {title: bar.addMenu(title) for title in _MENU_BAR}
        for title, names in _MENU_BAR.items():
            for name in names:
                self._add(self._menus[title], name, actions)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every title again in the present language."""
        for title, menu in self._menus.items():
            menu.setTitle(translate("Menus", title))
        for name, title in _SUBMENU_TITLES.items():
            self._submenus[name].setTitle(translate("Menus", title))
        for submenu in self._submenus.values():
            if isinstance(submenu, ChoiceMenu):
                submenu.retranslate()

    def _add(self, menu: QMenu, name: str, actions: Actions) -> None:
        if name == _SEPARATOR:
            menu.addSeparator()
        elif name.startswith("menu:"):
            menu.addMenu(self._submenus[name.removeprefix("menu:")])
        else:
            menu.addAction(actions[name])


def _camera_spec(camera: CameraName) -> str:
    return f"camera:{camera.name}"


def _short(spec: str) -> str:
    """A path by its name and folder, an address as it is; a long one loses its middle. ``&`` is no mnemonic."""
    path = Path(spec)
    name = f"{path.name}  —  {path.parent.name}" if path.is_absolute() else spec
    half = _NAME_LIMIT // 2
    short = name if len(name) <= _NAME_LIMIT else f"{name[:half]}…{name[-half:]}"
    return short.replace("&", "&&")
