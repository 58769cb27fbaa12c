from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import av
import cv2
import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from detector_app.engine.state import Phase
from detector_app.ui.keeper import file_stem, keep_folder
from detector_app.ui.main_window import MainWindow
from detector_app.ui.message_bar import Severity
from tests.ui.films import DEADLINE_MS, FRAMES, load, play, squares_film, wait_for_phase

PICTURES = QStandardPaths.StandardLocation.PicturesLocation
MOVIES = QStandardPaths.StandardLocation.MoviesLocation


def said(qtbot: QtBot, window: MainWindow, text: str) -> None:
    def shown() -> bool:
        message = window.area.messages.message
        return message is not None and text in message.text

    qtbot.waitUntil(shown, timeout=DEADLINE_MS)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("/films/Desk 1.mp4", "Desk-1-20260102-030405-006"),
        ("rtsp://host/a b", "a-b-20260102-030405-006"),
        ("杯子.mp4", "杯子-20260102-030405-006"),
        ("///", "picture-20260102-030405-006"),
        ("x" * 300, "x" * 60 + "-20260102-030405-006"),
    ],
)
def test_names_are_valid_and_sortable(name: str, stem: str) -> None:
    assert file_stem(name, datetime(2026, 1, 2, 3, 4, 5, 6000, tzinfo=UTC)) == stem


def test_a_snapshot_is_a_picture_with_the_box_on_it(window: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    window.controller.pause()
    window.controller.seek_index(4)
    qtbot.waitUntil(
        lambda: window.controller.latest().frame.index == 4 and len(window.controller.latest().detections) == 1
    )
    window.actions_table["snapshot"].trigger()
    said(qtbot, window, "The snapshot is saved")
    (file,) = keep_folder(PICTURES).iterdir()
    picture = cv2.imread(str(file))
    assert picture.shape == (320, 320, 3)
    assert abs(picture.astype(int) - window.controller.latest().frame.image_bgr).max() > 50


def test_a_snapshot_that_cannot_be_written_is_told(window: MainWindow, qtbot: QtBot, film: Path, home: Path) -> None:
    folder = keep_folder(PICTURES)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder should be")
    play(qtbot, window, film)
    window.actions_table["snapshot"].trigger()
    said(qtbot, window, "cannot be written")
    assert window.area.messages.message.severity is Severity.DANGER
    assert home in folder.parents


def test_a_recording_can_be_played(window: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    window.actions_table["record"].trigger()
    qtbot.waitUntil(lambda: window.state.recording is not None, timeout=DEADLINE_MS)
    assert window.actions_table["record"].isChecked()
    wait_for_phase(qtbot, window, Phase.ENDED)
    window.actions_table["record"].trigger()
    said(qtbot, window, "The recording is saved")
    assert not window.actions_table["record"].isChecked()
    (file,) = keep_folder(MOVIES).iterdir()
    with av.open(str(file)) as container:
        assert sum(1 for _ in container.decode(video=0)) > 10


def ask(window: MainWindow, folder: Path, *kinds: str) -> None:
    dialog = window.keeper.ask_export()
    assert dialog is not None
    for kind in ("video", "jsonl", "csv", "coco", "frames"):
        dialog.box(kind).setChecked(kind in kinds)
    dialog.folder.setText(str(folder))
    dialog.start_button.click()


def test_an_export_writes_every_frame(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, tmp_path: Path
) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    ask(window, tmp_path / "out", "jsonl", "csv")
    assert window.area.exports.isVisible()
    said(qtbot, window, "The results are saved in out")
    assert not window.area.exports.isVisible()
    (lines,) = (tmp_path / "out").glob("*.jsonl")
    frames = [json.loads(line) for line in lines.read_text().splitlines()]
    assert [frame["index"] for frame in frames] == list(range(FRAMES))
    assert all(len(frame["detections"]) == 1 for frame in frames)
    assert len(list((tmp_path / "out").glob("*.csv"))) == 1


def test_an_export_can_be_cancelled(window: MainWindow, qtbot: QtBot, model: Path, tmp_path: Path) -> None:
    long = squares_film(tmp_path / "long.mp4", frames=1500)
    load(qtbot, window, model)
    play(qtbot, window, long)
    ask(window, tmp_path / "out", "video")
    window.area.exports.findChild(QPushButton).click()
    said(qtbot, window, "The export was cancelled")
    (file,) = (tmp_path / "out").glob("*.mp4")
    with av.open(str(file)) as container:
        assert sum(1 for _ in container.decode(video=0)) < 1500


def test_an_export_to_where_nothing_can_be_written_is_told(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file")
    load(qtbot, window, model)
    play(qtbot, window, film)
    ask(window, tmp_path / "out", "jsonl")
    said(qtbot, window, "cannot be written")
    qtbot.waitUntil(lambda: not window.area.exports.isVisible(), timeout=DEADLINE_MS)
    assert window.actions_table["export"].isEnabled()


def test_an_export_needs_a_kind_and_a_folder(window: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    dialog = window.keeper.ask_export()
    assert dialog is not None
    assert dialog.start_button.isEnabled()
    dialog.folder.setText("  ")
    assert not dialog.start_button.isEnabled()
    dialog.folder.setText("out")
    dialog.box("video").setChecked(False)
    dialog.box("jsonl").setChecked(False)
    assert not dialog.start_button.isEnabled()
