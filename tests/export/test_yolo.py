import hashlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from detector_app.model_card import CARD_KEY, DataSource, ModelCard, SizeRange
from export.errors import ExportError
from export.recipe import OPSET
from export.yolo import yolo_recipe
from models.detect.checkpoint import load_yolo
from tests.export.conftest import SPEC


@pytest.fixture(scope="module")
def session(exported_yolo: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(exported_yolo, providers=["CPUExecutionProvider"])


@pytest.fixture(scope="module")
def card(session: onnxruntime.InferenceSession) -> ModelCard:
    return ModelCard.from_json(session.get_modelmeta().custom_metadata_map[CARD_KEY], "tiny.onnx")


@pytest.mark.parametrize("shape", [(1, 3, 96, 96), (4, 3, 64, 160), (2, 3, 16, 16), (1, 3, 336, 48)])
def test_the_file_says_what_torch_says(
    session: onnxruntime.InferenceSession, yolo_weights: Path, shape: tuple[int, ...]
):
    network, _, _ = load_yolo(yolo_weights)
    pictures = np.random.default_rng(1).random(shape, dtype=np.float32)
    with torch.no_grad():
        expected = network(torch.from_numpy(pictures))
    for name, raw in zip(("head_8", "head_16"), expected, strict=True):
        (found,) = session.run([name], {"images": pictures})
        np.testing.assert_allclose(found, raw.numpy(), atol=1e-4)


def test_axes_are_named(session: onnxruntime.InferenceSession):
    (picture,) = session.get_inputs()
    assert (picture.name, picture.shape) == ("images", ["batch", 3, "height", "width"])
    shapes = {output.name: output.shape for output in session.get_outputs()}
    assert shapes == {
        "head_8": ["batch", 16, "height/8", "width/8"],
        "head_16": ["batch", 16, "height/16", "width/16"],
    }


def test_the_card_describes_the_network(card: ModelCard, yolo_weights: Path):
    assert (card.name, card.task, card.decoder, card.classes, card.licence) == (
        "tiny",
        "detect",
        "yolo_anchor",
        SPEC.classes,
        "MIT",
    )
    assert (card.input.size_hw, card.input.dynamic, card.input.dynamic_batch) == (
        (96, 96),
        SizeRange(16, 4096, 16),
        True,
    )
    assert (card.input.channel_order, card.input.resize, card.input.pad_value) == ("RGB", "letterbox", 100)
    assert [(head.output, head.stride, head.scale_xy) for head in card.heads] == [
        ("head_8", 8, 2.0),
        ("head_16", 16, 2.0),
    ]
    assert tuple(head.anchors_wh_px for head in card.heads) == SPEC.anchors_px
    assert card.weights_sha256 == hashlib.sha256(yolo_weights.read_bytes()).hexdigest()
    assert card.training == (DataSource("cups", "CC BY 4.0", "by somebody", 12),)
    assert card.metrics == {"mAP50": 0.5}, "what was not measured is left out"


def test_the_parity_report_covers_shapes_that_were_not_traced(card: ModelCard):
    assert card.parity is not None
    assert card.parity.passed
    assert {row.output for row in card.parity.rows} == {"head_8", "head_16"}
    assert {row.input_shape for row in card.parity.rows} == {(1, 3, 96, 96), (3, 3, 96, 64), (1, 3, 16, 16)}
    assert all(row.max_abs <= row.tolerance for row in card.parity.rows)


def test_the_graph_is_folded_and_tidy(exported_yolo: Path, repository: Path):
    content = exported_yolo.read_bytes()
    assert str(repository).encode() not in content
    assert b"site-packages" not in content
    model = onnx.load_from_string(content)
    operators = {node.op_type for node in model.graph.node}
    assert "Conv" in operators
    assert "BatchNormalization" not in operators
    assert [entry.version for entry in model.opset_import] == [OPSET]


def test_the_shapes_in_between_are_noted(exported_yolo: Path):
    graph = onnx.load(str(exported_yolo)).graph
    between = {name for node in graph.node for name in node.output} - {output.name for output in graph.output}
    noted = {value.name: value.type.tensor_type for value in graph.value_info}
    assert noted.keys() == between
    assert all(kind.HasField("shape") and kind.elem_type for kind in noted.values())
    assert sum(value.ByteSize() for value in graph.value_info) < 100 * len(between)


def test_other_safetensors_are_refused(tmp_path: Path):
    path = tmp_path / "other.safetensors"
    path.write_text("not tensors")
    with pytest.raises(ExportError, match=r"other\.safetensors.*Give a file that detector-train"):
        yolo_recipe(path, "x", "")
