"""Layers in eight bits, and the head in float32."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from detector_app.model_card import ModelCard
from export.calibration import input_tensor
from export.errors import ExportError
from export.precision import compared
from export.quantise import AT_ONCE, quantised_share, to_int8
from tests.export.squares import draw_pictures, squares_model


def makers(card: ModelCard, folder: Path, count: int = AT_ONCE + 1) -> list[Callable[[], NDArray[Any]]]:
    draw_pictures(folder, count)
    return [lambda i=i: input_tensor(folder / f"{i}.png", card) for i in range(count)]  # type: ignore[misc]


def test_inner_weights_have_eight_bits_per_channel_and_the_head_all(tmp_path: Path) -> None:
    model, card = squares_model()
    quantised, changed = to_int8(model, card, makers(card, tmp_path))
    onnx.checker.check_model(quantised, full_check=True)
    assert changed.precision == "int8"
    tensors = {tensor.name: tensor for tensor in quantised.graph.initializer}
    assert tensors["head.weight"].data_type == TensorProto.FLOAT
    assert tensors["first.weight_quantized"].data_type == TensorProto.INT8
    assert list(tensors["first.weight_scale"].dims) == [3]
    zero_points = [t for name, t in tensors.items() if name.endswith("zero_point") and t.data_type == TensorProto.INT8]
    assert all(not onnx.numpy_helper.to_array(tensor).any() for tensor in zero_points)  # symmetric, for TensorRT
    assert [value.name for value in (*quantised.graph.input, *quantised.graph.output)] == ["images", "head_16"]
    assert {opset.domain for opset in quantised.opset_import} == {""}
    assert quantised_share(quantised) == pytest.approx(18 / 39)
    assert list(quantised.metadata_props) == []


def test_it_says_about_the_same(tmp_path: Path) -> None:
    model, card = squares_model()
    full = onnx.ModelProto.FromString(model.SerializeToString())
    tensors = makers(card, tmp_path)
    quantised, _ = to_int8(model, card, tensors)
    proof = compared(full, quantised, card, [make() for make in tensors])
    (row,) = proof.report.rows
    assert 0 < row.max_abs < 1.0  # of logits that go from −35 to 25
    assert proof.values.shape[1] == 2


def test_a_graph_that_says_something_else_is_refused(tmp_path: Path) -> None:
    full, card = squares_model()
    other, _ = squares_model()
    for tensor in other.graph.initializer:
        if tensor.name == "head.bias":
            tensor.CopyFrom(onnx.numpy_helper.from_array(np.full(7, 500, np.float32), "head.bias"))
    with pytest.raises(ExportError, match="output head_16 differs"):
        compared(full, other, card, [make() for make in makers(card, tmp_path, 1)])


def test_graphs_that_cannot_be_quantised_are_refused(tmp_path: Path) -> None:
    model, card = squares_model()
    del model.graph.node[1:5]
    model.graph.node[1].input[0] = "mean"
    with pytest.raises(ExportError, match="no layer before its last one"):
        to_int8(model, card, [])
    model, card = squares_model()
    model.graph.input.append(helper.make_tensor_value_info("regions", TensorProto.FLOAT, ["R", 5]))
    with pytest.raises(ExportError, match="only graphs whose one input is the picture"):
        to_int8(model, card, [])
    model, card = squares_model()
    with pytest.raises(ExportError, match="could not quantise the graph"):
        to_int8(model, card, [lambda: np.zeros((1, 1, 1), np.float32)])


def test_onnxruntime_runs_it_in_integers(tmp_path: Path) -> None:
    model, card = squares_model()
    quantised, _ = to_int8(model, card, makers(card, tmp_path))
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    options.log_severity_level = 3
    onnxruntime.InferenceSession(quantised.SerializeToString(), options, providers=["CPUExecutionProvider"])
    operators = {node.op_type for node in onnx.load(str(tmp_path / "optimised.onnx")).graph.node}
    assert "QLinearConv" in operators
