"""What is said of a ground truth: what it holds, which of its classes are judged, what could not be read."""

from __future__ import annotations

from detector_app.evaluation.truth import ClassMap, GroundTruth
from detector_app.ui.ground_truth.marks import CONTEXT
from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate

_MOST_NAMED = 3


def facts_line(truth: GroundTruth) -> str:
    """Format and numbers."""
    text = translate(CONTEXT, QT_TRANSLATE_NOOP("GroundTruth", "{kind} · pictures: {pictures} · boxes: {boxes}"))
    return text.format(kind=truth.kind, pictures=len(truth.pictures), boxes=truth.boxes)


def judged_line(classes: ClassMap) -> str:
    """Which classes are judged; empty if none is."""
    judged = translate(CONTEXT, QT_TRANSLATE_NOOP("GroundTruth", "Judged: {names}"))
    return judged.format(names=", ".join(classes.matched)) if classes.matched else ""


def unjudged_line(classes: ClassMap, *, has_model: bool) -> str:
    """Which classes the model does not have; empty if it has all."""
    if not has_model:
        return translate(CONTEXT, QT_TRANSLATE_NOOP("GroundTruth", "No model is loaded."))
    names = ", ".join(classes.unmatched)
    if not classes.matched:
        none = translate(CONTEXT, QT_TRANSLATE_NOOP("GroundTruth", "None of its classes is the model's: {names}"))
        return none.format(names=names)
    absent = translate(CONTEXT, QT_TRANSLATE_NOOP("GroundTruth", "Not judged, the model does not have: {names}"))
    return absent.format(names=names) if names else ""


def left_out_line(truth: GroundTruth) -> str:
    """Objects that could not be read; empty if there are none."""
    if not truth.left_out:
        return ""
    more = len(truth.left_out) - _MOST_NAMED
    named = ", ".join(truth.left_out[:_MOST_NAMED]) + (f" (+{more})" if more > 0 else "")
    text = translate(CONTEXT, QT_TRANSLATE_NOOP("GroundTruth", "Left out, because it cannot be read: {what}"))
    return text.format(what=named)
