"""Take the README's pictures of what is inside: the inspector, the network, side by side, ground truth, tracking, help and tour.

Needs a display; without one: xvfb-run -a -s "-screen 0 1920x1080x24" python assets/inside_screenshots.py [NAME …]
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPointF, QSettings
from PySide6.QtWidgets import QWidget
from screenshots import OUT, SMALL, demo_clip, play_through, settle, shows, wait_until  # the script beside this one

from detector_app.pipelines.embedded import DEFAULT_MODEL, embedded_models
from detector_app.settings_store import SettingsStore
from detector_app.ui.app import make_application
from detector_app.ui.main_window import MainWindow
from detector_app.ui.preferences import Preferences
from detector_app.ui.surroundings import Surroundings
from detector_app.ui.translation import Translations
from detector_app.vision.zones import CountingLine, Layout, Zone


@dataclass(frozen=True)
class Scene:
    """One picture: what brings the window there, and how it looks. ``arrange`` gives another widget to grab, or None for the window."""

    name: str
    arrange: Callable[[MainWindow, Path], QWidget | None]
    theme: str = "dark"
    language: str = "en"
    size: tuple[int, int] = SMALL
    model: str = DEFAULT_MODEL


def hold(window: MainWindow, clip: Path, time_s: float) -> None:
    """Show the clip's frame at ``time_s``."""
    window.controller.open(str(clip), autoplay=False)
    wait_until(lambda: window.area.showing_picture, "the clip does not open")
    window.controller.seek(time_s)
    wait_until(lambda: shows(window, time_s), "the clip cannot be seeked")


def inspect(window: MainWindow, clip: Path, time_s: float) -> None:
    """Hold a frame under the inspector."""
    hold(window, clip, time_s)
    window.actions_table["inspect"].setChecked(True)
    inspection = window.inspector.inspection
    wait_until(lambda: inspection.trace is not None and inspection.trace.floor == 0, "there is no trace")


def suppressed(window: MainWindow, clip: Path) -> None:
    """A box that another one suppressed, with its grid and its anchor."""
    inspect(window, clip, 4.0)
    inspection = window.inspector.inspection
    inspection.choose(next(step for step in inspection.steps if step.stage.name == "suppression"))
    inspection.pin(inspection.step.mark(int(inspection.step.taken[7])))


def cascade(window: MainWindow, clip: Path) -> None:
    """What R-Net let through of what P-Net saw."""
    inspect(window, clip, 4.48)
    inspection = window.inspector.inspection
    inspection.choose(next(s for s in inspection.steps if s.stage.look == 1 and s.stage.name == "score"))


def missing(window: MainWindow, clip: Path) -> None:
    """Why nothing is here."""
    inspect(window, clip, 4.0)
    window.inspector.panel.show_page(1)
    window.inspector.inspection.ask(QPointF(430, 120))


def counted(window: MainWindow, clip: Path) -> None:
    """Things with numbers and trails, a line and a zone."""
    hold(window, clip, 0.0)
    window.actions_table["tracking_panel"].setChecked(True)
    window.tracking.editor.change_layout(
        Layout(
            (
                CountingLine("Middle", (0.5, 0.08), (0.5, 0.95)),
                Zone("Left", ((0.1, 0.1), (0.42, 0.1), (0.42, 0.92), (0.1, 0.92))),
            )
        )
    )
    play_through(window, clip)
    window.controller.seek(4.32)
    wait_until(lambda: len(window.tracking.layer.trails) > 0, "there is no trail")


def network(window: MainWindow, clip: Path) -> None:
    """Feature maps of a layer, and what one activation has seen."""
    hold(window, clip, 4.0)
    window.actions_table["network"].setChecked(True)
    probe = window.network.probe
    wait_until(lambda: probe.maps is not None, "there are no maps")
    layer = next(one for one in probe.tapped.anatomy.layers if one.name == "Leaky ReLU 16")
    window.network.choose_layer(layer.tensor)
    wait_until(lambda: probe.maps is not None and probe.maps.layer == layer, "the layer is not shown")


def patches(window: MainWindow, clip: Path) -> None:
    """What most excites a unit of it."""
    network(window, clip)
    window.network.panel.show_page(2)
    window.network.search(window.state.spec)
    wait_until(lambda: not window.network.searching, "nothing was found")


def compare(window: MainWindow, clip: Path, *, beside: bool) -> None:
    """Two models on the same frame: the embedded one, and the same with more smoothing of what it has learnt."""
    other = weakened(clip.parent)
    hold(window, clip, 4.0)
    window.side_by_side.compare_with(str(other))
    wait_until(lambda: window.side_by_side.compared is not None, "nothing is compared")
    window.actions_table["compare_view"].setChecked(beside)
    window.side_by_side.handle.move_to(0.76)


