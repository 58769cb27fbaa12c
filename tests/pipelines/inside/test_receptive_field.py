"""Receptive fields from the graph are those that lit pixels show."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector_app.pipelines.embedded import embedded_models
from detector_app.pipelines.inside.layers import Layer, layers, tensors_of
from detector_app.pipelines.inside.nodes import read_nodes
from detector_app.pipelines.inside.receptive_field import ReceptiveField, receptive_field
from detector_app.pipelines.inside.taps import TappedFile
from detector_app.vision.letterbox import Letterbox
from tests.pipelines.inside.graphs import CHANNELS, Builder, lit, windows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the small networks go."""
    return tmp_path_factory.mktemp("graphs")


def assert_as_seen(builder: Builder, folder: Path) -> None:
    """For corner, middle and other activations of the newest tensor: the rectangle is that around all pixels that reach it."""
    path = builder.save(folder / "graph.onnx")
    graph = read_nodes(path)
    shapes = TappedFile(path).shapes(tensors_of(graph), {"x": (1, CHANNELS, builder.height, builder.width)})
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    reached = session.run(None, {"x": lit(builder.height, builder.width)})[0] > 0
    height, width = reached.shape[2:]
    assert shapes[builder.last] == (1, *reached.shape[1:])
    for row in {0, height // 2, height - 1}:
        for column in {0, width // 3, width - 1}:
            found = receptive_field(graph, shapes, builder.last, (0, 0, row, column), "x")
            assert found.unknown == ""
            assert found.xyxy == around(reached[:, 0, row, column].reshape(builder.height, builder.width))


def around(mask: np.ndarray) -> tuple[int, int, int, int] | None:
    """The smallest rectangle around what is set."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1) if len(rows) else None


def runs(builder: Builder) -> bool:
    """Whether something is left of the map, and the runtime takes these numbers."""
    try:
        session = onnxruntime.InferenceSession(builder.model().SerializeToString(), providers=["CPUExecutionProvider"])
        return bool(
            session.run(None, {"x": np.zeros((1, CHANNELS, builder.height, builder.width), np.float32)})[0].size
        )
    except Exception:
        return False


@settings(max_examples=80, deadline=None)
@given(st.lists(windows(), min_size=1, max_size=3), st.integers(9, 14), st.integers(9, 14), st.booleans())
def test_random_windows(
    folder: Path, chain: list[tuple[str, dict[str, object]]], height: int, width: int, branch: bool
) -> None:
    """Convolutions and poolings with any stride, padding and dilation, also with a short cut beside them."""
    builder = Builder(height, width)
    for kind, attributes in chain:
        if kind in ("Conv", "Depthwise"):
            kernel = tuple(attributes["kernel_shape"])  # type: ignore[arg-type]
            builder.conv(kernel, group=CHANNELS if kind == "Depthwise" else 1, **attributes)  # type: ignore[arg-type]
        else:
            builder.add(kind, **attributes)
        builder.add("Relu")
    if branch:
        start = builder.last
        left = builder.add("AveragePool", [start], kernel_shape=[1, 3], pads=[0, 1, 0, 1])
        right = builder.add("MaxPool", [start], kernel_shape=[5, 1], pads=[2, 0, 2, 0])
        builder.add("Add", [left, right])
    if runs(builder):
        assert_as_seen(builder, folder)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(1, 2),
    st.integers(0, 1),
    st.one_of(st.none(), st.sampled_from(["SAME_UPPER", "SAME_LOWER"])),
)
def test_transposed_convolution(
    folder: Path, kernel: int, stride: int, dilation: int, pad: int, auto_pad: str | None
) -> None:
    """Which of the cells before reach a cell of a larger map."""
    builder = Builder(5, 6)
    builder.conv((3, 3), pads=[1, 1, 1, 1])
    if auto_pad:
        builder.conv((max(kernel, stride), 3), transposed=True, strides=[stride, 1], auto_pad=auto_pad)
    else:
        pads = [min(pad, (kernel - 1) * dilation), 0, 0, 1]
        builder.conv((kernel, 3), transposed=True, strides=[stride, 2], dilations=[dilation, 1], pads=pads)
    assert_as_seen(builder, folder)


@pytest.mark.parametrize("mode", ["nearest", "linear"])
@pytest.mark.parametrize("place", ["half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"])
@pytest.mark.parametrize("scale", [2.0, 1.5, 3.0])
def test_resizing(folder: Path, mode: str, place: str, scale: float) -> None:
    """What an enlarged map is made of."""
    builder = Builder(7, 8)
    builder.conv((3, 3), pads=[1, 1, 1, 1], strides=[1, 2])
    scales = builder.constant(np.array([1, 1, scale, scale], np.float32))
    rounding = {"nearest_mode": "floor"} if mode == "nearest" else {}
    builder.add("Resize", [builder.last, "", scales], mode=mode, coordinate_transformation_mode=place, **rounding)
    assert_as_seen(builder, folder)


def reshaped(builder: Builder) -> None:
    """Channels shuffled as in ShuffleNet: five axes for a moment."""
    height, width = builder.height, builder.width
    builder.add("Reshape", [builder.last, builder.constant(np.array([-1, 2, 1, height, width], np.int64))])
    builder.add("Transpose", perm=[0, 2, 1, 3, 4])
    builder.add("Reshape", [builder.last, builder.constant(np.array([-1, 2, height, width], np.int64))])
    builder.conv((3, 1))


def sliced(builder: Builder) -> None:
    """Every second pixel four times, side by side, as in YOLOv5's focus; one of them backwards."""
    start = builder.last
    parts = []
    for row, column in ((0, 0), (1, 0), (0, 1), (1, 1)):
        numbers = [np.array(v, np.int64) for v in ([row, column], [8, 10], [2, 3], [2, 2])]
        parts.append(builder.add("Slice", [start, *map(builder.constant, numbers)]))
    turned = [np.array(v, np.int64) for v in ([-1], [-100], [3], [-1])]
    parts[3] = builder.add("Slice", [parts[3], *map(builder.constant, turned)])
    builder.add("Concat", parts, axis=1)
    weights = builder.constant(np.ones((2, 8, 2, 2), np.float32))
    builder.add("Conv", [builder.last, weights])


def padded(builder: Builder) -> None:
    """Mirrored edges, then zeros."""
    builder.add("Pad", [builder.last, builder.constant(np.array([0, 0, 2, 1, 0, 0, 1, 3], np.int64))], mode="reflect")
    builder.add("Pad", [builder.last, builder.constant(np.array([0, 0, 1, 0, 0, 0, 0, 1], np.int64))], mode="constant")
    builder.conv((3, 3))


def split(builder: Builder) -> None:
    """Two halves of the channels, each with a window of its own; only one of them is used further."""
    builder.conv((3, 3))
    start = builder.last
    builder.nodes.append(
        onnx_node("Split", [start, builder.constant(np.array([1, 1], np.int64))], ["left", "right"], axis=1)
    )
    left = builder.add("MaxPool", ["left"], kernel_shape=[3, 1])
    builder.add("MaxPool", ["right"], kernel_shape=[1, 1])
    builder.add("Concat", [left, left], axis=1)


def pooled(builder: Builder) -> None:
    """A gate made of all of the map, as in squeeze and excitation."""
    start = builder.last
    gate = builder.add("GlobalAveragePool", [start])
    builder.add("Mul", [builder.add("Add", [start, gate]), builder.constant(np.ones((1, 2, 1, 1), np.float32))])


def blocks(builder: Builder) -> None:
    """Blocks to channels, and the channels to blocks again."""
    builder.conv((2, 2), strides=[1, 1], pads=[0, 0, 1, 1] if builder.height % 2 == 0 else [0, 0, 0, 0])
    builder.add("SpaceToDepth", blocksize=2)
    builder.add("DepthToSpace", blocksize=2)


def reduced(builder: Builder) -> None:
    """The mean of each row, spread over the row."""
    start = builder.last
    builder.add("Add", [start, builder.add("ReduceMean", [start], axes=[3], keepdims=1)])


def onnx_node(operator: str, inputs: list[str], outputs: list[str], **attributes: object) -> object:
    """A node with several outputs."""
    from onnx import helper

    return helper.make_node(operator, inputs, outputs, **attributes)


@pytest.mark.parametrize("build", [reshaped, sliced, padded, split, pooled, reduced])
def test_ways_of_axes(folder: Path, build: Callable[[Builder], None]) -> None:
    """What joins, cuts, turns, pads and sums axes."""
    builder = Builder()
    build(builder)
    assert_as_seen(builder, folder)


def test_blocks_are_never_seen_smaller(folder: Path) -> None:
    """Channels of blocks are all counted: the rectangle may be larger than what reaches the cell, never smaller."""
    builder = Builder(9, 11)
    blocks(builder)
    path = builder.save(folder / "graph.onnx")
    graph = read_nodes(path)
    shapes = TappedFile(path).shapes(tensors_of(graph), {"x": (1, CHANNELS, 9, 11)})
    found = receptive_field(graph, shapes, builder.last, (0, 0, 3, 4), "x")
    assert found.xyxy == (4, 2, 7, 5)  # the block (2..3, 4..5) and the window's further row and column


def test_unknown_operation_counts_the_whole_input(folder: Path) -> None:
    """Nobody here knows what a cumulative sum depends on, and that is said."""
    builder = Builder()
    builder.add("CumSum", [builder.last, builder.constant(np.array(3, np.int64))])
    path = builder.save(folder / "graph.onnx")
    graph = read_nodes(path)
    shapes = TappedFile(path).shapes(tensors_of(graph), {"x": (1, CHANNELS, 11, 13)})
    assert receptive_field(graph, shapes, builder.last, (0, 0, 1, 1), "x") == ReceptiveField((0, 0, 13, 11), "CumSum")


def test_only_padding_is_seen(folder: Path) -> None:
    """An activation beyond the picture depends on none of it."""
    builder = Builder()
    builder.add("Pad", [builder.last, builder.constant(np.array([0, 0, 3, 3, 0, 0, 0, 0], np.int64))])
    path = builder.save(folder / "graph.onnx")
    graph = read_nodes(path)
    shapes = TappedFile(path).shapes(tensors_of(graph), {"x": (1, CHANNELS, 11, 13)})
    found = receptive_field(graph, shapes, builder.last, (0, 0, 1, 5), "x")
    assert found.xyxy is None
    assert found.in_source(Letterbox.fit((13, 11), (13, 11))) is None


def _early(found: tuple[Layer, ...]) -> list[Layer]:
    """Layers whose edges can be measured: deeper ones see their edges with weights below the precision of float32."""
    return [layer for layer in found[:40:7] if layer.height > 4]


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("desk-yolo", (1, 3, 96, 128)),
        ("mtcnn", (1, 3, 40, 50)),
        ("lenet-digits", (1, 1, 32, 32)),
        ("blood-faster-rcnn", (1, 3, 96, 128)),
    ],
)
def test_embedded_models(name: str, shape: tuple[int, int, int, int]) -> None:
    """Noise around the rectangle changes nothing, noise along each of its edges does."""
    path = embedded_models().get(name)
    if path is None:
        pytest.skip(f"the embedded model {name} is not here")
    graph, file = read_nodes(path), TappedFile(path)
    picture = graph.inputs[0]
    shapes = file.shapes(tensors_of(graph), {picture: shape})
    rng = np.random.default_rng(4)
    for layer in _early(layers(graph, shapes)):
        session = file.session([layer.tensor])
        row, column = layer.height // 2, layer.width // 3
        found = receptive_field(graph, shapes, layer.tensor, (0, 0, row, column), picture)
        assert found.unknown == ""
        assert found.xyxy is not None
        left, top, right, bottom = found.xyxy
        plain = rng.uniform(0, 1, shape).astype(np.float32)

        def cell(tensor: np.ndarray, tap: str = layer.tensor, at: tuple[int, int] = (row, column)) -> np.ndarray:
            return session.run({picture: tensor}, [tap])[tap][0, :, at[0], at[1]]  # noqa: B023

        before = cell(plain)
        other = rng.uniform(0, 1, shape).astype(np.float32)
        other[:, :, top:bottom, left:right] = plain[:, :, top:bottom, left:right]
        np.testing.assert_array_equal(cell(other), before)
        for edge in (
            np.s_[top, left:right],
            np.s_[bottom - 1, left:right],
            np.s_[top:bottom, left],
            np.s_[top:bottom, right - 1],
        ):
            changed = plain.copy()
            changed[(slice(None), slice(None), *edge)] += 30
            assert not np.array_equal(cell(changed), before), (layer.title, edge)


