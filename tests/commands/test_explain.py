"""``detector-app explain`` on real pictures and models."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from detector_app.cli import FAILED, OK, USAGE, main
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import default_settings, infer
from detector_app.sources.opener import open_source

DEMO = Path(__file__).parents[2] / "assets" / "demo.mp4"
LENET = DEMO.parent / "models" / "lenet-digits.onnx"


def record(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main(["explain", *words, "--json"]) == OK
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("model", ["desk-yolo", "mtcnn", "blood-faster-rcnn"])
def test_the_kept_are_the_detections(capsys: pytest.CaptureFixture[str], model: str) -> None:
    told = record(capsys, str(DEMO), "--frame", "30", "--model", model)
    source = open_source(str(DEMO))
    source.seek_index(30)
    pipeline = load_pipeline(model)
    found = pipeline.select(infer(pipeline, [source.read()]), default_settings(pipeline.card))[0]
    pipeline.close()
    source.close()
    kept = [one for one in told["looks"][-1]["candidates"] if one["fate"] == "kept"]
    assert (told["schema"], told["index"], told["width"]) == (1, 30, 640)
    assert [one["class"] for one in kept] == [found.name(i) for i in range(len(found))]
    np.testing.assert_allclose(np.reshape([one["xyxy"] for one in kept], (-1, 4)), found.xyxy, atol=0.006)
    np.testing.assert_allclose([one["score"] for one in kept], found.scores, atol=1e-6)
    assert told["stages"][-1]["count"] == len(found)


def test_what_would_show_a_box_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    asked = [str(DEMO), "--frame", "30", "--score", "0.95"]
    (best, *_) = record(capsys, *asked, "--at", "340,180")["near"]
    assert best["fate"] == "below_score"
    change = best["change"]
    assert change["threshold"] == "score"
    asked[-1] = str(change["value"])
    kept = [one for one in record(capsys, *asked)["looks"][-1]["candidates"] if one["fate"] == "kept"]
    assert best["id"] in [one["id"] for one in kept]


def test_the_text_names_stages_places_and_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(DEMO), "--time", "1", "--limit", "3"]) == OK
    out = capsys.readouterr().out
    assert "1,050  places of the network" in out
    assert "objectness 0.7" in out
    assert "suppressed by #0, overlap 0." in out
    assert "more" in out
    assert main(["explain", str(DEMO), "--at", "600,340", "--score", "0.9"]) == OK
    assert main(["explain", str(DEMO), "--time", "1", "--model", "mtcnn", "--limit", "2"]) == OK
    assert "P-Net: at or above the score" in capsys.readouterr().out


def test_columns_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(DEMO), "--frame", "30", "--limit", "14"]) == OK
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("#")]
    assert len(lines) == 14
    for sign in ("= objectness", " × class ", "  (", "  head "):
        assert len({line.index(sign) for line in lines}) == 1, sign


def test_what_nobody_can_tell_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(DEMO), "--model", "blood-faster-rcnn", "--limit", "1"]) == OK
    assert "stay within the graph" in capsys.readouterr().out


def test_two_models_together_tell_of_both(capsys: pytest.CaptureFixture[str]) -> None:
    told = record(capsys, str(DEMO), "--model", "desk-yolo+mtcnn", "--at", "340,180")
    assert [look["name"] for look in told["also"][0]["looks"]] == ["P-Net", "R-Net", "O-Net"]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ([str(DEMO), "--at", "9999,3"], USAGE, "a pixel of the frame, 640×"),
        ([str(DEMO), "--frame", "1", "--time", "1"], USAGE, "one of the two"),
        ([str(DEMO), "--frame", "99999"], FAILED, "demo.mp4"),
        ([str(DEMO), "--model", str(LENET)], FAILED, "no boxes to explain"),
        ([str(DEMO), "--classes", "unicorn"], USAGE, "unicorn"),
        ([str(LENET)], FAILED, "lenet-digits.onnx"),
        (["nowhere.png"], FAILED, "nowhere.png"),
    ],
)
def test_bad_input_is_one_line(capsys: pytest.CaptureFixture[str], words: list[str], code: int, told: str) -> None:
    assert main(["explain", *words]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert captured.err.count("\n") == 1


def test_a_point_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["explain", str(DEMO), "--at", "here"])
    assert "X,Y in pixels" in capsys.readouterr().err


def test_a_grey_picture_has_candidates_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "grey.png"), np.full((50, 30, 3), 128, np.uint8))
    told = record(capsys, str(tmp_path / "grey.png"), "--at", "10,10")
    assert told["stages"][-1]["count"] == 0
    assert told["near"]
