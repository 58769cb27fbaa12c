"""The comparison in the real window: two real models, wiped and beside, with the keyboard, over time, and ended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from detector_app.engine.state import Phase
from detector_app.pipelines.embedded import embedded_models
from detector_app.ui.inputs import demo_clip
from detector_app.ui.main_window import MainWindow
from detector_app.vision.agreement import Tally
from tests.onnx_files import tiny_anchor_model, tiny_card
from tests.ui.conftest import MakeWindow
from tests.ui.films import DEADLINE_MS, load


@pytest.fixture(scope="session")
def strict_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The detector of squares, whose card asks for more, under names of which one is another."""
    card = replace(tiny_card(name="strict"), classes=("red", "green"))
    return tiny_anchor_model(tmp_path_factory.mktemp("strict") / "strict.onnx", card=card)


def compare(window: MainWindow, qtbot: QtBot, film: Path, model: Path, second: Path) -> None:
    load(qtbot, window, model)
    window.controller.open(str(film), autoplay=False)
    qtbot.waitUntil(lambda: window.state.phase is Phase.PAUSED, timeout=DEADLINE_MS)
    window.side_by_side.compare_with(str(second))
    qtbot.waitUntil(lambda: window.state.second_name == str(second), timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: window.side_by_side.compared is not None, timeout=DEADLINE_MS)


