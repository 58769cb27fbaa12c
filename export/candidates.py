"""From a graph's outputs to boxes, as a model card says: what the verification of boxes reads ONNX Runtime's outputs with.

PyTorch's outputs are read by the network's own decoder where it has one (see ``Recipe.decode``), so that a card which describes
the graph wrongly is found as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import AnchorHead, GridSpec, ModelCard
from models.mtcnn.networks import STAGES

Array = NDArray[Any]
MAX_LOG_SIZE = 10.0
"""exp() of a wild value must not become infinite; e^10 anchors is wider than any picture."""
PNET_STRIDE = 2


@dataclass(frozen=True)
class Candidates:
    """Boxes of a batch, each of one class and with one score.

    Attributes:
        pictures: (K,) int64, number of the picture in the batch.
        boxes_xyxy: (K, 4) float64, pixels of the input, not clipped.
        scores: (K,) float64, 0 to 1.
        labels: (K,) int64.
    """

    pictures: Array
    boxes_xyxy: Array
    scores: Array
    labels: Array

    def __len__(self) -> int:
        return len(self.scores)

    def at(self, places: Array) -> Candidates:
        """Those at ``places``, indices or a mask."""
        return Candidates(self.pictures[places], self.boxes_xyxy[places], self.scores[places], self.labels[places])


Outputs = Mapping[str, Array]
Decoder = Callable[[Outputs, tuple[int, int]], Candidates]
"""Outputs by name, and the input's (height, width) in pixels."""


def card_decoder(card: ModelCard) -> Decoder | None:
    """How ``card`` says its outputs are to be read; None for a model that finds no boxes."""
    read = _DECODERS.get(card.decoder)
    return None if read is None else lambda outputs, size_hw: read(card, outputs, size_hw)


def of_batch(boxes: Array, scores: Array) -> Candidates:
    """Candidates of (N, K, 4) boxes and (N, K, C) scores, or with boxes of every class (N, K, C, 4)."""
    count, places, classes = scores.shape
    by_class = boxes if boxes.ndim == 4 else np.broadcast_to(boxes[:, :, None], (*scores.shape, 4))
    pictures, _, labels = np.indices((count, places, classes)).reshape(3, -1)
    return Candidates(
        pictures, by_class.reshape(-1, 4).astype(np.float64), scores.reshape(-1).astype(np.float64), labels
    )


def of_regions(pictures: Array, boxes: Array, scores: Array) -> Candidates:
    """Candidates of R regions: their pictures (R,), boxes (R, C, 4), and scores (R, C)."""
    regions, labels = np.indices(scores.shape).reshape(2, -1)
    return Candidates(
        pictures.astype(np.int64)[regions],
        boxes.reshape(-1, 4).astype(np.float64),
        scores.reshape(-1).astype(np.float64),
        labels,
    )


def _anchors(card: ModelCard, outputs: Outputs, _size_hw: tuple[int, int]) -> Candidates:
    parts = [_anchor_head(head, outputs[head.output].astype(np.float64)) for head in card.heads]
    boxes, scores = (np.concatenate(values, axis=1) for values in zip(*parts, strict=True))
    return of_batch(boxes, scores)


