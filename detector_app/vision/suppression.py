"""Kinds of non-maximum suppression beside each other, on the same candidates.

Greedy suppression throws away what overlaps a better box too much. Soft-NMS (Bodla et al. 2017, "Improving Object Detection With One Line
of Code", arXiv 1704.04503, section 3) takes some of its score instead, the more the larger the overlap, so that two things that really
stand close together may both stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from detector_app.vision.boxes import iou_matrix
from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.nms import nms

SIGMA = 0.5
"""Of the gaussian, as the paper has it."""


class Kind(Enum):
    """How boxes that overlap are dealt with."""

    PER_CLASS = "per class"
    """Greedy; boxes of different classes let each other be."""
    AGNOSTIC = "class-agnostic"
    """Greedy; classes play no part."""
    SOFT_LINEAR = "soft, linear"
    """A score is multiplied by 1 − IoU for every better box that overlaps by more than the limit."""
    SOFT_GAUSSIAN = "soft, gaussian"
    """A score is multiplied by e^(−IoU² / σ) for every better box of its class; there is no limit."""


@dataclass(frozen=True, eq=False)
class Suppressed:
    """What one kind leaves.

    Attributes:
        kept: (K,) int64 rows, best final score first.
        scores: (K,) float32 final scores, those of the candidates unless it was soft.
    """

    kept: IntArray
    scores: FloatArray


def suppress(
    kind: Kind,
    xyxy: FloatArray,
    scores: FloatArray,
    class_ids: IntArray,
    *,
    iou: float,
    score: float,
    sigma: float = SIGMA,
) -> Suppressed:
    """Suppress candidates in one of the ways.

    Args:
        kind: which.
        xyxy: (N, 4) finite boxes, best score first.
        scores: (N,) descending.
        class_ids: (N,).
        iou: largest overlap allowed; the gaussian has none.
        score: least score, before and after.
        sigma: of the gaussian, above 0.
    """
    count = int(np.searchsorted(-scores, -np.float32(score), side="right"))
    xyxy, scores, class_ids = xyxy[:count], scores[:count], class_ids[:count]
    if kind in (Kind.PER_CLASS, Kind.AGNOSTIC):
        kept = nms(xyxy, class_ids, iou, class_agnostic=kind is Kind.AGNOSTIC)
        return Suppressed(kept, scores[kept])
    return _soft(kind, xyxy, scores, class_ids, iou, score, sigma)


def _soft(
    kind: Kind, xyxy: FloatArray, scores: FloatArray, class_ids: IntArray, iou: float, score: float, sigma: float
) -> Suppressed:
    """Take the best that is left, weaken those of its class that it overlaps, and again."""
    left = scores.astype(np.float64)
    kept: list[int] = []
    final: list[float] = []
    while len(left):
        best = int(left.argmax())
        if left[best] < np.float32(score) or left[best] <= 0:
            break
        kept.append(best)
        final.append(float(left[best]))
        overlap = iou_matrix(xyxy[best : best + 1], xyxy)[0].astype(np.float64)
        overlap[class_ids != class_ids[best]] = 0
        if kind is Kind.SOFT_LINEAR:
            left *= np.where(overlap > iou, 1 - overlap, 1)
        else:
            left *= np.exp(-(overlap**2) / sigma)
        left[kept] = -1  # those taken are not taken again
    return Suppressed(np.array(kept, np.int64), np.array(final, np.float32))
