"""Ids and counts in files, only where things are followed."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detector_app.engine.layout_files import read_layout, write_layout
from detector_app.errors import SettingError, ZonesError
from detector_app.sinks.counts_table import COLUMNS, CountsTable, write_events
from detector_app.sinks.csv_table import CsvTable
from detector_app.sinks.opener import open_sinks
from detector_app.vision.drawing import label_text
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.zones import Anchor, CountingLine, Layout, Zone
from tests.sinks.results import result_of

LAYOUT = Layout(
    (CountingLine("Tür", (0.5, 1), (0.5, 0)), Zone("Desk", ((0.5, 0), (1, 0), (1, 1), (0.5, 1)))), Anchor.BOTTOM
)


class Facts:
    kind, fps = "video", 30.0


def followed(index: int, left: float, number: int) -> FrameResult:
    """One cup at ``left`` that is followed as ``number``."""
    result = result_of(index)
    boxes = np.array([[left, 40, left + 10, 60]], np.float32)
    return replace(result, detections=replace(result.detections, xyxy=boxes, track_ids=np.array([number])))


@pytest.mark.parametrize("tracked", [False, True])
def test_ids_are_written_where_things_are_followed(tmp_path: Path, tracked: bool) -> None:
    sinks = open_sinks(("jsonl", "csv", "coco"), tmp_path, "x", Facts(), layout=Layout() if tracked else None)
    for sink in sinks:
        for index, number in ((0, -1), (1, 7)):
            sink.write(followed(index, 10, number) if tracked else result_of(index))
        sink.close()
    lines = [json.loads(line)["detections"][0] for line in (tmp_path / "x.jsonl").read_text("utf-8").splitlines()]
    notes = json.loads((tmp_path / "x.coco.json").read_text("utf-8"))["annotations"]
    rows = list(csv.DictReader((tmp_path / "x.csv").read_text("utf-8").splitlines()))
    if tracked:
        assert [one["track_id"] for one in lines] == [None, 7]
        assert [one["track_id"] for one in notes] == [None, 7]
        assert [one["track_id"] for one in rows] == ["", "7"]
    else:
        assert not any("track_id" in one for one in (*lines, *notes, *rows))


def test_people_and_tracks_have_their_columns(tmp_path: Path) -> None:
    table = CsvTable(tmp_path / "x.csv", people=True, tracked=True)
    table.write(followed(0, 10, 3))
    table.close()
    row = next(csv.DictReader((tmp_path / "x.csv").read_text("utf-8").splitlines()))
    assert (row["person"], row["distance"], row["track_id"]) == ("", "", "3")


def test_counts_are_rows_and_the_end_is_written_too(tmp_path: Path) -> None:
    table = CountsTable(tmp_path / "x.counts.csv", LAYOUT)
    for index, left in enumerate((10, 30, 60, 80)):
        table.write(followed(index, left, 4))
    for _ in range(2):
        table.close()
    rows = list(csv.DictReader((tmp_path / "x.counts.csv").read_text("utf-8").splitlines()))
    assert tuple(rows[0]) == COLUMNS
    found = [(row["index"], row["kind"], row["name"], row["track_id"], row["class_name"], row["event"]) for row in rows]
    assert found == [
        ("2", "line", "Tür", "4", "cup", "in"),
        ("2", "zone", "Desk", "4", "cup", "enter"),
        ("3", "zone", "Desk", "4", "cup", "vanish"),
    ]


def test_no_events_is_a_heading(tmp_path: Path) -> None:
    write_events(tmp_path / "x.csv", ())
    assert (tmp_path / "x.csv").read_text("utf-8") == ",".join(COLUMNS) + "\n"


def test_counts_need_something_to_count(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="counts"):
        open_sinks(("counts",), tmp_path, "x", Facts())


def test_labels_say_the_number() -> None:
    assert label_text(followed(0, 10, 7).detections, 0, True) == "cup 0.90 #7"
    assert label_text(followed(0, 10, -1).detections, 0, True) == "cup 0.90"
    assert label_text(result_of(0).detections, 0, True) == "cup 0.90"


def test_layout_files(tmp_path: Path) -> None:
    path = tmp_path / "zones.json"
    write_layout(path, LAYOUT)
    assert read_layout(path) == LAYOUT
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_layout(path) == LAYOUT
    path.write_bytes(b"\xff\xfe{")
    for wrong in (path, tmp_path, tmp_path / "none.json"):
        with pytest.raises(ZonesError, match=r"zones|lines"):
            read_layout(wrong)
