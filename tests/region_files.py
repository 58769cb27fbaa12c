"""Small real ONNX files of two-stage detectors, grids and graphs that select for themselves; see :mod:`tests.onnx_files`.

All of them find red and blue squares of 32 input pixels on grey, whatever the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

from detector_app.model_card import (
    CARD_KEY,
    GridSpec,
    InputSpec,
    InsideSelection,
    ModelCard,
    OutputSpec,
    RegionSpec,
    SizeRange,
)
from tests.onnx_files import SQUARE_PX, STRIDE, centres, mean_colour, write_onnx

CLASSES = ("red", "blue")
SIDE_PX = 320
MOVED, WIDENED = 0.1, 1.25
"""R-CNN's regression of red: moved by a part of the width, and wider by a factor."""
# Logits of red and blue from R, G, B.
COLOURS = np.array([[20, -10, -10], [-10, -10, 20]], np.float32)
BIAS = -12
# Centre x, centre y, width, height → left, top, right, bottom.
CORNERS = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [-0.5, 0, 0.5, 0], [0, -0.5, 0, 0.5]], np.float32)


def roles_card(decoder: str, *roles: str, **parts: Any) -> ModelCard:
    """A card with an output of the same name for each role, and a dynamic input of 320×320."""
    spec = InputSpec("images", (SIDE_PX, SIDE_PX), dynamic=SizeRange(32, 2048, 32))
    outputs = tuple(OutputSpec(role, role) for role in roles)
    return replace(ModelCard(f"tiny-{decoder}", "detect", decoder, spec, outputs, CLASSES, licence="MIT"), **parts)


def faster_rcnn_card(**parts: Any) -> ModelCard:
    """The card of :func:`tiny_faster_rcnn`."""
    roles = ("region_scores", "region_boxes", "picture_ids", "proposals", "objectness")
    return roles_card("faster_rcnn", *roles, **{"regions": RegionSpec(), **parts})


def fast_rcnn_card(**parts: Any) -> ModelCard:
    """The card of :func:`tiny_fast_rcnn`."""
    spec = RegionSpec("selective_search", input="regions", most=200, side_px=160)
    return roles_card("fast_rcnn", "region_scores", "region_boxes", **{"regions": spec, **parts})


def rcnn_card(**parts: Any) -> ModelCard:
    """The card of :func:`tiny_rcnn`."""
    spec = RegionSpec("selective_search", most=200, side_px=160, context=2 / 24)
    crops = InputSpec("crops", (24, 24), resize="stretch", pad_value=128)
    return roles_card("rcnn", "region_scores", "region_deltas", **{"input": crops, "regions": spec, **parts})


def selected_card(**parts: Any) -> ModelCard:
    """The card of :func:`tiny_selected`."""
    roles = ("boxes", "scores", "class_ids", "picture_ids")
    return roles_card("selected", *roles, **{"inside": InsideSelection(), **parts})


