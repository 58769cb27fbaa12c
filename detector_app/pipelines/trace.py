"""What the selection did to every candidate of a picture, as a :class:`~detector_app.vision.trace.Trace`.

The candidates that reach the score are decoded and suppressed by the very steps of
:func:`~detector_app.pipelines.selection.select`, so that the two cannot differ. Those below the score are only needed by who asks why
something is missing: they are kept from one threshold to the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector_app.pipelines.candidates import Candidates, Decoder, Outputs, Proposed, RegionalDecoder
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.pipelines.selection import strongest, wanted
from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.nms import nms, suppressors
from detector_app.vision.trace import Fate, Look, Places, Rules, Stage, Trace

PAIRS_FLOOR = 0.05
"""Down to this score every class of a place is a candidate of its own; below it only the place's best class."""

STEPS = (
    ("score", Fate.BELOW_SCORE),
    ("classes", Fate.NOT_WANTED),
    ("top_k", Fate.BEYOND_TOP_K),
    ("suppression", Fate.SUPPRESSED),
    ("most", Fate.BEYOND_MOST),
)
"""The steps of the selection, and how those end that each takes away."""


@dataclass(frozen=True, eq=False)
class Subject:
    """One picture of an inference, as a trace looks at it.

    Attributes:
        decoder: that reads its outputs.
        outputs: of the batch.
        image: its number in it.
        letterbox: of the picture.
        class_names: of the model.
    """

    decoder: Decoder
    outputs: Outputs
    image: int
    letterbox: Letterbox
    class_names: tuple[str, ...]

    def candidates(self, score: float) -> Candidates:
        """All that reach ``score``, before suppression; those that are not finite are none."""
        return finite(self.decoder.decode(self.outputs, self.image, score))

    def below(self, floor: float) -> Below:
        """All that a trace down to ``floor`` may need: with a floor of 0 every place with its best class, and the better pairs."""
        if floor > 0:
            return Below(self.candidates(floor), self.decoder.count(self.outputs, self.image))
        every, pairs = finite(self.decoder.every(self.outputs, self.image)), self.candidates(PAIRS_FLOOR)
        best = np.full(int(max(every.ids.max(initial=0), pairs.ids.max(initial=0))) + 1, -1)
        best[every.ids] = every.class_ids
        found = Candidates.join([every, pairs.take(best[pairs.ids] != pairs.class_ids)])
        return Below(found, len(every), self.listed(found))

    def listed(self, candidates: Candidates) -> Listed:
        """Those, best first, with all that is known of them."""
        candidates = ordered(candidates)
        known = self.decoder.evidence(self.outputs, self.image, candidates.ids, self.letterbox.input_wh)
        before = None if known.before_xyxy is None else self.in_source(known.before_xyxy)
        return Listed(
            candidates.xyxy,
            self.in_source(candidates.xyxy),
            candidates.scores,
            candidates.class_ids,
            candidates.ids,
            before,
            known.objectness,
            known.places,
        )

    def in_source(self, xyxy: FloatArray) -> FloatArray:
        """(n, 4) boxes of the input in pixels of the source frame, clipped."""
        return self.letterbox.inverse_boxes(xyxy)


@dataclass(frozen=True, eq=False)
class Listed:
    """Candidates, best first, with all that a look tells of them whatever the thresholds are; see there for the fields."""

    measured_xyxy: FloatArray
    xyxy: FloatArray
    scores: FloatArray
    class_ids: IntArray
    ids: IntArray
    before_xyxy: FloatArray | None
    objectness: FloatArray | None
    places: Places | None

    def behind(self, better: Listed, score: float) -> Listed:
        """The ``better`` ones, and behind them those of these whose score is less than ``score``."""
        first = int(np.searchsorted(-self.scores, -np.float32(score), side="right"))
        return Listed(
            np.concatenate([better.measured_xyxy, self.measured_xyxy[first:]]),
            np.concatenate([better.xyxy, self.xyxy[first:]]),
            np.concatenate([better.scores, self.scores[first:]]),
            np.concatenate([better.class_ids, self.class_ids[first:]]),
            np.concatenate([better.ids, self.ids[first:]]),
            _joined(better.before_xyxy, self.before_xyxy, first),
            _joined(better.objectness, self.objectness, first),
            None if better.places is None or self.places is None else better.places.before(self.places.since(first)),
        )


@dataclass(frozen=True, eq=False)
class Below:
    """What a trace keeps from one threshold to the next.

    Attributes:
        candidates: all down to its floor.
        considered: how many places the picture has.
        listed: the same candidates, where other thresholds are likely to follow.
    """

    candidates: Candidates
    considered: int
    listed: Listed | None = None


def ordered(candidates: Candidates) -> Candidates:
    """Those, best first; of equal ones the earlier first."""
    return candidates.take(strongest(candidates, max(1, len(candidates))))


def _joined(better: FloatArray | None, others: FloatArray | None, first: int) -> FloatArray | None:
    return None if better is None or others is None else np.concatenate([better, others[first:]])


