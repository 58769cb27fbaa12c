"""What became of every candidate of a frame, and where in the network it came from. Costs nothing unless it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from detector_app.pipelines.candidates import Candidates, Decoder, Origin, Outputs, Region, RegionalDecoder
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.pipelines.selection import strongest, to_source, wanted
from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.nms import nms, suppressors

MOST_CANDIDATES = 5000


class Fate(Enum):
    """How a candidate ended. The values are for people."""

    KEPT = "kept"
    BELOW_SCORE = "below score"
    NOT_WANTED = "class not wanted"
    BEYOND_TOP_K = "beyond the best candidates"
    SUPPRESSED = "suppressed"
    BEYOND_MOST = "beyond the most detections"


FATES = tuple(Fate)


@dataclass(frozen=True)
class TracedCandidate:
    """One candidate and its fate.

    Attributes:
        id: as in ``Detections.candidate_ids``.
        place: cell and anchor, or the proposed region in pixels of the source frame; None where that cannot be told.
        xyxy: pixels of the source frame, clipped.
        by: for suppressed ones the number in ``Trace.candidates`` of the kept box that did it, else None.
        iou: how much the two overlap.
    """

    id: int
    place: Origin | None
    class_id: int
    score: float
    xyxy: tuple[float, float, float, float]
    fate: Fate
    by: int | None = None
    iou: float = 0.0

    def describe(self) -> str:
        """The fate in English: "kept", "below score", "suppressed by #7, IoU 0.63"."""
        return f"{self.fate.value} by #{self.by}, IoU {self.iou:.2f}" if self.by is not None else self.fate.value


@dataclass(frozen=True)
class Stage:
    """A step of the way and how many candidates came through it."""

    name: str
    count: int


@dataclass(frozen=True)
class Trace:
    """What became of a picture's candidates.

    Attributes:
        stages: in order; of a detector of two stages the first one counts the regions.
        candidates: all at or above the floor, best score first; the kept ones are the detections, in order.
        regions: all that was proposed, best first, in pixels of the source frame; empty where nothing is.
    """

    stages: tuple[Stage, ...]
    candidates: tuple[TracedCandidate, ...]
    regions: tuple[Region, ...] = ()


def explain(
    candidates: Candidates,
    decoder: Decoder,
    outputs: Outputs,
    letterbox: Letterbox,
    settings: DetectSettings,
    *,
    image: int = 0,
) -> Trace:
    """Go the way of :func:`~detector_app.pipelines.selection.select` again, and write down what it does to each candidate.

    Args:
        candidates: of one picture, also those below ``settings.score``.
        decoder: that made them.
        outputs: that it made them from.
        letterbox: of the picture.
        settings: as for the selection.
        image: number of the picture in the batch.
    """
    candidates = candidates.take(strongest(candidates, max(MOST_CANDIDATES, settings.top_k)))
    fates, by, iou = _fates(candidates, settings)
    boxes = to_source(candidates, letterbox, ()).xyxy
    traced = tuple(
        TracedCandidate(
            id=int(candidates.ids[i]),
            place=_in_source(decoder.place(outputs, int(candidates.ids[i]), letterbox.input_wh), letterbox),
            class_id=int(candidates.class_ids[i]),
            score=float(candidates.scores[i]),
            xyxy=(float(box[0]), float(box[1]), float(box[2]), float(box[3])),
            fate=FATES[fates[i]],
            by=int(by[i]) if by[i] >= 0 else None,
            iou=float(iou[i]),
        )
        for i, box in enumerate(boxes)
    )
    if not isinstance(decoder, RegionalDecoder):
        return Trace(_stages(fates), traced)
    regions = _all_in_source(decoder.regions(outputs, image), letterbox)
    return Trace((Stage("regions", len(regions)), *_stages(fates)), traced, regions)


def _in_source(origin: Origin | None, letterbox: Letterbox) -> Origin | None:
    """A region with its box in the source frame; a place as it is."""
    return _all_in_source((origin,), letterbox)[0] if isinstance(origin, Region) else origin


def _all_in_source(regions: tuple[Region, ...], letterbox: Letterbox) -> tuple[Region, ...]:
    boxes = letterbox.inverse_boxes(np.array([region.xyxy for region in regions], np.float32).reshape(-1, 4))
    return tuple(
        replace(region, xyxy=(left, top, right, bottom))
        for region, (left, top, right, bottom) in zip(regions, boxes.tolist(), strict=True)
    )


def _fates(candidates: Candidates, settings: DetectSettings) -> tuple[IntArray, IntArray, FloatArray]:
    """For each candidate, best first: index into :data:`FATES`, number of its suppressor or −1, and their overlap."""
    fates = np.full(len(candidates), FATES.index(Fate.BELOW_SCORE))
    by, iou = np.full(len(candidates), -1), np.zeros(len(candidates), np.float32)
    passing = np.flatnonzero(candidates.scores >= np.float32(settings.score))
    fates[passing] = FATES.index(Fate.NOT_WANTED)
    asked = passing[wanted(candidates.take(passing), settings.classes)]
    fates[asked] = FATES.index(Fate.BEYOND_TOP_K)
    best = asked[: settings.top_k]
    fates[best] = FATES.index(Fate.SUPPRESSED)
    xyxy, class_ids = candidates.xyxy[best], candidates.class_ids[best]
    kept = nms(xyxy, class_ids, settings.iou, class_agnostic=settings.class_agnostic)
    suppressor, overlap = suppressors(xyxy, class_ids, kept, settings.iou, class_agnostic=settings.class_agnostic)
    lost = np.flatnonzero(suppressor >= 0)
    by[best[lost]], iou[best[lost]] = best[suppressor[lost]], overlap[lost]
    fates[best[kept]] = FATES.index(Fate.BEYOND_MOST)
    fates[best[kept[: settings.max_detections]]] = FATES.index(Fate.KEPT)
    return fates, by, iou


def _stages(fates: IntArray) -> tuple[Stage, ...]:
    """Candidates left after each step, from the number that ended at each."""
    lost = {fate: int((fates == index).sum()) for index, fate in enumerate(FATES)}
    steps = [
        ("at or above the score", Fate.BELOW_SCORE),
        ("of the wanted classes", Fate.NOT_WANTED),
        ("best candidates", Fate.BEYOND_TOP_K),
        ("after suppression", Fate.SUPPRESSED),
        ("kept", Fate.BEYOND_MOST),
    ]
    stages, left = [Stage("candidates", len(fates))], len(fates)
    for name, fate in steps:
        left -= lost[fate]
        stages.append(Stage(name, left))
    return tuple(stages)
