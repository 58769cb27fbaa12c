"""``detector-app run --track``: the same ids each time, counts, and what the command refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from detector_app.cli import main
from detector_app.engine.layout_files import write_layout
from detector_app.vision.zones import CountingLine, Layout

CLIP = Path(__file__).parents[2] / "assets" / "demo.mp4"
LINE = Layout((CountingLine("Middle", (0.5, 0.0), (0.5, 1.0)),))
PART = ("--model", "desk-yolo", "--start", "4", "--end", "5.5", "--providers", "cpu")


def run(out: Path, *options: str) -> int:
    return main(["run", str(CLIP), "--out", str(out), *PART, *options])


def lines(out: Path) -> list[dict[str, object]]:
    found = [json.loads(line) for line in (out / "demo.jsonl").read_text(encoding="utf-8").splitlines()]
    return [{key: value for key, value in one.items() if key != "timings_ms"} for one in found]


def test_twice_is_the_same_and_without_is_the_same_but_for_ids(tmp_path: Path) -> None:
    write_layout(tmp_path / "zones.json", LINE)
    track = ("--track", "--zones", str(tmp_path / "zones.json"), "--save", "jsonl,counts")
    assert [run(tmp_path / name, *track) for name in "ab"] == [0, 0]
    first = lines(tmp_path / "a")
    assert first == lines(tmp_path / "b")
    assert run(tmp_path / "c", "--save", "jsonl") == 0
    numbers = set()
    for one in first:
        for found in one["detections"]:  # type: ignore[attr-defined]
            numbers.add(found.pop("track_id"))
    assert numbers >= {1}
    assert first == lines(tmp_path / "c")
    (row,) = csv.DictReader((tmp_path / "a" / "demo.counts.csv").read_text("utf-8").splitlines())
    assert (row["name"], row["track_id"], row["event"]) == ("Middle", "1", "in")


def test_another_layout_is_another_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_layout(tmp_path / "zones.json", LINE)
    track = ("--track", "--zones", str(tmp_path / "zones.json"))
    assert run(tmp_path / "a", *track, "--save", "counts") == 0
    assert run(tmp_path / "a", *track, "--save", "counts") == 0
    assert "complete before" in capsys.readouterr().err
    write_layout(tmp_path / "zones.json", Layout((LINE.lines[0].turned(),)))
    assert run(tmp_path / "a", *track, "--save", "counts") == 2
    assert "another run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "told", "code"),
    [
        (("--zones", "x.json"), "--track", 2),
        (("--track", "--save", "counts"), "--zones", 2),
        (("--track", "--zones", "none.json"), "none.json", 1),
    ],
)
def test_what_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], told: str, code: int
) -> None:
    assert run(tmp_path, *options) == code
    assert told in capsys.readouterr().err
