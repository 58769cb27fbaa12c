"""What the selection did to every candidate of a picture, as a :class:`~detector_app.vision.trace.Trace`.

The candidates that reach the score are decoded and suppressed by the very steps of
:func:`~detector_app.pipelines.selection.select`, so that the two cannot differ. Those below the score are only needed by who asks why
something is missing: they are kept from one threshold to the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector_app.pipelines.candidates import Candidates, Decoder, Evidence, Outputs, Proposed, RegionalDecoder
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.pipelines.selection import strongest, wanted
from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.nms import nms, suppressors
from detector_app.vision.trace import Fate, Look, Rules, Stage, Trace

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

    def below(self, floor: float) -> Candidates:
        """All that a trace down to ``floor`` may need: with a floor of 0 every place with its best class, and the better pairs."""
        if floor > 0:
            return self.candidates(floor)
        every, pairs = finite(self.decoder.every(self.outputs, self.image)), self.candidates(PAIRS_FLOOR)
        best = np.full(int(max(every.ids.max(initial=0), pairs.ids.max(initial=0))) + 1, -1)
        best[every.ids] = every.class_ids
        return Candidates.join([every, pairs.take(best[pairs.ids] != pairs.class_ids)])

    def evidence(self, ids: IntArray) -> Evidence:
        """Where those come from."""
        return self.decoder.evidence(self.outputs, self.image, ids, self.letterbox.input_wh)

    def in_source(self, xyxy: FloatArray) -> FloatArray:
        """(n, 4) boxes of the input in pixels of the source frame, clipped."""
        return self.letterbox.inverse_boxes(xyxy)


def finite(candidates: Candidates) -> Candidates:
    """Those whose boxes are finite."""
    good = np.isfinite(candidates.xyxy).all(axis=1)
    return candidates if good.all() else candidates.take(np.flatnonzero(good))


def explain(subject: Subject, below: Candidates, settings: DetectSettings, floor: float) -> Trace:
    """Go the way of the selection again, and write down what it does to each candidate.

    Args:
        subject: the picture.
        below: what :meth:`Subject.below` gave for ``floor``.
        settings: as for the selection.
        floor: least score of what is told of.
    """
    passing = subject.candidates(settings.score)
    passing = passing.take(strongest(passing, max(1, len(passing))))
    failing = below.take(np.flatnonzero(below.scores < np.float32(settings.score)))
    failing = failing.take(strongest(failing, max(1, len(failing))))
    candidates = _joined(passing, failing)
    fates, by, iou = _fates(candidates, len(passing), settings)
    known = subject.evidence(candidates.ids)
    look = Look(
        name="candidates",
        xyxy=subject.in_source(candidates.xyxy),
        scores=candidates.scores,
        class_ids=candidates.class_ids,
        ids=candidates.ids,
        fates=fates,
        by=by,
        iou=iou,
        parents=np.full(len(candidates), -1),
        before_xyxy=None if known.before_xyxy is None else subject.in_source(known.before_xyxy),
        objectness=known.objectness,
        places=known.places,
        least_score=settings.score,
        most_iou=settings.iou,
        considered=_count(subject, candidates, floor),
        measured_xyxy=candidates.xyxy,
        rules=Rules(settings.class_agnostic, top_k=settings.top_k, most=settings.max_detections),
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
    for name, fate in STEPS:
        left -= look.count(fate)
        stages.append(Stage(name, number, left, fate))
    return tuple(stages)


def _count(subject: Subject, candidates: Candidates, floor: float) -> int:
    """How many places the picture has; with a floor of 0 each of them is there, else the graph's outputs tell."""
    if floor <= 0:
        return len(np.unique(candidates.ids))
    return subject.decoder.count(subject.outputs, subject.image)


def _joined(passing: Candidates, failing: Candidates) -> Candidates:
    """The first, then the second; none of a decoder has landmarks there that others of it lack."""
    if not len(failing):
        return passing
    return Candidates.join([passing, failing]) if len(passing) else failing


def _fates(
    candidates: Candidates, passing: int, settings: DetectSettings
) -> tuple[NDArray[np.uint8], IntArray, FloatArray]:
    """For each candidate, best first: its fate, row of its suppressor or −1, and their overlap; the first ``passing`` reach the score."""
    fates = np.full(len(candidates), Fate.BELOW_SCORE, np.uint8)
    by, iou = np.full(len(candidates), -1), np.zeros(len(candidates), np.float32)
    fates[:passing] = Fate.NOT_WANTED
    asked = wanted(candidates.take(np.arange(passing)), settings.classes)
    fates[asked] = Fate.BEYOND_TOP_K
    best = asked[: settings.top_k]
    fates[best] = Fate.SUPPRESSED
    xyxy, class_ids = candidates.xyxy[best], candidates.class_ids[best]
    kept = nms(xyxy, class_ids, settings.iou, class_agnostic=settings.class_agnostic)
    suppressor, overlap = suppressors(xyxy, class_ids, kept, settings.iou, class_agnostic=settings.class_agnostic)
    lost = np.flatnonzero(suppressor >= 0)
    by[best[lost]], iou[best[lost]] = best[suppressor[lost]], overlap[lost]
    fates[best[kept]] = Fate.BEYOND_MOST
    fates[best[kept[: settings.max_detections]]] = Fate.KEPT
    return fates, by, iou


def _after_proposals(subject: Subject, proposed: Proposed, look: Look, floor: float) -> Trace:
    """The look at candidates behind one at the proposals: of these those are kept of which a class reached the score."""
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
