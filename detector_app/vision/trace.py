"""What became of every candidate of a frame: a struct of arrays, so that 25,000 of them cost milliseconds.

A detector looks in one or more *looks*, one after the other. A detector of one stage has one look (``candidates``). The R-CNN family has
two (``proposals``, ``candidates``), MTCNN three (``P-Net``, ``R-Net``, ``O-Net``). In each look a candidate ends with a :class:`Fate` or
goes on; what goes on into the next look is named there as ``parents``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.letterbox import Letterbox


class Fate(IntEnum):
    """How a candidate ended within its look."""

    KEPT = 0
    """It goes on to the next look; in the last one it is a detection."""
    BELOW_SCORE = 1
    """Its score is below the look's least score."""
    NOT_WANTED = 2
    """Its class is not asked for."""
    BEYOND_TOP_K = 3
    """So many better ones came before it that it was not looked at."""
    SUPPRESSED = 4
    """A better one of the same look overlaps it too much: ``by`` and ``iou`` say which, and by how much."""
    BEYOND_MOST = 5
    """It survived everything, but there are as many better detections as may be shown."""
    OUTSIDE = 6
    """No pixel of the picture lies in it."""


@dataclass(frozen=True, eq=False)
class Places:
    """Where in the network N candidates come from; row by row as the look's other arrays. −1 where it does not apply.

    Attributes:
        head: number of the grid, or of the level of a pyramid.
        stride_px: of that grid, in pixels of the network's input.
        row, column: cell of the grid.
        anchor: number of the anchor within the head's, or −1.
        rank: number among the proposals, from 0, best first; −1 for what comes from a grid.
    """

    head: IntArray
    stride_px: IntArray
    row: IntArray
    column: IntArray
    anchor: IntArray
    rank: IntArray

    @classmethod
    def in_grids(cls, head: IntArray, stride_px: IntArray, row: IntArray, column: IntArray, anchor: IntArray) -> Places:
        """Cells and anchors of grids."""
        return cls(head, stride_px, row, column, anchor, np.full(len(head), -1))

    @classmethod
    def proposed(cls, rank: IntArray) -> Places:
        """Regions that were proposed, by their ranks."""
        none = np.full(len(rank), -1)
        return cls(none, none, none, none, none, rank)

    def take(self, index: NDArray[np.int64] | slice) -> Places:
        """Those at ``index``."""
        return Places(*(column[index] for column in self._columns()))

    def since(self, first: int) -> Places:
        """Those from ``first`` on, without a copy."""
        return self.take(slice(first, None))

    def before(self, others: Places) -> Places:
        """These, then the others."""
        return Places(*map(np.concatenate, zip(self._columns(), others._columns(), strict=True)))

    def _columns(self) -> tuple[IntArray, ...]:
        return self.head, self.stride_px, self.row, self.column, self.anchor, self.rank


@dataclass(frozen=True)
class Rules:
    """What a selection goes by besides its two thresholds.

    Attributes:
        class_agnostic: boxes of different classes suppress each other, too.
        by_smaller_area: overlap is measured by the smaller of two areas, not by their union.
        top_k: most candidates that go into suppression.
        most: most detections.
    """

    class_agnostic: bool = False
    by_smaller_area: bool = False
    top_k: int = 1000
    most: int = 300


@dataclass(frozen=True, eq=False)
class Look:
    """All that one look considered, best score first.

    Attributes:
        name: "candidates", "proposals", "P-Net", "R-Net", "O-Net": for the program; the window has words of its own.
        xyxy: (N, 4) float32 boxes in pixels of the source frame, clipped, as they left the look (regressed).
        before_xyxy: (N, 4) float32 what they were before: anchor around its cell, proposal, crop; clipped too. None if nobody knows.
        scores: (N,) float32 by which it was decided.
        objectness: (N,) float32 the part of the score that says "something"; None where there is no such part.
        class_ids: (N,) int64.
        ids: (N,) int64 numbers of the places, as in ``Detections.candidate_ids``.
        fates: (N,) uint8, values of :class:`Fate`.
        by: (N,) int64 row *of this look* that suppressed it, −1 if none did.
        iou: (N,) float32 how much the two overlap, by the measure of the look's suppression.
        parents: (N,) int64 row of the look before that it comes from, −1 if none.
        places: where they come from; None if that cannot be told.
        least_score, most_iou: the thresholds that were used here.
        measured_xyxy: (N, 4) float32 the boxes as suppression measured them: not clipped, before the way back to source pixels; None where
            nobody may choose the overlap.
        rules: what else the selection went by.
        considered: how many places there were, also those that are no rows because their score is below the trace's floor.
        whole_from: from this score on each class of a place is a row; below it only the place's best class, if any.
    """

    name: str
    xyxy: FloatArray
    scores: FloatArray
    class_ids: IntArray
    ids: IntArray
    fates: NDArray[np.uint8]
    by: IntArray
    iou: FloatArray
    parents: IntArray
    before_xyxy: FloatArray | None = None
    objectness: FloatArray | None = None
    places: Places | None = None
    least_score: float = 0.0
    most_iou: float = 1.0
    considered: int = 0
    measured_xyxy: FloatArray | None = None
    rules: Rules = Rules()
    whole_from: float = 0.0

    def __len__(self) -> int:
        return len(self.scores)

    def count(self, fate: Fate) -> int:
        """How many ended so."""
        return int(np.count_nonzero(self.fates == fate))

    def rows(self, fate: Fate) -> IntArray:
        """Which ended so, best first."""
        return np.flatnonzero(self.fates == fate)


@dataclass(frozen=True)
class Stage:
    """A step of the way, and how many candidates came through it.

    Attributes:
        name: a key such as "places", "score", "classes", "top_k", "suppression", "most"; the window has words for each.
        look: number of the look that it belongs to.
        count: left after the step.
        fate: how those ended that the step took away; None for a step that only counts.
    """

    name: str
    look: int
    count: int
    fate: Fate | None = None


@dataclass(frozen=True, eq=False)
class Trace:
    """What became of a frame's candidates.

    Attributes:
        stages: in order.
        looks: in order; the kept rows of the last one are the detections, in their order.
        class_names: of the model.
        floor: candidates with less score may be missing in the last look.
        also: traces of the other model, where two look at the same frame together.
        letterbox: how the frame lay in the input that the places' grids are of; None where there are no grids.
    """

    stages: tuple[Stage, ...]
    looks: tuple[Look, ...]
    class_names: tuple[str, ...] = ()
    floor: float = 0.0
    also: tuple[Trace, ...] = ()
    letterbox: Letterbox | None = None

    @property
    def last(self) -> Look:
        """The look whose kept rows are the detections."""
        return self.looks[-1]
