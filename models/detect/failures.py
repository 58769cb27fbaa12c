"""Where a detector fails: on which validation pictures, and how."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.detect.evaluation import Found, Truth

RIGHT_IOU = 0.5


@dataclass(frozen=True)
class Verdict:
    """What became of the detections and the objects of one picture, at one score threshold.

    Attributes:
        shown: (n,) int64 indices of the detections at or above the threshold.
        kinds: for each of them "right", "wrong class" (an object of another class is there) or "false".
        missed: (m,) int64 indices of objects that nothing was right about, nor wrong in class.
    """

    shown: NDArray[np.int64]
    kinds: tuple[str, ...]
    missed: NDArray[np.int64]

    @property
    def errors(self) -> int:
        """False boxes, wrong classes and missed objects."""
        return sum(kind != "right" for kind in self.kinds) + len(self.missed)


def judge_picture(found: Found, truth: Truth, min_score: float) -> Verdict:
    """Matches detections to objects, the strongest first.

    Each takes the free object of its class that it overlaps most, by half at least. One left over is of a wrong class if it
    overlaps an object of another class by half that is still free, else false.
    """
    shown = np.flatnonzero(found.scores >= min_score)
    shown = shown[np.argsort(-found.scores[shown], kind="stable")]
    overlaps = _overlaps(found.boxes_xyxy[shown], truth.boxes_xyxy)
    same = found.labels[shown][:, None] == truth.labels[None]
    free = np.ones(len(truth.labels), bool)
    right = _take(np.where(same, overlaps, 0), free, np.ones(len(shown), bool))
    wrong = _take(np.where(same, 0, overlaps), free, ~right)
    kinds = tuple("right" if r else "wrong class" if w else "false" for r, w in zip(right, wrong, strict=True))
    return Verdict(shown, kinds, np.flatnonzero(free))


def _take(overlaps: NDArray[np.float64], free: NDArray[np.bool_], asked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Gives objects to detections in order; takes them out of `free`."""
    taken = np.zeros(len(overlaps), bool)
    for row in np.flatnonzero(asked) if len(free) else ():
        best = int(np.where(free, overlaps[row], 0).argmax())
        if free[best] and overlaps[row, best] >= RIGHT_IOU:
            taken[row], free[best] = True, False
    return taken


def _overlaps(ones: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n, m) IoU of two lists of boxes."""
    low = np.maximum(ones[:, None, :2], others[None, :, :2])
    high = np.minimum(ones[:, None, 2:], others[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2, dtype=np.float64)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1, dtype=np.float64) for boxes in (ones, others)]
    ratio: NDArray[np.float64] = shared / np.maximum(areas[0][:, None] + areas[1][None] - shared, 1e-9)
    return ratio


def best_score(founds: Sequence[Found], truths: Sequence[Truth]) -> float:
    """The threshold, among 0.05, 0.10, … 0.95, at which F1 is highest.

    F1 is twice the right detections over those shown plus the objects there, counted over all pictures.
    """
    thresholds = np.arange(1, 20) / 20
    return float(max(thresholds, key=lambda score: _f1(founds, truths, float(score))))


def _f1(founds: Sequence[Found], truths: Sequence[Truth], min_score: float) -> float:
    verdicts = [judge_picture(found, truth, min_score) for found, truth in zip(founds, truths, strict=True)]
    right = sum(kind == "right" for verdict in verdicts for kind in verdict.kinds)
    shown = sum(len(verdict.shown) for verdict in verdicts)
    return 2 * right / max(shown + sum(len(truth.labels) for truth in truths), 1)
