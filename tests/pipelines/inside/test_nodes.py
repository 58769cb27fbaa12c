"""The nodes of a file are those that the onnx package reads, and damaged files give one clear error."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import helper, numpy_helper

from detector_app.errors import NotAnOnnxFileError
from detector_app.pipelines.embedded import assets_folder
from detector_app.pipelines.inside.layers import layers
from detector_app.pipelines.inside.nodes import MOST_NUMBERS, read_nodes
from tests.pipelines.inside.graphs import Builder

MODELS = sorted((assets_folder() / "models").rglob("*.onnx"))


@pytest.mark.parametrize("path", MODELS, ids=[path.stem for path in MODELS])
def test_as_the_onnx_package_reads_it(path: Path) -> None:
    """Types, names, attributes, sizes and short values of constants."""
    model, graph = onnx.load(path), read_nodes(path)
    assert graph.opset == next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    assert graph.inputs == tuple(value.name for value in model.graph.input)
    assert graph.outputs == tuple(value.name for value in model.graph.output)
    for node, expected in zip(graph.nodes, model.graph.node, strict=True):
        assert (node.operator, node.inputs, node.outputs) == (
            expected.op_type,
            tuple(expected.input),
            tuple(expected.output),
        )
        for attribute in expected.attribute:
            value = helper.get_attribute_value(attribute)
            if isinstance(value, list) and value and isinstance(value[0], int | float):
                assert node.attributes[attribute.name] == tuple(value)
            elif isinstance(value, int | float):
                assert node.attributes[attribute.name] == value
            elif isinstance(value, bytes):
                assert node.text(attribute.name) == value.decode()
    for tensor in model.graph.initializer:
        found = graph.constants[tensor.name]
        assert found.dims == tuple(tensor.dims)
        values = numpy_helper.to_array(tensor)
        if values.size <= MOST_NUMBERS and values.dtype in (np.float32, np.int32, np.int64) and values.size:
            assert found.values == tuple(values.ravel().tolist())


def test_values_in_both_forms(tmp_path: Path) -> None:
    """Packed lists and raw bytes."""
    builder = Builder()
    builder.constants += [
        helper.make_tensor("floats", onnx.TensorProto.FLOAT, [3], [0.5, -2, 8]),
        helper.make_tensor("wholes", onnx.TensorProto.INT64, [2], [-1, 1 << 40]),
        helper.make_tensor("short", onnx.TensorProto.INT32, [2], [-7, 9]),
        numpy_helper.from_array(np.array([-3, 4], np.int64), "raw"),
    ]
    builder.nodes.append(
        helper.make_node("Constant", [], ["made"], value=numpy_helper.from_array(np.array([2.5], np.float32)))
    )
    builder.add("Relu")
    constants = read_nodes(builder.save(tmp_path / "m.onnx")).constants
    assert constants["floats"].values == (0.5, -2, 8)
    assert constants["wholes"].values == (-1, 1 << 40)
    assert constants["short"].values == (-7, 9)
    assert constants["raw"].values == (-3, 4)
    assert constants["made"].values == (2.5,)


def test_long_lists_are_left_out(tmp_path: Path) -> None:
    """They are no numbers that a receptive field needs, and might be gigabytes."""
    builder = Builder()
    builder.constants.append(helper.make_tensor("many", onnx.TensorProto.FLOAT, [5000], [0.5] * 5000))
    builder.add("Relu", many=[1.0] * 5000, some=[2] * 5000)
    graph = read_nodes(builder.save(tmp_path / "m.onnx"))
    assert graph.constants["many"].dims == (5000,)
    assert graph.constants["many"].values is None
    assert graph.nodes[0].attributes == {}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files_give_one_error(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Cut off or with other bytes anywhere: it is read, or refused as no ONNX file."""
    builder = Builder()
    builder.conv((3, 3), strides=[2, 1])
    builder.add("Resize", [builder.last, "", builder.constant(np.array([1, 1, 2, 2], np.float32))], mode="nearest")
    good = bytearray(builder.model().SerializeToString())
    for place in data.draw(st.lists(st.integers(0, len(good) - 1), max_size=4)):
        good[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "m.onnx"
    path.write_bytes(good[: data.draw(st.integers(0, len(good)))])
    try:
        read_nodes(path)
    except NotAnOnnxFileError as error:
        assert error.where == str(path)  # noqa: PT017  (it may be readable)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """One clear error."""
    with pytest.raises(NotAnOnnxFileError):
        read_nodes(tmp_path / "absent.onnx")


def test_nodes_in_any_order(tmp_path: Path) -> None:
    """Some converters put what they add at the end; here each comes after what it takes from, circles last."""
    builder = Builder()
    names = [builder.add(operator) for operator in ("Relu", "Neg", "Abs", "Exp", "Tanh")]
    model = builder.model()
    nodes = list(model.graph.node)
    for order in ([4, 3, 2, 1, 0], [2, 0, 4, 1, 3], [0, 1, 2, 3, 4]):
        del model.graph.node[:]
        model.graph.node.extend(nodes[i] for i in order)
        onnx.save(model, tmp_path / "m.onnx")
        assert [node.outputs[0] for node in read_nodes(tmp_path / "m.onnx").nodes] == names
    model.graph.node[0].input[0] = names[1]
    onnx.save(model, tmp_path / "m.onnx")
    assert len(read_nodes(tmp_path / "m.onnx").nodes) == 5


def test_layers_are_named_for_people(tmp_path: Path) -> None:
    """Kinds are counted by themselves; x · sigmoid(x) is one layer; what is no map of one picture is none."""
    builder = Builder()
    start = builder.conv((3, 3))
    gate = builder.add("Sigmoid", [start])
    silu = builder.add("Mul", [start, gate])
    second = builder.conv((3, 3))
    flat = builder.add("GlobalMaxPool")
    builder.add("Flatten")
    graph = read_nodes(builder.save(tmp_path / "m.onnx"))
    shapes = {start: (1, 2, 9, 11), gate: (1, 2, 9, 11), silu: (1, 2, 9, 11), second: (1, 2, 7, 9), flat: (1, 2, 1, 1)}
    titles = [layer.title for layer in layers(graph, shapes)]
    assert titles == ["Conv 1 · 2 × 9 × 11", "SiLU 1 · 2 × 9 × 11", "Conv 2 · 2 × 7 × 9", "Global pool 1 · 2 × 1 × 1"]
    assert layers(graph, {start: (4, 2, 9, 11), second: (1, 2)}) == ()
