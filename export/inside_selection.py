"""Filter and suppression inside the graph, with their thresholds as inputs: for programs that have no decoder of their own.

The nodes are made from the card alone, so that any graph with a card can get them. One ONNX NonMaxSuppression does both; its scores must be
*above* the threshold, so the threshold is lowered by the last digit of a float32, and a score that equals it is kept.

Boxes of regions differ by class, and regions of all pictures lie in one list. So a class is what NonMaxSuppression calls a picture, with
boxes of its own, and a picture is what it calls a class: regions of other pictures have a score of −1 there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from detector_app.model_card import AnchorHead, GridSpec, InsideSelection, ModelCard, OutputSpec
from export.candidates import MAX_LOG_SIZE, names_of
from export.errors import ExportError

ROLES = ("boxes", "scores", "class_ids", "picture_ids")
LAST = (1 << 31) - 1
BELOW = 1 - 2.0**-23


def with_selection(model: onnx.ModelProto, card: ModelCard) -> tuple[onnx.ModelProto, ModelCard]:
    """The graph with boxes, scores, classes and pictures of what is left as its outputs, and its card; ``model`` is changed.

    Raises:
        ExportError: the model finds no boxes, or it is not known how to select them in a graph.
    """
    decode = _DECODERS.get(card.decoder)
    if decode is None:
        what = f"the decoder {card.decoder} has no selection that could be put into the graph"
        raise ExportError(card.name, what=what, todo="Leave out --nms.")
    inside = InsideSelection(most=card.thresholds.max_detections)
    nodes = _Nodes(model.graph)
    found = decode(nodes, card)
    outputs = _select(nodes, found, inside)
    _declare(model.graph, inside, outputs)
    selected = replace(
        card,
        decoder="selected",
        outputs=tuple(OutputSpec(role, role) for role in ROLES),
        heads=(),
        grid=None,
        regions=None,
        inside=inside,
    )
    return model, selected


@dataclass(frozen=True)
class _Found:
    """Names of tensors: boxes (A, K, 4) and scores (A, B, K), and which of A and B counts pictures; the other one counts classes."""

    boxes: str
    scores: str
    pictures_first: bool = True


class _Nodes:
    """Appends nodes and constants to a graph, named after their number."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self._graph = graph
        self._made = 0

    def __call__(self, kind: str, *inputs: str | Any, **attributes: Any) -> str:
        """A node; inputs that are no names become constants. Returns the name of its output."""
        names = [one if isinstance(one, str) else self.constant(one) for one in inputs]
        output = self._name()
        self._graph.node.append(helper.make_node(kind, names, [output], **attributes))
        return output

    def constant(self, value: Any) -> str:
        """Whole numbers as int64, others as float32."""
        array = np.asarray(value)
        array = array.astype(np.int64 if array.dtype.kind == "i" else np.float32)
        name = self._name()
        self._graph.initializer.append(numpy_helper.from_array(array, name))
        return name

    def part(self, name: str, first: int, last: int, axis: int) -> str:
        """A slice."""
        return self("Slice", name, [first], [last], [axis])

    def _name(self) -> str:
        self._made += 1
        return f"selection.{self._made}"


def _corners(nodes: _Nodes, x: str, y: str, width: str, height: str) -> str:
    """Boxes (…, 4) from tensors (…) of centres and sizes."""
    halves = [nodes("Mul", side, 0.5) for side in (width, height)]
    sides = [nodes(kind, centre, half) for kind in ("Sub", "Add") for centre, half in zip((x, y), halves, strict=True)]
    return nodes("Concat", *(nodes("Unsqueeze", side, [-1]) for side in sides), axis=-1)


def _anchors(nodes: _Nodes, card: ModelCard) -> _Found:
    parts = [_anchor_head(nodes, head, len(card.classes), card.name) for head in card.heads]
    boxes, scores = zip(*parts, strict=True)
    return _Found(nodes("Concat", *boxes, axis=1), nodes("Concat", *scores, axis=2))


