"""What the receivers make of a classifier's answers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from detector_app.errors import SinkError
from detector_app.sinks.coco import CocoFile
from detector_app.sinks.contact_sheet import TILE_WIDTH_PX, ContactSheet
from detector_app.sinks.csv_table import CsvTable
from detector_app.sinks.jsonl import JsonLines
from detector_app.sinks.snapshot import write_snapshot
from detector_app.sinks.video import VideoWriter
from tests.sinks.results import classified, result_of


def test_a_json_line_has_the_best_classes_and_no_boxes(tmp_path: Path) -> None:
    sink = JsonLines(tmp_path / "a.jsonl")
    sink.write(classified(0, best=2))
    sink.write(result_of(1))
    sink.close()
    first, second = map(json.loads, sink.path.read_text(encoding="utf-8").splitlines())
    assert first["detections"] == []
    assert first["classification"] == {
        "top": [
            {"class_id": 2, "class_name": "剪刀", "probability": 0.75},
            {"class_id": 0, "class_name": "cup", "probability": 0.125},
            {"class_id": 1, "class_name": "bottle", "probability": 0.125},
        ],
        "seen_xyxy": [140.0, 0.0, 500.0, 360.0],
    }
    assert "classification" not in second


def test_a_table_has_one_row_for_each_frame(tmp_path: Path) -> None:
    sink = CsvTable(tmp_path / "a.csv")
    sink.write(classified(0, best=2))
    sink.write(classified(1, best=0))
    sink.close()
    with sink.path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["index"], row["class_name"], row["score"], row["x1"]) for row in rows] == [
        ("0", "剪刀", "0.75", ""),
        ("1", "cup", "0.75", ""),
    ]


def test_coco_says_that_it_holds_boxes_alone(tmp_path: Path) -> None:
    sink = CocoFile(tmp_path / "a.coco.json", "video")
    with pytest.raises(SinkError, match="COCO files hold boxes, and a classifier finds none"):
        sink.write(classified(0))
    sink.close()


def test_a_snapshot_and_a_video_show_the_panel(tmp_path: Path) -> None:
    write_snapshot(tmp_path / "a.png", classified(0))
    still = cv2.imread(str(tmp_path / "a.png"))
    assert still is not None
    sink = VideoWriter(tmp_path / "a.mp4", 30)
    sink.write(classified(0))
    sink.write(classified(1, size_wh=(320, 180)))
    sink.close()
    with av.open(str(sink.path)) as container:
        frames = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    for picture in (still, *frames):
        panel = picture[12:80, 12:160].astype(int)
        assert np.median(panel) < 50
        assert panel.max() > 200
        assert abs(int(np.median(picture[300:, 200:])) - 90) < 4


def test_tiles_of_a_contact_sheet_name_the_best_class(tmp_path: Path) -> None:
    sink = ContactSheet(tmp_path / "a.png")
    sink.write(classified(0))
    sink.close()
    sheet = cv2.imread(str(sink.path))
    assert sheet is not None
    tile = sheet[8:188, 8 : 8 + TILE_WIDTH_PX]
    assert (tile[1, 1] < 40).all()
    assert (tile[100, 20] == 90).all()
