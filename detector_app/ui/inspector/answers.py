"""Why nothing is at a point: the candidates near it in words, and the settings that would show one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import CascadeSettings, DetectSettings
from detector_app.ui.inspector.steps import Mark, ways
from detector_app.ui.inspector.words import class_name, fate_text, look_name, say
from detector_app.ui.translation import QT_TRANSLATE_NOOP
from detector_app.vision.nearby import Change, Reason, nearby
from detector_app.vision.trace import Fate, Look, Trace

MOST = 5
MOST_BESIDE = 2
"""Of a second model that looks at the same frame."""
_FINE = 0.01
"""Below this hundredths say nothing."""

_SHOWN = QT_TRANSLATE_NOOP("Inspector", "It is shown.")
_IN = QT_TRANSLATE_NOOP("Inspector", "{look}: {fate}")
_THEN = QT_TRANSLATE_NOOP("Inspector", "{fate}; with a lower score {then}")
_THEN_SUPPRESSED = QT_TRANSLATE_NOOP("Inspector", "it would be suppressed by #{by}, IoU {iou}")
_THEN_OTHER = {
    Fate.NOT_WANTED: QT_TRANSLATE_NOOP("Inspector", "its class would still be switched off"),
    Fate.BEYOND_TOP_K: QT_TRANSLATE_NOOP("Inspector", "it would not be among the best compared"),
    Fate.BEYOND_MOST: QT_TRANSLATE_NOOP("Inspector", "it would be one more than may be shown"),
}
_CHANGES = {
    "score": QT_TRANSLATE_NOOP("Inspector", "Score {before} → {after}"),
    "overlap": QT_TRANSLATE_NOOP("Inspector", "Overlap {before} → {after}"),
    "proposal_score": QT_TRANSLATE_NOOP("Inspector", "P-Net's score {before} → {after}"),
    "refine_score": QT_TRANSLATE_NOOP("Inspector", "R-Net's score {before} → {after}"),
    "top_k": QT_TRANSLATE_NOOP("Inspector", "Compare the best {after}"),
    "most": QT_TRANSLATE_NOOP("Inspector", "Show up to {after}"),
    "class": QT_TRANSLATE_NOOP("Inspector", "Switch the class {name} on"),
}
_UNSURE = QT_TRANSLATE_NOOP("Inspector", "{change}; what comes after may still drop it")
_NO_CHANGE = QT_TRANSLATE_NOOP("Inspector", "No threshold alone would show it")


@dataclass(frozen=True, eq=False)
class Answer:
    """One candidate near the point.

    Attributes:
        mark: which candidate.
        trace: that it is in.
        reason: what stopped it, and what would show it.
    """

    mark: Mark
    trace: Trace
    reason: Reason

    @property
    def look(self) -> Look:
        """The look that it came to."""
        return self.trace.looks[self.reason.look]

    @property
    def name(self) -> str:
        """Its class."""
        return class_name(self.trace, int(self.look.class_ids[self.reason.row]))

    @property
    def score(self) -> float:
        """Its score."""
        return float(self.look.scores[self.reason.row])


def answers(trace: Trace, x: float, y: float) -> tuple[Answer, ...]:
    """The best candidates near a point in pixels of the source frame, of the model and then of the one beside it."""
    found = []
    for way, each in enumerate(ways(trace)):
        if each.looks:
            reasons = nearby(each, x, y, MOST_BESIDE if way else MOST)
            found += [Answer(Mark(way, r.look, r.row), each, _own(r) if way else r) for r in reasons]
    return tuple(found)


def _own(reason: Reason) -> Reason:
    """A model beside another has its own overlap, which nobody may choose."""
    fixed = reason.change is not None and reason.change.threshold == "overlap"
    return replace(reason, change=None) if fixed else reason


def reason_text(answer: Answer) -> str:
    """What stopped it."""
    reason, trace = answer.reason, answer.trace
    last = reason.look == len(trace.looks) - 1
    if reason.fate is Fate.KEPT and last:
        return say(_SHOWN)
    text = fate_text(trace, reason.look, reason.row)
    if not last:
        return say(_IN).format(look=look_name(answer.look.name), fate=text)
    if reason.then is Fate.SUPPRESSED:
        then = say(_THEN_SUPPRESSED).format(by=reason.then_by, iou=f"{reason.then_iou:.2f}")
        return say(_THEN).format(fate=text, then=then)
    if reason.then in _THEN_OTHER:
        return say(_THEN).format(fate=text, then=say(_THEN_OTHER[reason.then]))
    return text


def change_text(answer: Answer, settings: DetectSettings) -> str:
    """The smallest change, or that there is none; empty for what is shown."""
    change = answer.reason.change
    if change is None:
        return "" if answer.reason.fate is Fate.KEPT else say(_NO_CHANGE)
    before = _present(change, answer, settings)
    text = say(_CHANGES.get(change.threshold, change.threshold)).format(
        before=_number(before, change.value), after=_number(change.value, before), name=answer.name
    )
    return text if change.sure else say(_UNSURE).format(change=text)


def changed(answer: Answer, settings: DetectSettings, card: ModelCard) -> DetectSettings:
    """The settings with the smallest change; those given if there is none."""
    change = answer.reason.change
    if change is None:
        return settings
    cascade = settings.cascade or CascadeSettings()
    if change.threshold == "score" and (answer.mark.way or (cascade.score is not None and card.task == "faces")):
        return replace(settings, cascade=replace(cascade, score=change.value))
    if change.threshold == "score":
        return replace(settings, score=change.value)
    if change.threshold == "overlap":
        return replace(settings, iou=change.value)
    if change.threshold == "proposal_score":
        return replace(settings, cascade=replace(cascade, proposal_score=change.value))
    if change.threshold == "refine_score":
        return replace(settings, cascade=replace(cascade, refine_score=change.value))
    if change.threshold == "top_k":
        return replace(settings, top_k=round(change.value))
    if change.threshold == "most":
        return replace(settings, max_detections=round(change.value))
    wanted = {i for i, name in enumerate(card.classes) if name == answer.name}
    return replace(settings, classes=None if settings.classes is None else settings.classes | wanted)


def _present(change: Change, answer: Answer, settings: DetectSettings) -> float:
    """What the threshold is now, where it is a share."""
    look = answer.look
    if change.threshold == "overlap":
        return look.most_iou
    return look.least_score if change.threshold.endswith("score") else float(settings.top_k)


def _number(value: float, other: float) -> str:
    """A share in hundredths, finer where hundredths would hide the difference; a count as it is."""
    if value > 1:
        return f"{round(value):,}"
    return f"{value:.4f}" if 0 < value < _FINE or f"{value:.2f}" == f"{other:.2f}" else f"{value:.2f}"


def score_text(score: float) -> str:
    """A score in hundredths; one of next to nothing finer."""
    return f"{score:.4f}" if 0 < score < _FINE else f"{score:.2f}"
