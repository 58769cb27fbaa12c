"""Why is nothing here? The best candidates near a point of the picture, what stopped each, and what would show it.

A change is of one threshold alone, as small as possible, and has been tried on the candidates themselves: lowering a score may bring in
a box that a better one suppresses all the same, and raising the overlap may keep another box that does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector_app.vision.boxes import iou_matrix
from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.nms import min_area_nms, min_area_overlap, nms
from detector_app.vision.overlap_search import cluster, stays_at
from detector_app.vision.trace import Fate, Look, Trace

STEP = 1e-4
"""Thresholds are proposed in such steps."""
MOST_TRIES = 64
"""Overlaps that are tried for one candidate."""
REACH = 0.25
"""How far beyond its edge a box is still near, as a part of its longer side."""

_SCORES = {"P-Net": "proposal_score", "R-Net": "refine_score"}


@dataclass(frozen=True)
class Change:
    """The smallest change of one threshold.

    Attributes:
        threshold: "score", "overlap", "top_k", "most", "class" (then ``value`` is its number), "proposal_score" or "refine_score".
        value: what it would have to be.
        sure: tried on all the candidates. Otherwise what comes after may still drop it: later stages, which have not seen it, or other
            classes of places, of which the trace does not tell at so low a score.
    """

    threshold: str
    value: float
    sure: bool = True


@dataclass(frozen=True)
class Reason:
    """One candidate near the point.

    Attributes:
        look, row: where in the trace.
        fate: how it ended.
        change: what would show it; None if no change of one threshold would, or it is shown.
        then: of one below the score: how it would end if the score were low enough, where that is not KEPT.
        then_by: row of the box that would suppress it then, −1 if none.
        then_iou: by how much.
    """

    look: int
    row: int
    fate: Fate
    change: Change | None = None
    then: Fate | None = None
    then_by: int = -1
    then_iou: float = 0.0


def nearby(trace: Trace, x: float, y: float, limit: int = 5) -> tuple[Reason, ...]:
    """The best candidates near a point, best first: each in the last look that it came to.

    Args:
        trace: down to a floor of 0, if what is far below the score is to be found, too.
        x: pixels of the source frame.
        y: likewise.
        limit: most that are given.
    """
    found: list[tuple[float, int, int]] = []
    for number, look in enumerate(trace.looks):
        ended = np.flatnonzero((look.fates != Fate.KEPT) | (number == len(trace.looks) - 1))
        # A later look knows better than an earlier one; among those of a look the score and the nearness count.
        weights = look.scores[ended] * _nearness(look.xyxy[ended], x, y)
        best = np.argsort(-weights, kind="stable")[:limit]
        found += [(number + float(weights[i]), number, int(ended[i])) for i in best if weights[i] > 0]
    found.sort(reverse=True)
    return tuple(_reason(trace, number, row) for _, number, row in found[:limit])


def _nearness(xyxy: FloatArray, x: float, y: float) -> FloatArray:
    """(N,) 1 in the middle of a box, ½ at its edge, 0 from :data:`REACH` beyond it on."""
    centre, half = (xyxy[:, :2] + xyxy[:, 2:]) / 2, np.maximum((xyxy[:, 2:] - xyxy[:, :2]) / 2, 1e-6)
    away = np.abs(np.array([x, y], np.float32) - centre)
    inside = (away / half).max(axis=1)
    beyond = np.maximum(away - half, 0).max(axis=1) / (2 * half.max(axis=1))
    near: FloatArray = np.where(inside <= 1, 1 - inside / 2, 0.5 * np.maximum(0, 1 - beyond / REACH))
    return near


def _reason(trace: Trace, number: int, row: int) -> Reason:
    look = trace.looks[number]
    fate = Fate(int(look.fates[row]))
    if number < len(trace.looks) - 1 or look.measured_xyxy is None:
        return _earlier(look, number, row, fate)
    selection = _Selection(look)
    if fate is Fate.BELOW_SCORE:
        return selection.below_score(number, row)
    if fate is Fate.SUPPRESSED:
        return Reason(number, row, fate, selection.more_overlap(row))
    if fate is Fate.NOT_WANTED:
        return Reason(number, row, fate, Change("class", float(look.class_ids[row]), sure=False))
    if fate is Fate.BEYOND_TOP_K:
        return Reason(number, row, fate, Change("top_k", float(selection.rank(row) + 1), sure=False))
    if fate is Fate.BEYOND_MOST:
        return Reason(number, row, fate, Change("most", float(selection.place_among_kept(row) + 1)))
    return Reason(number, row, fate)


def _earlier(look: Look, number: int, row: int, fate: Fate) -> Reason:
    """Of an earlier look: its score may be lowered, what comes of it nobody knows yet; its suppression is not to be chosen."""
    threshold = _SCORES.get(look.name)
    if fate is not Fate.BELOW_SCORE or threshold is None:
        return Reason(number, row, fate)
    return Reason(number, row, fate, Change(threshold, _lowered(float(look.scores[row])), sure=False))


def _lowered(score: float) -> float:
    """The score, rounded down to a step."""
    return max(0.0, float(np.floor(score / STEP) * STEP))


class _Selection:
    """The selection of a look, to be tried with other thresholds on the candidates of the wanted classes, best first."""

    def __init__(self, look: Look) -> None:
        assert look.measured_xyxy is not None  # noqa: S101  (the caller has looked)
        self._look, self._xyxy, self._rules = look, look.measured_xyxy, look.rules
        # Which classes are wanted is known of those that reach the score; below it nobody asked.
        self._unwanted = np.unique(look.class_ids[look.fates == Fate.NOT_WANTED])

    def _before(self, row: int) -> IntArray:
        """The wanted candidates down to ``row``, at most as many as go into suppression."""
        rows = np.arange(row + 1)
        return rows[~np.isin(self._look.class_ids[rows], self._unwanted)][: self._rules.top_k]

    def rank(self, row: int) -> int:
        """How many wanted candidates come before it."""
        rows = np.arange(row)
        return int(np.count_nonzero(~np.isin(self._look.class_ids[rows], self._unwanted)))

    def _kept(self, rows: IntArray, iou: float) -> IntArray:
        xyxy = self._xyxy[rows]
        if self._rules.by_smaller_area:
            return rows[min_area_nms(xyxy, iou)]
        return rows[nms(xyxy, self._look.class_ids[rows], iou, class_agnostic=self._rules.class_agnostic)]

    def place_among_kept(self, row: int) -> int:
        """How many better ones survive suppression."""
        return len(self._kept(self._before(row), self._look.most_iou)) - 1

    def below_score(self, number: int, row: int) -> Reason:
        """What would become of a candidate below the score if the score were low enough."""
        look = self._look
        score = float(look.scores[row])
        change = Change("score", _lowered(score), sure=score >= look.whole_from)
        rows = self._before(row)
        if np.isin(look.class_ids[row], self._unwanted):
            return Reason(number, row, Fate.BELOW_SCORE, then=Fate.NOT_WANTED)
        if not len(rows) or rows[-1] != row:
            return Reason(number, row, Fate.BELOW_SCORE, then=Fate.BEYOND_TOP_K)
        kept = self._kept(rows, look.most_iou)
        if row in kept:
            if len(kept) > self._rules.most:
                return Reason(number, row, Fate.BELOW_SCORE, then=Fate.BEYOND_MOST)
            return Reason(number, row, Fate.BELOW_SCORE, change)
        overlaps = self._overlaps(row, kept)
        winner = (
            int(np.argmax(overlaps > look.most_iou)) if (overlaps > look.most_iou).any() else int(overlaps.argmax())
        )
        return Reason(
            number,
            row,
            Fate.BELOW_SCORE,
            then=Fate.SUPPRESSED,
            then_by=int(kept[winner]),
            then_iou=float(overlaps[winner]),
        )

    def more_overlap(self, row: int) -> Change | None:
        """The least overlap to allow so that this suppressed candidate stays; None if that alone does not do it."""
        rows, most = self._before(row), self._look.most_iou
        if not self._rules.class_agnostic:
            rows = rows[self._look.class_ids[rows] == self._look.class_ids[row]]
        rows = rows[cluster(len(rows), lambda some: self._among(rows[some], rows), most)]
        for allowed in stays_at(self._among(rows, rows), most, STEP)[:MOST_TRIES].tolist():
            kept = self._kept(self._before(row), allowed)
            if row in kept and len(kept) <= self._rules.most:
                return Change("overlap", allowed)
        return None

    def _among(self, some: IntArray, rows: IntArray) -> FloatArray:
        """(k, n) how much each of ``some`` overlaps each of ``rows``, whatever their classes."""
        if self._rules.by_smaller_area:
            return np.stack([min_area_overlap(0, self._xyxy[np.append(one, rows)])[1:] for one in some])
        return iou_matrix(self._xyxy[some], self._xyxy[rows])

    def _overlaps(self, row: int, others: IntArray) -> FloatArray:
        """(n,) how much ``row`` overlaps each of the others, 0 where they let each other be."""
        if self._rules.by_smaller_area:
            return min_area_overlap(0, self._xyxy[np.append(row, others)])[1:]
        overlaps: FloatArray = iou_matrix(self._xyxy[row : row + 1], self._xyxy[others])[0]
        if not self._rules.class_agnostic:
            overlaps[self._look.class_ids[others] != self._look.class_ids[row]] = 0
        return overlaps
