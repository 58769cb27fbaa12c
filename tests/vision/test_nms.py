"""NMS against the definition, written as two loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detector_app.vision.nms import nms, suppressors


def iou_of(a: list[float], b: list[float]) -> float:
    """Intersection over union of two boxes, in Python's own floats."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def brute_force(
    boxes: list[list[float]], classes: list[int], iou: float, agnostic: bool
) -> dict[int, tuple[int, float]]:
    """Each box → (the kept box that suppresses it, their IoU); a kept box → (-1, 0)."""
    fate: dict[int, tuple[int, float]] = {}
    for i, box in enumerate(boxes):
        rivals = (k for k in range(i) if fate[k][0] == -1 and (agnostic or classes[k] == classes[i]))
        over = [(k, iou_of(boxes[k], box)) for k in rivals]
        fate[i] = next(((k, overlap) for k, overlap in over if overlap > iou), (-1, 0.0))
    return fate


# Few whole coordinates, some negative: ties, equal boxes, boxes without area and touching edges are all frequent.
edge = st.integers(-3, 6)
side = st.integers(0, 5)
box = st.tuples(edge, edge, side, side).map(lambda b: [b[0], b[1], b[0] + b[2], b[1] + b[3]])
# No quotient of such small areas is within 1e-4 of these limits.
limit = st.sampled_from([0.0, 0.2501, 0.4503, 0.5001, 0.7501, 1.0])


@settings(max_examples=120)
@given(st.lists(st.tuples(box, st.integers(0, 2)), max_size=25), limit, st.booleans())
def test_agrees_with_brute_force(items: list[tuple[list[float], int]], iou: float, agnostic: bool) -> None:
    boxes, classes = [b for b, _ in items], [c for _, c in items]
    xyxy, class_ids = np.array(boxes, np.float32).reshape(-1, 4), np.array(classes, np.int64)
    expected = brute_force(boxes, classes, iou, agnostic)
    kept = nms(xyxy, class_ids, iou, class_agnostic=agnostic)
    assert kept.tolist() == [i for i, (by, _) in expected.items() if by == -1]
    by, overlap = suppressors(xyxy, class_ids, kept, iou, class_agnostic=agnostic)
    assert by.tolist() == [by for by, _ in expected.values()]
    np.testing.assert_allclose(overlap, [o for _, o in expected.values()], atol=1e-6)


def test_many_clumped_boxes_with_fractions() -> None:
    rng = np.random.default_rng(3)
    centres = rng.uniform(0, 600, (40, 2))[rng.integers(0, 40, 600)] + rng.normal(0, 6, (600, 2))
    sides = rng.uniform(20, 60, (600, 2))
    xyxy = np.concatenate((centres - sides / 2, centres + sides / 2), axis=1).astype(np.float32)
    class_ids = rng.integers(0, 3, 600)
    expected = brute_force(xyxy.tolist(), class_ids.tolist(), 0.5, agnostic=False)
    assert nms(xyxy, class_ids, 0.5).tolist() == [i for i, (by, _) in expected.items() if by == -1]


def test_an_overlap_of_exactly_the_limit_is_allowed() -> None:
    halves = np.array([[0, 0, 2, 1], [0, 0, 1, 1]], np.float32)
    assert nms(halves, np.zeros(2, np.int64), 0.5).tolist() == [0, 1]
    assert nms(halves, np.zeros(2, np.int64), 0.49).tolist() == [0]
