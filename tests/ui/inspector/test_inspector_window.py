"""The inspector in the real window, over real models on the demo clip: what it shows is what the pipeline did."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from detector_app.engine.state import Phase
from detector_app.ui.help.contents import PAGES
from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.inspector.inspector_panel import KINDS, STAGES, WHY
from detector_app.ui.main_window import MainWindow
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.trace import Fate, Trace
from tests.ui.conftest import MakeWindow
from tests.ui.films import DEADLINE_MS, load, wait_for_phase

ASSETS = Path(__file__).parents[3] / "assets"
CUP_AT = 100
"""Frame of the demo clip in which the cup is seen most surely, and found fifteen times."""


def shown(window: MainWindow) -> FrameResult:
    result = window.area.view.shown
    assert result is not None
    return result


def traced(window: MainWindow) -> Trace:
    trace = shown(window).trace
    assert trace is not None
    return trace


def inspect(qtbot: QtBot, window: MainWindow, model: str, frame: int = CUP_AT) -> Inspection:
    """Hold a frame of the demo clip with the inspector open."""
    window.controller.load_model(model)
    qtbot.waitUntil(lambda: window.state.model_name == model, timeout=DEADLINE_MS)
    window.inputs.open(str(ASSETS / "demo.mp4"))
    qtbot.waitUntil(lambda: window.state.phase is Phase.PLAYING, timeout=DEADLINE_MS)
    window.controller.pause()
    window.controller.seek_index(frame)
    window.actions_table["inspect"].setChecked(True)
    inspection = window.inspector.inspection

    def held() -> bool:
        trace, there = inspection.trace, inspection.result is window.area.view.shown
        return trace is not None and there and shown(window).frame.index == frame and trace.floor == 0

    qtbot.waitUntil(held, timeout=DEADLINE_MS)
    return inspection


def counts(window: MainWindow) -> list[int]:
    return [row.count for row in window.inspector.panel.stages.funnel.found.rows if row.step >= 0]


def headings(window: MainWindow) -> list[str]:
    return [row.name for row in window.inspector.panel.stages.funnel.found.rows if row.step < 0]


def test_the_funnel_ends_with_the_detections(window: MainWindow, qtbot: QtBot) -> None:
    inspection = inspect(qtbot, window, "desk-yolo")
    trace, found = traced(window), shown(window).detections
    qtbot.waitUntil(lambda: counts(window) == [stage.count for stage in trace.stages], timeout=DEADLINE_MS)
    assert counts(window)[0] == trace.last.considered
    assert counts(window)[-1] == len(found) == 1
    kept = trace.last.rows(Fate.KEPT)
    assert np.array_equal(trace.last.xyxy[kept], found.xyxy)
    assert inspection.step is inspection.steps[-1]
    table = window.inspector.panel.stages.table.found
    assert table.rowCount() == 1
    assert table.data(table.index(0, 2)) == f"{found.scores[0]:.2f}"


def test_sliders_change_the_counts_without_an_inference(window: MainWindow, qtbot: QtBot) -> None:
    inspect(qtbot, window, "desk-yolo")
    before, score = window.controller.inference_count, traced(window).last.scores
    for least in (0.2, 0.6, 0.9):
        window.inspector.panel.score.field.setValue(least)
        expected = int(np.count_nonzero(score >= np.float32(least)))
        qtbot.waitUntil(lambda expected=expected: counts(window)[1:2] == [expected], timeout=DEADLINE_MS)
        assert window.area.panel.score.value == least
    window.area.panel.score.field.setValue(0.4)
    window.area.panel.overlap.field.setValue(0.95)
    qtbot.waitUntil(lambda: counts(window)[-1] > 1, timeout=DEADLINE_MS)
    assert counts(window)[-1] == len(shown(window).detections)
    assert window.inspector.panel.overlap.value == 0.95
    assert window.controller.inference_count == before


def test_nothing_is_traced_while_it_is_closed(window: MainWindow, qtbot: QtBot) -> None:
    inspect(qtbot, window, "desk-yolo")
    window.actions_table["inspect"].setChecked(False)
    qtbot.waitUntil(lambda: shown(window).trace is None, timeout=DEADLINE_MS)
    assert not window.inspector.active
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_I)
    qtbot.waitUntil(lambda: shown(window).trace is not None, timeout=DEADLINE_MS)
    assert window.inspector.panel.isVisible()


def test_picture_table_and_results_light_up_together(window: MainWindow, qtbot: QtBot) -> None:
    inspection = inspect(qtbot, window, "desk-yolo")
    panel, view = window.inspector.panel, window.area.view
    left, top, right, bottom = shown(window).detections.xyxy[0].tolist()
    middle = view.transform.to_view(QPointF((left + right) / 2, (top + bottom) / 2)).toPoint()
    qtbot.mouseMove(view, QPoint(5, 5))
    qtbot.mouseMove(view, middle)
    assert inspection.focused() is not None
    assert panel.story.text().startswith("#0 cup")
    qtbot.waitUntil(lambda: panel.stages.table.found.hovered == 0, timeout=DEADLINE_MS)
    qtbot.mouseMove(view, QPoint(5, 5))
    assert inspection.hovered is None
    panel.stages.table.markHovered.emit(inspection.steps[-1].mark(0))
    assert view.hovered == 0
    window.area.panel.detectionHovered.emit(-1)
    assert inspection.hovered is None


def test_stages_are_walked_by_keys(window: MainWindow, qtbot: QtBot) -> None:
    inspection = inspect(qtbot, window, "desk-yolo")
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_PageUp)
    qtbot.keyClick(window, Qt.Key.Key_PageUp)
    assert inspection.step is not None
    assert inspection.step.stage.name == "top_k"
    assert window.area.view.grab().toImage() != window.grab().toImage()
    qtbot.keyClick(window, Qt.Key.Key_PageDown)
    assert inspection.step.stage.name == "suppression"
    lost = inspection.step.taken
    assert len(lost) == traced(window).last.count(Fate.SUPPRESSED)
    at = window.inspector.panel.stages.table.found.position(inspection.step.mark(int(lost[0])))
    window.inspector.panel.stages.table.selectRow(at)
    by = int(traced(window).last.by[lost[0]])
    assert f"suppressed by #{by}, IoU {traced(window).last.iou[lost[0]]:.2f}" in window.inspector.panel.story.text()


def test_a_click_beside_all_boxes_asks_and_show_it_shows_it(window: MainWindow, qtbot: QtBot) -> None:
    inspect(qtbot, window, "desk-yolo")
    panel, view = window.inspector.panel, window.area.view
    panel.score.field.setValue(0.9)  # more than the cup has
    qtbot.waitUntil(lambda: len(shown(window).detections) == 0, timeout=DEADLINE_MS)
    before = window.controller.inference_count
    best = traced(window).last.xyxy[0].tolist()
    at = QPointF((best[0] + best[2]) / 2, (best[1] + best[3]) / 2)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.transform.to_view(at).toPoint())
    assert panel.page == WHY
    first = panel.why.answers[0]
    assert (first.name, first.reason.fate) == ("cup", Fate.BELOW_SCORE)
    assert panel.why.rows[0].button.isVisible()
    panel.why.rows[0].button.click()
    qtbot.waitUntil(lambda: len(shown(window).detections) == 1, timeout=DEADLINE_MS)
    assert shown(window).detections.scores[0] == traced(window).last.scores[0]
    qtbot.waitUntil(lambda: panel.why.rows[0].reason.text() == "It is shown.", timeout=DEADLINE_MS)
    assert not panel.why.rows[0].button.isVisible()
    assert window.controller.settings.score <= shown(window).detections.scores[0]
    assert window.controller.inference_count == before


def test_every_smallest_change_is_one_and_no_smaller_one_is(window: MainWindow, qtbot: QtBot) -> None:
    inspect(qtbot, window, "desk-yolo")
    panel = window.inspector.panel
    panel.show_page(WHY)
    left, top, right, bottom = shown(window).detections.xyxy[0].tolist()
    window.inspector.inspection.ask(QPointF((left + right) / 2, (top + bottom) / 2))
    qtbot.waitUntil(lambda: len(panel.why.answers) > 1, timeout=DEADLINE_MS)
    suppressed = next(each for each in panel.why.answers if each.reason.fate is Fate.SUPPRESSED)
    box = suppressed.look.xyxy[suppressed.reason.row]
    assert suppressed.reason.change is not None
    for more, there in ((0.0, True), (-0.001, False)):
        window.area.panel.settingsChanged.emit(
            type(window.controller.settings)(score=0.4, iou=suppressed.reason.change.value + more)
        )
        qtbot.waitUntil(
            lambda more=more: traced(window).last.most_iou == pytest.approx(suppressed.reason.change.value + more),  # type: ignore[union-attr]
            timeout=DEADLINE_MS,
        )
        assert bool((shown(window).detections.xyxy == box).all(axis=1).any()) is there


def test_asking_while_it_plays_holds_the_frame(window: MainWindow, qtbot: QtBot) -> None:
    inspect(qtbot, window, "desk-yolo")
    window.controller.set_loop(True)
    window.controller.play()
    wait_for_phase(qtbot, window, Phase.PLAYING)
    qtbot.waitUntil(lambda: traced(window).floor > 0, timeout=DEADLINE_MS)
    qtbot.mouseClick(window.area.view, Qt.MouseButton.LeftButton, pos=QPoint(120, 60))
    wait_for_phase(qtbot, window, Phase.PAUSED)
    qtbot.waitUntil(lambda: traced(window).floor == 0, timeout=DEADLINE_MS)
    assert window.inspector.inspection.point is not None


def test_the_trace_can_be_copied_as_json_and_as_a_picture(window: MainWindow, qtbot: QtBot, home: Path) -> None:
    inspect(qtbot, window, "desk-yolo")
    QGuiApplication.clipboard().clear()
    window.inspector.panel.copyRequested.emit("json")
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text().startswith("{"), timeout=DEADLINE_MS)
    record = json.loads(QGuiApplication.clipboard().text())
    last, found = record["looks"][-1], shown(window).detections
    kept = [one for one in last["candidates"] if one["fate"] == "kept"]
    assert [one["score"] for one in kept] == pytest.approx(found.scores.tolist(), abs=1e-6)
    assert [one["xyxy"] for one in kept] == [pytest.approx(box, abs=0.01) for box in found.xyxy.tolist()]
    assert [stage["count"] for stage in record["stages"]] == [stage.count for stage in traced(window).stages]
    window.inspector.panel.copyRequested.emit("picture")
    copied = QGuiApplication.clipboard().image()
    frame = shown(window).frame
    assert copied.width() / copied.height() == pytest.approx(frame.width_px / frame.height_px, rel=0.02)
    window.inspector.panel.copyRequested.emit("save")
    qtbot.waitUntil(lambda: len(list(home.rglob("*-inspected.png"))) == 1, timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: "-inspected.png" in str(window.area.messages.message), timeout=DEADLINE_MS)


def test_the_family_of_two_stages_has_two_groups(window: MainWindow, qtbot: QtBot) -> None:
    inspection = inspect(qtbot, window, str(ASSETS / "models" / "blood-faster-rcnn.onnx"))
    assert [look.name for look in traced(window).looks] == ["proposals", "candidates"]
    qtbot.waitUntil(lambda: headings(window) == ["Proposals", "Candidates"], timeout=DEADLINE_MS)
    inspection.choose(inspection.steps[0])
    assert len(inspection.steps[0].through) == traced(window).looks[0].considered
    assert window.inspector.panel.stages.table.found.rowCount() == traced(window).looks[0].considered


def test_mtcnn_shows_what_one_net_saw_and_the_next_dropped(window: MainWindow, qtbot: QtBot) -> None:
    inspection = inspect(qtbot, window, "mtcnn")
    trace = traced(window)
    qtbot.waitUntil(lambda: headings(window) == ["P-Net", "R-Net", "O-Net"], timeout=DEADLINE_MS)
    dropped = next(step for step in inspection.steps if step.stage.look == 1 and step.stage.fate is Fate.BELOW_SCORE)
    assert len(dropped.taken) > len(trace.last)
    inspection.choose(dropped)
    row = int(dropped.taken[0])
    inspection.pin(dropped.mark(row))
    parent = int(trace.looks[1].parents[row])
    assert f"from #{parent} of P-Net" in window.inspector.panel.story.text()
    assert trace.looks[0].fates[parent] == Fate.KEPT
    assert window.inspector.layer.hides_boxes
    window.inspector.panel.show_page(KINDS)
    assert window.inspector.panel.kinds.note.isVisible(), "it measures overlap otherwise"


def test_two_models_together_have_a_funnel_each(window: MainWindow, qtbot: QtBot) -> None:
    inspection = inspect(qtbot, window, "desk-yolo+mtcnn")
    assert [step.way for step in inspection.steps] == sorted(step.way for step in inspection.steps)
    assert {step.way for step in inspection.steps} == {0, 1}
    found = shown(window).detections
    assert {found.name(i) for i in range(len(found))} == {"cup", "face"}
    face = next(i for i in range(len(found)) if found.name(i) == "face")
    window.area.panel.detectionHovered.emit(face)
    assert inspection.hovered is not None
    assert inspection.hovered.way == 1
    assert " face " in window.inspector.panel.story.text()
    window.inspector.panel.score.field.setValue(0.9)
    qtbot.waitUntil(lambda: len(shown(window).detections) == 1, timeout=DEADLINE_MS)


def test_a_classifier_and_no_model_say_what_is_needed(window: MainWindow, qtbot: QtBot) -> None:
    panel = window.inspector.panel
    window.actions_table["inspect"].setChecked(True)
    qtbot.waitUntil(lambda: panel.needs.text().startswith("Choose a detector"), timeout=DEADLINE_MS)
    load(qtbot, window, ASSETS / "models" / "lenet-digits.onnx")
    qtbot.waitUntil(lambda: "names whole pictures" in panel.needs.text(), timeout=DEADLINE_MS)
    load(qtbot, window, ASSETS / "models" / "desk-yolo.onnx")
    qtbot.waitUntil(lambda: panel.needs.text().startswith("Open a picture"), timeout=DEADLINE_MS)
    assert panel.needs.isVisible()


def test_it_comes_back_as_it_was_left(make_window: MakeWindow) -> None:
    first = make_window()
    first.actions_table["inspect"].setChecked(True)
    first.inspector.panel.show_page(KINDS)
    first.close()
    second = make_window()
    assert second.actions_table["inspect"].isChecked()
    assert second.inspector.active
    assert second.inspector.panel.page == KINDS
    second.inspector.panel.show_page(STAGES)


def test_each_page_is_explained_by_its_own_page_of_the_help(window: MainWindow, qtbot: QtBot) -> None:
    inspect(qtbot, window, "desk-yolo")
    panel = window.inspector.panel
    pages = []
    for page in (STAGES, WHY, KINDS):
        panel.show_page(page)
        pages.append(panel.help.page)
    assert pages == ["grid", "score", "nms"]
    assert set(pages) <= set(PAGES)


def test_what_is_shown_goes_with_its_source_and_its_model(window: MainWindow, qtbot: QtBot) -> None:
    inspection = inspect(qtbot, window, "desk-yolo")
    panel = window.inspector.panel
    inspection.choose(inspection.steps[1])
    inspection.ask(QPointF(20, 20))
    blood = str(ASSETS / "models" / "blood-faster-rcnn.onnx")
    window.controller.load_model(blood)
    qtbot.waitUntil(lambda: headings(window) == ["Proposals", "Candidates"], timeout=DEADLINE_MS)
    assert inspection.step is not None
    assert inspection.card is window.state.model
    window.controller.close_source()
    qtbot.waitUntil(panel.needs.isVisible, timeout=DEADLINE_MS)
    assert panel.needs.text().startswith("Open a picture")
    assert (inspection.trace, inspection.point, inspection.focus) == (None, None, None)
    assert not window.inspector.layer.hides_boxes


def test_the_keyboard_alone_asks_and_shows(window: MainWindow, qtbot: QtBot) -> None:
    inspection = inspect(qtbot, window, "desk-yolo")
    panel = window.inspector.panel
    panel.score.field.setValue(0.9)
    qtbot.waitUntil(lambda: len(shown(window).detections) == 0, timeout=DEADLINE_MS)
    panel.show_page(WHY)
    qtbot.waitUntil(panel.why.aim.isVisible, timeout=DEADLINE_MS)
    window.activateWindow()
    panel.why.aim.setFocus()
    qtbot.keyClick(panel.why.aim, Qt.Key.Key_Space)
    assert inspection.point is not None
    before = shown(window).frame.index
    left, top, right, bottom = traced(window).last.xyxy[0].tolist()
    while inspection.point.x() < (left + right) / 2:
        qtbot.keyClick(panel.why.aim, Qt.Key.Key_Right)
    while inspection.point.y() < (top + bottom) / 2:
        qtbot.keyClick(panel.why.aim, Qt.Key.Key_Down)
    assert shown(window).frame.index == before, "the arrows move the cross, not the video"
    first = next(row for row in panel.why.rows if row.answer is not None and row.answer.reason.change is not None)
    first.setFocus()
    assert inspection.hovered == first.answer.mark  # type: ignore[union-attr]
    qtbot.keyClick(first, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(shown(window).detections) == 1, timeout=DEADLINE_MS)
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert inspection.point is None
