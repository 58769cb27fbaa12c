"""Why an object was missed: the detection or candidate that came nearest to it, and what stopped that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np

from detector_app.evaluation.matching import Matching, overlap
from detector_app.evaluation.truth import Float64Array
from detector_app.vision.detections import Detections, FloatArray, IntArray
from detector_app.vision.trace import Fate, Trace

LEAST_BELIEVED = 0.05
"""Scores below this say next to nothing."""
LEAST_NEAR = 0.1
"""From which overlap on a box has to do with an object."""


class Stopped(Enum):
    """What stopped the nearest box."""

    NOTHING_THERE = auto()
    """No box of any class comes near the object."""
    BELOW_SCORE = auto()
    """It would fit, but its score is too low."""
    TOO_LITTLE_OVERLAP = auto()
    """It is shown, or would be, but overlaps the object too little."""
    OTHER_CLASS = auto()
    """It would fit, but is of another class."""
    TAKEN = auto()
    """It fits, but fits another object better."""
    SUPPRESSED = auto()
    """It would fit, but a better box overlaps it too much."""
    NOT_CONSIDERED = auto()
    """It would fit, but there were too many better ones."""


@dataclass(frozen=True)
class Miss:
    """The nearest box to a missed object.

    Attributes:
        stopped: why it did not count.
        class_id, score, iou: of that box; class −1 if there is none.
    """

    stopped: Stopped
    class_id: int = -1
    score: float = 0.0
    iou: float = 0.0


_FATES = {
    Fate.BELOW_SCORE: Stopped.BELOW_SCORE,
    Fate.SUPPRESSED: Stopped.SUPPRESSED,
    Fate.BEYOND_TOP_K: Stopped.NOT_CONSIDERED,
    Fate.BEYOND_MOST: Stopped.NOT_CONSIDERED,
}


def explain_miss(
    object_row: int, matching: Matching, found: Detections, least_iou: float, least_score: float, trace: Trace | None
) -> Miss:
    """Why object ``object_row`` was missed.

    Args:
        object_row: in ``matching``, one that is missed.
        matching: of the detections that are shown.
        found: detections of the frame, if possible down to a very low score, after suppression.
        least_iou: from which overlap on a detection fits.
        least_score: of the shown detections.
        trace: of the frame, where there is one; knows those that suppression took, too.
    """
    box, class_id = matching.truth_xyxy[object_row], int(matching.truth_class[object_row])
    if trace is not None:
        last = trace.last
        i, iou = _nearest(box, class_id, last.xyxy, last.scores, last.class_ids, least_iou)
        if i >= 0:
            fate = _FATES.get(Fate(int(last.fates[i])))
            near = int(last.class_ids[i]), float(last.scores[i]), iou
            return Miss(_reason(near, class_id, least_iou, least_score, fate), *near)
    i, iou = _nearest(box, class_id, found.xyxy, found.scores, found.class_ids, least_iou)
    if i < 0:
        return Miss(Stopped.NOTHING_THERE)
    near = int(found.class_ids[i]), float(found.scores[i]), iou
    return Miss(_reason(near, class_id, least_iou, least_score, None), *near)


def _nearest(
    box: Float64Array, class_id: int, xyxy: FloatArray, scores: FloatArray, ids: IntArray, least_iou: float
) -> tuple[int, float]:
    """The box that tells most of an object, and its overlap with it; −1: none touches it.

    One that fits by place and class, the best score first; else by place alone; else that with most overlap. Boxes that the network
    hardly believes in itself come after all others: they tell less than a sure box a little beside the object.
    """
    if not len(scores):
        return -1, 0.0
    iou = overlap(xyxy.astype(np.float64), box[None], np.zeros(1, np.bool_))[:, 0]
    fits = iou >= least_iou
    for believed in (scores >= LEAST_BELIEVED, scores < LEAST_BELIEVED):
        choices = ((fits & (ids == class_id), scores), (fits, scores), (iou >= LEAST_NEAR, iou))
        for candidates, worth in choices:
            if (candidates & believed).any():
                best = int(np.argmax(np.where(candidates & believed, worth, -1.0)))
                return best, float(iou[best])
    return -1, 0.0


def _reason(
    near: tuple[int, float, float], class_id: int, least_iou: float, least_score: float, fate: Stopped | None
) -> Stopped:
    near_class, score, iou = near
    if iou < least_iou:
        return Stopped.TOO_LITTLE_OVERLAP
    if near_class != class_id:
        return Stopped.OTHER_CLASS
    if fate is not None:
        return fate
    return Stopped.BELOW_SCORE if score < np.float32(least_score) else Stopped.TAKEN
