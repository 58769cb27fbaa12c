"""Ground truth in the real window: what a run wrote is all right when it is loaded again, and thresholds move the rest."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.ui.ground_truth.marks import Kind
from detector_app.ui.main_window import MainWindow
from tests.ui.films import DEADLINE_MS, FRAMES, cell_centre
from tests.ui.ground_truth.judging import HELD, changed, evaluate, give, hold, kinds, shown_index


def test_what_our_own_run_wrote_is_all_right(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, own_truth: Path
) -> None:
    hold(qtbot, window, film, model)
    give(qtbot, window, own_truth)
    assert kinds(window) == {Kind.RIGHT: 1}
    assert window.truth.layer.hides_boxes
    evaluate(qtbot, window)
    judged = window.truth.evaluation.judged
    assert judged is not None
    assert len(judged.frames) == FRAMES
    assert judged.mean_average_precision == pytest.approx(1)
    assert all(not one.errors for one in window.truth.walk.errors())
    assert window.truth.evaluation.whole == pytest.approx(1)


def test_the_score_slider_turns_right_into_missed_and_moves_the_point_at_once(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, own_truth: Path
) -> None:
    hold(qtbot, window, film, model)
    give(qtbot, window, own_truth)
    evaluate(qtbot, window)
    before, page = window.controller.inference_count, window.truth.panel.curve
    window.area.panel.nudge_score(1.0)
    assert page.plot.point.getData()[0].tolist() == [0], "at once: no recall above every score"
    qtbot.waitUntil(lambda: kinds(window) == {Kind.MISSED: 1}, timeout=DEADLINE_MS)
    story = window.truth.panel.picture_errors.item(0).text()
    assert "best box: red 0.9" in story
    assert "below the least score" in story
    best = page._curve.best  # type: ignore[union-attr]
    page.use_button.click()
    assert window.controller.settings.score == pytest.approx(best.threshold)
    qtbot.waitUntil(lambda: kinds(window) == {Kind.RIGHT: 1}, timeout=DEADLINE_MS)
    page.plot.picked.emit(0.0, 1.0)
    assert window.controller.settings.score > best.threshold, "the first place of the curve has the highest score"
    assert window.controller.inference_count == before


def test_wrong_and_missed_are_told_and_walked_through(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, own_truth: Path, tmp_path: Path
) -> None:
    near = [cell_centre(20) - 16 + 12, 152.0, 32.0, 32.0]
    truth = changed(own_truth, tmp_path / "t.json", {7: None, 20: near, 40: None})
    hold(qtbot, window, film, model, 20)
    give(qtbot, window, truth)
    assert kinds(window) == {Kind.WRONG: 1, Kind.MISSED: 1}
    assert "overlaps too little" in window.truth.panel.picture_errors.item(0).text()
    assert [window.truth.panel.legend.here[kind].text() for kind in (Kind.RIGHT, Kind.WRONG, Kind.MISSED)] == [
        "0",
        "1",
        "1",
    ]
    evaluate(qtbot, window)
    worst = window.truth.panel.worst
    assert [worst.item(0, column).text() for column in (1, 2)] == ["1", "1"], "two errors in frame 20"
    assert worst.rowCount() == 3
    row = next(row for row in window.area.timeline.rows if row.key == "truth:errors")
    assert row.event_times_s.tolist() == pytest.approx([index / 30 for index in (7, 20, 40)], abs=1e-3)
    for action, index in (("next_error", 40), ("previous_error", 20), ("previous_error", 7)):
        window.actions_table[action].trigger()
        qtbot.waitUntil(lambda index=index: shown_index(window) == index, timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: kinds(window) == {Kind.RIGHT: 1, Kind.MISSED: 1}, timeout=DEADLINE_MS)
    worst.setCurrentCell(0, 0)
    qtbot.waitUntil(lambda: shown_index(window) == 20, timeout=DEADLINE_MS)


def test_the_overlap_slider_judges_anew(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, own_truth: Path, tmp_path: Path
) -> None:
    shifted = [cell_centre(HELD) - 16 + 6, 152.0, 32.0, 32.0]
    hold(qtbot, window, film, model)
    give(qtbot, window, changed(own_truth, tmp_path / "t.json", {HELD: shifted}))
    evaluate(qtbot, window)
    assert kinds(window) == {Kind.RIGHT: 1}
    window.truth.panel.overlap.nudge(0.3)
    assert kinds(window) == {Kind.WRONG: 1, Kind.MISSED: 1}
    qtbot.waitUntil(lambda: sum(one.errors for one in window.truth.walk.errors()) >= 2, timeout=DEADLINE_MS)


def test_colours_can_be_turned_off_and_truth_forgotten(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, own_truth: Path
) -> None:
    hold(qtbot, window, film, model)
    give(qtbot, window, own_truth)
    assert window.actions_table["truth_panel"].isChecked()
    window.actions_table["truth"].trigger()
    assert not window.truth.layer.hides_boxes
    assert not window.truth.panel.colours.isChecked()
    window.truth.panel.colours.click()
    assert window.truth.layer.hides_boxes
    window.actions_table["forget_truth"].trigger()
    assert all(row.key != "truth:errors" for row in window.area.timeline.rows)
    assert not window.truth.layer.hides_boxes
    assert not window.truth.panel.legend.isVisible()


def test_hovering_a_missed_object_tells_why(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, own_truth: Path, tmp_path: Path
) -> None:
    hold(qtbot, window, film, model)
    give(qtbot, window, changed(own_truth, tmp_path / "t.json", {HELD: None}))
    view = window.area.view
    QApplication.processEvents()  # the panel has taken its room
    for point, said in (
        (QPointF(25, 280), "Missed red: no box comes near it"),
        (QPointF(cell_centre(HELD), 168), "Right: red"),
    ):
        qtbot.mouseMove(view, view.transform.to_view(point).toPoint())
        qtbot.waitUntil(lambda said=said: window.truth.layer.story.startswith(said), timeout=DEADLINE_MS)
    view.grab()


def test_hidden_classes_are_not_missed(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, own_truth: Path
) -> None:
    hold(qtbot, window, film, model)
    give(qtbot, window, own_truth)
    window.area.panel.toggle_class(0)
    qtbot.waitUntil(lambda: kinds(window) == {Kind.OTHER: 1}, timeout=DEADLINE_MS)


def test_another_model_or_overlap_makes_what_was_seen_void(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, own_truth: Path
) -> None:
    hold(qtbot, window, film, model)
    give(qtbot, window, own_truth)
    evaluate(qtbot, window)
    window.area.panel.nudge_score(0.1)
    assert window.truth.evaluation.judged is not None
    window.area.panel.nudge_iou(0.1)
    assert window.truth.evaluation.judged is None
