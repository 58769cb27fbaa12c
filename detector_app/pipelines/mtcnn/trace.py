"""What P-Net, R-Net and O-Net did to each window of a picture (Zhang et al. 2016, arXiv 1604.02878, section II).

The suppressions are gone through again with the same steps on what the run has kept, so that rows and reasons are those of the run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detector_app.pipelines.mtcnn.cascade import REFINE_IOU, Seen, Verdicts
from detector_app.pipelines.mtcnn.proposals import PYRAMID_IOU, SCALE_IOU
from detector_app.pipelines.mtcnn.windows import Windows, regressed
from detector_app.pipelines.pipeline import CascadeSettings, DetectSettings
from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.nms import min_area_nms, min_area_overlap, nms, suppressors
from detector_app.vision.trace import Fate, Look, Places, Rules, Stage, Trace


@dataclass(frozen=True, eq=False)
class _Ends:
    """How N rows ended: fates, suppressors (rows) and overlaps; ``kept`` are the rows that went on, in the order in which they did."""

    fates: NDArray[np.uint8]
    by: IntArray
    iou: FloatArray
    kept: IntArray

    @classmethod
    def all_below(cls, count: int) -> _Ends:
        none = np.full(count, -1)
        return cls(np.full(count, Fate.BELOW_SCORE, np.uint8), none, np.zeros(count, np.float32), np.zeros(0, np.int64))

    def suppress(self, rows: IntArray, windows: Windows, iou: float) -> IntArray:
        """Suppress ``rows`` among each other, whose windows these are; note who lost to whom, and give those kept, best first."""
        best = np.argsort(-windows.scores, kind="stable")
        xyxy, order, classes = windows.xyxy[best], rows[best], np.zeros(len(best), np.int64)
        stays = nms(xyxy, classes, iou)
        kept = order[stays]
        by, overlap = suppressors(xyxy, classes, stays, iou)
        lost = np.flatnonzero(by >= 0)
        self.fates[order[lost]] = Fate.SUPPRESSED
        self.by[order[lost]], self.iou[order[lost]] = order[by[lost]], overlap[lost]
        return kept


def explain(
    verdicts: Verdicts,
    letterbox: Letterbox,
    settings: DetectSettings,
    ran: CascadeSettings,
    class_names: tuple[str, ...],
    floor: float = 0.0,
) -> Trace:
    """The trace of one picture.

    Args:
        verdicts: of its run; without what the earlier stages saw there is only O-Net's look.
        letterbox: of the picture.
        settings: as for the selection; of the earlier stages only R-Net's score may differ from those of the run, and only upwards.
        ran: what the stages chose by.
        class_names: of the model.
        floor: above 0, P-Net's windows below its score are left out: they are ten times as many as the others.
    """
    cascade = settings.cascade or CascadeSettings()
    seen = verdicts.seen
    if seen is None:
        last = _final_look(verdicts, letterbox, settings, cascade, np.full(len(verdicts.scores), -1))
        first = Stage("places" if verdicts.scanned else "followed", 0, len(last))
        return Trace((first, *_stages(last, 0)), (last,), class_names, floor)
    proposals, went_on = _proposal_look(seen, ran.proposal_score, letterbox, floor)
    refined, finals = _refine_look(seen, ran.refine_score, letterbox, went_on)
    # What O-Net judged, it judged of those that the run let through; a higher score of R-Net takes some of them away again.
    rows_of_finals = finals[seen.finals_visible]
    refined = _raised(refined, cascade.refine_score)
    last = _final_look(verdicts, letterbox, settings, cascade, rows_of_finals)
    looks = (proposals, refined, last)
    stages = (Stage("places", 0, seen.places), *(stage for i, look in enumerate(looks) for stage in _stages(look, i)))
    return Trace(stages, looks, class_names, floor)


def _stages(look: Look, number: int) -> tuple[Stage, ...]:
    """The steps of a look, of those that took something away, and always score and suppression."""
    steps = [
        ("inside", Fate.OUTSIDE),
        ("score", Fate.BELOW_SCORE),
        ("classes", Fate.NOT_WANTED),
        ("top_k", Fate.BEYOND_TOP_K),
        ("suppression", Fate.SUPPRESSED),
        ("most", Fate.BEYOND_MOST),
    ]
    left, stages = len(look), []
    for name, fate in steps:
        lost = look.count(fate)
        left -= lost
        if lost or name in ("score", "suppression"):
            stages.append(Stage(name, number, left, fate))
    return tuple(stages)


def _proposal_look(seen: Seen, score: float, letterbox: Letterbox, floor: float) -> tuple[Look, IntArray]:
    """P-Net's windows, best first, and the rows of those that went on, in the order of ``seen.squares``."""
    by_level = [found.reaching(score) for found in seen.by_level] if floor > 0 else list(seen.by_level)
    windows = Windows.join(by_level)
    level = np.repeat(np.arange(len(by_level)), [len(found) for found in by_level])
    ends = _Ends.all_below(len(windows))
    passing = windows.scores >= np.float32(score)
    ends.fates[passing] = Fate.KEPT
    kept: list[IntArray] = []
    for number in range(len(by_level)):
        rows = np.flatnonzero(passing & (level == number))
        kept.append(ends.suppress(rows, windows.take(rows), SCALE_IOU))
    rows = np.concatenate(kept) if kept else np.zeros(0, np.int64)
    kept_rows = ends.suppress(rows, windows.take(rows), PYRAMID_IOU)
    moved = regressed(windows)
    none = np.full(len(windows), -1)
    look = Look(
        name="P-Net",
        xyxy=letterbox.inverse_boxes(moved.xyxy),
        scores=windows.scores,
        class_ids=np.zeros(len(windows), np.int64),
        ids=np.arange(len(windows)),
        fates=ends.fates,
        by=ends.by,
        iou=ends.iou,
        parents=none,
        before_xyxy=letterbox.inverse_boxes(windows.xyxy),
        places=Places.in_grids(level, none, none, none, none),
        least_score=score,
        most_iou=PYRAMID_IOU,
        considered=seen.places,
    )
    return ordered(look, kept_rows)


