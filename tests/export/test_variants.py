"""Raw frames and selection inside the graph, and graphs that are sabotaged on their way."""

import dataclasses
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import numpy_helper

from detector_app.model_card import CARD_KEY, InsideSelection, ModelCard
from export.cli import main
from export.errors import ExportError
from export.exporting import export_recipe
from export.yolo import yolo_recipe
from tests.export.conftest import SPEC, Heard


@pytest.fixture(scope="module")
def both(yolo_weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("variants") / "tiny.onnx"
    arguments = ["yolo", "--weights", str(yolo_weights), "--out", str(path), "--uint8", "--nms", "--no-picture"]
    assert main(arguments) == 0
    return path


def test_raw_frames_and_thresholds_go_in_and_boxes_come_out(both: Path):
    session = onnxruntime.InferenceSession(both, providers=["CPUExecutionProvider"])
    card = ModelCard.from_json(session.get_modelmeta().custom_metadata_map[CARD_KEY], "tiny")
    assert (card.decoder, card.inside, card.heads) == ("selected", InsideSelection(), ())
    assert (card.input.dtype, card.input.layout, card.input.channel_order) == ("uint8", "NHWC", "BGR")
    assert card.input.pad_value == SPEC.pad_value
    inputs = {one.name: (one.shape, one.type) for one in session.get_inputs()}
    assert inputs["images"] == (["batch", "height", "width", 3], "tensor(uint8)")
    assert card.parity is not None
    assert {"many", "few", "none"} <= {row.input.rpartition(", ")[2] for row in card.parity.boxes}
    assert max(row.detections for row in card.parity.boxes) > 50
    assert min(row.detections for row in card.parity.boxes) == 0
    frames = np.random.default_rng(0).integers(0, 256, (2, 96, 96, 3), dtype=np.uint8)
    for score in (0.0, 1.0):
        feed = {
            "images": frames,
            "score_threshold": np.array([score], np.float32),
            "iou_threshold": np.array([0.5], np.float32),
        }
        boxes, scores, classes, pictures = session.run(["boxes", "scores", "class_ids", "picture_ids"], feed)
        assert len(boxes) == len(scores) == len(classes) == len(pictures)
        assert (len(boxes) > 0) == (score == 0.0)
    assert not list(both.parent.glob("*.png")), "the picture was left out"


def _swapped(model: onnx.ModelProto) -> onnx.ModelProto:
    first = next(node for node in model.graph.node if node.op_type == "Conv")
    weight = next(item for item in model.graph.initializer if item.name == first.input[1])
    weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight).swapaxes(2, 3).copy(), weight.name))
    return model


def _disturbed(model: onnx.ModelProto) -> onnx.ModelProto:
    last = [node for node in model.graph.node if node.op_type == "Conv"][-1]
    weight = next(item for item in model.graph.initializer if item.name == last.input[1])
    values = numpy_helper.to_array(weight).copy()
    values.reshape(-1)[0] += 0.05
    weight.CopyFrom(numpy_helper.from_array(values, weight.name))
    return model


def test_sabotage_is_found_and_nothing_is_written(yolo_weights: Path, tmp_path: Path, heard: Heard):
    recipe = yolo_recipe(yolo_weights, "tiny", "")
    wrong = dataclasses.replace(recipe.card.heads[0], anchors_wh_px=((12.0, 12.0), (20.5, 20.0)))
    card = dataclasses.replace(recipe.card, heads=(wrong, recipe.card.heads[1]))
    for bad, words in (
        (dataclasses.replace(recipe, rewritings=(_swapped,)), r"output head_8 differs from PyTorch at \[.*\] by"),
        (dataclasses.replace(recipe, rewritings=(_disturbed,)), r"output head_16 differs from PyTorch at \[.*\] by"),
        (dataclasses.replace(recipe, card=card), r"boxes that the card makes of head_8, head_16 differ .* px"),
    ):
        with pytest.raises(ExportError, match=words):
            export_recipe(bad, tmp_path / "a.onnx", heard)
        assert not list(tmp_path.iterdir())
