"""Fast and Faster R-CNN, R-CNN and YOLOv1 out of the command, small and with random weights."""

import copy
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from detector_app.model_card import CARD_KEY, ModelCard
from export import exporting
from export.cli import main
from export.graph import trace
from export.recipe import Recipe
from models.detect.spec import ResidualTable
from models.provenance import Provenance
from models.rcnn.checkpoint import save_fast_rcnn, save_faster_rcnn, save_rcnn
from models.rcnn.fast_rcnn import FastRcnn
from models.rcnn.faster_rcnn import FasterRcnn
from models.rcnn.rcnn import RegionClassifier
from models.rcnn.rcnn_spec import RcnnSpec
from models.rcnn.spec import FasterRcnnSpec, FastRcnnSpec
from models.yolo_v1.checkpoint import save_yolo_v1
from models.yolo_v1.network import YoloV1
from models.yolo_v1.spec import YoloV1Spec

pytestmark = pytest.mark.timeout(900)  # tracing takes its time where others use the machine, too

TABLE = ResidualTable(widths=(8, 8, 16, 16), residuals=(0, 0, 0, 0))
CLASSES = ("red", "white")
FASTER = FasterRcnnSpec(
    CLASSES, TABLE, (8, 16), 8, roi_size=3, hidden=16, input_size=96,
    anchor_sizes=((24.0,), (48.0,)), candidates=50, proposals=20,
)  # fmt: skip
FAST = FastRcnnSpec(CLASSES, TABLE, (16,), 0, roi="max", roi_size=3, hidden=16, input_size=96)


def random(network: nn.Module) -> nn.Module:
    torch.manual_seed(0)
    for parameter in network.parameters():
        fan = parameter[0].numel() if parameter.dim() > 1 else 100
        nn.init.normal_(parameter, std=fan**-0.5)
    return network.eval()


def export(family: str, weights: Path, *options: str) -> tuple[onnxruntime.InferenceSession, ModelCard]:
    path = weights.with_suffix(".onnx")
    assert main([family, "--weights", str(weights), "--out", str(path), "--no-picture", *options]) == 0
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session, ModelCard.from_json(session.get_modelmeta().custom_metadata_map[CARD_KEY], family)


@pytest.fixture(scope="module")
def faster_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small Faster R-CNN."""
    weights = tmp_path_factory.mktemp("faster") / "faster.safetensors"
    save_faster_rcnn(weights, random(FasterRcnn(FASTER)), Provenance())
    return weights


@pytest.fixture(scope="module")
def traced_once() -> Callable[[Recipe], onnx.ModelProto]:
    """The real trace; what was traced of the same weights is not traced again, which takes most of the time of an export."""
    models: dict[str, onnx.ModelProto] = {}

    def traced(recipe: Recipe) -> onnx.ModelProto:
        weights = recipe.card.weights_sha256
        if weights not in models:
            models[weights] = trace(recipe)
        return copy.deepcopy(models[weights])

    return traced


@pytest.mark.parametrize("options", [(), ("--nms",)], ids=["raw", "selected"])
def test_faster_rcnn_is_one_graph(
    faster_weights: Path,
    traced_once: Callable[[Recipe], onnx.ModelProto],
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
):
    monkeypatch.setattr(exporting, "trace", traced_once)
    session, card = export("faster-rcnn", faster_weights, *options)
    assert card.decoder == ("selected" if options else "faster_rcnn")
    assert session.get_inputs()[0].shape == ["batch", 3, "height", "width"]
    assert card.parity is not None
    found = [(row.input, row.detections) for row in card.parity.boxes]
    assert ("no proposals, many", 0) in found
    assert max(count for title, count in found if title == "pictures, many") > 5
    assert {row.input_shape[0] for row in card.parity.boxes} == {1, 3}


def test_fast_rcnn_takes_regions_and_none(tmp_path: Path):
    weights = tmp_path / "fast.safetensors"
    save_fast_rcnn(weights, random(FastRcnn(FAST)), Provenance())
    session, card = export("fast-rcnn", weights)
    assert card.regions is not None
    assert (card.decoder, card.regions.input, card.regions.source) == ("fast_rcnn", "regions", "selective_search")
    pictures = np.zeros((1, 3, 64, 32), np.float32)
    scores, boxes = session.run(None, {"images": pictures, "regions": np.zeros((0, 5), np.float32)})
    assert (scores.shape, boxes.shape) == ((0, 2), (0, 2, 4))


def test_rcnn_takes_crops(tmp_path: Path):
    weights = tmp_path / "rcnn.safetensors"
    spec = RcnnSpec(CLASSES, TABLE, crop_size=32, hidden=16)
    save_rcnn(weights, random(RegionClassifier(spec)), Provenance())
    session, card = export("rcnn", weights)
    assert (card.decoder, card.input.size_hw) == ("rcnn", (32, 32))
    assert session.run(None, {"crops": np.zeros((0, 3, 32, 32), np.float32)})[0].shape == (0, 2)


def test_yolo_v1_selects_inside(tmp_path: Path):
    weights = tmp_path / "v1.safetensors"
    spec = YoloV1Spec(CLASSES, 3, backbone=TABLE, input_size=64, squeezed=8, hidden=32)
    save_yolo_v1(weights, random(YoloV1(spec)), Provenance())
    _, card = export("yolo-v1", weights, "--nms")
    assert card.parity is not None
    assert max(row.detections for row in card.parity.boxes) > 0
