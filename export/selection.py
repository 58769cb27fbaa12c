"""Filter, suppression and matching of boxes: small, slow and plain, because others are measured by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.candidates import Candidates

Array = NDArray[Any]


def select(candidates: Candidates, score: float, iou: float, most: int) -> Candidates:
    """What is left of a batch: scores of at least ``score``, of which the better suppress the worse of their picture and class.

    Args:
        candidates: of a batch.
        score: least score.
        iou: boxes that overlap more are suppressed.
        most: so many are kept of a picture and class.
    """
    passing = candidates.at(np.flatnonzero(candidates.scores >= np.float32(score)))
    passing = passing.at(np.argsort(-passing.scores, kind="stable"))
    groups = np.stack((passing.pictures, passing.labels), axis=1)
    kept = [
        places[_greedy(passing.boxes_xyxy[places], iou)[:most]]
        for group in np.unique(groups, axis=0)
        if len(places := np.flatnonzero((groups == group).all(axis=1)))
    ]
    return passing.at(np.sort(np.concatenate(kept))) if kept else passing


def _greedy(boxes: Array, iou: float) -> Array:
    """Places kept of (K, 4) boxes, best first."""
    overlaps = overlap(boxes, boxes)
    alive = np.ones(len(boxes), bool)
    for place in range(len(boxes)):
        if alive[place]:
            alive[place + 1 :] &= overlaps[place, place + 1 :] <= iou
    return np.flatnonzero(alive)


def overlap(one: Array, other: Array) -> Array:
    """(K, 4) and (L, 4) to (K, L) intersections over unions; boxes without area overlap nothing."""
    corners = np.minimum(one[:, None, 2:], other[None, :, 2:]) - np.maximum(one[:, None, :2], other[None, :, :2])
    shared = np.clip(corners, 0, None).prod(axis=-1)
    areas = [np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(axis=-1) for boxes in (one, other)]
    union = areas[0][:, None] + areas[1][None] - shared
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0))


@dataclass(frozen=True)
class Matching:
    """Pairs of the same object in two lists of boxes.

    Attributes:
        pairs: (P, 2) places in the one list and in the other.
        box_px: (P,) largest difference of the four sides.
        score: (P,) difference of the scores.
        alone: places in the one list without a partner, and in the other.
    """

    pairs: Array
    box_px: Array
    score: Array
    alone: tuple[Array, Array]

    def within(self, box_px: float, score: float) -> Matching:
        """Only pairs that are no further apart than that; the others are alone."""
        close = (self.box_px <= box_px) & (self.score <= score)
        parted = self.pairs[~close].T
        one, other = (np.append(alone, more) for alone, more in zip(self.alone, parted, strict=True))
        return Matching(self.pairs[close], self.box_px[close], self.score[close], (one, other))


def match(one: Candidates, other: Candidates, box_px: float, score: float) -> Matching:
    """Pair what is nearest, each once, among boxes of one picture and class.

    ``box_px`` and ``score`` are what is allowed: they bring the two kinds of distance to one scale. Pairs may lie further apart; only
    such that lie a hundred times further are no pairs at all.
    """
    same = (one.pictures[:, None] == other.pictures[None]) & (one.labels[:, None] == other.labels[None])
    sides = np.abs(one.boxes_xyxy[:, None] - other.boxes_xyxy[None]).max(axis=-1, initial=0.0)
    scores = np.abs(one.scores[:, None] - other.scores[None])
    distance = np.where(same, np.maximum(sides / box_px, scores / score), np.inf)
    pairs = []
    first, second = np.unravel_index(np.argsort(distance, axis=None, kind="stable"), distance.shape)
    taken = np.zeros(len(one), bool), np.zeros(len(other), bool)
    for i, j in zip(first, second, strict=True):
        if not distance[i, j] < 100:
            break
        if not taken[0][i] and not taken[1][j]:
            taken[0][i] = taken[1][j] = True
            pairs.append((i, j))
    chosen = np.asarray(pairs, np.int64).reshape(-1, 2)
    left, right = chosen.T
    alone = np.flatnonzero(~taken[0]), np.flatnonzero(~taken[1])
    return Matching(chosen, sides[left, right], scores[left, right], alone)