def _anchor_head(nodes: _Nodes, head: AnchorHead, classes: int, where: str) -> tuple[str, str]:
    """Boxes (N, K, 4) and scores (N, C, K) of one head; see AnchorHead."""
    if head.activated and head.box_transform == "exp":
        what = f"the sizes in {head.output} are exponentials of values that the graph has squashed already"
        raise ExportError(where, what=what, todo="Leave out --nms.")
    anchors = np.asarray(head.anchors_wh_px)
    values = nodes("Reshape", head.output, [0, len(anchors), 5 + classes, -1])  # (N, B, V, cells)
    squashed = values if head.activated else nodes("Sigmoid", values)
    width = nodes("Gather", nodes("Shape", head.output), 3)
    count = nodes("Gather", nodes("Shape", values), 3)
    cells = nodes("Range", 0, count, 1)
    corner = [nodes("Cast", nodes(kind, cells, width), to=onnx.TensorProto.FLOAT) for kind in ("Mod", "Div")]
    centres = []
    for place, offset in enumerate(corner):
        reach = nodes("Mul", _value(nodes, squashed, place), head.scale_xy)
        moved = nodes("Add", nodes("Sub", reach, (head.scale_xy - 1) / 2), offset)
        centres.append(nodes("Mul", moved, float(head.stride)))
    sizes = []
    for place in (0, 1):
        if head.box_transform == "square":
            doubled = nodes("Mul", _value(nodes, squashed, 2 + place), 2.0)
            factor = nodes("Mul", doubled, doubled)
        else:
            factor = nodes("Exp", nodes("Min", _value(nodes, values, 2 + place), MAX_LOG_SIZE))
        sizes.append(nodes("Mul", factor, anchors[:, place].reshape(1, -1, 1).astype(np.float64)))
    boxes = nodes("Reshape", _corners(nodes, *centres, *sizes), [0, -1, 4])
    if head.class_activation == "softmax" and not head.activated:
        chances = nodes("Softmax", nodes.part(values, 5, LAST, 2), axis=2)
    else:
        chances = nodes.part(squashed, 5, LAST, 2)
    scores = nodes("Mul", nodes.part(squashed, 4, 5, 2), chances)  # (N, B, C, cells)
    return boxes, nodes("Reshape", nodes("Transpose", scores, perm=[0, 2, 1, 3]), [0, classes, -1])


def _value(nodes: _Nodes, values: str, place: int) -> str:
    """(N, B, V, cells) to (N, B, cells)."""
    return nodes("Gather", values, place, axis=2)


def _dense(nodes: _Nodes, card: ModelCard) -> _Found:
    """A place counts for its best class alone."""
    names = names_of(card, ("dense", "dense_objectness"))
    if "dense" in names:
        values = names["dense"]
        scores = nodes.part(values, 4, LAST, 1)
    else:
        values = nodes("Transpose", names["dense_objectness"], perm=[0, 2, 1])
        scores = nodes("Mul", nodes.part(values, 5, LAST, 1), nodes.part(values, 4, 5, 1))
    boxes = _corners(nodes, *(nodes("Gather", values, place, axis=1) for place in range(4)))
    best = nodes("Equal", scores, nodes("ReduceMax", scores, [1], keepdims=1))
    return _Found(boxes, nodes("Where", best, scores, -1.0))


