"""Whole files of the shapes that the ONNX zoo and OpenCV's zoo document, with known numbers in them: guessed, opened, and decoded.

The published files are not at hand; each graph here gives constant outputs, whatever the picture, and a loop over them is the reference.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import helper

from detector_app.errors import CardMissingError
from detector_app.pipelines.class_names import COCO, VOC
from detector_app.pipelines.known_models import KNOWN, card_of_known
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.reading.file_reading import read_file
from detector_app.vision.detections import Detections
from tests.onnx_files import write_onnx
from tests.pipelines.face_cards import found_with

TINY_ANCHORS = ((1.08, 1.19), (3.42, 4.41), (6.63, 11.38), (9.42, 5.11), (16.62, 10.52))


def constant_model(path: Path, outputs: dict[str, NDArray[np.float32]], side_px: int) -> Path:
    """A graph that takes (1, 3, side, side) and always gives ``outputs``: 0 · mean of the picture is added."""
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], axes=[0, 1, 2, 3], keepdims=0),
        helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
        *(helper.make_node("Add", [f"constant_{name}", "nothing"], [name]) for name in outputs),
    ]
    weights = {"zero": np.zeros((), np.float32), **{f"constant_{name}": array for name, array in outputs.items()}}
    return write_onnx(path, nodes, {"images": (1, 3, side_px, side_px)}, tuple(outputs), weights, {})


def found_in(path: Path, side_px: int) -> Detections:
    with pytest.raises(CardMissingError):
        load_pipeline(path)
    (found,) = found_with(path, read_file(path).card_for(), [np.full((side_px, side_px, 3), 90, np.uint8)])
    return found


def test_tiny_yolov2(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    raw = rng.normal(0, 0.3, (1, 5, 25, 13, 13)).astype(np.float32)
    raw[:, :, 4] = -9
    raw[0, 2, 4, 6, 3] = 4  # anchor 2 in row 6, column 3
    raw[0, 2, 5 + 11, 6, 3] = 7
    path = constant_model(tmp_path / "tinyyolov2.onnx", {"grid": raw.reshape(1, 125, 13, 13)}, 416)
    found = found_in(path, 416)
    tx, ty, tw, th, objectness, *logits = raw[0, 2, :, 6, 3].tolist()
    score = 1 / (1 + math.exp(-objectness)) * math.exp(logits[11]) / sum(math.exp(value) for value in logits)
    x, y = (3 + 1 / (1 + math.exp(-tx))) * 32, (6 + 1 / (1 + math.exp(-ty))) * 32
    w, h = TINY_ANCHORS[2][0] * 32 * math.exp(tw), TINY_ANCHORS[2][1] * 32 * math.exp(th)
    assert [found.name(i) for i in range(len(found))] == [VOC[11]] == ["dog"]
    assert found.scores[0] == pytest.approx(score, abs=1e-5)
    box = np.clip([x - w / 2, y - h / 2, x + w / 2, y + h / 2], 0, 416)
    np.testing.assert_allclose(found.xyxy[0], box, atol=1e-2)


def test_yolox(tmp_path: Path) -> None:
    raw = np.zeros((1, 8400, 85), np.float32)
    number = 6400 + 40 * 10 + 20  # stride 16, row 10, column 20
    raw[0, number] = [0.5, 0.25, math.log(4), math.log(2), 0.9, *([0.0] * 80)]
    raw[0, number, 5 + 16] = 0.8
    found = found_in(constant_model(tmp_path / "yolox.onnx", {"output": raw}, 640), 640)
    assert [found.name(i) for i in range(len(found))] == [COCO[16]] == ["dog"]
    assert found.scores[0] == pytest.approx(0.72, abs=1e-5)
    np.testing.assert_allclose(found.xyxy[0], [328 - 32, 164 - 16, 328 + 32, 164 + 16], atol=1e-2)


def test_nanodet(tmp_path: Path) -> None:
    outputs: dict[str, NDArray[np.float32]] = {}
    for stride in (8, 16, 32):
        cells = (416 // stride) ** 2
        outputs[f"cls_pred_stride_{stride}"] = np.zeros((1, cells, 80), np.float32)
        outputs[f"dis_pred_stride_{stride}"] = np.zeros((1, cells, 32), np.float32)
    number = 5 * 26 + 8  # stride 16, row 5, column 8
    outputs["cls_pred_stride_16"][0, number, 16] = 0.6
    for side, strides in enumerate((1, 2, 3, 4)):
        outputs["dis_pred_stride_16"][0, number, 8 * side + strides] = 60
    found = found_in(constant_model(tmp_path / "nanodet.onnx", outputs, 416), 416)
    assert [found.name(i) for i in range(len(found))] == ["dog"]
    np.testing.assert_allclose(found.xyxy[0], [136 - 16, 88 - 32, 136 + 48, 88 + 64], atol=1e-2)


def test_the_cards_of_known_files_fit_graphs_of_their_shapes(tmp_path: Path) -> None:
    """As far as that can be said without the files: a graph of the documented shape gets the card that is declared for it."""
    known = {one.decoder: one for one in KNOWN}
    path = constant_model(tmp_path / "x.onnx", {"output": np.zeros((1, 8400, 85), np.float32)}, 640)
    card = card_of_known(known["yolox"], read_file(path).interface)
    assert card is not None
    assert (card.name, card.licence, card.classes, card.weights_sha256) == (
        "yolox-s",
        "Apache-2.0",
        COCO,
        known["yolox"].sha256,
    )
    pipeline = load_pipeline(path, card=card)
    pipeline.close()