def test_a_model_agrees_with_itself(window: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    compare(window, qtbot, film, model, model)
    desk = window.side_by_side
    assert desk.compared.agreement.total == Tally(both=1)
    assert desk.bar.agreement.text() == "100 % agree"
    assert desk.panel.table.texts() == [("red", "1", "0", "0", "100 %")]
    assert desk.panel.isVisible()
    assert desk.panel.same.isChecked()


def test_wiped_each_half_shows_its_model_and_the_keys_move_the_line(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path
) -> None:
    compare(window, qtbot, film, model, model)
    desk, view = window.side_by_side, window.area.view
    assert desk.handle.isVisible()
    assert desk.wipe.hides_boxes
    desk.panel.same.setChecked(False)
    desk.panel.score.field.setValue(1.0)
    qtbot.waitUntil(lambda: len(desk.compared.second) == 0, timeout=DEADLINE_MS)
    assert len(desk.compared.first) == 1
    desk.handle.move_to(1.0)
    shown = view.grab().toImage()
    desk.handle.move_to(0.0)
    assert view.grab().toImage() != shown, "the right side has no box"
    desk.handle.setFocus()
    frame = window.controller.latest().frame.index
    qtbot.keyClick(desk.handle, Qt.Key.Key_Right)
    assert desk.wipe.share == pytest.approx(0.02)
    qtbot.keyClick(window, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert desk.wipe.share == pytest.approx(0.06)
    assert window.controller.latest().frame.index == frame, "the arrows have not stepped"


def test_beside_both_views_are_zoomed_together(window: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    compare(window, qtbot, film, model, model)
    desk, view = window.side_by_side, window.area.view
    window.actions_table["compare_view"].trigger()
    other = desk.companion.view
    qtbot.waitUntil(lambda: other.isVisible() and abs(other.width() - view.width()) <= 1, timeout=2000)
    view.zoom_by(3.0)
    assert other.transform == view.transform
    other.zoom_by(0.5)
    assert other.transform == view.transform
    assert other.shown.frame is view.shown.frame
    view.detectionHovered.emit(0)
    assert other.hovered == 0
    window.controller.seek_index(11)
    qtbot.waitUntil(lambda: view.shown.frame.index == 11 and other.shown.frame.index == 11, timeout=DEADLINE_MS)


def test_classes_that_only_one_knows_are_listed_apart(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, strict_model: Path
) -> None:
    compare(window, qtbot, film, model, strict_model)
    desk = window.side_by_side
    assert not desk.panel.same.isChecked(), "other classes begin with their own thresholds"
    assert set(desk.compared.agreement.by_class) == {"red"}


def test_the_score_acts_on_both_without_inference(window: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    compare(window, qtbot, film, model, model)
    runs = window.controller.inference_count
    for _ in range(20):
        window.area.panel.nudge_score(0.05)
    desk = window.side_by_side
    qtbot.waitUntil(lambda: not len(desk.compared.first) and not len(desk.compared.second), timeout=DEADLINE_MS)
    assert window.controller.inference_count == runs


def test_all_frames_are_compared_and_the_keys_go_to_where_they_differ(
    make_window: MakeWindow, qtbot: QtBot, film: Path, model: Path
) -> None:
    window = make_window()
    compare(window, qtbot, film, model, model)
    desk = window.side_by_side
    qtbot.waitUntil(lambda: desk.panel.analyse_button.isEnabled(), timeout=DEADLINE_MS)
    desk.panel.analyse_button.click()
    qtbot.waitUntil(lambda: desk.over_time.differences.frames == 60, timeout=DEADLINE_MS)
    assert desk.over_time.differences.total == Tally(both=60)
    runs = window.controller.inference_count
    desk.panel.same.setChecked(False)
    desk.panel.score.field.setValue(1.0)
    qtbot.waitUntil(lambda: desk.over_time.differences.total == Tally(only_first=60), timeout=DEADLINE_MS)
    assert window.controller.inference_count == runs, "from what was kept"

    def greatest() -> float:
        rows = [row for row in window.area.timeline.rows if row.title == "Differences"]
        return float(rows[0].values.max()) if rows else 0.0

    qtbot.waitUntil(lambda: greatest() == 1.0, timeout=DEADLINE_MS)
    row = next(row for row in window.area.timeline.rows if row.title == "Differences")
    assert row.event_times_s.tolist() == [0.0], "they differ from the first frame to the last"
    qtbot.waitUntil(lambda: desk.panel.table.texts() == [("red", "0", "60", "0", "0 %")], timeout=DEADLINE_MS)


def test_a_window_that_closes_ends_the_analysis(window: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    compare(window, qtbot, film, model, model)
    desk = window.side_by_side
    qtbot.waitUntil(lambda: desk.panel.analyse_button.isEnabled(), timeout=DEADLINE_MS)
    desk.panel.analyse_button.click()
    assert desk.panel.progress.isVisible()
    window.close()
    assert not desk.over_time._job.thread.is_alive()
    assert not desk.over_time._keeper.thread.is_alive()


def test_ended_the_window_is_as_before(window: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    compare(window, qtbot, film, model, model)
    desk = window.side_by_side
    assert not window.actions_table["truth"].isChecked()
    window.actions_table["stop_compare"].trigger()
    qtbot.waitUntil(lambda: window.state.second_model is None and desk.compared is None, timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: window.area.view.shown.second is None, timeout=DEADLINE_MS)
    assert not desk.bar.isVisible()
    assert not desk.handle.isVisible()
    assert not desk.wipe.hides_boxes
    assert window.actions_table["truth"].isChecked()
    assert not window.actions_table["stop_compare"].isEnabled()


def perturbed(source: Path, target: Path) -> Path:
    """A copy whose weights are a little off, as a coarse quantisation makes them."""
    network = onnx.load(source)
    rng = np.random.default_rng(5)
    for tensor in network.graph.initializer:
        weights = numpy_helper.to_array(tensor)
        if weights.ndim == 4:
            noise = rng.normal(0, 0.02 * weights.std(), weights.shape).astype(weights.dtype)
            tensor.CopyFrom(numpy_helper.from_array(weights + noise, tensor.name))
    onnx.save(network, target)
    return target


@pytest.mark.skipif("desk-yolo" not in embedded_models() or demo_clip() is None, reason="the models are not installed")
def test_a_real_model_beside_one_that_is_a_little_off(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    real = embedded_models()["desk-yolo"]
    compare(window, qtbot, demo_clip(), real, perturbed(real, tmp_path / "off.onnx"))
    desk = window.side_by_side
    assert len(desk.compared.first) > 0
    assert desk.compared.agreement.total.both > 0
    pairs = desk.compared.agreement.partner_of_first >= 0
    assert (desk.compared.agreement.overlaps[pairs] < 1).any(), "it is not the same model"
    assert desk.panel.names[0].text() != desk.panel.names[1].text()
