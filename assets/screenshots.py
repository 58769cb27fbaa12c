"""Take the pictures of the README: drives the real window on the demo clip with the embedded model.

Needs a display; without one: xvfb-run -a -s "-screen 0 1920x1080x24" python assets/screenshots.py
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
from PySide6.QtCore import QEventLoop, QObject, QSettings, QTimer
from PySide6.QtWidgets import QDialog, QWidget
from skimage import data

from detector_app.engine.state import Phase
from detector_app.pipelines.embedded import DEFAULT_MODEL, FACE_MODEL, embedded_models
from detector_app.pipelines.reading.reading import AnchorTable, Field
from detector_app.settings_store import SettingsStore
from detector_app.ui.app import make_application
from detector_app.ui.faces.people_dialog import PeopleDialog
from detector_app.ui.inputs import demo_clip
from detector_app.ui.main_window import MainWindow
from detector_app.ui.model_export.export_model_dialog import ExportModelDialog
from detector_app.ui.model_gallery.gallery_dialog import GalleryDialog
from detector_app.ui.model_info import ModelInfo
from detector_app.ui.preferences import Preferences
from detector_app.ui.secondary_windows import SecondaryWindows
from detector_app.ui.settings_dialog import SettingsDialog
from detector_app.ui.shortcut_sheet import ShortcutSheet
from detector_app.ui.surroundings import Surroundings
from detector_app.ui.translation import Translations
from detector_app.vision.frame_result import FrameResult

OUT = Path(__file__).parent / "screenshots"
SMALL, LARGE = (1280, 720), (1920, 1080)
DIGITS_MODEL = "lenet-digits"
BARE_FILE = "from-elsewhere.onnx"
DEADLINE_MS = 60_000
POLL_MS = 20


@dataclass(frozen=True)
class Shot:
    """One picture: the window at ``size`` with the clip (or the empty state, digits, a face, a model without a card), or a dialog."""

    name: str
    theme: str = "dark"
    language: str = "en"
    size: tuple[int, int] = SMALL
    playing: bool = True
    dialog: str = ""
    digits: bool = False
    faces: bool = False
    asking: bool = False
    reading: bool = False


SHOTS = (
    Shot("main-dark-1280x720"),
    Shot("main-light-1280x720", theme="light"),
    Shot("main-dark-1920x1080", size=LARGE),
    Shot("main-light-1920x1080", theme="light", size=LARGE),
    Shot("main-zh-1280x720", theme="light", language="zh_CN"),
    Shot("main-zh-1920x1080", language="zh_CN", size=LARGE),
    Shot("empty-dark-1280x720", playing=False),
    Shot("empty-zh-1280x720", theme="light", language="zh_CN", playing=False),
    Shot("shortcuts-dark", dialog="shortcuts"),
    Shot("shortcuts-zh", theme="light", language="zh_CN", dialog="shortcuts"),
    Shot("model-card-dark", dialog="model_info"),
    Shot("model-card-light", theme="light", dialog="model_info"),
    Shot("settings-light", theme="light", dialog="settings"),
    Shot("reading-dark-1280x720", reading=True),
    Shot("reading-zh-1280x720", theme="light", language="zh_CN", reading=True),
    Shot("digits-light-1280x720", theme="light", digits=True),
    Shot("digits-dark-zh", language="zh_CN", digits=True),
    Shot("faces-dark-1280x720", faces=True),
    Shot("faces-enrol-zh-1280x720", language="zh_CN", faces=True, asking=True),
    Shot("get-models-dark", dialog="get_models"),
    Shot("get-models-zh", theme="light", language="zh_CN", dialog="get_models"),
    Shot("export-model-light", theme="light", dialog="export_model"),
    Shot("export-model-zh", language="zh_CN", dialog="export_model"),
    Shot("people-light", theme="light", faces=True, dialog="people"),
)
DIALOGS: dict[str, type[QDialog]] = {
    "shortcuts": ShortcutSheet,
    "model_info": ModelInfo,
    "settings": SettingsDialog,
    "people": PeopleDialog,
    "get_models": GalleryDialog,
    "export_model": ExportModelDialog,
}
NAME = "Eileen Collins"
"""Whose portrait comes with scikit-image; public domain, by NASA."""


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Let the window work until ``condition`` holds.

    Raises:
        TimeoutError: it does not within a minute.
    """
    loop, poll = QEventLoop(), QTimer(interval=POLL_MS)
    poll.timeout.connect(lambda: loop.quit() if condition() else None)
    poll.start()
    QTimer.singleShot(DEADLINE_MS, lambda: loop.exit(1))
    if loop.exec():
        raise TimeoutError(what)