def _grid(nodes: _Nodes, card: ModelCard) -> _Found:
    spec, (height, width) = card.grid or GridSpec(), card.input.size_hw
    cells, count, classes = spec.side**2, spec.boxes_per_cell, len(card.classes)
    values = nodes("Reshape", names_of(card, ("grid",))["grid"], [0, cells, -1])
    boxes = nodes("Reshape", nodes.part(values, 0, 5 * count, 2), [0, cells * count, 5])
    row, column = np.divmod(np.repeat(np.arange(cells), count), spec.side)
    x, y, w, h, sure = (nodes("Gather", boxes, place, axis=2) for place in range(5))
    centres = [
        nodes("Mul", nodes("Add", value, corner.reshape(1, -1).astype(np.float64)), side / spec.side)
        for value, corner, side in ((x, column, width), (y, row, height))
    ]
    parts = [nodes("Mul", one, one) if spec.square_roots else nodes("Relu", one) for one in (w, h)]
    sizes = [nodes("Mul", one, float(side)) for one, side in zip(parts, (width, height), strict=True)]
    sure = nodes("Reshape", nodes("Clip", sure, 0.0, 1.0), [0, cells, count, 1])
    chances = nodes("Unsqueeze", nodes("Clip", nodes.part(values, 5 * count, LAST, 2), 0.0, 1.0), [2])
    scores = nodes("Reshape", nodes("Mul", sure, chances), [0, cells * count, classes])
    return _Found(_corners(nodes, *centres, *sizes), nodes("Transpose", scores, perm=[0, 2, 1]))


def _regions(nodes: _Nodes, card: ModelCard) -> _Found:
    names = names_of(card, ("region_boxes", "region_scores", "picture_ids"))
    boxes = nodes("Transpose", names["region_boxes"], perm=[1, 0, 2])
    scores = nodes("Unsqueeze", nodes("Transpose", names["region_scores"], perm=[1, 0]), [1])  # (C, 1, R)
    count = nodes("Gather", nodes("Shape", card.input.name), 0)
    pictures = nodes("Unsqueeze", nodes("Range", 0, count, 1), [1])
    own = nodes("Equal", pictures, nodes("Unsqueeze", names["picture_ids"], [0]))  # (N, R)
    return _Found(boxes, nodes("Where", own, scores, -1.0), pictures_first=False)


_DECODERS: Mapping[str, Callable[[_Nodes, ModelCard], _Found]] = {
    "yolo_anchor": _anchors,
    "yolo_dense": _dense,
    "yolo_v1": _grid,
    "faster_rcnn": _regions,
}


def _select(nodes: _Nodes, found: _Found, inside: InsideSelection) -> dict[str, str]:
    """Names of the tensors by role."""
    score = nodes("Mul", inside.score_input, BELOW)
    triples = nodes("NonMaxSuppression", found.boxes, found.scores, [inside.most], inside.iou_input, score)
    first, second = (nodes("Gather", triples, place, axis=1) for place in (0, 1))
    pictures, classes = (first, second) if found.pictures_first else (second, first)
    return {
        "boxes": nodes("GatherND", found.boxes, nodes("Gather", triples, [0, 2], axis=1)),
        "scores": nodes("GatherND", found.scores, triples),
        "class_ids": classes,
        "picture_ids": pictures,
    }


def _declare(graph: onnx.GraphProto, inside: InsideSelection, outputs: Mapping[str, str]) -> None:
    """The graph's new inputs and outputs."""
    number, whole = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64
    graph.input.extend(
        helper.make_tensor_value_info(name, number, [1]) for name in (inside.score_input, inside.iou_input)
    )
    _make_way(graph)
    kinds: dict[str, tuple[int, list[str | int]]] = {
        "boxes": (number, ["detections", 4]),
        "scores": (number, ["detections"]),
    }
    del graph.output[:]
    for role, name in outputs.items():
        kind, axes = kinds.get(role, (whole, ["detections"]))
        graph.node.append(helper.make_node("Identity", [name], [role]))
        graph.output.append(helper.make_tensor_value_info(role, kind, axes))
    del graph.value_info[:]


def _make_way(graph: onnx.GraphProto) -> None:
    """Rename what has the name of a new output already."""
    taken = {name: f"raw.{name}" for name in ROLES}
    for node in graph.node:
        node.input[:] = [taken.get(name, name) for name in node.input]
        node.output[:] = [taken.get(name, name) for name in node.output]
