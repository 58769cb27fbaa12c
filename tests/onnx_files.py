"""Small real ONNX files for tests, built node by node, whose answers can be foreseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from detector_app.model_card import CARD_KEY, AnchorHead, InputSpec, ModelCard, OutputSpec, SizeRange
from detector_app.vision.frame import Frame

RED_BGR, BLUE_BGR, GREY_BGR = (0, 0, 255), (255, 0, 0), (128, 128, 128)
SQUARE_PX = 32
STRIDE = 16


def tiny_card(*, size_hw: tuple[int, int] = (320, 320), dynamic: bool = True, name: str = "tiny-squares") -> ModelCard:
    """The card of :func:`tiny_anchor_model`."""
    return ModelCard(
        name=name,
        task="detect",
        decoder="yolo_anchor",
        input=InputSpec("images", size_hw, dynamic=SizeRange(32, 2048, 32) if dynamic else None, dynamic_batch=dynamic),
        outputs=(OutputSpec("head_16", "head"),),
        classes=("red", "blue"),
        heads=(AnchorHead("head_16", STRIDE, ((float(SQUARE_PX), float(SQUARE_PX)),)),),
        licence="MIT",
    )


def tiny_anchor_model(path: Path, *, card: ModelCard | None = None, metadata: Mapping[str, str] | None = None) -> Path:
    """Write a detector of red and blue squares of 32 input pixels on grey, with a card inside (or other ``metadata``).

    Each cell of 16 pixels looks at the mean colour of the 32×32 around its centre and says a box of 32×32 there: a square centred on a cell
    scores 0.99, one that is 4 px off about 0.9, a neighbouring cell less than 0.01. Input "images" (N, 3, H, W) RGB 0–1, output "head_16".
    """
    card = card or tiny_card()
    # Rows: tx, ty, tw, th, objectness (red or blue, not green), red, blue. Columns: R, G, B.
    colours = np.zeros((7, 3, 1, 1), np.float32)
    colours[4, :, 0, 0] = 20, -40, 20
    colours[5, :, 0, 0], colours[6, :, 0, 0] = (20, 0, -20), (-20, 0, 20)
    bias = np.array([0, 0, 0, 0, -15, 0, 0], np.float32)
    nodes = [
        mean_colour(),
        helper.make_node("Conv", ["mean", "colours", "bias"], ["head_16"]),
    ]
    height, width = ("height", "width") if card.input.dynamic else card.input.size_hw
    batch = "batch" if card.input.dynamic_batch else 1
    return write_onnx(
        path,
        nodes,
        {"images": (batch, 3, height, width)},
        ("head_16",),
        {"colours": colours, "bias": bias},
        metadata if metadata is not None else {CARD_KEY: card.to_json()},
    )


def ultralytics_metadata(**changes: str) -> dict[str, str]:
    """What Ultralytics writes into a detector's file, for the two classes of :func:`tiny_dense_model`."""
    usual = {
        "author": "Ultralytics",
        "version": "8.3.0",
        "license": "AGPL-3.0",
        "task": "detect",
        "stride": "32",
        "batch": "1",
        "imgsz": "[320, 320]",
        "names": "{0: 'red', 1: 'blue'}",
        "args": "{'batch': 1, 'nms': False, 'dynamic': True}",
    }
    return {**usual, **changes}


def tiny_dense_model(
    path: Path, *, objectness: bool = False, dynamic: bool = True, metadata: Mapping[str, str] | None = None
) -> Path:
    """The same detector of squares with a dense output in the layouts of Ultralytics, and by default with its metadata.

    "output0" is (N, 4+2, A), or with ``objectness`` YOLOv5's (N, A, 5+2); boxes of 32×32 at each cell of 16 px, row by row.
    """
    colours, bias = np.zeros((4, 3, 1, 1), np.float32), np.array([-12, -12, 1, SQUARE_PX], np.float32)
    colours[0, :, 0, 0], colours[1, :, 0, 0] = (20, -10, -10), (-10, -10, 20)
    parts = ["x", "y", "side", "side", *(["one"] if objectness else []), "classes"]
    nodes = [
        mean_colour(),
        helper.make_node("Conv", ["mean", "colours", "bias"], ["maps"]),
        helper.make_node("Split", ["maps", "split"], ["logits", "one", "side"], axis=1),
        helper.make_node("Sigmoid", ["logits"], ["classes"]),
        *centres("x", "axis_x"),
        *centres("y", "axis_y"),
        helper.make_node("Concat", parts, ["all"], axis=1),
        helper.make_node("Reshape", ["all", "flat"], ["columns"]),
        helper.make_node("Transpose", ["columns"], ["output0"], perm=[0, 2, 1] if objectness else [0, 1, 2]),
    ]
    weights: dict[str, NDArray[Any]] = {
        "colours": colours,
        "bias": bias,
        "split": np.array([2, 1, 1], np.int64),
        "axis_x": np.array(3, np.int64),
        "axis_y": np.array(2, np.int64),
        "stride": np.array(STRIDE, np.float32),
        "half_stride": np.array(STRIDE / 2, np.float32),
        "flat": np.array([0, 7 if objectness else 6, -1], np.int64),
    }
    shape = ("batch", 3, "height", "width") if dynamic else (1, 3, 320, 320)
    return write_onnx(
        path, nodes, {"images": shape}, ("output0",), weights, ultralytics_metadata() if metadata is None else metadata
    )