def finite(candidates: Candidates) -> Candidates:
    """Those whose boxes are finite."""
    good = np.isfinite(candidates.xyxy).all(axis=1)
    return candidates if good.all() else candidates.take(np.flatnonzero(good))


def explain(subject: Subject, below: Below, settings: DetectSettings, floor: float) -> Trace:
    """Go the way of the selection again, and write down what it does to each candidate.

    Args:
        subject: the picture.
        below: what :meth:`Subject.below` gave for ``floor``.
        settings: as for the selection.
        floor: least score of what is told of.
    """
    passing = ordered(subject.candidates(settings.score))
    if below.listed is not None:
        told = below.listed.behind(subject.listed(passing), settings.score)
    else:
        failing = np.flatnonzero(below.candidates.scores < np.float32(settings.score))
        told = subject.listed(Candidates.join([passing, below.candidates.take(failing)]))
    fates, by, iou = _fates(told, len(passing), settings)
    look = Look(
        name="candidates",
        xyxy=told.xyxy,
        scores=told.scores,
        class_ids=told.class_ids,
        ids=told.ids,
        fates=fates,
        by=by,
        iou=iou,
        parents=np.full(len(told.scores), -1),
        before_xyxy=told.before_xyxy,
        objectness=told.objectness,
        places=told.places,
        least_score=settings.score,
        most_iou=settings.iou,
        considered=below.considered,
        measured_xyxy=told.measured_xyxy,
        rules=Rules(settings.class_agnostic, top_k=settings.top_k, most=settings.max_detections),
        whole_from=min(settings.score, PAIRS_FLOOR if floor <= 0 and len(subject.class_names) > 1 else floor),
    )
    decoder = subject.decoder
    proposed = decoder.proposed(subject.outputs, subject.image) if isinstance(decoder, RegionalDecoder) else None
    if proposed is None:
        stages = (Stage("places", 0, look.considered), *stages_of(look, 0))
        return Trace(stages, (look,), subject.class_names, floor, letterbox=subject.letterbox)
    return _after_proposals(subject, proposed, look, floor)


def stages_of(look: Look, number: int) -> tuple[Stage, ...]:
    """Candidates left after each step of the selection in look ``number``."""
    left, stages = len(look), []
    ended = np.bincount(look.fates, minlength=len(Fate)).tolist()
    for name, fate in STEPS:
        left -= ended[fate]
        stages.append(Stage(name, number, left, fate))
    return tuple(stages)


def _fates(told: Listed, passing: int, settings: DetectSettings) -> tuple[NDArray[np.uint8], IntArray, FloatArray]:
    """For each candidate, best first: its fate, row of its suppressor or −1, and their overlap; the first ``passing`` reach the score."""
    count = len(told.scores)
    fates, by, iou = np.full(count, Fate.BELOW_SCORE, np.uint8), np.full(count, -1), np.zeros(count, np.float32)
    fates[:passing] = Fate.NOT_WANTED
    asked = wanted(told.class_ids[:passing], settings.classes)
    fates[asked] = Fate.BEYOND_TOP_K
    best = asked[: settings.top_k]
    fates[best] = Fate.SUPPRESSED
    xyxy, class_ids = told.measured_xyxy[best], told.class_ids[best]
    kept = nms(xyxy, class_ids, settings.iou, class_agnostic=settings.class_agnostic)
    suppressor, overlap = suppressors(xyxy, class_ids, kept, settings.iou, class_agnostic=settings.class_agnostic)
    lost = np.flatnonzero(suppressor >= 0)
    by[best[lost]], iou[best[lost]] = best[suppressor[lost]], overlap[lost]
    fates[best[kept]] = Fate.BEYOND_MOST
    fates[best[kept[: settings.max_detections]]] = Fate.KEPT
    return fates, by, iou


def _after_proposals(subject: Subject, proposed: Proposed, look: Look, floor: float) -> Trace:
    """The look at candidates behind one at the proposals: of these those are kept of which a class reached the score.

    Anchors that a region proposal network has dropped or suppressed are no outputs of the graph: nobody can tell of them.
    """
    count = len(proposed.ids)
    ranks = look.places.rank if look.places is not None else np.full(len(look), -1)
    fates = np.full(count, Fate.BELOW_SCORE, np.uint8)
    fates[ranks[look.fates != Fate.BELOW_SCORE]] = Fate.KEPT
    boxes = subject.in_source(proposed.xyxy)
    sure = np.zeros(count, np.float32) if proposed.objectness is None else proposed.objectness
    proposals = Look(
        name="proposals",
        xyxy=boxes,
        scores=sure,
        class_ids=np.full(count, -1),
        ids=proposed.ids,
        fates=fates,
        by=np.full(count, -1),
        iou=np.zeros(count, np.float32),
        parents=np.full(count, -1),
        objectness=proposed.objectness,
        considered=count,
    )
    second = Look(**{**vars(look), "parents": ranks})
    left = int(np.count_nonzero(fates == Fate.KEPT))
    stages = (Stage("proposals", 0, count), Stage("promising", 0, left, Fate.BELOW_SCORE), *stages_of(second, 1))
    return Trace(stages, (proposals, second), subject.class_names, floor)
