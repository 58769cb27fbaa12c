"""Where greedy suppression lets a box be, against trying every step."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector_app.vision.boxes import iou_matrix
from detector_app.vision.nms import nms
from detector_app.vision.overlap_search import cluster, stays_at

STEP = 0.01


@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.1, 0.35]))
def test_every_step_agrees(seed: int, most: float) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 12))
    corners = rng.uniform(0, 40, (count, 2))
    xyxy = np.concatenate([corners, corners + rng.uniform(5, 40, (count, 2))], axis=1).astype(np.float32)
    near = xyxy[cluster(count, lambda rows: iou_matrix(xyxy[rows], xyxy), most)]
    found = stays_at(iou_matrix(near, near), most, STEP)
    one_class = np.zeros(count, np.int64)
    limits = [k * STEP for k in range(101) if k * STEP > most]
    shown = [limit for limit in limits if count - 1 in nms(xyxy, one_class, limit)]
    assert all(count - 1 in nms(xyxy, one_class, limit) for limit in found.tolist())
    if count - 1 not in nms(xyxy, one_class, most):
        assert [round(found[0], 6)] == [round(shown[0], 6)]


def test_a_box_far_away_has_no_say() -> None:
    xyxy = np.array([[0, 0, 10, 10], [80, 80, 90, 90], [4, 0, 14, 10], [8, 0, 18, 10]], np.float32)
    assert cluster(4, lambda rows: iou_matrix(xyxy[rows], xyxy), 0.2).tolist() == [0, 2, 3]
    assert cluster(4, lambda rows: iou_matrix(xyxy[rows], xyxy), 0.5).tolist() == [3]


def test_a_larger_overlap_frees_a_third_box() -> None:
    """The first box suppresses the second unless 0.6 is allowed; the second would suppress the third, which the first lets be."""
    xyxy = np.array([[0, 0, 10, 10], [2.5, 0, 12.5, 10], [5, 0, 15, 10]], np.float32)
    kept = {iou: nms(xyxy, np.zeros(3, np.int64), iou).tolist() for iou in (0.3, 0.4, 0.55, 0.65)}
    assert kept == {0.3: [0], 0.4: [0, 2], 0.55: [0, 2], 0.65: [0, 1, 2]}
    np.testing.assert_allclose(stays_at(iou_matrix(xyxy, xyxy), 0.3, STEP), [0.34, 0.6], atol=STEP)
