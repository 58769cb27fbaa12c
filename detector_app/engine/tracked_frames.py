"""What was followed in the frames that were seen, so that going back shows the same ids. Bounded."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from detector_app.vision.boxes import iou_matrix
from detector_app.vision.detections import Detections, FloatArray, IntArray

MOST_FRAMES = 20_000
MOST_BOXES = 400_000
"""At most about 40 MB."""
LEAST_OVERLAP = 0.3
"""A box of a frame that was left out must overlap this much with one of its class beside it in time, to be taken for the same thing."""


@dataclass(frozen=True, eq=False)
class SeenFrame:
    """The boxes of one frame with their ids, −1 for none; weak boxes, too. ``least`` is the score from which a box was strong."""

    index: int
    time_s: float
    least: float
    xyxy: FloatArray
    scores: FloatArray
    class_ids: IntArray
    ids: IntArray


class SeenFrames:
    """The frames by number; of too many the first seen are forgotten."""

    def __init__(self) -> None:
        self._frames: dict[int, SeenFrame] = {}
        self._order: list[int] = []
        self._boxes = 0

    def __len__(self) -> int:
        return len(self._frames)

    def add(self, seen: SeenFrame) -> None:
        """Keep a frame that was not seen before."""
        self._frames[seen.index] = seen
        insort(self._order, seen.index)
        self._boxes += len(seen.ids)
        while len(self._frames) > MOST_FRAMES or self._boxes > MOST_BOXES:
            oldest = next(iter(self._frames))
            self._boxes -= len(self._frames.pop(oldest).ids)
            del self._order[bisect_left(self._order, oldest)]

    def like(self, index: int, time_s: float, within_s: float) -> SeenFrame | None:
        """The frame itself, or, where it was left out between two that were seen within that time, the nearer one."""
        if index in self._frames:
            return self._frames[index]
        at = bisect_left(self._order, index)
        if at == 0 or at == len(self._order):
            return None
        before, after = self._frames[self._order[at - 1]], self._frames[self._order[at]]
        if not 0 < after.time_s - before.time_s <= within_s:
            return None
        return before if time_s - before.time_s <= after.time_s - time_s else after

    def before(self, index: int, from_s: float) -> Iterator[SeenFrame]:
        """The frames before number ``index`` from ``from_s`` on, in order."""
        at = bisect_left(self._order, index)
        first = at
        while first > 0 and self._frames[self._order[first - 1]].time_s >= from_s:
            first -= 1
        yield from (self._frames[i] for i in self._order[first:at])


def borrowed_ids(seen: SeenFrame, found: Detections) -> IntArray:
    """(N,) ids of the boxes in ``seen`` that ``found`` overlaps most, each once and only within a class; −1 without any."""
    ids = np.full(len(found), -1, np.int64)
    rows = np.flatnonzero(seen.ids > 0)
    if not len(found) or not len(rows):
        return ids
    overlap = iou_matrix(found.xyxy, seen.xyxy[rows])
    pairs = (found.class_ids[:, None] == seen.class_ids[rows]) & (overlap >= LEAST_OVERLAP)
    i_s, j_s = np.nonzero(pairs)
    taken: set[int] = set()
    for at in np.argsort(-overlap[i_s, j_s], kind="stable"):
        i, j = int(i_s[at]), int(j_s[at])
        if ids[i] < 0 and j not in taken:
            ids[i] = seen.ids[rows[j]]
            taken.add(j)
    return ids
