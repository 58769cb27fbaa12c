"""What is a layer inside the network, and what is a head or reckons with boxes."""

from __future__ import annotations

from collections.abc import Sequence

import onnx
from onnx import TensorProto, helper

from export.layers import inner_nodes
from tests.export.squares import squares_model


def graph(nodes: Sequence[onnx.NodeProto]) -> onnx.ModelProto:
    value = helper.make_tensor_value_info
    inputs = [value("x", TensorProto.FLOAT, None), value("w", TensorProto.FLOAT, None)]
    return helper.make_model(helper.make_graph(list(nodes), "g", inputs, [value("y", TensorProto.FLOAT, None)]))


def names(model: onnx.ModelProto) -> list[str]:
    return [node.output[0] for node in inner_nodes(model)]


def test_all_but_the_head_is_inner() -> None:
    model, _ = squares_model()
    operators = [node.op_type for node in inner_nodes(model)]
    assert operators == ["AveragePool", "Conv", "Relu", "Conv", "Relu"]


def test_what_is_reckoned_from_a_head_is_not() -> None:
    node = helper.make_node
    nodes = [
        node("Conv", ["x", "w"], ["map"]),
        node("Relu", ["map"], ["active"]),
        node("Conv", ["active", "w"], ["sizes"]),
        node("Exp", ["sizes"], ["scaled"]),
        node("Mul", ["scaled", "w"], ["y"]),
    ]
    assert names(graph(nodes)) == ["map", "active"]


def test_proposals_are_boxes_though_a_layer_comes_after_them() -> None:
    node = helper.make_node
    nodes = [
        node("Conv", ["x", "w"], ["map"]),
        node("Conv", ["map", "w"], ["deltas"]),
        node("Mul", ["deltas", "w"], ["boxes"]),
        node("NonMaxSuppression", ["boxes", "w"], ["kept"]),
        node("Gather", ["boxes", "kept"], ["regions"]),
        node("RoiAlign", ["map", "regions", "kept"], ["crops"]),
        node("Gemm", ["crops", "w"], ["hidden"]),
        node("Relu", ["hidden"], ["busy"]),
        node("Gemm", ["busy", "w"], ["y"]),
    ]
    assert names(graph(nodes)) == ["map", "crops", "hidden", "busy"]


def test_the_target_of_a_resize_is_no_map() -> None:
    node = helper.make_node
    nodes = [
        node("Conv", ["x", "w"], ["map"]),
        node("Shape", ["map"], ["shape"]),
        node("Cast", ["shape"], ["floats"], to=TensorProto.FLOAT),
        node("Resize", ["map", "", "floats"], ["large"]),
        node("Conv", ["large", "w"], ["y"]),
    ]
    assert names(graph(nodes)) == ["map", "large"]


def test_one_layer_has_nothing_inside() -> None:
    assert names(graph([helper.make_node("Conv", ["x", "w"], ["y"])])) == []
