"""Ground truth in the real window: what a run wrote is all right when it is loaded again, and thresholds move the rest."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.cli import main
from detector_app.engine.state import Phase
from detector_app.evaluation.whole_run import LEAST_SCORE
from detector_app.ui.ground_truth.marks import Kind
from detector_app.ui.main_window import MainWindow
from tests.evaluation.truths import write_yolo
from tests.ui.conftest import MakeWindow
from tests.ui.films import DEADLINE_MS, FRAMES, cell_centre, load, play
from tests.ui.results import plain

HELD = 5


@pytest.fixture(scope="module")
def own_truth(film: Path, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What our own program writes of the film."""
    out = tmp_path_factory.mktemp("run")
    assert (
        main(["run", str(film), "--model", str(model), "--save", "coco", "--out", str(out), "--providers", "cpu"]) == 0
    )
    return next(out.rglob("*.coco.json"))


def changed(path: Path, target: Path, change: dict[int, list[float] | None]) -> Path:
    """The truth with other boxes for some frames (None: one more, far away)."""
    data = json.loads(path.read_text())
    image = {one["id"]: i for i, one in enumerate(data["images"])}
    for box in list(data["annotations"]):
        frame = image[box["image_id"]]
        if frame in change and change[frame] is not None:
            box["bbox"] = change[frame]
        elif frame in change:
            data["annotations"].append({**box, "id": 10_000 + frame, "bbox": [5, 260, 40, 40]})
    target.write_text(json.dumps(data), encoding="utf-8")
    return target


def kinds(window: MainWindow) -> Counter[Kind]:
    return Counter(mark.kind for mark in window.truth.layer.marks or ())


def hold(qtbot: QtBot, window: MainWindow, film: Path, model: Path, index: int = HELD) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    window.truth.walk.go_to(index)
    qtbot.waitUntil(lambda: shown_index(window) == index and window.state.phase is Phase.PAUSED, timeout=DEADLINE_MS)


def shown_index(window: MainWindow) -> int:
    shown = window.area.view.shown
    return -1 if shown is None else shown.frame.index


def give(qtbot: QtBot, window: MainWindow, truth: Path) -> None:
    window.truth.loader.load(truth)
    qtbot.waitUntil(lambda: window.truth.truth is not None, timeout=DEADLINE_MS)


def evaluate(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.truth.evaluation.ended, timeout=DEADLINE_MS):
        window.truth.evaluate()
    found = window.truth.evaluation
    qtbot.waitUntil(lambda: found.whole is not None and found.complete, timeout=DEADLINE_MS)


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


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    keys = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(QPointF(100, 100).toPoint(), *keys)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(100, 100), *keys))


def test_truth_and_film_can_be_dropped_together(window: MainWindow, qtbot: QtBot, film: Path, own_truth: Path) -> None:
    drop(window, film, own_truth)
    qtbot.waitUntil(lambda: window.truth.truth is not None and window.area.showing_picture, timeout=DEADLINE_MS)
    assert window.state.spec == str(film)


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "t.json"), ('{"images": [], "annotations": [], "categories": []}', "has no boxes"), ("[1]", "images")],
)
def test_bad_truth_is_one_clear_line(window: MainWindow, qtbot: QtBot, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "t.json").write_text(text)
    drop(window, tmp_path / "t.json")
    qtbot.waitUntil(lambda: window.area.messages.message is not None, timeout=DEADLINE_MS)
    assert said in window.area.messages.message.text  # type: ignore[union-attr]


def test_classes_and_pictures_that_do_not_fit_are_told(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, own_truth: Path, tmp_path: Path
) -> None:
    data = json.loads(own_truth.read_text())
    data["categories"] = [{"id": c["id"], "name": f"no {c['name']}"} for c in data["categories"]]
    data["images"] = [{**image, "file_name": f"picture{image['id']}x.jpg"} for image in data["images"]]
    (tmp_path / "t.json").write_text(json.dumps(data))
    hold(qtbot, window, film, model)
    give(qtbot, window, tmp_path / "t.json")
    assert "None of its classes" in window.truth.panel.classes.text()
    assert window.truth.panel.note.text() == "This picture is not annotated."
    with qtbot.waitSignal(window.truth.evaluation.ended, timeout=DEADLINE_MS):
        window.truth.evaluate()
    assert "None of the input's pictures" in window.area.messages.message.text  # type: ignore[union-attr]


@pytest.mark.parametrize("action", ["next_error", "previous_error"])
def test_without_truth_errors_are_not_known(window: MainWindow, qtbot: QtBot, film: Path, action: str) -> None:
    play(qtbot, window, film)
    window.actions_table[action].trigger()
    message = window.area.messages.message
    assert message is not None
    message.remedies[0].run()
    assert "No ground truth" in window.area.messages.message.text  # type: ignore[union-attr]


def test_closing_while_all_is_evaluated_leaves_no_thread(
    make_window: MakeWindow, qtbot: QtBot, film: Path, model: Path, own_truth: Path
) -> None:
    window = make_window(language="zh_CN")
    hold(qtbot, window, film, model)
    give(qtbot, window, own_truth)
    window.truth.evaluate()
    window.close()