def test_in_source_pixels() -> None:
    """Through the letterbox's inverse, clipped to the picture."""
    letterbox = Letterbox.fit((640, 480), (320, 320))  # half the size, 40 px of padding above and below
    assert ReceptiveField((10, 30, 50, 60)).in_source(letterbox) == (20.0, 0.0, 100.0, 40.0)
    assert ReceptiveField((10, 0, 50, 40)).in_source(letterbox) is None
    assert ReceptiveField((10, 0, 50, 40)).wh == (40, 40)


def test_the_same_in_eight_bits(folder: Path) -> None:
    """What quantisers make of a network sees what the network sees, in each of their three forms."""
    quantization = pytest.importorskip("onnxruntime.quantization")

    class Pictures(quantization.CalibrationDataReader):  # type: ignore[name-defined,misc]
        """Two of noise."""

        def __init__(self) -> None:
            self.left = [{"x": np.random.default_rng(i).random((1, CHANNELS, 11, 13), np.float32)} for i in range(2)]

        def get_next(self) -> dict[str, np.ndarray] | None:
            return self.left.pop() if self.left else None

    builder = Builder()
    first = builder.conv((3, 3), pads=[1, 1, 1, 1])
    second = builder.conv((1, 3), pads=[0, 1, 0, 1])
    builder.add("Concat", [first, second], axis=1)
    builder.add("MaxPool", kernel_shape=[2, 2], strides=[2, 2])
    path = builder.save(folder / "float.onnx")
    forms = quantization.QuantFormat
    for form in (forms.QDQ, forms.QOperator, None):
        small = folder / "small.onnx"
        if form is None:
            quantization.quantize_dynamic(path, small)
        else:
            quantization.quantize_static(path, small, Pictures(), quant_format=form)
        graph = read_nodes(small)
        shapes = TappedFile(small).shapes(tensors_of(graph), {"x": (1, CHANNELS, 11, 13)})
        last = layers(graph, shapes)[-1]
        assert last.kind == "Max pool"
        found = receptive_field(graph, shapes, last.tensor, (0, 2, 2, 2), "x")
        assert found == ReceptiveField((2, 3, 8, 7))
