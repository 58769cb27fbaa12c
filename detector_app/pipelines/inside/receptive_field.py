"""What of the picture an activation depends on: its receptive field, from the graph itself.

From one cell of a layer backwards through every operation, as Araujo, Norris and Sim describe it ("Computing receptive fields of
convolutional neural networks", Distill 2019), but with the cells themselves instead of a closed form, so that branches, padding, odd
sizes and holes are exact. It is the theoretical field: every pixel that can change the value with some weights; how much they do
falls off towards its edges (Luo et al. 2016).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detector_app.pipelines.inside.axis_rules import AXIS_RULES
from detector_app.pipelines.inside.footprints import (
    Answer,
    Ask,
    Footprint,
    Rule,
    Shape,
    UnknownFootprintError,
    everything,
    joined,
)
from detector_app.pipelines.inside.nodes import NodeGraph
from detector_app.pipelines.inside.window_rules import WINDOW_RULES, same_place
from detector_app.vision.letterbox import Letterbox

Box = tuple[float, float, float, float]

SAME_PLACE = frozenset((
    "Abs", "Add", "And", "BatchNormalization", "Cast", "Ceil", "Celu", "Clip", "Cos", "DequantizeLinear", "Div", "Dropout", "Elu",
    "Equal", "Erf", "Exp", "Floor", "Gelu", "Greater", "GreaterOrEqual", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu", "Less",
    "LessOrEqual", "Log", "Max", "Mean", "Min", "Mish", "Mul", "Neg", "Not", "Or", "PRelu", "Pow", "QuantizeLinear", "Reciprocal",
    "Relu", "Round", "Selu", "Sigmoid", "Sign", "Sin", "Softplus", "Softsign", "Sqrt", "Sub", "Sum", "Tanh", "ThresholdedRelu", "Where",
    "com.microsoft.QLinearAdd", "com.microsoft.QLinearMul", "com.microsoft.QLinearLeakyRelu", "com.microsoft.QLinearSigmoid",
    "com.microsoft.QuickGelu", "com.microsoft.DequantizeLinear", "com.microsoft.QuantizeLinear",
))  # fmt: skip
"""Operations of which a cell depends on the cells at the same place of their inputs."""
_MOST_PARTS = 6
RULES: Mapping[str, Rule] = {**WINDOW_RULES, **AXIS_RULES, **dict.fromkeys(SAME_PLACE, same_place)}


@dataclass(frozen=True)
class ReceptiveField:
    """Of one activation.

    Attributes:
        xyxy: the rectangle around all pixels of the network's input that count, edges at whole pixels; None if none does.
        unknown: the operation of which nobody here can tell what it depends on, so that all was counted; empty if there is none.
    """

    xyxy: tuple[int, int, int, int] | None
    unknown: str = ""

    @property
    def wh(self) -> tuple[int, int]:
        """Its width and height in pixels of the network's input."""
        left, top, right, bottom = self.xyxy or (0, 0, 0, 0)
        return right - left, bottom - top

    def in_source(self, letterbox: Letterbox) -> Box | None:
        """In pixels of the source frame, clipped to what the network sees of it; None if it lies in the padding."""
        if self.xyxy is None:
            return None
        box = letterbox.inverse_boxes(np.array([self.xyxy], np.float32))[0]
        left, top, right, bottom = (float(value) for value in box)
        return (left, top, right, bottom) if right > left and bottom > top else None


def receptive_field(
    graph: NodeGraph,
    shapes: Mapping[str, Shape],
    tensor: str,
    place: tuple[int, ...],
    picture: str,
    *,
    layout: str = "NCHW",
) -> ReceptiveField:
    """The field of the activation at ``place`` of ``tensor``.

    Args:
        graph: the model's.
        shapes: of all tensors that are known; that of the picture must be.
        tensor: name of the layer's output.
        place: one index an axis, as in (0, channel, row, column).
        picture: name of the input.
        layout: of that input.
    """
    seen, unknown = _walk(graph, shapes, tensor, _cell(shapes[tensor], place), picture)
    axes = (2, 3) if layout == "NCHW" else (1, 2)
    if seen is None or not all(mask.any() for mask in seen):
        return ReceptiveField(None, unknown)
    (top, bottom), (left, right) = (_extent(np.flatnonzero(seen[axis])) for axis in axes)
    return ReceptiveField((left, top, right, bottom), unknown)


def _walk(
    graph: NodeGraph, shapes: Mapping[str, Shape], tensor: str, start: Footprint, picture: str
) -> tuple[Footprint | None, str]:
    """What of ``picture`` counts, and the operation that nobody can tell of."""
    needed: dict[str, list[Footprint]] = {tensor: [start]}
    for node in reversed(graph.nodes):
        for output, name in enumerate(node.outputs):
            for footprint in needed.pop(name, ()) if name else ():
                try:
                    answer = _answer(Ask(node, output, footprint, shapes, graph.constants, graph.opset))
                except (UnknownFootprintError, IndexError, ValueError):
                    return everything(shapes[picture]), node.operator
                for i, part in answer.items():
                    needed[node.inputs[i]] = _with(needed.get(node.inputs[i], []), part)
    found = needed.get(picture)
    return functools.reduce(joined, found) if found else None, ""


def _with(parts: list[Footprint], part: Footprint) -> list[Footprint]:
    """One more of several footprints, without those that lie within others.

    They are kept apart, for what counts of two crossing bars is no rectangle; but only so many, and then joined.
    """
    if any(_within(part, other) for other in parts):
        return parts
    left = [*(other for other in parts if not _within(other, part)), part]
    return left if len(left) <= _MOST_PARTS else [functools.reduce(joined, left)]


def _within(part: Footprint, other: Footprint) -> bool:
    return all(not (mask & ~around).any() for mask, around in zip(part, other, strict=True))


def _answer(ask: Ask) -> Answer:
    rule = RULES.get(ask.node.operator)
    if rule is None:
        raise UnknownFootprintError(ask.node.operator)
    answer = rule(ask)
    for i, footprint in answer.items():
        if tuple(len(mask) for mask in footprint) != ask.shape(i):
            raise UnknownFootprintError("sizes")
    return {i: footprint for i, footprint in answer.items() if all(mask.any() for mask in footprint)}


def _cell(shape: Shape, place: tuple[int, ...]) -> Footprint:
    masks = tuple(np.zeros(side, np.bool_) for side in shape)
    for mask, index in zip(masks, place, strict=True):
        mask[index] = True
    return masks


def _extent(cells: np.ndarray) -> tuple[int, int]:
    return int(cells[0]), int(cells[-1]) + 1
