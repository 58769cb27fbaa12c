"""Three real models against what OpenCV's reader makes of them."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from models.darknet.network import DarknetNetwork, read_network
from models.darknet.weights import load_weights
from tests.models.darknet.decoding import assert_same_detections, decode, detections, stretched

MODELS = (
    "yolo-fastest-1.1_coco/yolo-fastest-1.1-xl",
    "yolo-fastest-1.1_coco/yolo-fastest-1.1",
    "yolo-fastest-1.1_body/yolo-fastest-1.1_body",
)
PICTURES = ("dog", "person", "horses", "giraffe", "eagle")
GOLDEN_LAYERS = {16: "yolo_130", 32: "yolo_121"}
# The other software leaves class scores at 0 below this.
LEAST_CLASS_SCORE = 0.2


@pytest.fixture(scope="module", params=MODELS, ids=lambda name: name.split("/")[1])
def model(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, DarknetNetwork, tuple[str, ...]]:
    stem = shared_data / "weights" / "yolo_fastest" / request.param
    network = read_network(stem.parent / f"{stem.name}.cfg")
    load_weights(network, stem.parent / f"{stem.name}.weights")
    # The goldens name the only class of the body model as COCO's first.
    names = (shared_data / "weights" / "yolo_fastest" / "yolo-fastest-1.1_coco" / "coco.names").read_text().split("\n")
    return stem.name, network, tuple(name.strip() for name in names if name.strip())


def test_detections_match_the_goldens(model: tuple[str, DarknetNetwork, tuple[str, ...]], shared_data: Path):
    name, network, classes = model
    goldens = json.loads((shared_data / "reference" / "goldens" / "yolo_fastest_detections.json").read_text())[name]
    assert set(PICTURES) <= {picture.removesuffix(".jpg") for picture in goldens}
    for picture, expected in goldens.items():
        path = shared_data / "media" / "darknet_images" / picture
        height, width = cv2.imread(str(path)).shape[:2]
        with torch.no_grad():
            outputs = network(torch.from_numpy(stretched(path, 320)))
        rows = [
            row for head, raw in zip(network.heads, outputs, strict=True) for row in decode(raw[0].numpy(), head, 320)
        ]
        assert_same_detections(detections(rows, classes, (width, height)), expected)


def test_raw_heads_match_the_goldens(model: tuple[str, DarknetNetwork, tuple[str, ...]], shared_data: Path):
    name, network, _ = model
    compared = 0
    for picture in ("dog", "person"):
        goldens = np.load(shared_data / "reference" / "goldens" / f"{name}_{picture}_raw.npz")
        pixels = stretched(shared_data / "media" / "darknet_images" / f"{picture}.jpg", 320)
        with torch.no_grad():
            outputs = network(torch.from_numpy(pixels))
        for head, raw in zip(network.heads, outputs, strict=True):
            expected = goldens[GOLDEN_LAYERS[head.stride]]
            rows = decode(raw[0].numpy(), head, 320)
            assert len(rows) == len(expected)
            for row in np.flatnonzero(expected[:, 4] > 0.1):
                *box, scores = rows[row]
                np.testing.assert_allclose(box, expected[row, :5], atol=1e-4)
                given = np.where(np.array(scores) > LEAST_CLASS_SCORE, scores, 0)
                borderline = np.abs(np.array(scores) - LEAST_CLASS_SCORE) < 1e-4
                np.testing.assert_allclose(given[~borderline], expected[row, 5:][~borderline], atol=1e-4)
                compared += 1
    assert compared > 10
