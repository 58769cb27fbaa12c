"""Kinds of suppression against loops that follow the papers' pseudocode."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.vision.suppression import Kind, suppress


def overlap(one: list[float], other: list[float]) -> float:
    width = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    height = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (one, other)]
    union = sum(areas) - width * height
    return width * height / union if union > 0 else 0.0


def by_the_paper(kind: Kind, boxes: list, scores: list, classes: list, iou: float, score: float, sigma: float) -> list:
    """Figure 2 of Bodla et al., and greedy suppression likewise: (row, final score) in the order in which they are taken."""
    left = {i: s for i, s in enumerate(scores) if s >= score}
    taken = []
    while left:
        best = max(left, key=lambda i: (left[i], -i))
        if left[best] < score or left[best] <= 0:
            break
        taken.append((best, left.pop(best)))
        for i in list(left):
            if kind is not Kind.AGNOSTIC and classes[i] != classes[best]:
                continue
            shared = overlap(boxes[best], boxes[i])
            if kind is Kind.SOFT_GAUSSIAN:
                left[i] *= math.exp(-(shared**2) / sigma)
            elif shared > iou:
                if kind is Kind.SOFT_LINEAR:
                    left[i] *= 1 - shared
                else:
                    del left[i]
    return taken


@given(
    st.integers(0, 10_000),
    st.sampled_from(list(Kind)),
    st.sampled_from([0.0, 0.3, 0.5, 0.9]),
    st.sampled_from([0.0, 0.1, 0.4]),
    st.sampled_from([0.1, 0.5]),
)
def test_as_the_papers_have_it(seed: int, kind: Kind, iou: float, score: float, sigma: float) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(0, 14))
    corners = rng.uniform(0, 40, (count, 2))
    xyxy = np.concatenate([corners, corners + rng.uniform(5, 40, (count, 2))], axis=1).astype(np.float32)
    scores = -np.sort(-rng.uniform(0, 1, count)).astype(np.float32)
    classes = rng.integers(0, 2, count)
    found = suppress(kind, xyxy, scores, classes, iou=iou, score=score, sigma=sigma)
    boxes = xyxy.astype(np.float64).tolist()
    expected = by_the_paper(kind, boxes, scores.astype(float).tolist(), classes.tolist(), iou, score, sigma)
    assert found.kept.tolist() == [row for row, _ in expected]
    np.testing.assert_allclose(found.scores, [s for _, s in expected], atol=1e-5)


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_and_one(kind: Kind) -> None:
    none = suppress(
        kind, np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64), iou=0.5, score=0
    )
    assert len(none.kept) == len(none.scores) == 0
    one = np.array([[0, 0, 5, 5]], np.float32)
    left = suppress(kind, one, np.array([0.8], np.float32), np.zeros(1, np.int64), iou=0.5, score=0.8)
    assert left.kept.tolist() == [0]


def test_two_that_stand_close_stay_only_softly() -> None:
    xyxy = np.array([[0, 0, 10, 10], [3, 0, 13, 10]], np.float32)
    scores, same = np.array([0.9, 0.85], np.float32), np.zeros(2, np.int64)
    counts = {kind: len(suppress(kind, xyxy, scores, same, iou=0.5, score=0.3).kept) for kind in Kind}
    assert counts == {Kind.PER_CLASS: 1, Kind.AGNOSTIC: 1, Kind.SOFT_LINEAR: 2, Kind.SOFT_GAUSSIAN: 2}
