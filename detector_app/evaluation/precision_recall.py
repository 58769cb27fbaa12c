"""Precision over recall of a set of frames, and what any score threshold makes of it, without another inference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detector_app.evaluation.matching import Verdict, match
from detector_app.evaluation.truth import ClassMap, Float64Array, PictureTruth
from detector_app.vision.detections import Detections

RECALLS = np.linspace(0, 1, 101)
"""At which COCO reads the curve."""
_GRID = np.arange(101) / 100
"""Thresholds that the window's slider has."""


@dataclass(frozen=True, eq=False)
class SeenFrame:
    """What must be kept of a frame to judge it again under any threshold.

    Attributes:
        index: number in its source.
        name: what a person calls it: a file, or empty in a video.
        time_s: where it is in its source.
        size_wh: in pixels.
        detections: down to a very low score.
        truth: what is really to be seen in it.
        floor: detections with less score may be missing.
    """

    index: int
    name: str
    time_s: float
    size_wh: tuple[int, int]
    detections: Detections
    truth: PictureTruth
    floor: float = 0.0


@dataclass(frozen=True)
class Point:
    """What one threshold makes of a set: counts, and what follows from them (0 where there is nothing to divide by)."""

    threshold: float
    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the detections that is right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of the objects that is found."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True, eq=False)