class Best(QObject):
    """Remembers where an object is seen most surely. An object of Qt's, child of the window: a slot must not go before its signal."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._value = -1.0
        self.time_s = 0.0
        window.bridge.resultReady.connect(self.look)

    def look(self) -> None:
        """Compare the newest result with the best so far."""
        result: FrameResult | None = self._window.controller.latest()
        if result is None:
            return
        value = float(result.detections.scores.max(initial=0.0))
        if value > self._value:
            self._value, self.time_s = value, result.frame.time_s


def play_through(window: MainWindow, clip: Path) -> None:
    """Play ``clip`` to its end, so that the timeline is full, and stop where an object is seen most surely."""
    best = Best(window)
    window.controller.set_loop(False)
    window.inputs.open(str(clip))
    wait_until(lambda: window.state.phase is Phase.ENDED, "the clip does not end")
    window.bridge.resultReady.disconnect(best.look)
    window.controller.seek(best.time_s)
    window.controller.pause()
    wait_until(lambda: shows(window, best.time_s), "the clip cannot be seeked")


def hold_up_digits(window: MainWindow, folder: Path) -> None:
    """Open the digits that LeNet-5 was tested with, one of each, as before a camera, with the model that reads them."""
    from models.classify.digits import write_digits  # needs the train extra

    (folder / "held-up").mkdir()
    for digit in reversed(range(10)):
        first = min((write_digits(folder / "digits") / "test-camera" / str(digit)).iterdir())
        first.rename(folder / "held-up" / f"{9 - digit}.jpg")
    window.controller.load_model(DIGITS_MODEL)
    wait_until(lambda: window.state.model_name == DIGITS_MODEL, f"the model {DIGITS_MODEL} does not load")
    window.inputs.open(str(folder / "held-up"))
    wait_until(
        lambda: window.state.spec == str(folder / "held-up") and window.area.showing_picture, "no digit is shown"
    )
    window.controller.pause()


def open_bare(window: MainWindow, folder: Path) -> None:
    """Open the embedded detector as if it came from elsewhere, without its card, and say what nothing in the file tells."""
    import onnx  # needs the train extra

    from detector_app.pipelines.reading.file_reading import read_file  # brings onnxruntime

    own = window.state.model
    if own is None:
        raise RuntimeError("no model runs")
    bare = onnx.load(str(embedded_models()[DEFAULT_MODEL]))
    del bare.metadata_props[:]
    path = folder / BARE_FILE
    onnx.save(bare, str(path))
    window.inputs.open_all([str(path)])
    wait_until(lambda: window.state.model_name == str(path), "the file without a card does not open")
    panel = window.reading.panel
    anchors = AnchorTable(tuple((head.output, head.stride, head.anchors_wh_px) for head in own.heads))
    layouts = read_file(path).reading().facts[Field.OUTPUTS].options
    panel.chosen.emit(Field.OUTPUTS, next(one for one in layouts if one.scale_xy == own.heads[0].scale_xy))
    panel.chosen.emit(Field.ANCHORS, anchors)
    panel.chosen.emit(Field.CLASSES, own.classes)
    wait_until(lambda: window.state.model is not None and window.state.model.heads == own.heads, "it is not read anew")


def meet(window: MainWindow, folder: Path) -> None:
    """Open a portrait, enrol whose it is from two pictures, and name the faces; pictures are kept."""
    portrait = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2BGR)
    wider = cv2.resize(portrait[:320, 60:420], (1280, 1138), interpolation=cv2.INTER_CUBIC)
    window.preferences.set(keep_faces=True)
    window.controller.load_model(FACE_MODEL)
    wait_until(lambda: window.state.model_name == FACE_MODEL, f"the model {FACE_MODEL} does not load")
    for number, picture in enumerate((portrait[:, ::-1], wider[:720])):
        path = folder / f"portrait-{number}.png"
        cv2.imwrite(str(path), picture)
        window.inputs.open(str(path))
        enrol_shown(window, str(path))
    wait_until(lambda: any(one is not None and one.known for one in faces_shown(window)), "nobody is known")
    window.area.messages.clear()


def enrol_shown(window: MainWindow, spec: str) -> None:
    """Wait for the picture ``spec`` and say whose the one face in it is."""

    def there() -> bool:
        shown = window.area.view.shown
        return shown is not None and shown.frame.source == spec and len(shown.detections) == 1

    wait_until(there, "no face is shown")
    window.faces.ask()
    card = window.faces.card
    wait_until(card.isVisible, "nobody is asked")
    card.name.setText(NAME)
    card.enrol_button.click()
    wait_until(lambda: not card.isVisible(), f"{NAME} is not enrolled")


def faces_shown(window: MainWindow) -> tuple[object, ...]:
    """Who the shown faces are; as many None as there are faces while nobody was asked."""
    shown = window.area.view.shown
    if shown is None:
        return ()
    return shown.detections.identities or (None,) * len(shown.detections)


def shows(window: MainWindow, time_s: float) -> bool:
    """Whether the frame at ``time_s`` is on the screen."""
    result = window.controller.latest()
    return window.area.showing_picture and result is not None and abs(result.frame.time_s - time_s) < 1e-3


def take(shot: Shot, window: MainWindow, windows: SecondaryWindows) -> QWidget:
    """Bring the window into the state of ``shot``; gives what is to be grabbed."""
    window.preferences.set(theme=shot.theme, language=shot.language)
    window.resize(*shot.size)
    window.faces.card.dismiss()
    if shot.reading != window.reading.panel.isVisible():
        window.reading.toggle()
        wait_until(lambda: shot.reading == window.reading.panel.isVisible(), "the panel does not open")
    if shot.asking:
        settle()
        window.faces.ask()
        wait_until(window.faces.card.isVisible, "nobody is asked")
    if not shot.dialog:
        return window
    window.actions_table[shot.dialog].trigger()
    dialog = windows.get(DIALOGS[shot.dialog])
    if dialog is None:
        raise RuntimeError(f"{shot.dialog} did not open")
    if isinstance(dialog, ExportModelDialog):
        wait_until(lambda: bool(window.models.exporter.families), "the exporter does not say what it can do")
    elif isinstance(dialog, GalleryDialog):
        wait_until(lambda: bool(window.models.transfers.entries), "the list of models is not read")
    return dialog


def settle() -> None:
    """Let everything be laid out and painted."""
    loop = QEventLoop()
    QTimer.singleShot(300, loop.quit)
    loop.exec()


def main() -> int:
    """Take all pictures into the folder beside this script."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=DEFAULT_MODEL, help="name or file of a model (default: %(default)s)")
    parser.add_argument("--clip", type=Path, default=demo_clip(), help="video to show (default: the demo)")
    parser.add_argument("--out", type=Path, default=OUT, help="folder for the pictures (default: %(default)s)")
    chosen = parser.parse_args()
    application = make_application()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        os.environ["DETECTOR_APP_MODELS"] = str(folder / "models")  # no picture shows what this home holds
        preferences = Preferences(
            SettingsStore(folder / "settings.json"), {"model": chosen.model, "keep_results": "nowhere"}
        )
        store = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
        window = MainWindow(
            Surroundings(preferences, Translations(application), store, folder / "window.log", folder / "faces.sqlite3")
        )
        window.show()
        window.start()
        wait_until(lambda: window.state.model is not None, f"the model {chosen.model} does not load")
        chosen.out.mkdir(parents=True, exist_ok=True)
        for shot in sorted(SHOTS, key=lambda shot: (shot.playing, shot.faces, shot.digits, shot.reading)):
            if shot.digits and window.state.model_name != DIGITS_MODEL:
                hold_up_digits(window, folder)
            if shot.faces and window.state.model_name != FACE_MODEL:
                meet(window, folder)
            if shot.playing and not window.area.showing_picture:
                play_through(window, chosen.clip)
            if shot.reading and Path(window.state.model_name).name != BARE_FILE:
                open_bare(window, folder)
            widget = take(shot, window, window.windows)
            settle()
            widget.grab().save(str(chosen.out / f"{shot.name}.png"))
            window.windows.close()
        window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
