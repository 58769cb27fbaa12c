"""Pairs of boxes against a brute-force search, symmetry, and class lists that differ."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector_app.vision.agreement import LEAST_IOU, Tally, agree
from detector_app.vision.detections import Detections

NAMES = ("cup", "bottle")


def found(rows: list[tuple[float, float, float, float, int]], names: tuple[str, ...] = NAMES) -> Detections:
    boxes = np.array([row[:4] for row in rows], np.float32).reshape(-1, 4)
    ids = np.array([row[4] for row in rows], np.int64)
    return Detections(boxes, np.linspace(0.9, 0.5, len(rows)).astype(np.float32), ids, names)


def iou(a: np.ndarray, b: np.ndarray) -> float:
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - width * height
    return float(width * height / union) if union > 0 else 0.0


def paired_slowly(first: Detections, second: Detections) -> set[float]:
    """Overlaps of the pairs: again and again the best one of all that are left."""
    free_first, free_second = set(range(len(first))), set(range(len(second)))
    overlaps: list[float] = []
    while True:
        fitting = [
            (iou(first.xyxy[i], second.xyxy[j]), -i - j, -max(i, j), i, j)
            for i in free_first
            for j in free_second
            if first.name(i) == second.name(j) and iou(first.xyxy[i], second.xyxy[j]) >= LEAST_IOU
        ]
        if not fitting:
            return {round(one, 4) for one in overlaps}
        best, _, _, i, j = max(fitting)
        overlaps.append(best)
        free_first.remove(i)
        free_second.remove(j)


corner, side = st.integers(0, 12), st.integers(2, 12)
box = st.builds(
    lambda x, y, w, h, c: (float(x), float(y), float(x + w), float(y + h), c),
    corner,
    corner,
    side,
    side,
    st.integers(0, 1),
)
boxes = st.lists(box, max_size=7).map(found)


@given(boxes, boxes)
def test_pairs_are_those_of_a_slow_search(first: Detections, second: Detections) -> None:
    agreement = agree(first, second)
    overlaps = {round(float(one), 4) for one in agreement.overlaps[agreement.partner_of_first >= 0]}
    assert overlaps == paired_slowly(first, second)


@given(boxes, boxes)
def test_every_box_is_counted_once_and_partners_name_each_other(first: Detections, second: Detections) -> None:
    agreement = agree(first, second)
    for i, j in enumerate(agreement.partner_of_first):
        assert j < 0 or agreement.partner_of_second[j] == i
    total = agreement.total
    assert total.both + total.only_first == len(first)
    assert total.both + total.only_second == len(second)
    assert (len(agreement.only_first), len(agreement.only_second)) == (total.only_first, total.only_second)


@given(boxes, boxes)
def test_exchanging_the_models_exchanges_the_answer(first: Detections, second: Detections) -> None:
    there, back = agree(first, second), agree(second, first)
    np.testing.assert_array_equal(there.partner_of_first, back.partner_of_second)
    turned = {name: Tally(tally.both, tally.only_second, tally.only_first) for name, tally in back.by_class.items()}
    assert there.by_class == turned


@given(boxes)
def test_a_model_agrees_with_itself(first: Detections) -> None:
    agreement = agree(first, first)
    assert agreement.total == Tally(both=len(first))
    assert agreement.total.share == 1.0


def test_classes_are_compared_by_name_and_not_by_number() -> None:
    first, second = found([(0, 0, 10, 10, 0)], ("cup", "fork")), found([(0, 0, 10, 10, 1)], ("knife", "cup"))
    agreement = agree(first, second)
    assert agreement.by_class == {"cup": Tally(both=1)}


def test_what_only_one_model_knows_is_no_disagreement() -> None:
    first = found([(0, 0, 10, 10, 0), (20, 0, 30, 10, 1)], ("cup", "fork"))
    second = found([(0, 0, 10, 10, 0), (40, 0, 50, 10, 0)], ("knife",))
    agreement = agree(first, second)
    assert agreement.by_class == {}
    assert (agreement.apart_first, agreement.apart_second) == ({"cup": 1, "fork": 1}, {"knife": 2})
    assert not agreement.compared_first.any()
    assert len(agreement.only_first) == 0
    assert agreement.total.share == 1.0


def test_nothing_agrees_with_nothing() -> None:
    nothing = Detections.empty(NAMES)
    assert agree(nothing, nothing).total == Tally()
    assert agree(found([(0, 0, 9, 9, 0)]), nothing).by_class == {"cup": Tally(only_first=1)}