def classifier_card(
    classes: Sequence[str] = ("red", "green", "blue"), *, name: str = "tiny-colours", **changes: Any
) -> ModelCard:
    """The card of :func:`tiny_classifier`; ``changes`` are of the input."""
    spec: dict[str, Any] = {"name": "picture", "size_hw": (32, 32), "resize": "crop", **changes}
    return ModelCard(
        name=name,
        task="classify",
        decoder="classifier",
        input=InputSpec(**spec),
        outputs=(OutputSpec("logits", "logits"),),
        classes=tuple(classes),
        licence="MIT",
    )


def tiny_classifier(
    path: Path,
    *,
    card: ModelCard | None = None,
    weights: NDArray[Any] | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Path:
    """Write a classifier of the mean colour of what it sees: logits = ``weights`` · mean, with a card inside (or other ``metadata``).

    ``weights`` (C, channels) is by default 8 on the diagonal: class 0 is the first channel, and so on. Input "picture" (N, channels, H, W)
    or, if the card says so, with the channels last; output "logits" (N, C).
    """
    card = card or classifier_card()
    spec, count = card.input, len(card.classes)
    if weights is None:
        weights = 8 * np.eye(count, spec.channels)
    first = spec.layout == "NCHW"
    nodes = [
        helper.make_node("ReduceMean", ["picture"], ["mean"], axes=[2, 3] if first else [1, 2], keepdims=0),
        helper.make_node("Gemm", ["mean", "weights"], ["logits"], transB=1),
    ]
    batch, (height, width) = "batch" if spec.dynamic_batch else 1, spec.size_hw
    shape = (batch, spec.channels, height, width) if first else (batch, height, width, spec.channels)
    found = metadata if metadata is not None else {CARD_KEY: card.to_json()}
    return write_onnx(path, nodes, {"picture": shape}, ("logits",), {"weights": np.float32(weights)}, found)


def mean_colour() -> onnx.NodeProto:
    """Mean of the 32×32 pixels around the centre of each cell."""
    kernel, strides, pads = [SQUARE_PX] * 2, [STRIDE] * 2, [(SQUARE_PX - STRIDE) // 2] * 4
    return helper.make_node("AveragePool", ["images"], ["mean"], kernel_shape=kernel, strides=strides, pads=pads)


def centres(name: str, axis: str) -> list[onnx.NodeProto]:
    """Centres of the cells along an axis, in pixels: ones, summed up."""
    return [
        helper.make_node("CumSum", ["one", axis], [f"{name}_count"]),
        helper.make_node("Mul", [f"{name}_count", "stride"], [f"{name}_end"]),
        helper.make_node("Sub", [f"{name}_end", "half_stride"], [name]),
    ]


def write_onnx(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    inputs: Mapping[str, Sequence[int | str]],
    outputs: Sequence[str],
    weights: Mapping[str, NDArray[Any]],
    metadata: Mapping[str, str],
    *,
    dtype: int = TensorProto.FLOAT,
) -> Path:
    """Check and write a graph with its ``metadata_props``; all inputs have ``dtype``."""
    graph = helper.make_graph(
        list(nodes),
        "tiny",
        [helper.make_tensor_value_info(name, dtype, list(shape)) for name, shape in inputs.items()],
        [onnx.ValueInfoProto(name=name) for name in outputs],
        [numpy_helper.from_array(np.asarray(array), name) for name, array in weights.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    model = onnx.shape_inference.infer_shapes(model)
    helper.set_model_props(model, dict(metadata))
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    return path


def picture_with_squares(
    squares: Sequence[tuple[int, int, str]], size_wh: tuple[int, int] = (320, 320), side_px: int = SQUARE_PX
) -> NDArray[np.uint8]:
    """Grey BGR picture with squares: (centre x, centre y, "red" or "blue"). Centres at 16·k + 8 lie on a cell of a 1:1 input.

    Squares are found best when they are 32 px in the network's input: draw them with ``side_px`` 64 in a frame that is scaled by half.
    """
    picture = np.full((size_wh[1], size_wh[0], 3), GREY_BGR, np.uint8)
    half = side_px // 2
    for x, y, colour in squares:
        corners = (x - half, y - half), (x + half - 1, y + half - 1)
        cv2.rectangle(picture, *corners, RED_BGR if colour == "red" else BLUE_BGR, thickness=-1)
    return picture


def frame_of(picture: NDArray[np.uint8], index: int = 0) -> Frame:
    """A picture as a frame of an unnamed source."""
    return Frame(np.ascontiguousarray(picture), index, index / 30, 0.0, "test")
