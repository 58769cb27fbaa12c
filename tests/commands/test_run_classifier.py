"""``detector-app run`` and ``info`` with a classifier, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from detector_app.cli import main
from tests.onnx_files import classifier_card, tiny_classifier

COLOURS = {"a.png": (0, 0, 255), "b.png": (0, 255, 0), "c.png": (0, 0, 255)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """``pictures/`` with two red ones and a green one, and ``colours.onnx``."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name, bgr in COLOURS.items():
        assert cv2.imwrite(str(pictures / name), np.full((40, 60, 3), bgr, np.uint8))
    tiny_classifier(tmp_path / "colours.onnx")
    return tmp_path


def run(folder: Path, *words: str) -> int:
    model, out = str(folder / "colours.onnx"), str(folder / "out")
    return main(["run", "--model", model, "--out", out, str(folder / "pictures"), *words])


def test_pictures_are_named_one_line_each_and_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder) == 0
    *answers, summary = capsys.readouterr().out.splitlines()
    assert answers == ["a.png: red 99.9 %", "b.png: green 99.9 %", "c.png: red 99.9 %"]
    assert "3 frames, best class: red 2, green 1," in summary
    assert "detection" not in summary.split("→", maxsplit=1)[0]
    lines = [json.loads(line) for line in (folder / "out" / "pictures.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["classification"]["top"][0]["class_name"] for line in lines] == ["red", "green", "red"]
    assert len(list((folder / "out" / "pictures_frames").iterdir())) == 3


@pytest.mark.parametrize(
    "words", [("--save", "coco"), ("--score", "0.5"), ("--classes", "red"), ("--max-detections", "3")]
)
def test_what_needs_boxes_is_refused(folder: Path, words: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, *words) == 2
    error = capsys.readouterr().err
    assert words[0] in error
    assert "classifier" in error
    assert not list((folder / "out").glob("*.json*")) or words[0] == "--save"


def test_values_that_are_not_finite_end_the_run_with_a_message(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_classifier(folder / "colours.onnx", weights=np.full((3, 3), np.nan))
    assert run(folder) == 1
    assert "its scores are not finite numbers" in capsys.readouterr().err


def test_info_tells_task_and_classes_and_no_thresholds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = tuple(f"n{i}" for i in range(300))
    card = classifier_card(names, channel_order="GREY", crop_fraction=0.875)
    tiny_classifier(folder / "many.onnx", card=card)
    assert main(["info", str(folder / "many.onnx")]) == 0
    text = capsys.readouterr().out
    assert "classify, decoder classifier" in text
    assert "300: n0, n1, " in text
    assert "n99, …\n" in text
    assert "32×32 GREY, crop of 0.875" in text
    assert "threshold" not in text
