"""Which detections of a picture are right: greedy matching of detections with the truth as COCO does it (Lin et al. 2014).

Per class, the best score first, each detection takes the object that it overlaps most of those still free, if the IoU is at least the
threshold. What is left of the detections is wrong, what is left of the objects is missed. An ignored object (a crowd, or VOC's difficult)
counts neither as found nor as missed, nor do detections that only fit it; there the overlap is measured as a part of the detection.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from detector_app.evaluation.truth import ClassMap, Float64Array, PictureTruth
from detector_app.vision.detections import Detections

MOST_PER_CLASS = 100
"""COCO looks at so many detections of a class in a picture, best first; the rest is not judged."""
_ALMOST_ONE = 1 - 1e-10


class Verdict(IntEnum):
    """What a detection turned out to be."""

    RIGHT = 0
    """A true positive."""
    WRONG = 1
    """A false positive."""
    NOT_JUDGED = 2
    """It fits something ignored, or is of a class of which the truth says nothing."""


@dataclass(frozen=True, eq=False)
class Matching:
    """The judgement of one picture.

    Attributes:
        verdicts: (N,) uint8, a :class:`Verdict` for each detection.
        truth_of: (N,) int64 the object that a detection has taken, ignored ones too; −1 none.
        overlaps: (N,) float64 by how much it overlaps that; 0 without.
        detection_of: (M,) int64 the detection that has taken an object; −1 none.
        missed: (M,) bool: an object that counts, of a class that the model has, and no detection has taken it: a false negative.
        truth_xyxy: (M, 4) float64 objects in pixels of the picture.
        truth_class: (M,) int64 their classes as the model's ids; −1 for one that it does not have.
        counts: (M,) bool: neither ignored nor of a class that the model does not have.
    """

    verdicts: NDArray[np.uint8]
    truth_of: NDArray[np.int64]
    overlaps: Float64Array
    detection_of: NDArray[np.int64]
    missed: NDArray[np.bool_]
    truth_xyxy: Float64Array
    truth_class: NDArray[np.int64]
    counts: NDArray[np.bool_]

    @property
    def right(self) -> int:
        """True positives."""
        return int(np.count_nonzero(self.verdicts == Verdict.RIGHT))

    @property
    def wrong(self) -> int:
        """False positives."""
        return int(np.count_nonzero(self.verdicts == Verdict.WRONG))

    @property
    def missing(self) -> int:
        """False negatives."""
        return int(np.count_nonzero(self.missed))


def match(
    detections: Detections, truth: PictureTruth, classes: ClassMap, size_wh: tuple[int, int], least_iou: float = 0.5
) -> Matching:
    """Judge the detections of one picture.

    Args:
        detections: of the picture; those with class ids that ``classes`` does not know are not judged.
        truth: of the picture.
        classes: between the truth's classes and the model's.
        size_wh: of the picture, in pixels.
        least_iou: from which overlap on a detection fits an object, in (0, 1].
    """
    n, m = len(detections), len(truth)
    truth_class = classes.model_class[truth.class_ids] if m else np.zeros(0, np.int64)
    xyxy = truth.xyxy_in(*size_wh)
    verdicts = np.full(n, Verdict.NOT_JUDGED, np.uint8)
    truth_of, detection_of = np.full(n, -1, np.int64), np.full(m, -1, np.int64)
    overlaps = np.zeros(n)
    for class_id in np.unique(detections.class_ids):
        if not 0 <= class_id < len(classes.judged) or not classes.judged[class_id]:
            continue
        of_class = np.flatnonzero(detections.class_ids == class_id)
        rows = of_class[np.argsort(-detections.scores[of_class], kind="stable")][:MOST_PER_CLASS]
        objects = np.flatnonzero(truth_class == class_id)
        taken, by = match_class(detections.xyxy[rows], xyxy[objects], truth.ignored[objects], least_iou)
        hit = taken >= 0
        verdicts[rows] = Verdict.WRONG
        verdicts[rows[hit]] = np.where(truth.ignored[objects[taken[hit]]], Verdict.NOT_JUDGED, Verdict.RIGHT)
        truth_of[rows[hit]], overlaps[rows] = objects[taken[hit]], by
        detection_of[objects[taken[hit]][::-1]] = rows[hit][::-1]  # of several on a crowd the best
    counts = (truth_class >= 0) & ~truth.ignored
    missed = counts & (detection_of < 0)
    return Matching(verdicts, truth_of, overlaps, detection_of, missed, xyxy, truth_class, counts)


def match_class(
    boxes_xyxy: NDArray[np.floating], truth_xyxy: Float64Array, ignored: NDArray[np.bool_], least_iou: float
) -> tuple[NDArray[np.int64], Float64Array]:
    """The greedy matching within one class.

    Args:
        boxes_xyxy: (N, 4) detections, best score first.
        truth_xyxy: (M, 4) objects.
        ignored: (M,) which of them count neither way; each may be taken again and again.
        least_iou: from which overlap on they fit.

    Returns:
        (N,) the object that each has taken, −1 none; (N,) the overlap with it, 0 without. As COCO has it, an object that counts goes
        before an ignored one however much that overlaps, and of equal overlaps the later object is taken.
    """
    taken, by = np.full(len(boxes_xyxy), -1, np.int64), np.zeros(len(boxes_xyxy))
    if not len(boxes_xyxy) or not len(truth_xyxy):
        return taken, by
    least = min(least_iou, _ALMOST_ONE)
    iou = overlap(boxes_xyxy.astype(np.float64), truth_xyxy, ignored)
    free = ~ignored
    for i in np.flatnonzero((iou >= least).any(axis=1)):
        for choice in (free, ignored):
            fitting = np.where(choice, iou[i], -1.0)
            best = len(fitting) - 1 - int(np.argmax(fitting[::-1]))
            if fitting[best] >= least:
                taken[i], by[i] = best, iou[i, best]
                free[best] = False
                break
    return taken, by


def overlap(boxes_xyxy: Float64Array, truth_xyxy: Float64Array, ignored: NDArray[np.bool_]) -> Float64Array:
    """(N, M) intersection over union; with ignored objects intersection over the detection's area. 0 where that has no area."""
    low = np.maximum(boxes_xyxy[:, None, :2], truth_xyxy[None, :, :2])
    high = np.minimum(boxes_xyxy[:, None, 2:], truth_xyxy[None, :, 2:])
    shared = np.maximum(high - low, 0).prod(axis=2)
    area = _areas(boxes_xyxy)[:, None]
    union = np.where(ignored[None], area, area + _areas(truth_xyxy)[None] - shared)
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0))


def _areas(xyxy: Float64Array) -> Float64Array:
    return np.asarray(np.maximum(xyxy[:, 2:] - xyxy[:, :2], 0).prod(axis=1))
