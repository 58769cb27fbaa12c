"""Who agrees with whom, against matching by loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.vision.agreement import ClassAgreement, added, agreement
from detector_app.vision.detections import Detections

NAMES = ("cup", "fork", "bottle")


def detections(seed: int, count: int, names: tuple[str, ...] = NAMES) -> Detections:
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 30, (count, 2))
    xyxy = np.concatenate([corners, corners + rng.integers(4, 30, (count, 2))], axis=1).astype(np.float32)
    scores = -np.sort(-rng.uniform(0, 1, count)).astype(np.float32)
    return Detections(xyxy, scores, rng.integers(0, len(names), count), names)


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    shared = width * height
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


@given(st.integers(0, 5000), st.integers(0, 7), st.integers(0, 7), st.sampled_from([0.2, 0.5, 0.9]))
def test_partners_are_the_most_overlapping_that_are_left(seed: int, n: int, m: int, iou: float) -> None:
    first, second = detections(seed, n), detections(seed + 10_000, m)
    found = agreement(first, second, iou)
    pairs = sorted(
        (
            (overlap(first.xyxy[i].astype(float), second.xyxy[j].astype(float)), -i, -j)
            for i in range(n)
            for j in range(m)
            if first.name(i) == second.name(j)
        ),
        reverse=True,
    )
    taken: dict[int, int] = {}
    for shared, i, j in pairs:
        if shared >= iou - 1e-7 and -i not in taken and -j not in taken.values():
            taken[-i] = -j
    assert found.partner_of_first.tolist() == [taken.get(i, -1) for i in range(n)]
    assert sum(one.both for one in found.classes) == len(taken)
    assert found.differing == n + m - 2 * len(taken)
    for i, j in taken.items():
        assert found.partner_of_second[j] == i


@given(st.integers(0, 500), st.integers(0, 8))
def test_a_model_agrees_with_itself(seed: int, count: int) -> None:
    found = detections(seed, count)
    same = agreement(found, found)
    assert same.differing == 0
    assert all(one.share == 1 for one in same.classes)


def test_classes_that_only_one_knows_are_no_disagreement() -> None:
    cups = detections(1, 3, ("cup",))
    cells = detections(2, 4, ("RBC", "WBC"))
    found = agreement(cups, cells)
    assert (found.found, found.differing, found.classes) == (0, 0, ())
    assert not found.comparable_first.any()
    assert not found.comparable_second.any()


def test_the_same_class_may_have_other_numbers() -> None:
    one = Detections(np.array([[0, 0, 9, 9]], np.float32), np.ones(1, np.float32), np.array([0]), ("cup", "fork"))
    other = Detections(np.array([[0, 0, 9, 8]], np.float32), np.ones(1, np.float32), np.array([1]), ("fork", "cup"))
    assert agreement(one, other).classes == (ClassAgreement("cup", both=1),)


def test_sums() -> None:
    total = added((ClassAgreement("cup", 1, 2, 0),), (ClassAgreement("cup", 3, 0, 1), ClassAgreement("ape", 0, 0, 1)))
    assert total == (ClassAgreement("ape", 0, 0, 1), ClassAgreement("cup", 4, 2, 1))
    assert total[1].share == pytest.approx(4 / 7)
