"""Bytes behind a model are further outputs of it, and nothing else about it changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import numpy_helper

from detector_app.errors import ModelError, NotAnOnnxFileError, UnsafeModelError
from detector_app.pipelines.embedded import assets_folder
from detector_app.pipelines.inside.layers import layers, tensors_of
from detector_app.pipelines.inside.nodes import read_nodes
from detector_app.pipelines.inside.taps import TappedFile, with_outputs
from tests.pipelines.inside.graphs import CHANNELS, Builder

MODELS = sorted((assets_folder() / "models").rglob("*.onnx"))


def feed_of(path: Path) -> dict[str, np.ndarray]:
    """A random picture as the model takes it."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(1)
    sides = {"batch": 1, "height": 96, "width": 128}
    return {
        value.name: rng.uniform(0, 1, [side if isinstance(side, int) else sides[side] for side in value.shape]).astype(
            np.float32
        )
        for value in session.get_inputs()
    }


@pytest.mark.parametrize("path", MODELS, ids=[path.stem for path in MODELS])
def test_maps_are_those_of_outputs_that_onnx_has_added(path: Path) -> None:
    """The same tensors, bit for bit. The model's own outputs differ in the last digits at most: a tap keeps nodes from being fused."""
    graph, feed = read_nodes(path), feed_of(path)
    file = TappedFile(path)
    found = layers(graph, file.shapes(tensors_of(graph), {name: value.shape for name, value in feed.items()}))
    taps = [layer.tensor for layer in found[:: max(1, len(found) // 6)]]
    model = onnx.load(path)
    own = [output.name for output in model.graph.output]
    model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in taps if name not in own)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    added = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    expected = dict(zip([o.name for o in added.get_outputs()], added.run(None, feed), strict=True))
    session = file.session(taps)
    everything = session.run(feed)
    plain = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    for name, value in zip(own, plain.run(None, feed), strict=True):
        if value.dtype == np.float32 and value.shape == everything[name].shape:
            np.testing.assert_allclose(everything[name], value, rtol=1e-3, atol=1e-4)
    for layer in found:
        if layer.tensor in taps:
            np.testing.assert_array_equal(everything[layer.tensor], expected[layer.tensor])
            np.testing.assert_array_equal(session.run(feed, [layer.tensor])[layer.tensor], expected[layer.tensor])
            assert everything[layer.tensor].shape == (1, layer.channels, layer.height, layer.width)


@pytest.mark.parametrize("path", MODELS, ids=[path.stem for path in MODELS])
def test_outputs_of_the_model_stay_as_they_are(path: Path) -> None:
    """Bit for bit, where ONNX Runtime leaves the graph as it is in the file."""
    feed, options = feed_of(path), onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    plain = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    own = [output.name for output in plain.get_outputs()]
    taps = [name for name in tensors_of(read_nodes(path)) if name not in own]
    model = with_outputs(path.read_bytes(), taps)
    tapped = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    assert [output.name for output in tapped.get_outputs()] == [*own, *taps]
    for value, expected in zip(tapped.run(own, feed), plain.run(None, feed), strict=True):
        np.testing.assert_array_equal(value, expected)


def test_half_precision_and_eight_bits(tmp_path: Path) -> None:
    """Taps of other types of numbers come as they are."""
    builder = Builder()
    builder.add("Cast", to=onnx.TensorProto.FLOAT16)
    half = builder.add("Relu")
    builder.add("Cast", to=onnx.TensorProto.FLOAT)
    scale, zero = builder.constant(np.array(0.5, np.float32)), builder.constant(np.array(3, np.uint8))
    small = builder.add("QuantizeLinear", [builder.last, scale, zero])
    builder.add("DequantizeLinear", [builder.last, scale, zero])
    file = TappedFile(builder.save(tmp_path / "types.onnx"))
    found = file.session([half, small]).run({"x": np.full((1, CHANNELS, 11, 13), 1.5, np.float32)})
    assert found[half].dtype == np.float16
    assert (found[half] == 1.5).all()
    assert found[small].dtype == np.uint8
    assert (found[small] == 6).all()


def test_an_output_that_is_one_already(tmp_path: Path) -> None:
    """It is not added again."""
    builder = Builder()
    first = builder.add("Relu")
    builder.add("Neg")
    file = TappedFile(builder.save(tmp_path / "outputs.onnx"))
    assert list(file.session([builder.last, first, first]).run({"x": np.ones((1, CHANNELS, 11, 13), np.float32)})) == [
        builder.last,
        first,
    ]


def test_weights_beside_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are found beside the model, wherever the program was started."""
    builder = Builder()
    tap = builder.conv((3, 3))
    builder.add("Relu")
    path = tmp_path / "outside.onnx"
    onnx.save(builder.model(), path, save_as_external_data=True, location="outside.bin", size_threshold=0)
    assert (tmp_path / "outside.bin").is_file()
    weights = numpy_helper.to_array(builder.constants[0])
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    found = TappedFile(path).session([tap]).run({"x": np.ones((1, CHANNELS, 11, 13), np.float32)}, [tap])[tap]
    np.testing.assert_allclose(found[0, :, 0, 0], weights.sum(axis=(1, 2, 3)), rtol=1e-5)


def test_sizes_by_a_run_where_axes_have_no_names(tmp_path: Path) -> None:
    """Then nothing can be told without running the graph."""
    builder = Builder()
    builder.conv((3, 3))
    model = builder.model()
    for axis in model.graph.input[0].type.tensor_type.shape.dim:
        axis.Clear()
    path = tmp_path / "nameless.onnx"
    onnx.save(model, path)
    file = TappedFile(path)
    assert builder.last not in file.shapes([builder.last], {"x": (1, CHANNELS, 11, 13)})
    feed = {"x": np.zeros((1, CHANNELS, 11, 13), np.float32)}
    assert file.measured([builder.last], feed) == {builder.last: (1, CHANNELS, 9, 11)}


def test_nothing_added_changes_nothing() -> None:
    """No names, no bytes."""
    assert with_outputs(b"model", []) == b"model"


def test_a_tensor_that_is_not_there(tmp_path: Path) -> None:
    """One clear error."""
    builder = Builder()
    builder.add("Relu")
    with pytest.raises(ModelError, match="nowhere"):
        TappedFile(builder.save(tmp_path / "m.onnx")).session(["nowhere"])


def test_files_that_are_no_models(tmp_path: Path) -> None:
    """As when a model is opened."""
    text = tmp_path / "text.onnx"
    text.write_text("hello")
    with pytest.raises(NotAnOnnxFileError):
        TappedFile(text)
    with pytest.raises(NotAnOnnxFileError):
        TappedFile(tmp_path / "absent.onnx")


def test_weights_outside_the_folder_are_refused(tmp_path: Path) -> None:
    """Before anything is opened."""
    builder = Builder()
    builder.conv((3, 3))
    model = builder.model()
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../secret.bin")
    path = tmp_path / "escape.onnx"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(UnsafeModelError):
        TappedFile(path)
