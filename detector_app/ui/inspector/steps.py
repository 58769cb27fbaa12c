"""A trace as a person steps through it: one step after the other, and which candidates each let through or took away."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detector_app.vision.detections import Detections, FloatArray, IntArray
from detector_app.vision.trace import Fate, Look, Stage, Trace


@dataclass(frozen=True)
class Mark:
    """One candidate of a result.

    Attributes:
        way: number of the trace: 0 is the model's, then ``Trace.also``.
        look: number of its look.
        row: of that look.
    """

    way: int
    look: int
    row: int


@dataclass(frozen=True, eq=False)
class Step:
    """One stage of one trace.

    Attributes:
        way: number of the trace, as in :class:`Mark`.
        trace: that trace.
        number: of the stage in it.
    """

    way: int
    trace: Trace
    number: int

    @property
    def stage(self) -> Stage:
        """The stage itself."""
        return self.trace.stages[self.number]

    @property
    def look(self) -> Look:
        """The look that it belongs to."""
        return self.trace.looks[self.stage.look]

    @property
    def key(self) -> tuple[int, int, str]:
        """What it is found again by in the next trace of the same model."""
        return self.way, self.stage.look, self.stage.name

    @property
    def final(self) -> bool:
        """Whether nothing comes after it: what it let through are detections."""
        return self.number == len(self.trace.stages) - 1

    @property
    def first(self) -> bool:
        """Whether its look begins with it."""
        return self.number == 0 or self.trace.stages[self.number - 1].look != self.stage.look

    @cached_property
    def through(self) -> IntArray:
        """(N,) int64 rows of the look that came through this step, best first."""
        return np.flatnonzero(~np.isin(self.look.fates, self._lost(self.number)))

    @cached_property
    def taken(self) -> IntArray:
        """(N,) int64 rows of the look that this step took away, best first."""
        fate = self.stage.fate
        return np.zeros(0, np.int64) if fate is None else self.look.rows(fate)

    def mark(self, row: int) -> Mark:
        """The candidate in ``row`` of the look."""
        return Mark(self.way, self.stage.look, row)

    def _lost(self, last: int) -> NDArray[np.uint8]:
        fates = [
            stage.fate
            for stage in self.trace.stages[: last + 1]
            if stage.look == self.stage.look and stage.fate is not None
        ]
        return np.array(fates, np.uint8)


def steps_of(trace: Trace) -> tuple[Step, ...]:
    """All steps in order: those of the trace, then those of the traces beside it."""
    return tuple(Step(way, each, number) for way, each in enumerate(ways(trace)) for number in range(len(each.stages)))


def ways(trace: Trace) -> tuple[Trace, ...]:
    """The trace and those beside it, as :class:`Mark` numbers them."""
    return (trace, *trace.also)


def look_at(trace: Trace, mark: Mark) -> Look | None:
    """The look that ``mark`` is in; None if the trace has no such candidate."""
    found = ways(trace)
    if not 0 <= mark.way < len(found) or not 0 <= mark.look < len(found[mark.way].looks):
        return None
    look = found[mark.way].looks[mark.look]
    return look if 0 <= mark.row < len(look) else None


def detections_as_marks(trace: Trace, detections: Detections) -> tuple[Mark | None, ...]:
    """The candidate that each detection is, by box and score; None for one that no trace knows."""
    known: dict[bytes, list[Mark]] = {}
    for way, each in enumerate(ways(trace)):
        if each.looks:
            look, number = each.last, len(each.looks) - 1
            for row in look.rows(Fate.KEPT).tolist():
                known.setdefault(_signature(look.xyxy[row], look.scores[row]), []).append(Mark(way, number, row))
    # One place may be two detections with the same box, of two classes: then the better one comes first in both.
    found = (known.get(_signature(*one)) for one in zip(detections.xyxy, detections.scores, strict=True))
    return tuple(marks.pop(0) if marks else None for marks in found)


def _signature(box: FloatArray, score: np.float32) -> bytes:
    return box.tobytes() + score.tobytes()


def victims(look: Look, row: int) -> IntArray:
    """(N,) int64 rows that candidate ``row`` suppressed."""
    return np.flatnonzero(look.by == row)


def again(before: Look, row: int, after: Look) -> int:
    """The row in ``after`` of what was ``row`` in ``before``: same place, same class; −1 if it is not there."""
    same = np.flatnonzero((after.ids == before.ids[row]) & (after.class_ids == before.class_ids[row]))
    return int(same[0]) if len(same) else -1


def counts_text(steps: tuple[Step, ...]) -> str:
    """The counts of the model's own way where they become fewer: "25,200 → 143 → 12"."""
    counts = [step.stage.count for step in steps if step.way == 0]
    falling = [count for i, count in enumerate(counts) if i == 0 or count < counts[i - 1]]
    if len(counts) > 1 and len(falling) == 1:
        falling.append(counts[-1])
    return " → ".join(f"{count:,}" for count in falling)
