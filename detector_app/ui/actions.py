"""Everything a person can do, as one table: menus, toolbar, tooltips, shortcuts and the shortcut sheet are made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from detector_app.engine.state import EngineState, Phase
from detector_app.ui.icons import icon
from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate

CONTEXT = "Actions"
SHOWING = frozenset({Phase.PLAYING, Phase.PAUSED, Phase.ENDED})

Need = Callable[[EngineState], bool]


def always(state: EngineState) -> bool:
    """Possible at any time."""
    del state
    return True


def showing(state: EngineState) -> bool:
    """A source is open and delivers pictures."""
    return state.source is not None and state.phase in SHOWING


def opened(state: EngineState) -> bool:
    """There is a source to close, if only one that is still being opened."""
    return showing(state) or state.phase in (Phase.OPENING, Phase.FAILED)


def seekable(state: EngineState) -> bool:
    """The source can be stepped through."""
    return showing(state) and state.source is not None and state.source.seekable


def exportable(state: EngineState) -> bool:
    """A whole file or folder can be run through a model, and none is."""
    busy = state.export is not None and state.export.running
    return seekable(state) and state.model is not None and not busy


def commandable(state: EngineState) -> bool:
    """There is an input and a model, so that a command can do the same without a window."""
    return showing(state) and state.model is not None


def has_model(state: EngineState) -> bool:
    """A model is loaded."""
    return state.model is not None


def comparing(state: EngineState) -> bool:
    """A second model looks at the same frames."""
    return state.second_model is not None


def has_detector(state: EngineState) -> bool:
    """The loaded model finds boxes, so that there are thresholds and classes to choose."""
    return state.model is not None and state.model.task != "classify"


@dataclass(frozen=True)
class ActionSpec:
    """One thing that can be done.

    Attributes:
        id: its name in the program.
        text: what menus and buttons say; a source text of the context "Actions".
        group: heading in the shortcut sheet; a source text, too. Empty: not listed there.
        keys: shortcuts in Qt's portable notation, the first one is shown.
        icon: name of an icon, or empty.
        needs: whether it can work in a state of the engine; otherwise it is disabled.
        checkable: it is a switch.
        label: key as the sheet shows it when one row stands for several keys.
    """

    id: str
    text: str
    group: str = ""
    keys: tuple[str, ...] = ()
    icon: str = ""
    needs: Need = always
    checkable: bool = False
    label: str = ""


_OPEN = QT_TRANSLATE_NOOP("Actions", "Open")
_PLAYBACK = QT_TRANSLATE_NOOP("Actions", "Playback")
_DETECT = QT_TRANSLATE_NOOP("Actions", "Detection")
_KEEP = QT_TRANSLATE_NOOP("Actions", "Keep")
_FACES = QT_TRANSLATE_NOOP("Actions", "Faces")
_TRUTH = QT_TRANSLATE_NOOP("Actions", "Ground truth")
_VIEW = QT_TRANSLATE_NOOP("Actions", "View")
_APP = QT_TRANSLATE_NOOP("Actions", "Application")

_CLASS = tuple(
    ActionSpec(
        f"class_{i}",
        QT_TRANSLATE_NOOP("Actions", "Show or hide a class"),
        _DETECT if i == 1 else "",
        (str(i),),
        needs=has_detector,
        label="1 … 9",
    )
    for i in range(1, 10)
)

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("open", QT_TRANSLATE_NOOP("Actions", "Open files…"), _OPEN, ("Ctrl+O",), "open"),
    ActionSpec("open_folder", QT_TRANSLATE_NOOP("Actions", "Open a folder…"), _OPEN, ("Ctrl+Shift+O",), "folder"),
    ActionSpec("stream", QT_TRANSLATE_NOOP("Actions", "Open a stream…"), _OPEN, ("Ctrl+L",), "stream"),
    ActionSpec("open_model", QT_TRANSLATE_NOOP("Actions", "Open a model file…"), _OPEN, ("Ctrl+M",), "folder"),
    ActionSpec("get_models", QT_TRANSLATE_NOOP("Actions", "Get models…"), _OPEN, ("Ctrl+G",), "download"),
    ActionSpec("next", QT_TRANSLATE_NOOP("Actions", "Next file"), _OPEN, ("Ctrl+PgDown",)),
    ActionSpec("previous", QT_TRANSLATE_NOOP("Actions", "Previous file"), _OPEN, ("Ctrl+PgUp",)),
    ActionSpec("close_source", QT_TRANSLATE_NOOP("Actions", "Close the source"), _OPEN, ("Ctrl+W",), "close", opened),
    ActionSpec("choose_camera", QT_TRANSLATE_NOOP("Actions", "Choose a camera"), icon="camera"),
    ActionSpec("retry", QT_TRANSLATE_NOOP("Actions", "Try again"), icon="retry"),
    ActionSpec("demo", QT_TRANSLATE_NOOP("Actions", "Play the demo"), icon="play"),
    ActionSpec("play", QT_TRANSLATE_NOOP("Actions", "Play or pause"), _PLAYBACK, ("Space",), needs=showing),
    ActionSpec("step_back", QT_TRANSLATE_NOOP("Actions", "One frame back"), _PLAYBACK, ("Left",), needs=seekable),
    ActionSpec("step_forward", QT_TRANSLATE_NOOP("Actions", "One frame on"), _PLAYBACK, ("Right",), needs=seekable),
    ActionSpec(
        "second_back", QT_TRANSLATE_NOOP("Actions", "One second back"), _PLAYBACK, ("Shift+Left",), "", seekable
    ),
    ActionSpec("second_on", QT_TRANSLATE_NOOP("Actions", "One second on"), _PLAYBACK, ("Shift+Right",), "", seekable),
    ActionSpec("start", QT_TRANSLATE_NOOP("Actions", "Go to the start"), _PLAYBACK, ("Home",), needs=seekable),
    ActionSpec("end", QT_TRANSLATE_NOOP("Actions", "Go to the end"), _PLAYBACK, ("End",), needs=seekable),
    ActionSpec(
        "score_down", QT_TRANSLATE_NOOP("Actions", "Lower the score threshold"), _DETECT, ("[",), "", has_detector
    ),
    ActionSpec(
        "score_up", QT_TRANSLATE_NOOP("Actions", "Raise the score threshold"), _DETECT, ("]",), "", has_detector
    ),
    ActionSpec(
        "iou_down", QT_TRANSLATE_NOOP("Actions", "Lower the overlap threshold"), _DETECT, ("{",), "", has_detector
    ),
    ActionSpec(
        "iou_up", QT_TRANSLATE_NOOP("Actions", "Raise the overlap threshold"), _DETECT, ("}",), "", has_detector
    ),
    *_CLASS,
    ActionSpec("model_info", QT_TRANSLATE_NOOP("Actions", "About this model"), _DETECT, ("Ctrl+I",), "info", has_model),
    ActionSpec(
        "model_reading",
        QT_TRANSLATE_NOOP("Actions", "How this model is read"),
        _DETECT,
        ("Ctrl+Shift+I",),
        "reading",
        has_model,
    ),
    ActionSpec(
        "compare_models",
        QT_TRANSLATE_NOOP("Actions", "Compare with another model…"),
        _DETECT,
        ("C",),
        "side-by-side",
        has_detector,
    ),
    ActionSpec("compare_file", QT_TRANSLATE_NOOP("Actions", "Another model file…"), icon="folder", needs=has_detector),
    ActionSpec(
        "compare_view",
        QT_TRANSLATE_NOOP("Actions", "Beside each other, not wiped"),
        _DETECT,
        ("V",),
        "side-by-side",
        comparing,
        checkable=True,
    ),
    ActionSpec(
        "wipe_left", QT_TRANSLATE_NOOP("Actions", "Move the wipe to the left"), _DETECT, ("Alt+Left",), "", comparing
    ),
    ActionSpec(
        "wipe_right", QT_TRANSLATE_NOOP("Actions", "Move the wipe to the right"), _DETECT, ("Alt+Right",), "", comparing
    ),
    ActionSpec(
        "compare_panel",
        QT_TRANSLATE_NOOP("Actions", "Agreement of two models"),
        _DETECT,
        ("Shift+C",),
        "agreement",
        checkable=True,
    ),
    ActionSpec("stop_compare", QT_TRANSLATE_NOOP("Actions", "Stop comparing"), icon="close", needs=comparing),
    ActionSpec("snapshot", QT_TRANSLATE_NOOP("Actions", "Snapshot"), _KEEP, ("S",), "snapshot", showing),
    ActionSpec("record", QT_TRANSLATE_NOOP("Actions", "Record"), _KEEP, ("R",), "record", showing, checkable=True),
    ActionSpec("export", QT_TRANSLATE_NOOP("Actions", "Export results…"), _KEEP, ("Ctrl+E",), "export", exportable),
    ActionSpec(
        "copy_command",
        QT_TRANSLATE_NOOP("Actions", "Copy as command…"),
        _KEEP,
        ("Ctrl+Shift+C",),
        "terminal",
        commandable,
    ),
    ActionSpec("export_model", QT_TRANSLATE_NOOP("Actions", "Export model…"), _KEEP, ("Ctrl+Shift+E",), "package"),
    ActionSpec("analyse", QT_TRANSLATE_NOOP("Actions", "Analyse all frames"), _KEEP, ("A",), "analyse", has_detector),
    ActionSpec("previous_event", QT_TRANSLATE_NOOP("Actions", "Previous event"), _PLAYBACK, (",",), "", seekable),
    ActionSpec("next_event", QT_TRANSLATE_NOOP("Actions", "Next event"), _PLAYBACK, (".",), "", seekable),
    ActionSpec("find_faces", QT_TRANSLATE_NOOP("Actions", "Find faces, too"), needs=has_model, checkable=True),
    ActionSpec("face_names", QT_TRANSLATE_NOOP("Actions", "Name the faces"), _FACES, ("N",), "faces", checkable=True),
    ActionSpec(
        "blur_strangers", QT_TRANSLATE_NOOP("Actions", "Blur strangers"), _FACES, ("B",), "eye-off", checkable=True
    ),
    ActionSpec("enrol", QT_TRANSLATE_NOOP("Actions", "Enrol a face…"), _FACES, ("E",), "enrol", showing),
    ActionSpec("people", QT_TRANSLATE_NOOP("Actions", "People…"), _FACES, ("Ctrl+P",), "people"),
    ActionSpec("compare", QT_TRANSLATE_NOOP("Actions", "Compare two pictures…"), _FACES, ("Ctrl+Shift+P",), "compare"),
    ActionSpec("search_person", QT_TRANSLATE_NOOP("Actions", "Search for a person…"), _FACES, ("Ctrl+F",), "search"),
    ActionSpec("load_truth", QT_TRANSLATE_NOOP("Actions", "Load ground truth…"), _TRUTH, ("Ctrl+T",), "truth"),
    ActionSpec("forget_truth", QT_TRANSLATE_NOOP("Actions", "Forget the ground truth")),
    ActionSpec("truth", QT_TRANSLATE_NOOP("Actions", "Right and wrong in colour"), _TRUTH, ("T",), checkable=True),
    ActionSpec(
        "truth_panel",
        QT_TRANSLATE_NOOP("Actions", "Compare with ground truth"),
        _TRUTH,
        ("Shift+T",),
        "truth",
        checkable=True,
    ),
    ActionSpec("next_error", QT_TRANSLATE_NOOP("Actions", "Next error"), _TRUTH, ("X",), needs=seekable),
    ActionSpec("previous_error", QT_TRANSLATE_NOOP("Actions", "Previous error"), _TRUTH, ("Shift+X",), needs=seekable),
    ActionSpec("inspect", QT_TRANSLATE_NOOP("Actions", "Inspect"), _VIEW, ("I",), "inspect", checkable=True),
    ActionSpec("network", QT_TRANSLATE_NOOP("Actions", "Inside the network"), _VIEW, ("M",), "network", checkable=True),
    ActionSpec(
        "stage_before",
        QT_TRANSLATE_NOOP("Actions", "Stage before, in the inspector"),
        _VIEW,
        ("PgUp",),
        "",
        has_detector,
    ),
    ActionSpec(
        "stage_next", QT_TRANSLATE_NOOP("Actions", "Next stage, in the inspector"), _VIEW, ("PgDown",), "", has_detector
    ),
    ActionSpec("track", QT_TRANSLATE_NOOP("Actions", "Follow things"), _DETECT, ("K",), "track", checkable=True),
    ActionSpec(
        "tracking_panel",
        QT_TRANSLATE_NOOP("Actions", "Tracking, lines and zones"),
        _VIEW,
        ("Shift+K",),
        "track",
        checkable=True,
    ),
    ActionSpec("fit", QT_TRANSLATE_NOOP("Actions", "Fit the picture"), _VIEW, ("Ctrl+0",), "", showing),
    ActionSpec("actual_size", QT_TRANSLATE_NOOP("Actions", "Actual size"), _VIEW, ("Ctrl+1",), "", showing),
    ActionSpec("zoom_in", QT_TRANSLATE_NOOP("Actions", "Zoom in"), _VIEW, ("Ctrl++", "Ctrl+="), "", showing),
    ActionSpec("zoom_out", QT_TRANSLATE_NOOP("Actions", "Zoom out"), _VIEW, ("Ctrl+-",), "", showing),
    ActionSpec("panel", QT_TRANSLATE_NOOP("Actions", "Results"), _VIEW, ("D",), "panel", checkable=True),
    ActionSpec(
        "full_screen", QT_TRANSLATE_NOOP("Actions", "Full screen"), _VIEW, ("F", "F11"), "full-screen", checkable=True
    ),
    ActionSpec("leave_full_screen", QT_TRANSLATE_NOOP("Actions", "Leave full screen"), _VIEW, ("Esc",)),
    ActionSpec("settings", QT_TRANSLATE_NOOP("Actions", "Settings…"), _APP, ("Ctrl+,",), "settings"),
    ActionSpec("help", QT_TRANSLATE_NOOP("Actions", "Help contents"), _APP, ("F1",), "help"),
    ActionSpec("tour", QT_TRANSLATE_NOOP("Actions", "Take the tour"), icon="tour"),
    ActionSpec("shortcuts", QT_TRANSLATE_NOOP("Actions", "Keyboard shortcuts"), _APP, ("?",), "keyboard"),
    ActionSpec("log", QT_TRANSLATE_NOOP("Actions", "Show the log file")),
    ActionSpec("about", QT_TRANSLATE_NOOP("Actions", "About Detector App")),
    ActionSpec("quit", QT_TRANSLATE_NOOP("Actions", "Quit"), _APP, ("Ctrl+Q",)),
)


_SIGNS = {"Left": "←", "Right": "→"}


def key_text(spec: ActionSpec) -> str:
    """The shortcut as a person reads it on this platform; empty if there is none."""
    if spec.label or not spec.keys:
        return spec.label
    modifier, plus, key = spec.keys[0].rpartition("+")
    if key in _SIGNS:
        return f"{modifier}{plus}{_SIGNS[key]}"
    return QKeySequence(spec.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


class Actions:
    """The table as live ``QAction`` objects of one window, reached by id."""

    def __init__(self, window: QWidget) -> None:
        self._actions = {spec.id: _make(spec, window) for spec in ACTIONS}
        self.retranslate()

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def retranslate(self) -> None:
        """Set every text again in the present language."""
        for spec in ACTIONS:
            text = translate(CONTEXT, spec.text)
            key = key_text(spec)
            self._actions[spec.id].setText(text)
            self._actions[spec.id].setToolTip(f"{text.rstrip('…')} ({key})" if key else text.rstrip("…"))

    def follow(self, state: EngineState) -> None:
        """Enable exactly what can work in ``state``."""
        for spec in ACTIONS:
            self._actions[spec.id].setEnabled(spec.needs(state))


def _make(spec: ActionSpec, window: QWidget) -> QAction:
    action = QAction(window)
    action.setObjectName(spec.id)
    action.setCheckable(spec.checkable)
    action.setShortcuts([QKeySequence(key) for key in spec.keys])
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setMenuRole(_MENU_ROLES.get(spec.id, QAction.MenuRole.NoRole))
    if spec.icon:
        action.setIcon(icon(spec.icon))
    window.addAction(action)  # so that the shortcut works although no menu shows it
    return action


# macOS puts these three into the application's own menu.
_MENU_ROLES = {
    "quit": QAction.MenuRole.QuitRole,
    "about": QAction.MenuRole.AboutRole,
    "settings": QAction.MenuRole.PreferencesRole,
}
