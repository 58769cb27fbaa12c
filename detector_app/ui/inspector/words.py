"""Every word of the inspector for what a trace calls by keys: looks, stages, fates; each with a sentence that teaches it."""

from __future__ import annotations

from dataclasses import dataclass

from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate
from detector_app.vision.trace import Fate, Look, Trace

CONTEXT = "Inspector"


@dataclass(frozen=True)
class Words:
    """A name, and a sentence that explains it; both source texts of the context "Inspector"."""

    name: str
    hint: str = ""


STAGES: dict[str, Words] = {
    "places": Words(
        QT_TRANSLATE_NOOP("Inspector", "Places that answer"),
        QT_TRANSLATE_NOOP("Inspector", "Every cell of the grid and every anchor in it gives one answer, also where nothing is."),
    ),
    "score": Words(
        QT_TRANSLATE_NOOP("Inspector", "Score is enough"),
        QT_TRANSLATE_NOOP("Inspector", "How sure the network is, from 0 to 1. What is less sure than the Score slider says ends here."),
    ),
    "classes": Words(
        QT_TRANSLATE_NOOP("Inspector", "Class is wanted"),
        QT_TRANSLATE_NOOP("Inspector", "Classes that are switched off in the results end here."),
    ),
    "top_k": Words(
        QT_TRANSLATE_NOOP("Inspector", "Among the best"),
        QT_TRANSLATE_NOOP("Inspector", "Only so many of the best are compared with each other, so that it stays fast."),
    ),
    "suppression": Words(
        QT_TRANSLATE_NOOP("Inspector", "Not suppressed"),
        QT_TRANSLATE_NOOP(
            "Inspector",
            "Neighbours find the same thing again. The best box stays, and those that overlap it more than the Overlap slider says end"
            " here (non-maximum suppression).",
        ),
    ),
    "most": Words(
        QT_TRANSLATE_NOOP("Inspector", "Shown"),
        QT_TRANSLATE_NOOP("Inspector", "The detections: what is left, at most so many as the settings allow."),
    ),
    "inside": Words(
        QT_TRANSLATE_NOOP("Inspector", "Inside the picture"),
        QT_TRANSLATE_NOOP("Inspector", "Boxes without a pixel of the picture end here."),
    ),
    "graph": Words(
        QT_TRANSLATE_NOOP("Inspector", "Given by the graph"),
        QT_TRANSLATE_NOOP("Inspector", "This model filters and suppresses inside itself; only what it gives is known."),
    ),
    "followed": Words(
        QT_TRANSLATE_NOOP("Inspector", "Faces followed"),
        QT_TRANSLATE_NOOP("Inspector", "Between two searches of the whole picture the known faces are only followed."),
    ),
    "promising": Words(
        QT_TRANSLATE_NOOP("Inspector", "Worth a class"),
        QT_TRANSLATE_NOOP("Inspector", "Regions in which at least one class reached the score."),
    ),
    "proposals": Words(
        QT_TRANSLATE_NOOP("Inspector", "Regions proposed"),
        QT_TRANSLATE_NOOP("Inspector", "Where something might be, whatever it is; only these are looked at closely."),
    ),
}  # fmt: skip
"""By the key of a stage."""

LOOKS: dict[str, Words] = {
    "candidates": Words(
        QT_TRANSLATE_NOOP("Inspector", "Candidates"),
        QT_TRANSLATE_NOOP("Inspector", "Boxes with a class each, of which the best are shown."),
    ),
    "proposals": Words(
        QT_TRANSLATE_NOOP("Inspector", "Proposals"),
        QT_TRANSLATE_NOOP("Inspector", "First look: regions where something might be, whatever it is."),
    ),
    "P-Net": Words(
        "P-Net",
        QT_TRANSLATE_NOOP("Inspector", "First look: a small network runs over the picture in many sizes and proposes faces."),
    ),
    "R-Net": Words(
        "R-Net",
        QT_TRANSLATE_NOOP("Inspector", "Second look: each proposal is cut out and refined; most are dropped."),
    ),
    "O-Net": Words(
        "O-Net",
        QT_TRANSLATE_NOOP("Inspector", "Third look: the final box, and the five points of the face."),
    ),
}  # fmt: skip
"""By the name of a look."""

SCORE = QT_TRANSLATE_NOOP(
    "Inspector", "The number it was decided by, from 0 to 1: objectness × class, where there are both."
)
OBJECTNESS = QT_TRANSLATE_NOOP("Inspector", "How sure the network is that there is something, whatever it is.")
PLACE = QT_TRANSLATE_NOOP("Inspector", "Row and column of the cell that found it, and which of the cell's anchors.")
IOU = QT_TRANSLATE_NOOP(
    "Inspector", "Intersection over union: the area that two boxes share, of the area that they cover together."
)

