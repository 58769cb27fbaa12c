"""``detector-app eval``: the numbers, the names, the picture, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from detector_app.cli import FAILED, OK, main
from tests.onnx_files import BLUE_BGR, GREY_BGR, RED_BGR, SQUARE_PX, tiny_anchor_model
from tests.region_files import tiny_selected

SIDE_PX = 320
CORNER_PX = 120
"""The square is centred on a cell of the tiny model: its box is exact."""


def picture(path: Path, colour_bgr: tuple[int, int, int] | None) -> None:
    image = np.full((SIDE_PX, SIDE_PX, 3), GREY_BGR, np.uint8)
    if colour_bgr:
        image[CORNER_PX : CORNER_PX + SQUARE_PX, CORNER_PX : CORNER_PX + SQUARE_PX] = colour_bgr
    assert cv2.imwrite(str(path), image)


@pytest.fixture
def data_set(tmp_path: Path) -> Path:
    """Two pictures with a square, one without; category ids are not the model's class ids."""
    picture(tmp_path / "red.png", RED_BGR)
    picture(tmp_path / "blue.png", BLUE_BGR)
    picture(tmp_path / "none.png", None)
    tiny_anchor_model(tmp_path / "tiny.onnx")
    box = [CORNER_PX, CORNER_PX, SQUARE_PX, SQUARE_PX]
    content = {
        "images": [{"id": i, "file_name": f"{name}.png"} for i, name in enumerate(("red", "blue", "none"), 40)],
        "annotations": [
            {"id": 1, "image_id": 40, "category_id": 9, "bbox": box},
            {"id": 2, "image_id": 41, "category_id": 5, "bbox": box},
            {"id": 3, "image_id": 42, "category_id": 6, "bbox": box},
        ],
        "categories": [{"id": 5, "name": "Blue"}, {"id": 9, "name": "RED"}, {"id": 6, "name": "green"}],
    }
    (tmp_path / "coco.json").write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


def evaluate(folder: Path, *words: str) -> int:
    files = ["--model", str(folder / "tiny.onnx"), "--annotations", str(folder / "coco.json"), "--images", str(folder)]
    return main(["eval", *files, "--curves", str(folder / "pr.png"), *words])


def test_exact_boxes_are_judged_perfect(data_set: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(data_set, "--json") == OK
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["mAP50"] == pytest.approx(1)
    assert found["mAP50_95"] == pytest.approx(1)
    assert found["per_class"] == pytest.approx({"Blue": 1, "RED": 1})
    assert found["images"] == 3
    assert found["unmatched_categories"] == ["green"]
    assert (data_set / "pr.png").read_bytes().startswith(b"\x89PNG")


def test_a_wrong_box_costs(data_set: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = json.loads((data_set / "coco.json").read_text())
    content["annotations"][0]["bbox"] = [0, 0, SQUARE_PX, SQUARE_PX]
    (data_set / "coco.json").write_text(json.dumps(content))
    assert evaluate(data_set, "--json") == OK
    assert json.loads(capsys.readouterr().out)["per_class"] == pytest.approx({"Blue": 1, "RED": 0})


def test_the_table_names_what_was_not_judged(data_set: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(data_set) == OK
    table = capsys.readouterr().out
    assert "1.000   1.000" in table
    assert "green" in table


@pytest.mark.parametrize("name", ["../outside.png", "absent.png"])
def test_pictures_that_are_not_there_or_not_ours(data_set: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    picture(data_set.parent / "outside.png", None)
    content = json.loads((data_set / "coco.json").read_text())
    content["images"][0]["file_name"] = name
    (data_set / "coco.json").write_text(json.dumps(content))
    assert evaluate(data_set) == FAILED
    assert Path(name).name in capsys.readouterr().err


def test_figures_of_a_known_detector(
    yolo_fastest: Path, shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The figures that other software measured with the same weights on the same pictures.

    That software sets class scores under 0.2 (the region layer's threshold) to zero, so the comparison is made at that score;
    all scores together give more (0.55 here).
    """
    folder = shared_data / "train" / "coco_permissive60"
    words = ["--model", str(yolo_fastest), "--annotations", str(folder / "annotations_val.json"), "--score", "0.2"]
    words += ["--images", str(folder / "images"), "--iou", "0.45", "--curves", str(tmp_path / "pr.png"), "--json"]
    assert main(["eval", *words]) == OK
    found = json.loads(capsys.readouterr().out)
    golden = json.loads((shared_data / "reference" / "goldens" / "yolo_fastest_map.json").read_text())
    expected = golden["yolo-fastest-1.1-xl"]["coco_permissive60/val"]
    assert found["images"] == expected["images"]
    assert found["mAP50"] == pytest.approx(expected["mAP50"], abs=0.005)
    assert found["mAP50_95"] == pytest.approx(expected["mAP50_95"], abs=0.005)


def test_a_graph_that_selects_for_itself_is_judged_at_every_score(
    data_set: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its own threshold would leave out what is unsure; the least score that is judged must reach the graph."""
    tiny_selected(data_set / "tiny.onnx")
    small = np.full((SIDE_PX, SIDE_PX, 3), GREY_BGR, np.uint8)
    small[CORNER_PX + 4 : CORNER_PX + 28, CORNER_PX + 4 : CORNER_PX + 28] = RED_BGR  # at a score of about 0.3
    assert cv2.imwrite(str(data_set / "red.png"), small)
    assert evaluate(data_set, "--json") == OK
    assert json.loads(capsys.readouterr().out)["per_class_50"] == pytest.approx({"Blue": 1, "RED": 1})
    assert evaluate(data_set, "--json", "--score", "0.4") == OK
    assert json.loads(capsys.readouterr().out)["per_class_50"] == pytest.approx({"Blue": 1, "RED": 0})
