"""The judgement of one shown picture, with why each missed object was missed."""

from __future__ import annotations

from dataclasses import dataclass

from detector_app.evaluation.matching import match
from detector_app.evaluation.misses import explain_miss
from detector_app.evaluation.truth import PictureTruth
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.ui.ground_truth.evaluation import Evaluation
from detector_app.ui.ground_truth.marks import Mark, marks_of
from detector_app.vision.frame_result import FrameResult


@dataclass(frozen=True)
class JudgedPicture:
    """What is shown of it.

    Attributes:
        marks: for the picture and the list.
        counts: right, wrong, missed.
        strange: its boxes were marked in a picture of another size.
    """

    marks: tuple[Mark, ...]
    counts: tuple[int, int, int]
    strange: bool


def judge_picture(
    result: FrameResult, marked: PictureTruth, evaluation: Evaluation, settings: DetectSettings, *, held: bool
) -> JudgedPicture:
    """Judge what is shown.

    Args:
        result: of the model that ``evaluation`` is about.
        marked: what is really to be seen.
        evaluation: its classes and its overlap count; what it knows of low scores tells why something was missed.
        settings: with which the result was selected.
        held: the picture stands still, so that there is time to look through all candidates of a trace.
    """
    classes, iou = evaluation.classes.only(settings.classes), evaluation.least_iou
    size = result.frame.width_px, result.frame.height_px
    judged = match(result.detections, marked, classes, size, iou)
    kept = evaluation.frame(result.frame.index)
    low = kept.detections if kept is not None else result.detections
    trace = result.trace if held else None
    rows = [int(row) for row in judged.missed.nonzero()[0]]
    misses = {row: explain_miss(row, judged, low, iou, settings.score, trace) for row in rows}
    truth = evaluation.conditions.truth if evaluation.conditions is not None else None
    names = tuple(truth.names[i] for i in marked.class_ids) if truth is not None else ()
    marks = marks_of(result.detections, judged, misses, names)
    return JudgedPicture(marks, (judged.right, judged.wrong, judged.missing), not marked.fits(*size))
