"""JSON lines and tables: the exact format, complete at any moment."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detector_app.errors import DiskFullError, SinkError
from detector_app.sinks.csv_table import COLUMNS, PEOPLE, CsvTable
from detector_app.sinks.jsonl import JsonLines, read_last_index
from detector_app.sinks.opener import open_sinks
from detector_app.sources.source import SourceInfo
from detector_app.vision.detections import Detections
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.identity import Identity
from tests.sinks.results import result_of, write_noise


def test_one_json_line_for_each_frame_in_the_promised_form(tmp_path: Path) -> None:
    sink = JsonLines(tmp_path / "out.jsonl")
    sink.write(result_of(7, found=3))
    lines = sink.path.read_text(encoding="utf-8").splitlines()  # complete before it is closed
    sink.close()
    sink.close()
    record = json.loads(lines[0])
    assert list(record) == ["source", "index", "time_s", "width", "height", "detections", "timings_ms"]
    assert (record["source"], record["index"], record["width"], record["height"]) == ("clip.mp4", 7, 96, 64)
    assert record["time_s"] == pytest.approx(7 / 30, abs=1e-6)
    assert record["detections"][0] == {
        "xyxy": [4.25, 40.0, 30.5, 60.0],
        "score": 0.9,
        "class_id": 0,
        "class_name": "cup",
    }
    assert record["detections"][2]["class_name"] == "剪刀"
    assert record["timings_ms"] == {"decode": 1.0, "prepare": 0.5, "run": 10.25, "select": 0.25}


def test_a_frame_without_detections_has_a_line_too(tmp_path: Path) -> None:
    sink = JsonLines(tmp_path / "out.jsonl")
    sink.write(result_of(0, found=0))
    sink.close()
    assert json.loads(sink.path.read_text())["detections"] == []


def test_landmarks_are_written_where_there_are_some(tmp_path: Path) -> None:
    plain = result_of(0)
    points = np.array([[[1.5, 2.25], [3, 4]]], np.float32)
    faces = Detections(plain.detections.xyxy, plain.detections.scores, plain.detections.class_ids, ("face",), points)
    sink = JsonLines(tmp_path / "out.jsonl")
    sink.write(FrameResult(plain.frame, faces))
    sink.close()
    assert json.loads(sink.path.read_text())["detections"][0]["landmarks"] == [[1.5, 2.25], [3.0, 4.0]]


def test_a_file_name_that_is_no_text_is_still_written(tmp_path: Path) -> None:
    sink = JsonLines(tmp_path / "out.jsonl")
    sink.write(result_of(0, source="caf\udce9.mp4"))
    sink.close()
    assert json.loads(sink.path.read_text(encoding="utf-8"))["source"] == "caf\udce9.mp4"


def test_the_last_complete_line_is_found(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"")
    assert read_last_index(path) is None
    path.write_bytes(b'{"index": 4, "detec')
    assert read_last_index(path) is None
    path.write_bytes(b'{"index": 4}\n{"index": 5}\n{"index": 6, "de')
    assert read_last_index(path) == 5
    path.write_bytes(b'{"index": 4}\n{"index": 5}\n' + b'{"index": 6, "x": "' + b"y" * 3_000_000 + b'"}\n{"in')
    assert read_last_index(path) == 6
    path.write_bytes(b'{"index": 4}\nnonsense\n[1]\n')
    assert read_last_index(path) == 4


def test_one_row_for_each_detection(tmp_path: Path) -> None:
    sink = CsvTable(tmp_path / "out.csv")
    for i, found in enumerate((2, 0, 1)):
        sink.write(result_of(i, found=found, source="a,b.mp4"))
    sink.close()
    with sink.path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["index"], row["class_name"]) for row in rows] == [("0", "cup"), ("0", "bottle"), ("2", "cup")]
    assert rows[0]["source"] == "a,b.mp4"
    assert [float(rows[0][key]) for key in ("x1", "y1", "x2", "y2", "score")] == [4.25, 40.0, 30.5, 60.0, 0.9]


def test_a_table_of_nothing_has_its_heading(tmp_path: Path) -> None:
    sink = CsvTable(tmp_path / "out.csv")
    sink.close()
    assert sink.path.read_text() == ",".join(COLUMNS) + "\n"


@pytest.mark.parametrize("kind", [JsonLines, CsvTable])
def test_a_folder_that_does_not_exist_is_told(tmp_path: Path, kind: type[JsonLines] | type[CsvTable]) -> None:
    with pytest.raises(SinkError, match="No such file"):
        kind(tmp_path / "missing" / "out")


@pytest.mark.parametrize("kind", [JsonLines, CsvTable])
def test_a_full_disk_keeps_complete_lines_only(tiny_disk: Path, kind: type[JsonLines] | type[CsvTable]) -> None:
    sink = kind(tiny_disk / "out")
    with pytest.raises(DiskFullError):
        write_noise(sink)
    sink.close()
    text = sink.path.read_text()
    assert len(text) > 200_000
    assert text.endswith("\n")
    if kind is JsonLines:
        assert json.loads(text.splitlines()[-1])["index"] == read_last_index(sink.path)


def named_faces() -> FrameResult:
    plain = result_of(0, found=4)
    identities = (Identity("Anna", 0.123456, known=True), None, Identity("Anna", 0.9), Identity(refusal="too small"))
    points = np.full((4, 5, 2), np.nan, np.float32)
    points[0] = 1.5
    return replace(plain, detections=replace(plain.detections, identities=identities, landmarks_xy=points))


def test_whose_face_it_is_stands_in_the_line(tmp_path: Path) -> None:
    sink = JsonLines(tmp_path / "out.jsonl")
    sink.write(named_faces())
    sink.close()
    found = json.loads(sink.path.read_text())["detections"]
    assert [one.get("identity") for one in found] == [
        {"name": "Anna", "distance": 0.12346, "known": True},
        None,
        {"name": None, "distance": 0.9, "known": False},
        {"name": None, "distance": None, "known": False, "refusal": "too small"},
    ]
    assert ["landmarks" in one for one in found] == [True, False, False, False]


def test_a_table_with_people_has_two_more_columns(tmp_path: Path) -> None:
    (sink,) = open_sinks(["csv"], tmp_path, "out", SourceInfo("v", "video", False, True, 96, 64), people=True)
    sink.write(named_faces())
    sink.close()
    with sink.path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == (*COLUMNS, *PEOPLE)
    assert [(row["person"], row["distance"]) for row in rows] == [("Anna", "0.12346"), ("", ""), ("", "0.9"), ("", "")]
