"""The outline of a file against what the onnx package reads of it, and damaged bytes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from detector_app.model_card import CARD_KEY
from detector_app.onnx_outline import DTYPES, read_outline
from detector_app.onnx_safety import dangers, external_files
from detector_app.wire_format import WireError
from tests.onnx_files import tiny_anchor_model, tiny_dense_model


def every_graph(graph: onnx.GraphProto) -> list[onnx.GraphProto]:
    inner = [
        attribute.g
        for node in graph.node
        for attribute in node.attribute
        if attribute.type == onnx.AttributeProto.GRAPH
    ]
    return [graph, *(deeper for one in inner for deeper in every_graph(one))]


def check(path: Path) -> None:
    """The same in both readings."""
    outline, model = read_outline(path), onnx.load(str(path), load_external_data=False)
    graphs = every_graph(model.graph)
    assert outline.ir_version == model.ir_version
    assert outline.metadata == {entry.key: entry.value for entry in model.metadata_props}
    assert outline.opsets == {entry.domain or "ai.onnx": entry.version for entry in model.opset_import}
    assert outline.operators == Counter(node.op_type for graph in graphs for node in graph.node)
    assert [value.name for value in outline.inputs] == [value.name for value in model.graph.input]
    shapes = [
        tuple(
            axis.dim_param or (axis.dim_value if axis.HasField("dim_value") else None)
            for axis in value.type.tensor_type.shape.dim
        )
        for value in model.graph.output
    ]
    assert [value.shape for value in outline.outputs] == shapes
    found = {
        tensor.name: (tensor.dims, tensor.dtype_name, tensor.declared_bytes)
        for tensor in outline.tensors
        if tensor.name
    }
    for graph in graphs:
        for tensor in graph.initializer:
            array = numpy_helper.to_array(tensor)
            assert found[tensor.name] == (array.shape, DTYPES[tensor.data_type][0], array.nbytes)
    assert list(dangers(outline, path)) == []


def test_models_of_ours(tmp_path: Path, repository: Path) -> None:
    check(tiny_anchor_model(tmp_path / "anchor.onnx"))
    check(tiny_dense_model(tmp_path / "dense.onnx"))
    check(repository / "assets" / "models" / "lenet-digits.onnx")
    check(repository / "assets" / "models" / "desk-yolo.onnx")


def test_models_of_others(shared_data: Path) -> None:
    for path in (shared_data / "weights").rglob("*.onnx"):
        check(path)


def test_a_branch_and_typed_values(tmp_path: Path) -> None:
    value = helper.make_tensor_value_info
    branches = [
        helper.make_graph([], name, [], [value(name, dtype, [2])], [helper.make_tensor(name, dtype, [2], values)])
        for name, dtype, values in (("yes", TensorProto.FLOAT, [1.0, 2.0]), ("no", TensorProto.FLOAT, [3.0, 4.0]))
    ]
    node = helper.make_node("If", ["which"], ["out"], then_branch=branches[0], else_branch=branches[1])
    tensors = [
        helper.make_tensor(f"t{dtype}", dtype, [3], [1, 2, 3])
        for dtype in (
            TensorProto.INT64,
            TensorProto.INT32,
            TensorProto.UINT8,
            TensorProto.DOUBLE,
            TensorProto.FLOAT16,
            TensorProto.INT4,
        )
    ]
    graph = helper.make_graph(
        [node], "g", [value("which", TensorProto.BOOL, [])], [value("out", TensorProto.FLOAT, [2])], tensors
    )
    path = tmp_path / "branch.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)]), str(path))
    outline = read_outline(path)
    assert outline.depth == 2
    assert {tensor.name for tensor in outline.tensors} >= {"yes", "no", f"t{TensorProto.INT64}"}
    assert next(t.values for t in outline.tensors if t.name == f"t{TensorProto.INT64}") == (1, 2, 3)
    assert list(dangers(outline, path)) == []


def test_values_beside_the_file(tmp_path: Path) -> None:
    path = tiny_anchor_model(tmp_path / "tiny.onnx")
    model = onnx.load(str(path))
    onnx.save(model, str(path), save_as_external_data=True, location="weights.bin", size_threshold=0)
    outline = read_outline(path)
    assert external_files(outline) == ("weights.bin",)
    assert list(dangers(outline, path)) == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1), cut=st.booleans())
def test_damaged_bytes_raise_nothing_else(tmp_path: Path, seed: int, cut: bool) -> None:
    whole = bytearray(tiny_dense_model(tmp_path / "whole.onnx").read_bytes())
    rng = np.random.default_rng(seed)
    for position in rng.integers(0, len(whole), 4):
        whole[position] = rng.integers(0, 256)
    path = tmp_path / "damaged.onnx"
    path.write_bytes(whole[: rng.integers(0, len(whole))] if cut else whole)
    try:
        outline = read_outline(path)
    except WireError:
        return
    assert all(isinstance(text, str) for text in dangers(outline, path))


def test_the_card_is_in_the_metadata(repository: Path) -> None:
    assert CARD_KEY in read_outline(repository / "assets" / "models" / "desk-yolo.onnx").metadata


def test_text_is_no_model(tmp_path: Path) -> None:
    path = tmp_path / "text.onnx"
    path.write_text("hello")
    with pytest.raises(WireError):
        read_outline(path)