def test_the_curve_grows_with_what_is_shown(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, own_truth: Path, tmp_path: Path
) -> None:
    hold(qtbot, window, film, model, 3)
    give(qtbot, window, changed(own_truth, tmp_path / "t.json", {4: None}))
    found, average = window.truth.evaluation, window.truth.panel.curve.average
    qtbot.waitUntil(lambda: found.frame(3) is not None, timeout=DEADLINE_MS)
    for index in (4, 5):
        window.truth.walk.go_to(index)
        qtbot.waitUntil(lambda n=index: found.frame(n) is not None, timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: found.judged is not None and len(found.judged.frames) == 3, timeout=DEADLINE_MS)
    assert "Pictures so far: 3 · mAP" in average.text()
    assert [(one.frame.index, one.missed) for one in window.truth.walk.errors() if one.errors] == [(4, 1)]
    before = window.controller.inference_count
    window.area.panel.nudge_iou(0.1)  # what was seen is void, and the held frame is not looked at again
    qtbot.waitUntil(lambda: "Pictures so far: 1, scores from 0.4" in average.text(), timeout=DEADLINE_MS)
    window.area.panel.nudge_score(-0.2)
    qtbot.waitUntil(lambda: "Pictures so far: 1, scores from 0.2" in average.text(), timeout=DEADLINE_MS)
    assert window.controller.inference_count == before
    window.truth.walk.go_to(6)
    qtbot.waitUntil(lambda: "Pictures so far: 1 · mAP" in average.text(), timeout=DEADLINE_MS)
    assert found.frame(6).floor == LEAST_SCORE  # type: ignore[union-attr]
    assert found.frame(5) is None, "of low scores nothing is known of it"


def test_the_pictures_of_a_truth_are_offered(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    write_yolo(tmp_path / "set")
    cv2.imwrite(str(tmp_path / "set" / "images" / "val" / "a.jpg"), plain())
    drop(window, tmp_path / "set")
    qtbot.waitUntil(lambda: window.area.messages.message is not None, timeout=DEADLINE_MS)
    message = window.area.messages.message
    assert message is not None
    message.remedies[0].run()
    qtbot.waitUntil(lambda: window.area.showing_picture, timeout=DEADLINE_MS)
    assert window.state.spec == str(tmp_path / "set" / "images" / "val")
    assert window.truth.truth is not None


def test_the_panel_follows_the_language_and_the_theme(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, own_truth: Path, tmp_path: Path
) -> None:
    hold(qtbot, window, film, model)
    give(qtbot, window, changed(own_truth, tmp_path / "t.json", {HELD: None}))
    evaluate(qtbot, window)
    window.preferences.set(language="zh_CN", theme="light")
    panel = window.truth.panel
    qtbot.waitUntil(lambda: panel.picture_errors.item(0).text().startswith("漏检"), timeout=DEADLINE_MS)
    texts = (panel.evaluate_button.text(), panel.curve.choice.itemText(0), panel.worst.horizontalHeaderItem(2).text())
    assert texts == ("全部评估", "全部类别合计", "漏检")
    panel.tabs.setCurrentIndex(1)
    panel.grab()


def test_a_run_is_left_when_the_overlap_changes(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, own_truth: Path
) -> None:
    hold(qtbot, window, film, model)
    give(qtbot, window, own_truth)
    window.truth.evaluate()
    assert window.truth.panel.progress.busy
    window.area.panel.nudge_iou(0.1)
    assert not window.truth.panel.progress.busy
    evaluate(qtbot, window)
    assert window.truth.evaluation.complete
    judged = window.truth.evaluation.judged
    assert judged is not None
    assert len(judged.frames) == FRAMES


def test_without_what_is_needed_evaluating_says_what_is_missing(
    window: MainWindow, qtbot: QtBot, model: Path, own_truth: Path
) -> None:
    give(qtbot, window, own_truth)
    window.truth.evaluate()
    assert "detector" in window.area.messages.message.text  # type: ignore[union-attr]
    load(qtbot, window, model)
    window.truth.evaluate()
    assert "Open the annotated" in window.area.messages.message.text  # type: ignore[union-attr]


def test_frames_that_are_counted_from_one(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, own_truth: Path, tmp_path: Path
) -> None:
    data = json.loads(own_truth.read_text())
    data["images"] = [{**image, "file_name": f"{i:06d}.jpg"} for i, image in enumerate(data["images"], 1)]
    (tmp_path / "t.json").write_text(json.dumps(data))
    hold(qtbot, window, film, model)
    give(qtbot, window, tmp_path / "t.json")
    assert kinds(window) == {Kind.WRONG: 1, Kind.MISSED: 1}, "that of the frame before"
    assert window.truth.panel.numbering.isVisibleTo(window.truth.panel)
    window.truth.panel.first_number.setValue(1)
    assert kinds(window) == {Kind.RIGHT: 1}
