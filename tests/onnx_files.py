"""Small real ONNX files for tests, built node by node, whose answers can be foreseen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

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
        helper.make_node(
            "AveragePool", ["images"], ["mean"], kernel_shape=[SQUARE_PX] * 2, strides=[STRIDE] * 2, pads=[8, 8, 8, 8]
        ),
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


def write_onnx(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    inputs: Mapping[str, Sequence[int | str]],
    outputs: Sequence[str],
    weights: Mapping[str, NDArray[np.generic]],
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
