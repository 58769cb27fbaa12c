"""The candidates of a frame under other kinds of suppression, as detections to show."""

from __future__ import annotations

import numpy as np

from detector_app.ui.translation import QT_TRANSLATE_NOOP
from detector_app.vision.detections import Detections
from detector_app.vision.suppression import Kind, suppress
from detector_app.vision.trace import Fate, Trace

WORDS: dict[Kind, tuple[str, str]] = {
    Kind.PER_CLASS: (
        QT_TRANSLATE_NOOP("Inspector", "Greedy, class by class"),
        QT_TRANSLATE_NOOP("Inspector", "The best box removes what overlaps it too much, if it is of the same class."),
    ),
    Kind.AGNOSTIC: (
        QT_TRANSLATE_NOOP("Inspector", "Greedy, across classes"),
        QT_TRANSLATE_NOOP("Inspector", "One box per object: the best box removes other classes, too."),
    ),
    Kind.SOFT_LINEAR: (
        QT_TRANSLATE_NOOP("Inspector", "Soft, linear"),
        QT_TRANSLATE_NOOP("Inspector", "Nothing is removed: beyond the overlap the score shrinks by 1 − IoU."),
    ),
    Kind.SOFT_GAUSSIAN: (
        QT_TRANSLATE_NOOP("Inspector", "Soft, gaussian"),
        QT_TRANSLATE_NOOP("Inspector", "Nothing is removed: every overlap shrinks the score, close neighbours most."),
    ),
}
"""Name and explanation."""
_COMPARED = (Fate.KEPT, Fate.SUPPRESSED, Fate.BEYOND_MOST)


def compared(trace: Trace | None) -> bool:
    """Whether kinds can be compared: the suppression is the host's, and its boxes are known."""
    return trace is not None and bool(trace.looks) and trace.last.measured_xyxy is not None


def boxes_under(kind: Kind, trace: Trace, sigma: float) -> Detections:
    """The candidates that the model compares, suppressed in this way with the thresholds of now; with their final scores.

    Raises:
        ValueError: :func:`compared` is False.
    """
    look = trace.last
    if look.measured_xyxy is None:
        raise ValueError("this look keeps no boxes to measure")
    rows = np.flatnonzero(np.isin(look.fates, np.array(_COMPARED, np.uint8)))
    rows = rows[np.argsort(-look.scores[rows], kind="stable")]
    left = suppress(
        kind,
        look.measured_xyxy[rows],
        look.scores[rows],
        look.class_ids[rows],
        iou=look.most_iou,
        score=look.least_score,
        sigma=sigma,
    )
    kept = rows[left.kept[: look.rules.most]]
    return Detections(look.xyxy[kept], left.scores[: look.rules.most], look.class_ids[kept], trace.class_names)


def kind_of_model(trace: Trace) -> Kind | None:
    """Which of the kinds the model itself runs with now; None for one that measures otherwise."""
    rules = trace.last.rules
    if rules.by_smaller_area:
        return None
    return Kind.AGNOSTIC if rules.class_agnostic else Kind.PER_CLASS