class Curve:
    """Precision over recall of one class, or of several taken together.

    Attributes:
        scores: (K,) float32 of the detections that count, best first.
        hits: (K,) bool which of them are right.
        objects: how many there are to be found.
    """

    scores: NDArray[np.float32]
    hits: NDArray[np.bool_]
    objects: int

    @cached_property
    def recall(self) -> Float64Array:
        """(K,) after each detection."""
        return np.asarray(np.cumsum(self.hits) / max(1, self.objects))

    @cached_property
    def precision(self) -> Float64Array:
        """(K,) after each detection."""
        return np.asarray(np.cumsum(self.hits) / np.arange(1, len(self.hits) + 1))

    @cached_property
    def interpolated(self) -> Float64Array:
        """(101,) at :data:`RECALLS`: the best precision at that recall or more, 0 beyond the last (COCO)."""
        envelope = np.maximum.accumulate(self.precision[::-1])[::-1]
        places = np.searchsorted(self.recall, RECALLS, side="left")
        inside = places < len(envelope)
        found = np.zeros(len(RECALLS))
        found[inside] = envelope[places[inside]]
        return found

    @property
    def average_precision(self) -> float:
        """Mean of the interpolated curve; NaN without objects."""
        return float(self.interpolated.mean()) if self.objects else float("nan")

    def at(self, threshold: float) -> Point:
        """What is left when only scores of at least ``threshold`` count."""
        kept = int(np.count_nonzero(self.scores >= np.float32(threshold)))
        right = int(np.count_nonzero(self.hits[:kept]))
        return Point(threshold, right, kept - right, self.objects - right)

    @cached_property
    def best(self) -> Point:
        """That of the best F1 among hundredths from 0 to 1; of equal ones in the middle of them, where it is least brittle."""
        points = [self.at(float(threshold)) for threshold in _GRID]
        most = max(point.f1 for point in points)
        equal = [point for point in points if point.f1 >= most - 1e-12]
        return equal[len(equal) // 2]

    def nearest(self, recall: float, precision: float) -> float | None:
        """The score of the detection that the curve reaches nearest to that point; None for a curve of nothing."""
        if not len(self.scores):
            return None
        return float(self.scores[np.argmin((self.recall - recall) ** 2 + (self.precision - precision) ** 2)])


@dataclass(frozen=True)
class FrameErrors:
    """What is wrong in one frame under one threshold."""

    frame: SeenFrame
    right: int
    wrong: int
    missed: int

    @property
    def errors(self) -> int:
        """False positives and false negatives."""
        return self.wrong + self.missed


@dataclass(frozen=True, eq=False)
class JudgedFrame:
    """A frame's detections judged at one IoU; those that count neither way are left out.

    Attributes:
        frame: what was judged.
        scores: (K,) float32.
        class_ids: (K,) int64.
        hits: (K,) bool which are right.
        objects: (C,) int64 how many objects of each of the model's classes count.
    """

    frame: SeenFrame
    scores: NDArray[np.float32]
    class_ids: NDArray[np.int64]
    hits: NDArray[np.bool_]
    objects: NDArray[np.int64]

    @classmethod
    def of(cls, frame: SeenFrame, classes: ClassMap, least_iou: float) -> JudgedFrame:
        """Judge ``frame``."""
        found = match(frame.detections, frame.truth, classes, frame.size_wh, least_iou)
        judged = found.verdicts != Verdict.NOT_JUDGED
        objects = np.bincount(found.truth_class[found.counts], minlength=len(classes.judged))
        hits = found.verdicts[judged] == Verdict.RIGHT
        return cls(frame, frame.detections.scores[judged], frame.detections.class_ids[judged], hits, objects)


@dataclass(frozen=True, eq=False)
class JudgedSet:
    """Every detection of a set of frames judged at one IoU.

    Attributes:
        frames: in order.
        scores: (K,) float32 of those that count, frame by frame.
        class_ids: (K,) int64.
        hits: (K,) bool.
        rows: (K,) int64 the frame that each is from.
        objects: (F, C) int64 how many objects of each of the model's classes a frame has.
    """

    frames: tuple[SeenFrame, ...]
    scores: NDArray[np.float32]
    class_ids: NDArray[np.int64]
    hits: NDArray[np.bool_]
    rows: NDArray[np.int64]
    objects: NDArray[np.int64]

    @classmethod
    def of(cls, frames: Sequence[SeenFrame], classes: ClassMap, least_iou: float) -> JudgedSet:
        """Judge ``frames``."""
        return cls.joined([JudgedFrame.of(frame, classes, least_iou) for frame in frames], len(classes.judged))

    @classmethod
    def joined(cls, parts: Sequence[JudgedFrame], classes: int) -> JudgedSet:
        """Of frames that were judged before, of a model with so many classes."""
        return cls(
            tuple(part.frame for part in parts),
            np.concatenate([np.zeros(0, np.float32), *(part.scores for part in parts)]),
            np.concatenate([np.zeros(0, np.int64), *(part.class_ids for part in parts)]),
            np.concatenate([np.zeros(0, np.bool_), *(part.hits for part in parts)]),
            np.repeat(np.arange(len(parts)), [len(part.scores) for part in parts]),
            np.array([part.objects for part in parts], np.int64).reshape(len(parts), classes),
        )

    def curve(self, class_id: int | None = None) -> Curve:
        """Of one class, or of all taken together; kept, because a slider asks for it again and again."""
        if class_id not in self._curves:
            self._curves[class_id] = self._make_curve(class_id)
        return self._curves[class_id]

    @cached_property
    def _curves(self) -> dict[int | None, Curve]:
        return {}

    def _make_curve(self, class_id: int | None) -> Curve:
        wanted = np.ones(len(self.scores), np.bool_) if class_id is None else self.class_ids == class_id
        order = np.argsort(-self.scores[wanted], kind="stable")
        objects = self.objects.sum() if class_id is None else self.objects[:, class_id].sum()
        return Curve(self.scores[wanted][order], self.hits[wanted][order], int(objects))

    @cached_property
    def per_class(self) -> dict[int, float]:
        """Average precision by class id, of the classes that have objects."""
        present = np.flatnonzero(self.objects.sum(axis=0))
        return {int(class_id): self.curve(int(class_id)).average_precision for class_id in present}

    @property
    def mean_average_precision(self) -> float:
        """Over the classes that have objects; NaN if none has."""
        return float(np.mean(list(self.per_class.values()))) if self.per_class else float("nan")

    def errors(self, threshold: float, class_id: int | None = None) -> tuple[FrameErrors, ...]:
        """What is wrong in each frame when only scores of at least ``threshold`` count, frame by frame."""
        counted = self.scores >= np.float32(threshold)
        if class_id is not None:
            counted &= self.class_ids == class_id
        n = len(self.frames)
        right = np.bincount(self.rows[counted & self.hits], minlength=n)
        wrong = np.bincount(self.rows[counted & ~self.hits], minlength=n)
        there = self.objects.sum(axis=1) if class_id is None else self.objects[:, class_id]
        return tuple(
            FrameErrors(frame, int(tp), int(fp), int(all_ - tp))
            for frame, tp, fp, all_ in zip(self.frames, right, wrong, there, strict=True)
        )


def next_error(errors: Sequence[FrameErrors], here: int, *, forward: bool) -> int | None:
    """The nearest frame with an error after frame ``here``, or before it; None if there is none."""
    ahead = [one.frame.index for one in errors if one.errors and (one.frame.index > here) == forward]
    ahead = [index for index in ahead if index != here]
    return (min(ahead) if forward else max(ahead)) if ahead else None