def _anchor_head(head: AnchorHead, raw: Array) -> tuple[Array, Array]:
    """(N, K, 4) and (N, K, C) of one raw head; see AnchorHead."""
    count, channels, rows, columns = raw.shape
    anchors = np.asarray(head.anchors_wh_px, np.float64)
    values = raw.reshape(count, len(anchors), channels // len(anchors), rows, columns).transpose(0, 1, 3, 4, 2)
    squashed = values if head.activated else _sigmoid(values)
    y, x = np.indices((rows, columns))
    centres = (squashed[..., :2] * head.scale_xy - (head.scale_xy - 1) / 2 + np.stack((x, y), -1)) * head.stride
    sizes = anchors[:, None, None] * _SIZES[head.box_transform](values[..., 2:4], squashed[..., 2:4])
    classes = _softmax(values[..., 5:]) if head.class_activation == "softmax" else squashed[..., 5:]
    scores = squashed[..., 4:5] * classes
    boxes = np.concatenate((centres - sizes / 2, centres + sizes / 2), axis=-1)
    return boxes.reshape(count, -1, 4), scores.reshape(count, -1, scores.shape[-1])


_SIZES: Mapping[str, Callable[[Array, Array], Array]] = {
    "exp": lambda raw, _squashed: np.exp(np.minimum(raw, MAX_LOG_SIZE)),
    "square": lambda _raw, squashed: (2 * squashed) ** 2,
}


def _dense(card: ModelCard, outputs: Outputs, _size_hw: tuple[int, int]) -> Candidates:
    """(N, 4 + C, K): centre, size in pixels, and class scores, of which the best counts; or (N, K, 5 + C) with objectness."""
    names = names_of(card, ("dense", "dense_objectness"))
    if "dense" in names:
        values = outputs[names["dense"]].astype(np.float64).transpose(0, 2, 1)
        scores = values[..., 4:]
    else:
        values = outputs[names["dense_objectness"]].astype(np.float64)
        scores = values[..., 5:] * values[..., 4:5]
    centres, halves = values[..., :2], values[..., 2:4] / 2
    found = of_batch(np.concatenate((centres - halves, centres + halves), axis=-1), scores)
    best = scores.argmax(axis=-1)[..., None] == np.arange(scores.shape[-1])
    return found.at(best.reshape(-1))


def _grid(card: ModelCard, outputs: Outputs, size_hw: tuple[int, int]) -> Candidates:
    """YOLOv1; see GridSpec."""
    spec = card.grid or GridSpec()
    values = outputs[_name(card, "grid")].astype(np.float64)
    count, per_cell = len(values), spec.boxes_per_cell
    boxes = values[..., : 5 * per_cell].reshape(count, spec.side, spec.side, per_cell, 5)
    y, x = np.indices((spec.side, spec.side))
    corner = np.stack((x, y), -1)[:, :, None]
    sides = np.array(size_hw[::-1], np.float64)
    centres = (corner + boxes[..., :2]) / spec.side * sides
    sizes = (boxes[..., 2:4] ** 2 if spec.square_roots else np.maximum(boxes[..., 2:4], 0)) * sides
    scores = np.clip(boxes[..., 4:], 0, 1) * np.clip(values[..., None, 5 * per_cell :], 0, 1)
    xyxy = np.concatenate((centres - sizes / 2, centres + sizes / 2), axis=-1)
    return of_batch(xyxy.reshape(count, -1, 4), scores.reshape(count, -1, scores.shape[-1]))


def _regions_of_the_graph(card: ModelCard, outputs: Outputs, _size_hw: tuple[int, int]) -> Candidates:
    names = (_name(card, role) for role in ("picture_ids", "region_boxes", "region_scores"))
    return of_regions(*(outputs[name] for name in names))


def _regions_of_the_host(card: ModelCard, outputs: Outputs, _size_hw: tuple[int, int]) -> Candidates:
    """Fast R-CNN's: each region is by itself, as another picture, because which picture it is of is known to the host."""
    scores, boxes = (outputs[_name(card, role)] for role in ("region_scores", "region_boxes"))
    return of_regions(np.arange(len(scores)), boxes, scores)


def _crops(card: ModelCard, outputs: Outputs, size_hw: tuple[int, int]) -> Candidates:
    """R-CNN's: boxes in pixels of the crop."""
    scores, deltas = (outputs[_name(card, role)].astype(np.float64) for role in ("region_scores", "region_deltas"))
    sides = np.array(size_hw[::-1], np.float64)
    centres = (deltas[..., :2] + 0.5) * sides
    halves = np.exp(np.minimum(deltas[..., 2:], MAX_LOG_SIZE)) * sides / 2
    return of_regions(np.arange(len(scores)), np.concatenate((centres - halves, centres + halves), -1), scores)


def _mtcnn_stage(card: ModelCard, outputs: Outputs, size_hw: tuple[int, int]) -> Candidates:
    """One network of the cascade: squares of its map, or its crops, and how it moves their sides."""
    scores, moves = (outputs[_name(card, role)].astype(np.float64) for role in ("scores", "boxes"))
    faces = scores[:, 1:2]
    if moves.ndim == 2:
        side = np.array([size_hw[1], size_hw[0]] * 2, np.float64)
        squares = np.array([0.0, 0.0, 1.0, 1.0]) * side
        return of_batch((squares + moves * side)[:, None], faces[:, None])
    y, x = np.indices(moves.shape[2:])
    side_px = STAGES["pnet"].side_px
    corners = np.stack((x, y, x, y), -1) * PNET_STRIDE + np.array([0, 0, side_px, side_px])
    boxes = corners + moves.transpose(0, 2, 3, 1) * side_px
    return of_batch(boxes.reshape(len(boxes), -1, 4), faces.transpose(0, 2, 3, 1).reshape(len(boxes), -1, 1))


def selected(card: ModelCard, outputs: Outputs, _size_hw: tuple[int, int] = (0, 0)) -> Candidates:
    """What a graph that selects for itself puts out; see InsideSelection."""
    roles = ("picture_ids", "boxes", "scores", "class_ids")
    pictures, boxes, scores, labels = (outputs[_name(card, role)] for role in roles)
    return Candidates(pictures, boxes.astype(np.float64), scores.astype(np.float64), labels)


_DECODERS: Mapping[str, Callable[[ModelCard, Outputs, tuple[int, int]], Candidates]] = {
    "yolo_anchor": _anchors,
    "yolo_dense": _dense,
    "yolo_v1": _grid,
    "faster_rcnn": _regions_of_the_graph,
    "fast_rcnn": _regions_of_the_host,
    "rcnn": _crops,
    "mtcnn": _mtcnn_stage,
    "selected": selected,
}


def _name(card: ModelCard, role: str) -> str:
    """The output with this role; the card's rules make sure that there is one."""
    return next(output.name for output in card.outputs if output.role == role)


def _sigmoid(values: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -60, 60))))


def _softmax(values: Array) -> Array:
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def names_of(card: ModelCard, roles: Sequence[str]) -> dict[str, str]:
    """Names of the outputs by role, of those roles that the card has."""
    return {output.role: output.name for output in card.outputs if output.role in roles}
