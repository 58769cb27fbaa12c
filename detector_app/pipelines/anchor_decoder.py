"""Raw heads of YOLO with anchors: YOLOv2 (arXiv 1612.08242, section 2), YOLOv3 (1804.02767, section 2.1), YOLOv4.

A score is objectness × class, hence never above the objectness: the objectness logits are compared first, and only
the few places that pass are decoded. As in Darknet a place is one candidate for *each* class that reaches the score.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import AnchorHead, ModelCard
from detector_app.pipelines.candidates import Candidates, Evidence, Outputs, Size
from detector_app.pipelines.cells import places_in
from detector_app.vision.boxes import from_centres
from detector_app.vision.detections import FloatArray, IntArray

LARGEST_EXPONENT, LEAST_REST = np.float32(10.0), np.float32(4.54e-5)
"""exp(10) = 1 / 4.54e-5 anchors wide is larger than any picture, and still finite."""


@dataclass(frozen=True)
class AnchorDecoder:
    """Decoder of one or more anchor heads; candidates are numbered head by head, then (anchor, row, column)."""

    heads: tuple[AnchorHead, ...]

    def decode(self, outputs: Outputs, image: int, score: float) -> Candidates:
        """All (place, class) pairs of picture ``image`` with objectness × class ≥ ``score``."""
        return self._decode(outputs, image, score, best_only=False)

    def every(self, outputs: Outputs, image: int) -> Candidates:
        """Every place of picture ``image`` with its best class."""
        return self._decode(outputs, image, 0.0, best_only=True)

    def _decode(self, outputs: Outputs, image: int, score: float, *, best_only: bool) -> Candidates:
        # Heads differ in their grids, hardly ever in their arithmetic: then all are decoded as one, for the price of one.
        alike: dict[tuple[str, str, bool], list[_Passing]] = {}
        for head, first_id in self._numbered(outputs):
            passing = _passing(head, outputs[head.output][image], score, first_id)
            if passing is not None:
                kind = head.box_transform, head.class_activation, head.activated
                alike.setdefault(kind, []).append(passing)
        return Candidates.join([_decode(*kind, _Passing.join(g), score, best_only) for kind, g in alike.items()])

    def count(self, outputs: Outputs, image: int) -> int:
        """How many places picture ``image`` has."""
        return sum(len(head.anchors_wh_px) * math.prod(outputs[head.output].shape[2:]) for head in self.heads)

    def evidence(self, outputs: Outputs, image: int, ids: IntArray, input_wh: Size) -> Evidence:
        """Heads, cells and anchors; the anchors as they lie around the middle of their cells; the objectness."""
        places = places_in(
            tuple(head.stride for head in self.heads),
            tuple(outputs[head.output].shape[2:] for head in self.heads),
            tuple(len(head.anchors_wh_px) for head in self.heads),
            ids,
            anchors_first=True,
        )
        first_anchor = np.cumsum([0, *(len(head.anchors_wh_px) for head in self.heads)])[places.head]
        sizes = np.concatenate([np.array(head.anchors_wh_px, np.float32) for head in self.heads])
        centres = (np.stack([places.column, places.row], axis=1) + np.float32(0.5)) * places.stride_px[:, None]
        before = from_centres(centres.astype(np.float32), sizes[first_anchor + places.anchor])
        objectness = np.concatenate([_objectness(head, outputs[head.output][image]) for head in self.heads])
        return Evidence(places, before, objectness[ids])

    def axes(self, card: ModelCard) -> dict[str, tuple[int, ...]]:
        """Sizes that the heads must have, by axis; 0 is any."""
        per_anchor = 5 + len(card.classes)
        return {head.output: (0, len(head.anchors_wh_px) * per_anchor, 0, 0) for head in self.heads}

    def _numbered(self, outputs: Outputs) -> Iterator[tuple[AnchorHead, int]]:
        """Each head with the number of its first candidate."""
        first_id = 0
        for head in self.heads:
            yield head, first_id
            rows, columns = outputs[head.output].shape[2:]
            first_id += len(head.anchors_wh_px) * rows * columns


def anchor_decoder(card: ModelCard) -> AnchorDecoder | None:
    """The decoder for the card's heads; None if it has none."""
    return AnchorDecoder(card.heads) if card.heads else None


@dataclass(frozen=True, eq=False)
class _Passing:
    """Places whose objectness suffices: their raw ``values`` (n, 5+C), their rows of :func:`_place_table`, and their ``ids``."""

    values: FloatArray
    table: FloatArray
    ids: IntArray

    @classmethod
    def join(cls, parts: list[_Passing]) -> _Passing:
        if len(parts) == 1:
            return parts[0]
        columns = ([getattr(part, name) for part in parts] for name in ("values", "table", "ids"))
        return cls(*map(np.concatenate, columns))