_REGION = QT_TRANSLATE_NOOP("Inspector", "region")
_KEPT = QT_TRANSLATE_NOOP("Inspector", "kept")
_WENT_ON = QT_TRANSLATE_NOOP("Inspector", "went on")
_WENT_ON_TO = QT_TRANSLATE_NOOP("Inspector", "went on to {look}")
_BELOW = QT_TRANSLATE_NOOP("Inspector", "score below {least}")
_NO_CLASS = QT_TRANSLATE_NOOP("Inspector", "no class reached the score")
_FATES = {
    Fate.NOT_WANTED: QT_TRANSLATE_NOOP("Inspector", "class switched off"),
    Fate.BEYOND_TOP_K: QT_TRANSLATE_NOOP("Inspector", "not among the best compared"),
    Fate.BEYOND_MOST: QT_TRANSLATE_NOOP("Inspector", "more than may be shown"),
    Fate.OUTSIDE: QT_TRANSLATE_NOOP("Inspector", "outside the picture"),
}
_SHORT_BELOW = QT_TRANSLATE_NOOP("Inspector", "below {least}")
_SHORT_NO_CLASS = QT_TRANSLATE_NOOP("Inspector", "no class")
_SHORT_BY = QT_TRANSLATE_NOOP("Inspector", "by #{by}, IoU {iou}")
_SHORT = {
    Fate.NOT_WANTED: QT_TRANSLATE_NOOP("Inspector", "class off"),
    Fate.BEYOND_TOP_K: QT_TRANSLATE_NOOP("Inspector", "not compared"),
    Fate.BEYOND_MOST: QT_TRANSLATE_NOOP("Inspector", "too many"),
    Fate.OUTSIDE: QT_TRANSLATE_NOOP("Inspector", "outside"),
}
_SUPPRESSED = QT_TRANSLATE_NOOP("Inspector", "suppressed")
_SUPPRESSED_BY = QT_TRANSLATE_NOOP("Inspector", "suppressed by #{by}, IoU {iou}")


def say(text: str) -> str:
    """A source text of this table in the present language."""
    return translate(CONTEXT, text)


def stage_name(key: str) -> str:
    """What the stage ``key`` is called; a key without words is shown as it is."""
    return say(STAGES[key].name) if key in STAGES else key.replace("_", " ")


def stage_hint(key: str) -> str:
    """The sentence that explains the stage ``key``; may be empty."""
    return say(STAGES[key].hint) if key in STAGES else ""


def look_name(name: str) -> str:
    """What the look ``name`` is called."""
    return say(LOOKS[name].name) if name in LOOKS else name


def look_hint(name: str) -> str:
    """The sentence that explains the look ``name``; may be empty."""
    return say(LOOKS[name].hint) if name in LOOKS else ""


def class_name(trace: Trace, class_id: int) -> str:
    """The class as the model names it, or its number; "region" where nothing is classified yet."""
    if class_id < 0:
        return say(_REGION)
    return trace.class_names[class_id] if 0 <= class_id < len(trace.class_names) else str(class_id)


def fate_text(trace: Trace, number: int, row: int) -> str:
    """What became of candidate ``row`` of look ``number``, in words."""
    look = trace.looks[number]
    fate = Fate(int(look.fates[row]))
    if fate is Fate.KEPT:
        if number == len(trace.looks) - 1:
            return say(_KEPT)
        return say(_WENT_ON_TO).format(look=look_name(trace.looks[number + 1].name))
    if fate is Fate.BELOW_SCORE and look.name == "proposals":
        return say(_NO_CLASS)
    if fate is Fate.BELOW_SCORE:
        return say(_BELOW).format(least=f"{look.least_score:.2f}")
    if fate is Fate.SUPPRESSED:
        return suppressed_text(look, row)
    return say(_FATES[fate])


def short_fate_text(trace: Trace, number: int, row: int) -> str:
    """The same in the few words that a narrow column has room for."""
    look = trace.looks[number]
    fate = Fate(int(look.fates[row]))
    if fate is Fate.KEPT:
        last = number == len(trace.looks) - 1
        return say(_KEPT) if last else f"→ {look_name(trace.looks[number + 1].name)}"
    if fate is Fate.BELOW_SCORE and look.name == "proposals":
        return say(_SHORT_NO_CLASS)
    if fate is Fate.BELOW_SCORE:
        return say(_SHORT_BELOW).format(least=f"{look.least_score:.2f}")
    if fate is Fate.SUPPRESSED:
        by = int(look.by[row])
        return say(_SUPPRESSED) if by < 0 else say(_SHORT_BY).format(by=by, iou=f"{look.iou[row]:.2f}")
    return say(_SHORT[fate])


def suppressed_text(look: Look, row: int) -> str:
    """By whom, and by how much."""
    by = int(look.by[row])
    return say(_SUPPRESSED) if by < 0 else say(_SUPPRESSED_BY).format(by=by, iou=f"{look.iou[row]:.2f}")
