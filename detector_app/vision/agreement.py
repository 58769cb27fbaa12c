"""How far two models agree on one frame: which boxes of one have a partner among those of the other.

Boxes are partners if they are of the same class, by name, and their intersection over union reaches a least one. Of all fitting pairs the
one that overlaps most is taken first, then the next of those still free. The order depends on the overlaps alone, so that exchanging the
models exchanges the answer and nothing else; scores, which two models need not share a scale for, play no part.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector_app.vision.boxes import iou_matrix
from detector_app.vision.detections import Detections, IntArray

LEAST_IOU = 0.5
"""From which overlap on two boxes mean the same thing."""


@dataclass(frozen=True)
class Tally:
    """Boxes that both models found (pairs), and those that only one of them did."""

    both: int = 0
    only_first: int = 0
    only_second: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.both + other.both, self.only_first + other.only_first, self.only_second + other.only_second)

    @property
    def differing(self) -> int:
        """Boxes without a partner."""
        return self.only_first + self.only_second

    @property
    def share(self) -> float:
        """Things both found among all that were found, 0 to 1; 1 where neither found anything."""
        total = self.both + self.differing
        return self.both / total if total else 1.0


@dataclass(frozen=True, eq=False)
class Agreement:
    """How far two models agree on one frame.

    Attributes:
        partner_of_first: (N,) int64 the box of the second that each box of the first is paired with; −1 none.
        partner_of_second: (M,) int64 the same the other way.
        overlaps: (N,) float32 IoU with the partner; 0 without.
        compared_first, compared_second: (N,), (M,) bool: of a class that both models know. Others are no disagreement.
        by_class: of each class that both know and at least one found, in alphabetical order.
        apart_first, apart_second: boxes of each class that the other model does not know.
    """

    partner_of_first: IntArray
    partner_of_second: IntArray
    overlaps: NDArray[np.float32]
    compared_first: NDArray[np.bool_]
    compared_second: NDArray[np.bool_]
    by_class: dict[str, Tally]
    apart_first: dict[str, int]
    apart_second: dict[str, int]

    @property
    def only_first(self) -> IntArray:
        """Boxes of the first that the second should have found, too."""
        return np.flatnonzero(self.compared_first & (self.partner_of_first < 0))

    @property
    def only_second(self) -> IntArray:
        """Boxes of the second that the first should have found, too."""
        return np.flatnonzero(self.compared_second & (self.partner_of_second < 0))

    @property
    def total(self) -> Tally:
        """Of all classes that both know."""
        return sum(self.by_class.values(), Tally())


def agree(first: Detections, second: Detections, least_iou: float = LEAST_IOU) -> Agreement:
    """Pair the boxes of two models in the same frame.

    Args:
        first: what one model found, in pixels of the frame, with the names of all classes it knows.
        second: the same of the other.
        least_iou: from which overlap on two boxes mean the same thing, in (0, 1].
    """
    names_first, names_second = _names(first), _names(second)
    known = _known(first, names_first) & _known(second, names_second)
    compared_first = np.array([name in known for name in names_first], np.bool_)
    compared_second = np.array([name in known for name in names_second], np.bool_)
    partner_of_first, partner_of_second = np.full(len(first), -1, np.int64), np.full(len(second), -1, np.int64)
    overlaps = np.zeros(len(first), np.float32)
    if len(first) and len(second):
        iou = iou_matrix(first.xyxy, second.xyxy)
        numbers = {name: i for i, name in enumerate(known)}
        of_first = np.array([numbers.get(name, -1) for name in names_first])
        of_second = np.array([numbers.get(name, -2) for name in names_second])
        fits = (of_first[:, None] == of_second[None]) & (iou >= np.float32(least_iou))
        for i, j in _best_first(iou, fits):
            if partner_of_first[i] < 0 and partner_of_second[j] < 0:
                partner_of_first[i], partner_of_second[j], overlaps[i] = j, i, iou[i, j]
    return Agreement(
        partner_of_first,
        partner_of_second,
        overlaps,
        compared_first,
        compared_second,
        _by_class(names_first, names_second, partner_of_first, partner_of_second, known),
        _counted(name for name in names_first if name not in known),
        _counted(name for name in names_second if name not in known),
    )


def _best_first(iou: NDArray[np.float32], fits: NDArray[np.bool_]) -> Iterable[tuple[int, int]]:
    """Fitting pairs, the most overlapping first; of equal ones those of the boxes with the smaller numbers together."""
    rows, columns = np.nonzero(fits)
    order = np.lexsort((np.maximum(rows, columns), rows + columns, -iou[rows, columns]))
    return zip(rows[order].tolist(), columns[order].tolist(), strict=True)


def _names(detections: Detections) -> list[str]:
    return [detections.name(i) for i in range(len(detections))]


def _known(detections: Detections, found: list[str]) -> set[str]:
    """Classes that the model can find: those it names, and numbers that it has given instead."""
    return {*detections.class_names, *found}


def _by_class(
    names_first: list[str], names_second: list[str], partner_first: IntArray, partner_second: IntArray, known: set[str]
) -> dict[str, Tally]:
    both = _counted(name for name, j in zip(names_first, partner_first, strict=True) if j >= 0)
    one = _counted(name for name, j in zip(names_first, partner_first, strict=True) if j < 0)
    other = _counted(name for name, i in zip(names_second, partner_second, strict=True) if i < 0)
    found = sorted({*both, *one, *other} & known)
    return {name: Tally(both.get(name, 0), one.get(name, 0), other.get(name, 0)) for name in found}


def _counted(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return counts