def _passing(head: AnchorHead, raw: NDArray[Any], score: float, first_id: int) -> _Passing | None:
    """The places of one head, (B·(5+C), rows, columns); None if no objectness suffices."""
    anchors, (rows, columns) = len(head.anchors_wh_px), raw.shape[1:]
    grid = raw.reshape(anchors, -1, rows * columns)
    anchor, cell = (grid[:, 4] >= (score if head.activated else _logit(score))).nonzero()
    if not len(cell):
        return None
    values = grid[anchor, :, cell].astype(np.float32, copy=False)
    ids = anchor * (rows * columns) + cell
    return _Passing(values, _place_table(head, rows, columns)[ids], ids + first_id)


@functools.lru_cache(maxsize=64)
def _place_table(head: AnchorHead, rows: int, columns: int) -> FloatArray:
    """(B·rows·columns, 5) for a grid: the centre is σ(t)·[0] + [1:3] and the size factor·[3:5], all in input pixels."""
    reach, stride = head.scale_xy, head.stride
    anchor, row, column = np.indices((len(head.anchors_wh_px), rows, columns)).reshape(3, -1)
    table = np.empty((len(anchor), 5), np.float32)
    table[:, 0] = reach * stride
    table[:, 1] = (column - (reach - 1) / 2) * stride
    table[:, 2] = (row - (reach - 1) / 2) * stride
    table[:, 3:] = np.array(head.anchors_wh_px)[anchor]
    table.setflags(write=False)
    return table


def _objectness(head: AnchorHead, raw: NDArray[Any]) -> FloatArray:
    """(anchors · rows · columns,) of one head."""
    logits = raw.reshape(len(head.anchors_wh_px), -1, raw.shape[1] * raw.shape[2])[:, 4]
    return _sigmoid(logits.astype(np.float32).ravel(), head.activated)


def _decode(
    box_transform: str, class_activation: str, activated: bool, passing: _Passing, score: float, best_only: bool
) -> Candidates:
    """Boxes of all (place, class) pairs that reach the score, or of each place with its best class."""
    raw = passing.values
    probabilities = _sigmoid(raw, activated)
    scores = probabilities[:, 4:5] * _class_factors(raw, probabilities, class_activation, activated)
    if best_only:
        which, class_ids = np.arange(len(scores)), scores.argmax(axis=1)
    else:
        which, class_ids = (scores >= np.float32(score)).nonzero()
    table = passing.table[which]
    centres = probabilities[which, :2] * table[:, :1] + table[:, 1:3]
    sizes = _size_factors(raw[which, 2:4], probabilities[which, 2:4], box_transform, activated) * table[:, 3:]
    return Candidates(from_centres(centres, sizes), scores[which, class_ids], class_ids, passing.ids[which])


def _class_factors(raw: FloatArray, probabilities: FloatArray, class_activation: str, activated: bool) -> FloatArray:
    """(n, C) probabilities of the classes; a head without classes has the one class that objectness speaks of."""
    if raw.shape[1] == 5:
        return np.ones((len(raw), 1), np.float32)
    if class_activation == "sigmoid" or activated:
        return probabilities[:, 5:]
    powers = np.exp(raw[:, 5:] - raw[:, 5:].max(axis=1, keepdims=True))
    softmax: FloatArray = powers / powers.sum(axis=1, keepdims=True)
    return softmax


def _size_factors(raw: FloatArray, probabilities: FloatArray, box_transform: str, activated: bool) -> FloatArray:
    """(n, 2) box sides as multiples of their anchors, from the raw values and their σ."""
    factors: FloatArray
    if box_transform == "square":
        factors = np.square(np.float32(2) * probabilities)
    elif activated:  # the exponential of the t whose σ this is
        factors = raw / np.maximum(np.float32(1) - raw, LEAST_REST)
    else:
        factors = np.exp(np.minimum(raw, LARGEST_EXPONENT))
    return factors


def _sigmoid(values: FloatArray, activated: bool) -> FloatArray:
    """σ, unless the graph has applied it already. Written with tanh, which cannot overflow."""
    if activated:
        return values
    half = np.float32(0.5)
    result: FloatArray = np.tanh(values * half)
    result *= half
    result += half
    return result


@functools.lru_cache(maxsize=64)
def _logit(score: float) -> float:
    """Inverse of σ; a hair is taken off, so that rounding never drops a candidate that is exactly at the score."""
    if score <= 0:
        return -np.inf
    return float(np.log(score) - np.log1p(-min(score, 1 - 1e-7))) - 1e-4
