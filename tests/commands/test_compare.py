"""``detector-app compare`` on the demo clip with real models."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from detector_app.cli import FAILED, OK, USAGE, main

DEMO = Path(__file__).parents[2] / "assets" / "demo.mp4"
FEW = ("--limit", "4", "--every", "20")


def record(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main(["compare", str(DEMO), *words, *FEW, "--json"]) == OK
    return json.loads(capsys.readouterr().out)


def test_a_model_agrees_with_itself(capsys: pytest.CaptureFixture[str]) -> None:
    told = record(capsys, "--model", "desk-yolo", "--with", "desk-yolo")
    assert told["frames"] == 4
    assert told["agreement"]["both"] == told["a"]["detections"] == told["b"]["detections"] > 0
    assert told["agreement"]["share"] == told["mean_iou"] == 1.0
    assert told["worst"] == []
    assert told["a"]["run_ms"] > 0


def test_another_score_of_b_makes_boxes_that_only_one_has(capsys: pytest.CaptureFixture[str]) -> None:
    told = record(capsys, "--model", "desk-yolo", "--with", "desk-yolo", "--score", "0.3", "--score-b", "0.9")
    assert (told["a"]["score"], told["b"]["score"]) == (0.3, 0.9)
    total = told["agreement"]
    assert total["only_a"] == told["a"]["detections"] - told["b"]["detections"] > 0
    assert total["only_b"] == 0
    assert sum(one["only_a"] for one in told["by_class"].values()) == total["only_a"]
    assert told["worst"][0]["differing"] == max(one["differing"] for one in told["worst"])
    assert all(one["index"] % 20 == 0 for one in told["worst"])


def test_models_of_other_classes_have_nothing_to_disagree_about(capsys: pytest.CaptureFixture[str]) -> None:
    told = record(capsys, "--model", "desk-yolo", "--with", "blood-cells")
    assert told["by_class"] == {}
    assert sum(told["only_a_knows"].values()) == told["a"]["detections"]
    assert sum(told["only_b_knows"].values()) == told["b"]["detections"]
    assert told["mean_iou"] is None
    assert main(["compare", str(DEMO), "--model", "desk-yolo", "--with", "blood-cells", *FEW]) == OK
    assert "nothing was found of a class that both know" in capsys.readouterr().out


def test_as_csv_and_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["compare", str(DEMO), "--model", "desk-yolo", "--with", "desk-yolo", *FEW]
    assert main([*words, "--csv"]) == OK
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["share"] for row in rows} == {"1.0"}
    assert main(words) == OK
    text = capsys.readouterr().out
    assert "together" in text
    assert "100.0 %" in text


def test_what_cannot_be_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(DEMO), "--model", "desk-yolo", "--with", "lenet-digits"]) == FAILED
    assert "classifier" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["compare", str(DEMO), "--model", "desk-yolo", "--with", "desk-yolo", "--score", "3"])
    assert ended.value.code == USAGE
