"""From candidates to detections: wanted classes, the best ``top_k``, NMS, and the way back to source pixels."""

from __future__ import annotations

import numpy as np

from detector_app.pipelines.candidates import Candidates
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.vision.detections import Detections, IntArray
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.nms import nms


def wanted(class_ids: IntArray, classes: frozenset[int] | None) -> IntArray:
    """Indices of the candidates whose class is wanted; None wants all."""
    if classes is None:
        return np.arange(len(class_ids))
    return np.flatnonzero(np.isin(class_ids, list(classes)))


def strongest(candidates: Candidates, top_k: int) -> IntArray:
    """Indices of the ``top_k`` best candidates, best first; of equal ones the earlier first."""
    scores = candidates.scores
    if len(scores) <= top_k:
        return (-scores).argsort(kind="stable")
    # A full sort of 100,000 candidates (score at 0) costs more than the network. Equal ones at the limit: the earlier stay.
    limit = scores[np.argpartition(-scores, top_k - 1)[top_k - 1]]
    near = np.flatnonzero(scores >= limit)
    return near[np.argsort(-scores[near], kind="stable")[:top_k]]


def select(
    candidates: Candidates, letterbox: Letterbox, settings: DetectSettings, class_names: tuple[str, ...]
) -> Detections:
    """Candidates of one picture (already at or above ``settings.score``) → its detections, best first."""
    if settings.classes is not None:
        candidates = candidates.take(wanted(candidates.class_ids, settings.classes))
    if not len(candidates):
        return Detections.empty(class_names)
    if len(candidates) > 1:
        candidates = candidates.take(strongest(candidates, settings.top_k))
        kept = nms(candidates.xyxy, candidates.class_ids, settings.iou, class_agnostic=settings.class_agnostic)
        candidates = candidates.take(kept[: settings.max_detections])
    return to_source(candidates, letterbox, class_names)


def to_source(candidates: Candidates, letterbox: Letterbox, class_names: tuple[str, ...]) -> Detections:
    """Candidates → detections in source pixels, clipped to the frame, in the same order."""
    return Detections(
        letterbox.inverse_boxes(candidates.xyxy),
        candidates.scores,
        candidates.class_ids,
        class_names,
        None if candidates.landmarks_xy is None else letterbox.inverse(candidates.landmarks_xy),
        candidates.ids,
    )
