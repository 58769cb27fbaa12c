"""How ground truth comes in: dropped, broken, of other pictures, counted from one; and when it has to go."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.evaluation.whole_run import LEAST_SCORE
from detector_app.ui.ground_truth.marks import Kind
from detector_app.ui.main_window import MainWindow
from tests.evaluation.truths import write_yolo
from tests.ui.conftest import MakeWindow
from tests.ui.films import DEADLINE_MS, FRAMES, load, play
from tests.ui.ground_truth.judging import HELD, changed, evaluate, give, hold, kinds
from tests.ui.results import plain


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
