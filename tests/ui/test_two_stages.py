"""Two-stage detectors and graphs that select for themselves in the real window."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from detector_app.engine.state import Phase
from detector_app.pipelines import host_proposals
from detector_app.ui.main_window import MainWindow
from tests.region_files import tiny_fast_rcnn, tiny_faster_rcnn, tiny_rcnn, tiny_selected
from tests.ui.films import DEADLINE_MS, wait_for_phase

Write = Callable[[Path], Path]


def open_paused(window: MainWindow, qtbot: QtBot, model: Path, film: Path) -> None:
    window.controller.load_model(str(model))
    qtbot.waitUntil(lambda: window.state.model_name == str(model), timeout=DEADLINE_MS)
    window.controller.open(str(film), autoplay=False)
    wait_for_phase(qtbot, window, Phase.PAUSED)
    qtbot.waitUntil(lambda: found(window) > 0, timeout=DEADLINE_MS)


def found(window: MainWindow) -> int:
    result = window.controller.latest()
    return 0 if result is None else len(result.detections)


@pytest.mark.parametrize("write", [tiny_fast_rcnn, tiny_rcnn, tiny_faster_rcnn])
def test_the_sliders_act_on_a_paused_picture_at_once(
    window: MainWindow, qtbot: QtBot, film: Path, tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_paused(window, qtbot, write(tmp_path / "model.onnx"), film)
    monkeypatch.setattr(host_proposals, "propose", None)
    panel = window.area.panel
    before = found(window)
    panel.nudge_score(1.0)
    qtbot.waitUntil(lambda: found(window) == 0, timeout=DEADLINE_MS)
    panel.nudge_score(panel.score.default - 1.0)
    qtbot.waitUntil(lambda: found(window) == before, timeout=DEADLINE_MS)
    assert window.controller.inference_count == 1
    assert window.area.messages.message is None


def test_less_score_runs_a_graph_again_that_selects_for_itself(
    window: MainWindow, qtbot: QtBot, film: Path, tmp_path: Path
) -> None:
    open_paused(window, qtbot, tiny_selected(tmp_path / "model.onnx"), film)
    panel = window.area.panel
    panel.nudge_score(0.5)
    panel.nudge_score(-0.4)
    qtbot.waitUntil(lambda: abs(window.controller.settings.score - 0.5) < 1e-6, timeout=DEADLINE_MS)
    assert window.controller.inference_count == 1
    panel.nudge_score(-1.0)
    qtbot.waitUntil(lambda: found(window) > 1, timeout=DEADLINE_MS)
    assert window.controller.inference_count == 2


def test_a_missing_package_is_told_with_what_to_install(
    window: MainWindow, qtbot: QtBot, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "skimage"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "skimage", None)
    window.controller.load_model(str(tiny_fast_rcnn(tmp_path / "model.onnx")))
    qtbot.waitUntil(lambda: window.area.messages.message is not None, timeout=DEADLINE_MS)
    assert 'pip install "detector-app[regions]"' in window.area.messages.message.text
