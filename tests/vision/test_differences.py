"""Counts over frames in any order, against slow sums."""

from __future__ import annotations

import numpy as np
import pytest

from detector_app.vision.agreement import Tally, agree
from detector_app.vision.detections import Detections
from detector_app.vision.differences import Differences

FPS = 10.0


def row_of(count: int) -> Detections:
    """``count`` cups beside each other."""
    boxes = np.array([[20 * i, 0, 20 * i + 10, 10] for i in range(count)], np.float32).reshape(-1, 4)
    return Detections(boxes, np.full(count, 0.9, np.float32), np.zeros(count, np.int64), ("cup",))


def counted(pairs: dict[int, tuple[int, int]]) -> Differences:
    """Frames in which the first found so many, and the second so many of the same."""
    differences = Differences()
    for index, (first, second) in pairs.items():
        differences.add(index, index / FPS, agree(row_of(first), row_of(second)))
    return differences


def test_sums_and_worst_frames() -> None:
    differences = counted({5000: (3, 0), 0: (2, 2), 7: (1, 2), 3: (0, 1)})
    assert differences.frames == 4
    assert differences.by_class == {"cup": Tally(both=3, only_first=3, only_second=2)}
    assert [(one.index, one.differing) for one in differences.worst(3)] == [(5000, 3), (3, 1), (7, 1)]


def test_a_frame_counts_once() -> None:
    differences = counted({4: (2, 1)})
    differences.add(4, 0.4, agree(row_of(1), row_of(0)))
    assert differences.total == Tally(both=1, only_first=1)
    differences.clear()
    assert (differences.frames, differences.total) == (0, Tally())


def test_parts_of_the_time_and_where_a_difference_begins() -> None:
    differences = counted({0: (1, 1), 1: (1, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 9: (2, 1), 8: (0, 0)})
    binned = differences.binned(1.0, 2)
    assert binned.counts.tolist() == [3, 1]
    assert binned.shares == pytest.approx([3 / 5, 1 / 2])
    assert binned.event_times_s == pytest.approx([0.1, 0.4, 0.9])


def test_nothing_counted() -> None:
    binned = Differences().binned(2.0, 4)
    assert not binned.shares.any()
    assert not len(binned.event_times_s)
