"""The strip in the window: filled while playing and by analysis, from the sidecar at once, and following thresholds without inference."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from detector_app.engine.state import Phase
from detector_app.result_store.place import SUFFIX
from detector_app.ui.export_dialog import ExportRequest
from detector_app.ui.main_window import MainWindow
from detector_app.ui.timeline.timeline_desk import bins_of
from tests.ui.conftest import MakeWindow
from tests.ui.films import DEADLINE_MS, load, play, squares_film

TEXT = "no database"


@pytest.fixture
def own_film(film: Path, tmp_path: Path) -> Path:
    """A copy, beside which a sidecar may be put."""
    return Path(shutil.copy(film, tmp_path / "own film.mp4"))


def titles(window: MainWindow) -> list[str]:
    return [row.title for row in window.area.timeline.rows]


def analyse(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.actions_table["analyse"].isEnabled(), timeout=DEADLINE_MS)
    window.actions_table["analyse"].trigger()
    qtbot.waitUntil(lambda: window.timeline.complete, timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: not window.area.analysis.isVisible(), timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: bool(titles(window)), timeout=DEADLINE_MS)


def open_paused(window: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    load(qtbot, window, model)
    window.controller.open(str(film), autoplay=False)
    qtbot.waitUntil(lambda: window.state.phase is Phase.PAUSED, timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: window.area.timeline.isVisible(), timeout=DEADLINE_MS)


def test_playing_fills_the_strip(window: MainWindow, qtbot: QtBot, own_film: Path, model: Path) -> None:
    load(qtbot, window, model)
    play(qtbot, window, own_film)
    qtbot.waitUntil(lambda: titles(window) == ["red"], timeout=DEADLINE_MS)


def test_analysis_fills_it_without_playing_and_the_sidecar_at_once(
    make_window: MakeWindow, qtbot: QtBot, own_film: Path, model: Path
) -> None:
    window = make_window(keep_results="beside")
    open_paused(window, qtbot, own_film, model)
    analyse(window, qtbot)
    assert titles(window) == ["red"]
    assert not window.actions_table["analyse"].isEnabled()
    assert "Every frame is analysed" in window.area.messages.message.text
    qtbot.waitUntil(lambda: bool(window.area.timeline._visited.all()), timeout=DEADLINE_MS)
    row = window.area.timeline.rows[0]
    window.close()
    assert own_film.with_name(own_film.name + SUFFIX).is_file()
    again = make_window(keep_results="beside")
    open_paused(again, qtbot, own_film, model)
    qtbot.waitUntil(lambda: titles(again) == ["red"], timeout=DEADLINE_MS)
    np.testing.assert_array_equal(again.area.timeline.rows[0].values, row.values)
    assert again.controller.inference_count <= 1, "only the shown frame was looked at"


def test_the_score_acts_on_the_whole_strip_without_inference(
    window: MainWindow, qtbot: QtBot, own_film: Path, model: Path
) -> None:
    open_paused(window, qtbot, own_film, model)
    analyse(window, qtbot)
    runs = window.controller.inference_count
    settings = window.controller.settings
    for _ in range(20):
        window.area.panel.nudge_score(0.05)
    qtbot.waitUntil(lambda: titles(window) == [], timeout=DEADLINE_MS)
    for _ in range(20):
        window.area.panel.nudge_score(-0.05)
    qtbot.waitUntil(lambda: "red" in titles(window), timeout=DEADLINE_MS)
    assert window.controller.inference_count == runs
    assert window.controller.settings != settings
    window.area.panel.toggle_class(0)
    qtbot.waitUntil(lambda: "red" not in titles(window), timeout=DEADLINE_MS)


def test_the_event_keys_go_to_the_frame_where_something_comes(
    window: MainWindow, qtbot: QtBot, own_film: Path, model: Path
) -> None:
    open_paused(window, qtbot, own_film, model)
    analyse(window, qtbot)
    window.controller.seek_index(30)
    qtbot.waitUntil(lambda: window.area.timeline.time_s == pytest.approx(1.0), timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: window.actions_table["previous_event"].isEnabled(), timeout=DEADLINE_MS)
    window.actions_table["previous_event"].trigger()
    qtbot.waitUntil(lambda: window.controller.latest().frame.index == 0, timeout=DEADLINE_MS)


def test_a_cancelled_analysis_keeps_what_it_found(
    window: MainWindow, qtbot: QtBot, own_film: Path, model: Path
) -> None:
    open_paused(window, qtbot, own_film, model)
    window.actions_table["analyse"].trigger()
    window.area.analysis.cancelled.emit()
    qtbot.waitUntil(lambda: not window.area.analysis.isVisible(), timeout=DEADLINE_MS)
    qtbot.waitUntil(
        lambda: window.actions_table["analyse"].isEnabled() or window.timeline.complete, timeout=DEADLINE_MS
    )


def test_tables_are_exported_from_what_is_kept(
    window: MainWindow, qtbot: QtBot, own_film: Path, model: Path, tmp_path: Path
) -> None:
    open_paused(window, qtbot, own_film, model)
    analyse(window, qtbot)
    window.keeper._start_export(ExportRequest(("jsonl",), tmp_path / "out"))
    qtbot.waitUntil(lambda: "results are saved" in window.area.messages.message.text, timeout=DEADLINE_MS)
    assert window.state.export is None, "no run was started"
    (path,) = (tmp_path / "out").glob("*.jsonl")
    records = [json.loads(line) for line in path.read_text().splitlines()]
    assert [record["index"] for record in records] == list(range(60))
    assert records[0]["detections"][0]["class_name"] == "red"


def test_a_damaged_sidecar_is_set_aside_and_a_locked_one_told(
    make_window: MakeWindow, qtbot: QtBot, own_film: Path, model: Path
) -> None:
    sidecar = own_film.with_name(own_film.name + SUFFIX)
    sidecar.write_text(TEXT * 200, encoding="utf-8")
    window = make_window(keep_results="beside")
    open_paused(window, qtbot, own_film, model)
    analyse(window, qtbot)
    assert sidecar.with_name(sidecar.name + ".damaged").read_text(encoding="utf-8").startswith(TEXT)


def test_closing_the_window_midway_keeps_what_was_found(
    make_window: MakeWindow, qtbot: QtBot, tmp_path: Path, model: Path
) -> None:
    film = squares_film(tmp_path / "long.mp4", 1500)
    window = make_window(keep_results="beside")
    open_paused(window, qtbot, film, model)
    qtbot.waitUntil(lambda: window.actions_table["analyse"].isEnabled(), timeout=DEADLINE_MS)
    window.actions_table["analyse"].trigger()
    qtbot.waitUntil(lambda: titles(window) == ["red"], timeout=DEADLINE_MS)
    window.close()
    with closing(sqlite3.connect(film.with_name(film.name + SUFFIX))) as db:
        (count,) = db.execute("SELECT count(*) FROM frame").fetchone()
    assert 0 < count < 1500
    again = make_window(keep_results="beside")
    open_paused(again, qtbot, film, model)
    seen: list[int] = []
    qtbot.waitUntil(
        lambda: again.timeline.keeper.look(lambda kept: seen.append(kept.frame_total)) and seen[-1] >= count,
        timeout=DEADLINE_MS,
    )
    assert not again.timeline.complete


def test_the_button_beside_the_speed_analyses(window: MainWindow, qtbot: QtBot, own_film: Path, model: Path) -> None:
    open_paused(window, qtbot, own_film, model)
    (button,) = window.area.transport.tools
    qtbot.waitUntil(button.isEnabled, timeout=DEADLINE_MS)
    assert button.isVisible()
    assert button.accessibleName() or button.text() == "Analyse all frames"
    button.click()
    qtbot.waitUntil(lambda: window.timeline.complete, timeout=DEADLINE_MS)
    qtbot.waitUntil(lambda: not button.isEnabled(), timeout=DEADLINE_MS)


def test_a_press_before_the_sidecar_is_read_analyses_afterwards(
    window: MainWindow, qtbot: QtBot, own_film: Path, model: Path
) -> None:
    open_paused(window, qtbot, own_film, model)
    qtbot.waitUntil(lambda: window.actions_table["analyse"].isEnabled(), timeout=DEADLINE_MS)
    window.timeline.keeper.open(None)
    window.timeline.keeper.open(window.timeline._subject)
    window.timeline.analyse()
    qtbot.waitUntil(lambda: window.timeline.complete, timeout=DEADLINE_MS)


def test_a_cancelled_export_of_tables_leaves_whole_lines(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, model: Path
) -> None:
    film = squares_film(tmp_path / "long.mp4", 400)
    open_paused(window, qtbot, film, model)
    analyse(window, qtbot)
    assert window.timeline.takes_export(("jsonl",), tmp_path / "out")
    assert window.area.exports.isVisible()
    window.area.exports.cancelled.emit()
    qtbot.waitUntil(lambda: not window.area.exports.isVisible(), timeout=DEADLINE_MS)
    (path,) = (tmp_path / "out").glob("*.jsonl")
    for line in path.read_text(encoding="utf-8").splitlines():
        json.loads(line)


def test_faces_that_are_followed_or_named_are_exported_by_a_run(
    window: MainWindow, qtbot: QtBot, own_film: Path, model: Path, tmp_path: Path
) -> None:
    open_paused(window, qtbot, own_film, model)
    assert not window.timeline.takes_export(("jsonl",), tmp_path), "not all frames were seen"
    analyse(window, qtbot)
    assert not window.timeline.takes_export(("jsonl", "video"), tmp_path), "pictures are not kept"
    assert window.timeline.takes_export(("jsonl",), tmp_path / "out")
    qtbot.waitUntil(lambda: not window.area.exports.isVisible(), timeout=DEADLINE_MS)


def test_with_many_classes_the_strip_is_coarser_but_memory_bounded() -> None:
    assert bins_of(3600.0, 108_000, 20) == 1200
    assert bins_of(3600.0, 108_000, 600) == 400
    assert bins_of(3600.0, 108_000, 9000) == 300
    assert bins_of(2.0, 60) == 20
    assert bins_of(2.0, 5) == 5


def test_another_overlap_is_another_subject_once_the_slider_stays(
    window: MainWindow, qtbot: QtBot, own_film: Path, model: Path, tmp_path: Path
) -> None:
    open_paused(window, qtbot, own_film, model)
    analyse(window, qtbot)
    subjects = []
    opened = window.timeline.keeper.open
    window.timeline.keeper.open = lambda subject: (subjects.append(subject), opened(subject))
    for _ in range(10):
        window.area.panel.nudge_iou(0.01)
    assert subjects == []
    assert not window.timeline.takes_export(("jsonl",), tmp_path / "out"), "of this overlap nothing is known yet"
    window.area.panel.nudge_iou(0.1)
    iou = window.controller.settings.iou
    qtbot.waitUntil(lambda: window.timeline._subject.settings.select.iou == iou, timeout=DEADLINE_MS)
    assert len(subjects) == 2
    assert not window.timeline.complete
    for _ in range(20):
        window.area.panel.nudge_iou(-0.01)
    qtbot.waitUntil(lambda: window.timeline.complete, timeout=DEADLINE_MS)
