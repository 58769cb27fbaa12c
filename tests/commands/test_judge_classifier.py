"""``detector-app eval`` of a classifier on folders by class."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from detector_app.cli import main
from tests.onnx_files import classifier_card, tiny_anchor_model, tiny_classifier

COLOURS = {"red": (0, 0, 255), "green": (0, 255, 0), "blue": (255, 0, 0)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """``Red`` with three pictures, of which one is blue, ``green`` with one, ``yellow`` that no class is, ``blue`` empty."""
    for name, colours in {"Red": ("red", "red", "blue"), "green": ("green",), "yellow": ("red",), "blue": ()}.items():
        (tmp_path / "data" / name).mkdir(parents=True)
        for i, colour in enumerate(colours):
            picture = np.full((40, 60, 3), COLOURS[colour], np.uint8)
            assert cv2.imwrite(str(tmp_path / "data" / name / f"{i}.png"), picture)
    tiny_classifier(tmp_path / "colours.onnx")
    return tmp_path


def evaluate(folder: Path, *words: str) -> int:
    return main(["eval", "--model", str(folder / "colours.onnx"), "--images", str(folder / "data"), *words])


def test_shares_and_mistakes_are_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(folder, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {
        "model": "tiny-colours",
        "top1": 0.75,
        "top5": 1.0,
        "per_class": {"red": pytest.approx(2 / 3), "green": 1.0},
        "confused": [{"true": "red", "said": "blue", "pictures": 1}],
        "images": 4,
        "unmatched_folders": ["yellow"],
    }


def test_the_table_says_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(folder) == 0
    text = capsys.readouterr().out
    assert "red     0.667" in text
    assert "all     0.750   among the best five 1.000" in text
    assert "taken for another: red for blue, 1 times" in text
    assert "the model does not have them: yellow" in text


def test_the_best_five_are_not_all_of_six(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Class "red" is the least probable of six for any picture."""
    card = classifier_card(("red", "a", "b", "c", "d", "e"))
    weights = np.arange(6)[:, None] * np.ones(3)
    tiny_classifier(folder / "colours.onnx", card=card, weights=weights)
    assert evaluate(folder, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["top1"], found["top5"], found["images"]) == (0, 0, 3)


def test_what_does_not_go_together_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(folder, "--annotations", "coco.json") == 2
    assert "one folder of pictures per class" in capsys.readouterr().err
    tiny_anchor_model(folder / "colours.onnx")
    assert evaluate(folder) == 2
    assert "--annotations cannot be left out with a detector" in capsys.readouterr().err


def test_a_folder_without_the_classes_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tiny_classifier(folder / "colours.onnx", card=classifier_card(("x", "y", "z")))
    assert evaluate(folder) == 1
    assert "folders named like classes: x, y, z" in capsys.readouterr().err
    assert main(["eval", "--model", str(folder / "colours.onnx"), "--images", str(folder / "nowhere")]) == 1
    assert "nowhere cannot be read" in capsys.readouterr().err
