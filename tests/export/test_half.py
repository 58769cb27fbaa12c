"""Layers in half precision, and what stays as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from export.errors import ExportError
from export.half import to_half
from tests.export.squares import squares_model
from tests.onnx_files import classifier_card, tiny_card

Array = NDArray[Any]


def runs(model: onnx.ModelProto, feed: dict[str, Array]) -> list[Array]:
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return [np.asarray(one) for one in session.run(None, feed)]


def types(model: onnx.ModelProto) -> dict[str, int]:
    return {tensor.name: tensor.data_type for tensor in model.graph.initializer}


def built(nodes: list[onnx.NodeProto], weights: dict[str, Array], outputs: dict[str, int]) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, 8, 8])],
        [helper.make_tensor_value_info(name, kind, None) for name, kind in outputs.items()],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    return onnx.shape_inference.infer_shapes(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    )


def filters(count: int, channels: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).standard_normal((count, channels, 1, 1)).astype(np.float32)


def test_inputs_outputs_and_the_head_stay_in_full() -> None:
    model, card = squares_model()
    half, changed = to_half(model, card)
    kinds = types(half)
    assert changed.precision == "float16"
    assert {name: kind for name, kind in kinds.items() if "head" in name} == {
        name: TensorProto.FLOAT for name in kinds if "head" in name
    }
    assert all(kind == TensorProto.FLOAT16 for name, kind in kinds.items() if "first" in name or "second" in name)
    ends = [*half.graph.input, *half.graph.output]
    assert {value.type.tensor_type.elem_type for value in ends} == {TensorProto.FLOAT}
    assert [node.op_type for node in half.graph.node].count("Cast") == 2


def test_it_says_about_the_same() -> None:
    images = np.random.default_rng(0).random((2, 3, 320, 320), np.float32)
    before, card = squares_model()
    (expected,) = runs(before, {"images": images})
    half, _ = to_half(before, card)
    (found,) = runs(half, {"images": images})
    assert found.dtype == np.float32
    assert 0 < np.abs(found - expected).max() < 2e-2


def test_a_trained_yolo_loses_a_few_thousandths(repository: Path) -> None:
    model = onnx.load(str(repository / "assets" / "models" / "desk-yolo.onnx"))
    images = np.random.default_rng(0).random((1, 3, 96, 96), np.float32)
    expected = runs(model, {"images": images})
    half, _ = to_half(model, tiny_card())
    for found, full in zip(runs(half, {"images": images}), expected, strict=True):
        assert np.abs(found - full).max() < 2e-2 * max(1.0, float(np.abs(full).max()))


def test_norms_between_layers_stay_in_full_and_the_way_there_is_cast() -> None:
    nodes = [
        helper.make_node("Conv", ["x", "a"], ["map"]),
        helper.make_node("InstanceNormalization", ["map", "scale", "bias"], ["calm"]),
        helper.make_node("Relu", ["calm"], ["active"]),
        helper.make_node("Conv", ["active", "b"], ["y"]),
    ]
    weights = {"a": filters(4, 3), "b": filters(2, 4), "scale": np.ones(4, np.float32), "bias": np.zeros(4, np.float32)}
    half, _ = to_half(built(nodes, weights, {"y": TensorProto.FLOAT}), tiny_card())
    assert types(half) == {"a": 10, "b": 1, "scale": 1, "bias": 1}
    operators = [node.op_type for node in half.graph.node]
    assert operators == ["Cast", "Conv", "Cast", "InstanceNormalization", "Cast", "Relu", "Cast", "Conv"]
    runs(half, {"x": np.ones((1, 3, 8, 8), np.float32)})


def test_regions_stay_in_full_while_the_map_is_half() -> None:
    regions = np.array([[0, 0, 4, 4], [1, 1, 7, 6]], np.float32)
    nodes = [
        helper.make_node("Conv", ["x", "a"], ["map"]),
        helper.make_node("RoiAlign", ["map", "regions", "pictures"], ["crops"], output_height=2, output_width=2),
        helper.make_node("Conv", ["crops", "b"], ["y"]),
    ]
    weights = {"a": filters(4, 3), "b": filters(2, 4), "regions": regions, "pictures": np.zeros(2, np.int64)}
    half, _ = to_half(built(nodes, weights, {"y": TensorProto.FLOAT}), tiny_card())
    assert types(half)["regions"] == TensorProto.FLOAT
    assert [node.op_type for node in half.graph.node] == ["Cast", "Conv", "Cast", "RoiAlign", "Conv"]
    runs(half, {"x": np.ones((1, 3, 8, 8), np.float32)})


def test_scales_of_a_resize_stay_in_full() -> None:
    nodes = [
        helper.make_node("Conv", ["x", "a"], ["map"]),
        helper.make_node("Resize", ["map", "", "scales"], ["large"]),
        helper.make_node("Conv", ["large", "b"], ["y"]),
    ]
    weights = {"a": filters(4, 3), "b": filters(2, 4), "scales": np.array([1, 1, 2, 2], np.float32)}
    half, _ = to_half(built(nodes, weights, {"y": TensorProto.FLOAT}), tiny_card())
    assert types(half) == {"a": 10, "b": 1, "scales": 1}
    assert runs(half, {"x": np.ones((1, 3, 8, 8), np.float32)})[0].shape == (1, 2, 16, 16)


def test_a_weight_that_both_use_is_there_twice() -> None:
    nodes = [
        helper.make_node("Conv", ["x", "a"], ["map"]),
        helper.make_node("Conv", ["map", "b"], ["again"]),
        helper.make_node("Conv", ["again", "b"], ["y"]),
    ]
    weights = {"a": filters(3, 3), "b": filters(3, 3, 1)}
    half, _ = to_half(built(nodes, weights, {"y": TensorProto.FLOAT}), tiny_card())
    assert types(half) == {"a": 10, "b": 1, "b.half": 10}
    runs(half, {"x": np.ones((1, 3, 8, 8), np.float32)})


def test_a_map_that_is_an_output_too_is_given_in_full() -> None:
    nodes = [
        helper.make_node("Conv", ["x", "a"], ["map"]),
        helper.make_node("Relu", ["map"], ["active"]),
        helper.make_node("Conv", ["active", "b"], ["y"]),
    ]
    weights = {"a": filters(4, 3), "b": filters(2, 4)}
    model = built(nodes, weights, {"y": TensorProto.FLOAT, "map": TensorProto.FLOAT})
    x = np.random.default_rng(0).random((1, 3, 8, 8), np.float32)
    expected = runs(model, {"x": x})
    half, _ = to_half(model, tiny_card())
    for found, full in zip(runs(half, {"x": x}), expected, strict=True):
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, full, atol=1e-2)


def test_a_weight_that_half_precision_cannot_say_is_refused() -> None:
    nodes = [helper.make_node("Conv", ["x", "a"], ["map"]), helper.make_node("Conv", ["map", "b"], ["y"])]
    model = built(nodes, {"a": filters(4, 3) * np.float32(1e6), "b": filters(2, 4)}, {"y": TensorProto.FLOAT})
    with pytest.raises(ExportError, match=r"the weight a has a value of .*; half precision ends at 65504"):
        to_half(model, tiny_card())


def test_a_network_of_one_layer_is_refused() -> None:
    model = built([helper.make_node("Conv", ["x", "a"], ["y"])], {"a": filters(4, 3)}, {"y": TensorProto.FLOAT})
    with pytest.raises(ExportError, match="no layer before its last one"):
        to_half(model, classifier_card())


def test_a_branch_that_takes_a_half_is_refused() -> None:
    inside = [helper.make_tensor_value_info("z", TensorProto.FLOAT, None)]
    branch = helper.make_graph([helper.make_node("Neg", ["map"], ["z"])], "b", [], inside)
    nodes = [
        helper.make_node("Conv", ["x", "a"], ["map"]),
        helper.make_node("If", ["yes"], ["chosen"], then_branch=branch, else_branch=branch),
        helper.make_node("Conv", ["map", "b"], ["y"]),
    ]
    weights = {"a": filters(4, 3), "b": filters(2, 4), "yes": np.array(True)}
    model = built(nodes, weights, {"y": TensorProto.FLOAT, "chosen": TensorProto.FLOAT})
    with pytest.raises(ExportError, match="a branch or loop takes map"):
        to_half(model, tiny_card())