def weakened(folder: Path) -> Path:
    """A copy of the embedded detector whose first weights were rounded to three bits: what a careless quantisation makes of it."""
    import numpy as np
    import onnx  # needs the train extra
    from onnx import numpy_helper

    model = onnx.load(str(embedded_models()[DEFAULT_MODEL]))
    for tensor in model.graph.initializer:
        weights = numpy_helper.to_array(tensor)
        if weights.ndim == 4:
            step = np.abs(weights).max() / 40
            tensor.CopyFrom(numpy_helper.from_array((np.round(weights / step) * step).astype(np.float32), tensor.name))
    path = folder / "desk-yolo-rounded.onnx"
    onnx.save(model, str(path))
    return path


def truth(window: MainWindow, clip: Path) -> None:
    """The clip against what is known of it, with the curve."""
    from detector_app.cli import main as run

    run(["run", str(clip), "--score", "0.3", "--save", "coco", "--out", str(clip.parent / "truth")])
    hold(window, clip, 4.48)
    window.truth.loader.load(next((clip.parent / "truth").glob("*.coco.json")))
    wait_until(lambda: window.truth.truth is not None, "the truth is not read")
    window.area.panel.nudge_score(0.2)
    window.truth.evaluate()
    wait_until(lambda: window.truth.evaluation.complete and window.truth.evaluation.whole is not None, "no evaluation")
    window.truth.panel.tabs.setCurrentIndex(1)


def analysed(window: MainWindow, clip: Path) -> None:
    """Every frame of the clip on the strip, down to a low score."""
    hold(window, clip, 4.0)
    wait_until(lambda: window.actions_table["analyse"].isEnabled(), "it cannot be analysed")
    window.actions_table["analyse"].trigger()
    wait_until(lambda: window.timeline.complete, "it is not analysed")
    window.area.panel.nudge_score(-0.3)
    window.area.messages.clear()


def help_page(window: MainWindow, clip: Path) -> QWidget:
    """The page on suppression."""
    del clip
    return window.help_desk.show("nms")


def tour(window: MainWindow, clip: Path) -> None:
    """The stop at the inspector."""
    del clip
    window.tour.start()
    wait_until(lambda: window.area.showing_picture, "the demo does not open")
    for _ in range(4):
        window.tour.card.next.click()


def command(window: MainWindow, clip: Path) -> QWidget:
    """What to type for what is shown."""
    hold(window, clip, 4.0)
    window.area.panel.nudge_score(0.1)
    return window.command_line.show()


SCENES = (
    Scene("inspector-dark-1280x720", suppressed),
    Scene("inspector-mtcnn-zh-1280x720", cascade, theme="light", language="zh_CN", model="mtcnn"),
    Scene("why-not-light-1280x720", missing, theme="light"),
    Scene("network-dark-1280x720", network),
    Scene("patches-light-1280x720", patches, theme="light"),
    Scene("side-by-side-dark-1280x720", partial(compare, beside=False)),
    Scene("side-by-side-zh-1280x720", partial(compare, beside=True), theme="light", language="zh_CN"),
    Scene("ground-truth-dark-1280x720", truth),
    Scene("timeline-light-1280x720", analysed, theme="light"),
    Scene("tracking-dark-1280x720", counted),
    Scene("help-light", help_page, theme="light"),
    Scene("help-dark-zh-page", help_page, language="zh_CN"),
    Scene("tour-dark-1280x720", tour),
    Scene("command-light", command, theme="light"),
)


def take(scene: Scene, folder: Path, translations: Translations) -> None:
    """Open a window of its own, so that no scene sees what another has left, and save its picture."""
    clip = demo_clip()
    if clip is None:
        raise FileNotFoundError("the demo clip")
    own = Path(shutil.copy(clip, folder / "demo.mp4"))
    chosen = {"model": scene.model, "theme": scene.theme, "language": scene.language, "keep_results": "nowhere"}
    preferences = Preferences(SettingsStore(folder / "settings.json"), chosen)
    store = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    translations.use(scene.language)
    window = MainWindow(Surroundings(preferences, translations, store, folder / "window.log", folder / "faces.sqlite3"))
    window.resize(*scene.size)
    window.show()
    window.start()
    wait_until(lambda: window.state.model is not None, f"the model {scene.model} does not load")
    widget = scene.arrange(window, own) or window
    settle()
    settle()
    widget.grab().save(str(OUT / f"{scene.name}.png"))
    window.close()


def main() -> int:
    """Take all pictures, or those whose names are given."""
    wanted = set(sys.argv[1:])
    application = make_application()
    translations = Translations(application)
    for scene in SCENES:
        if not wanted or scene.name in wanted:
            with tempfile.TemporaryDirectory() as temporary:
                os.environ["DETECTOR_APP_MODELS"] = str(Path(temporary) / "models")
                take(scene, Path(temporary), translations)
    return 0


if __name__ == "__main__":
    sys.exit(main())
