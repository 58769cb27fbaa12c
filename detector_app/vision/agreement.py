"""Where two detectors agree on a frame: boxes of the same class by name that overlap enough, each with at most one partner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector_app.vision.boxes import iou_matrix
from detector_app.vision.detections import Detections, IntArray

AGREE_IOU = 0.5
"""Two boxes that overlap at least so much are the same thing, as in the benchmarks."""


@dataclass(frozen=True)
class ClassAgreement:
    """Of one class: boxes that both found, that only the first found, and that only the second did."""

    name: str
    both: int = 0
    only_first: int = 0
    only_second: int = 0

    @property
    def share(self) -> float:
        """Found by both, as a part of all things that anybody found; 1 where nobody found any."""
        every = self.both + self.only_first + self.only_second
        return self.both / every if every else 1.0

    def __add__(self, other: ClassAgreement) -> ClassAgreement:
        return ClassAgreement(
            self.name,
            self.both + other.both,
            self.only_first + other.only_first,
            self.only_second + other.only_second,
        )


@dataclass(frozen=True, eq=False)
class Agreement:
    """Of one frame.

    Attributes:
        partner_of_first: (N,) index of the partner in the second detections, −1 for none.
        partner_of_second: (M,) likewise.
        comparable_first: (N,) whether the second model knows the class at all: else there is nothing to agree on.
        comparable_second: (M,) likewise.
        classes: those that both models know and somebody found, by name.
    """

    partner_of_first: IntArray
    partner_of_second: IntArray
    comparable_first: NDArray[np.bool_]
    comparable_second: NDArray[np.bool_]
    classes: tuple[ClassAgreement, ...]

    @property
    def differing(self) -> int:
        """Boxes that only one of the two found, of classes that both know."""
        return sum(one.only_first + one.only_second for one in self.classes)

    @property
    def found(self) -> int:
        """Things that anybody found, of classes that both know."""
        return sum(one.both + one.only_first + one.only_second for one in self.classes)


def agreement(first: Detections, second: Detections, iou: float = AGREE_IOU) -> Agreement:
    """Match boxes of the same class: the most overlapping pair first, then the most overlapping of those left, and so on.

    Args:
        first: best score first, of one model.
        second: of the other, of the same frame.
        iou: least overlap of partners.
    """
    knows_first, knows_second = set(first.class_names), set(second.class_names)
    names_first = [first.name(i) for i in range(len(first))]
    names_second = [second.name(i) for i in range(len(second))]
    partner_first, partner_second = np.full(len(first), -1), np.full(len(second), -1)
    overlaps = iou_matrix(first.xyxy, second.xyxy)
    if overlaps.size:
        overlaps[np.array(names_first)[:, None] != np.array(names_second)[None]] = 0
    rows, columns = np.nonzero(overlaps >= max(iou, 1e-9))
    for k in np.argsort(-overlaps[rows, columns], kind="stable").tolist():
        row, column = rows[k], columns[k]
        if partner_first[row] < 0 and partner_second[column] < 0:
            partner_first[row], partner_second[column] = column, row
    comparable_first = np.array([name in knows_second for name in names_first], np.bool_)
    comparable_second = np.array([name in knows_first for name in names_second], np.bool_)
    counts: dict[str, ClassAgreement] = {}
    for name, partner, comparable in zip(names_first, partner_first.tolist(), comparable_first.tolist(), strict=True):
        if comparable:
            one = ClassAgreement(name, both=int(partner >= 0), only_first=int(partner < 0))
            counts[name] = counts.get(name, ClassAgreement(name)) + one
    for name, partner, comparable in zip(
        names_second, partner_second.tolist(), comparable_second.tolist(), strict=True
    ):
        if comparable and partner < 0:
            counts[name] = counts.get(name, ClassAgreement(name)) + ClassAgreement(name, only_second=1)
    classes = tuple(counts[name] for name in sorted(counts))
    return Agreement(partner_first, partner_second, comparable_first, comparable_second, classes)


def added(one: tuple[ClassAgreement, ...], other: tuple[ClassAgreement, ...]) -> tuple[ClassAgreement, ...]:
    """The counts of two sets of frames together, by name."""
    sums = {item.name: item for item in one}
    for item in other:
        sums[item.name] = sums.get(item.name, ClassAgreement(item.name)) + item
    return tuple(sums[name] for name in sorted(sums))