def grid_card(**parts: Any) -> ModelCard:
    """The card of :func:`tiny_grid`."""
    spec = InputSpec("images", (SIDE_PX, SIDE_PX))
    return roles_card("yolo_v1", "grid", **{"input": spec, "grid": GridSpec(side=SIDE_PX // STRIDE), **parts})


def tiny_faster_rcnn(path: Path, card: ModelCard | None = None) -> Path:
    """Write a detector whose proposals are 32×32 at each coloured cell, less those that overlap a better one by more than a half.

    Objectness is the better score of the two classes; a picture without colours has no proposals.
    """
    nodes = [
        *_cells(),
        helper.make_node("ReduceMax", ["classes"], ["sure"], axes=[1], keepdims=1),
        helper.make_node("NonMaxSuppression", ["cells", "sure", "many", "half", "half"], ["kept"], center_point_box=1),
        helper.make_node("Gather", ["kept", "picture_and_cell"], ["where"], axis=1),
        helper.make_node("Gather", ["kept", "first"], ["picture_ids"], axis=1),
        helper.make_node("GatherND", ["cells", "where"], ["chosen"]),
        helper.make_node("MatMul", ["chosen", "corners"], ["proposals"]),
        helper.make_node("Transpose", ["classes"], ["scores_of_cells"], perm=[0, 2, 1]),
        helper.make_node("GatherND", ["scores_of_cells", "where"], ["region_scores"]),
        helper.make_node("ReduceMax", ["region_scores"], ["objectness"], axes=[1], keepdims=0),
        *_for_each_class("proposals"),
    ]
    return _write(path, nodes, card or faster_rcnn_card())


def tiny_fast_rcnn(path: Path, card: ModelCard | None = None) -> Path:
    """Write a detector that asks for the mean colour of each region, by RoIAlign; its boxes are the regions as they are."""
    card = card or fast_rcnn_card()
    nodes = [
        helper.make_node("Split", ["regions", "one_and_four"], ["numbers", "rois"], axis=1),
        helper.make_node("Squeeze", ["numbers", "one_axis"], ["flat_numbers"]),
        helper.make_node("Cast", ["flat_numbers"], ["pictures_of"], to=onnx.TensorProto.INT64),
        helper.make_node(
            "RoiAlign", ["images", "rois", "pictures_of"], ["colour"], output_height=1, output_width=1, sampling_ratio=8
        ),
        helper.make_node("Flatten", ["colour"], ["flat"]),
        *_judge("flat"),
        *_for_each_class("rois"),
    ]
    return _write(path, nodes, card, {card.regions.input if card.regions else "": ("regions", 5)})


def tiny_rcnn(path: Path, card: ModelCard | None = None) -> Path:
    """Write a classifier of crops by their mean colour, whose regression moves red to the right by a tenth and widens it by a quarter."""
    nodes = [
        helper.make_node("ReduceMean", ["crops"], ["flat"], axes=[2, 3], keepdims=0),
        *_judge("flat"),
        helper.make_node("Gemm", ["flat", "nothing", "deltas"], ["all_deltas"], transB=1),
        helper.make_node("Reshape", ["all_deltas", "by_class"], ["region_deltas"]),
    ]
    return _write(path, nodes, card or rcnn_card())


def tiny_selected(path: Path, card: ModelCard | None = None) -> Path:
    """Write a detector with filter and suppression inside; each cell is a box of 32×32."""
    card = card or selected_card()
    spec = card.inside or InsideSelection()
    limits = ["many", spec.iou_input, spec.score_input]
    nodes = [
        *_cells(),
        helper.make_node("NonMaxSuppression", ["cells", "classes", *limits], ["kept"], center_point_box=1),
        helper.make_node("Gather", ["kept", "picture_and_cell"], ["where"], axis=1),
        helper.make_node("Gather", ["kept", "first"], ["picture_ids"], axis=1),
        helper.make_node("Gather", ["kept", "second"], ["class_ids"], axis=1),
        helper.make_node("GatherND", ["cells", "where"], ["chosen"]),
        helper.make_node("MatMul", ["chosen", "corners"], ["boxes"]),
        helper.make_node("GatherND", ["classes", "kept"], ["scores"]),
    ]
    return _write(path, nodes, card, {spec.score_input: (1,), spec.iou_input: (1,)})


def tiny_grid(path: Path, card: ModelCard | None = None) -> Path:
    """Write a grid of 20×20 cells of 16 pixels with two boxes each, of which the second is never sure of itself."""
    card = card or grid_card()
    part = np.sqrt(SQUARE_PX / SIDE_PX)
    side = np.log(part / (1 - part))
    weights, bias = np.zeros((12, 3, 1, 1), np.float32), np.array([0, 0, side, side, -15] * 2 + [0, 0], np.float32)
    weights[4, :, 0, 0], bias[9] = (20, -40, 20), -50
    weights[10, :, 0, 0], weights[11, :, 0, 0] = (20, 0, -20), (-20, 0, 20)
    nodes = [
        mean_colour(),
        helper.make_node("Conv", ["mean", "cell_weights", "cell_bias"], ["raw"]),
        helper.make_node("Sigmoid", ["raw"], ["activated"]),
        helper.make_node("Transpose", ["activated"], ["grid"], perm=[0, 2, 3, 1]),
    ]
    return _write(path, nodes, card, more={"cell_weights": weights, "cell_bias": bias})


def _cells() -> list[onnx.NodeProto]:
    """``cells`` (N, A, 4) centre and size of a box at each cell, row by row, and ``classes`` (N, 2, A) its scores."""
    return [
        mean_colour(),
        helper.make_node("Conv", ["mean", "colours", "bias"], ["maps"]),
        helper.make_node("Split", ["maps", "two_one_one"], ["logits", "one", "side"], axis=1),
        helper.make_node("Sigmoid", ["logits"], ["class_maps"]),
        helper.make_node("Reshape", ["class_maps", "flat_classes"], ["classes"]),
        *centres("x", "axis_x"),
        *centres("y", "axis_y"),
        helper.make_node("Concat", ["x", "y", "side", "side"], ["box_maps"], axis=1),
        helper.make_node("Reshape", ["box_maps", "flat_boxes"], ["box_columns"]),
        helper.make_node("Transpose", ["box_columns"], ["cells"], perm=[0, 2, 1]),
    ]


def _judge(colour: str) -> list[onnx.NodeProto]:
    """``region_scores`` from the (R, 3) mean colours."""
    return [
        helper.make_node("Gemm", [colour, "colours_2d", "bias_2d"], ["region_logits"], transB=1),
        helper.make_node("Sigmoid", ["region_logits"], ["region_scores"]),
    ]


def _for_each_class(boxes: str) -> list[onnx.NodeProto]:
    """``region_boxes`` (R, 2, 4) from (R, 4): the same for both classes."""
    return [
        helper.make_node("Unsqueeze", [boxes, "one_axis"], ["single"]),
        helper.make_node("Tile", ["single", "each_class"], ["region_boxes"]),
    ]


def _constants() -> dict[str, NDArray[Any]]:
    colours, bias = np.zeros((4, 3, 1, 1), np.float32), np.array([BIAS, BIAS, 1, SQUARE_PX], np.float32)
    colours[:2, :, 0, 0] = COLOURS
    deltas = np.array([MOVED, 0, np.log(WIDENED), 0, 0, 0, 0, 0], np.float32)
    return {
        "colours": colours,
        "bias": bias,
        "colours_2d": COLOURS,
        "bias_2d": np.array([BIAS, BIAS], np.float32),
        "nothing": np.zeros((8, 3), np.float32),
        "deltas": deltas,
        "by_class": np.array([-1, 2, 4], np.int64),
        "two_one_one": np.array([2, 1, 1], np.int64),
        "one_and_four": np.array([1, 4], np.int64),
        "flat_classes": np.array([0, 2, -1], np.int64),
        "flat_boxes": np.array([0, 4, -1], np.int64),
        "axis_x": np.array(3, np.int64),
        "axis_y": np.array(2, np.int64),
        "stride": np.array(STRIDE, np.float32),
        "half_stride": np.array(STRIDE / 2, np.float32),
        "many": np.array([300], np.int64),
        "half": np.array([0.5], np.float32),
        "corners": CORNERS,
        "picture_and_cell": np.array([0, 2], np.int64),
        "first": np.array(0, np.int64),
        "second": np.array(1, np.int64),
        "one_axis": np.array([1], np.int64),
        "each_class": np.array([1, 2, 1], np.int64),
    }


def _write(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    card: ModelCard,
    inputs: dict[str, tuple[int | str, ...]] | None = None,
    more: dict[str, NDArray[Any]] | None = None,
) -> Path:
    spec = card.input
    height, width = ("height", "width") if spec.dynamic else spec.size_hw
    batch = "batch" if spec.dynamic_batch else 1
    constants = {**_constants(), **(more or {})}
    used = {name for node in nodes for name in node.input}
    weights = {name: value for name, value in constants.items() if name in used}
    shapes = {spec.name: (batch, 3, height, width), **(inputs or {})}
    return write_onnx(path, nodes, shapes, [o.name for o in card.outputs], weights, {CARD_KEY: card.to_json()})