def _refine_look(seen: Seen, score: float, letterbox: Letterbox, parents: IntArray) -> tuple[Look, IntArray]:
    """R-Net's squares, best first, and the rows of those that went on, in the order of ``seen.finals``."""
    count = len(seen.squares)
    scores, regression = np.zeros(count, np.float32), np.zeros((count, 4), np.float32)
    scores[seen.visible], regression[seen.visible] = seen.refine_scores, seen.refine_regression
    windows = Windows(seen.squares, scores, regression)
    ends = _Ends.all_below(count)
    passing = np.flatnonzero(seen.visible & (scores >= np.float32(score)))
    ends.fates[passing] = Fate.KEPT
    ends.fates[~seen.visible] = Fate.OUTSIDE
    kept = ends.suppress(passing, windows.take(passing), REFINE_IOU)
    look = Look(
        name="R-Net",
        xyxy=letterbox.inverse_boxes(regressed(windows, extent=1).xyxy),
        scores=scores,
        class_ids=np.zeros(count, np.int64),
        ids=np.arange(count),
        fates=ends.fates,
        by=ends.by,
        iou=ends.iou,
        parents=parents,
        before_xyxy=letterbox.inverse_boxes(seen.squares),
        least_score=score,
        most_iou=REFINE_IOU,
        considered=count,
    )
    return ordered(look, kept)


def ordered(look: Look, rows: IntArray) -> tuple[Look, IntArray]:
    """The look with its rows best score first, and where ``rows`` are now."""
    order = np.argsort(-look.scores, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    by = look.by[order]
    moved = replace(
        look,
        xyxy=look.xyxy[order],
        scores=look.scores[order],
        class_ids=look.class_ids[order],
        ids=look.ids[order],
        fates=look.fates[order],
        by=np.where(by >= 0, place[by], -1),
        iou=look.iou[order],
        parents=look.parents[order],
        before_xyxy=None if look.before_xyxy is None else look.before_xyxy[order],
        places=None if look.places is None else look.places.take(order),
    )
    return moved, place[rows]


def _raised(look: Look, score: float) -> Look:
    """R-Net's look under a higher score than that of the run."""
    if score <= look.least_score:
        return look
    fates = look.fates.copy()
    fates[(look.scores < np.float32(score)) & (fates != Fate.OUTSIDE)] = Fate.BELOW_SCORE
    lost = fates == Fate.SUPPRESSED
    return replace(
        look, fates=fates, by=np.where(lost, look.by, -1), iou=np.where(lost, look.iou, 0), least_score=score
    )


def _final_look(
    verdicts: Verdicts, letterbox: Letterbox, settings: DetectSettings, cascade: CascadeSettings, parents: IntArray
) -> Look:
    """O-Net's boxes, best first; the kept ones are the faces, in order."""
    least = settings.score if cascade.score is None else cascade.score
    reached = verdicts.refine_scores >= np.float32(cascade.refine_score)
    rows = np.flatnonzero(reached & np.isfinite(verdicts.xyxy).all(axis=1))
    rows = rows[np.argsort(-verdicts.scores[rows], kind="stable")]
    xyxy, scores = verdicts.xyxy[rows], verdicts.scores[rows]
    ends = _Ends.all_below(len(rows))
    good = np.flatnonzero(scores >= np.float32(least))
    if settings.classes is not None and 0 not in settings.classes:
        ends.fates[good] = Fate.NOT_WANTED
        good = good[:0]
    ends.fates[good] = Fate.BEYOND_TOP_K
    best = good[: settings.top_k]
    kept = min_area_nms(xyxy[best], settings.iou)
    ends.fates[best] = Fate.SUPPRESSED
    ends.fates[best[kept]] = Fate.BEYOND_MOST
    ends.fates[best[kept[: settings.max_detections]]] = Fate.KEPT
    lost = np.setdiff1d(np.arange(len(best)), kept)
    for winner in kept[::-1].tolist():  # the best one last: it was the first to suppress
        overlap = min_area_overlap(winner, xyxy[best])
        losers = lost[(overlap[lost] > settings.iou) & (lost > winner)]
        ends.by[best[losers]], ends.iou[best[losers]] = best[winner], overlap[losers]
    return Look(
        name="O-Net",
        xyxy=letterbox.inverse_boxes(xyxy),
        scores=scores,
        class_ids=np.zeros(len(rows), np.int64),
        ids=rows,
        fates=ends.fates,
        by=ends.by,
        iou=ends.iou,
        parents=parents[rows],
        least_score=least,
        most_iou=settings.iou,
        considered=len(verdicts.scores),
        measured_xyxy=xyxy,
        rules=Rules(by_smaller_area=True, top_k=settings.top_k, most=settings.max_detections),
    )
