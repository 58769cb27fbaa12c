"""The arithmetic between the stages, against the plainest way to write it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector_app.pipelines.mtcnn.windows import Windows, best_first, pixel_edges, regressed, squared
from detector_app.vision.nms import min_area_nms

seeds = st.integers(0, 2**20)


def boxes(seed: int, count: int) -> NDArray[np.float32]:
    generator = np.random.default_rng(seed)
    corner = generator.uniform(-20, 60, (count, 2))
    return np.concatenate([corner, corner + generator.uniform(1, 60, (count, 2))], axis=1).astype(np.float32)


@given(seeds, st.integers(0, 25), st.floats(0.05, 0.95))
def test_min_area_suppression_is_greedy(seed: int, count: int, overlap: float) -> None:
    found = boxes(seed, count)
    kept: list[int] = []
    for i, (left, top, right, bottom) in enumerate(found.astype(np.float64)):
        covered = False
        for k in kept:
            a, b, c, d = found[k].astype(np.float64)
            shared = max(0.0, min(right, c) - max(left, a) + 1) * max(0.0, min(bottom, d) - max(top, b) + 1)
            least = min((right - left + 1) * (bottom - top + 1), (c - a + 1) * (d - b + 1))
            covered = covered or shared > overlap * least
        if not covered:
            kept.append(i)
    assert min_area_nms(found, overlap).tolist() == kept


def test_a_box_inside_another_goes() -> None:
    found = np.array([[0, 0, 100, 100], [40, 40, 60, 60]], np.float32)
    assert min_area_nms(found, 0.7).tolist() == [0]


@given(seeds, st.integers(0, 10))
def test_squares_keep_the_centre_and_the_longer_side(seed: int, count: int) -> None:
    given_boxes = boxes(seed, count)
    found = squared(given_boxes)
    sides = given_boxes[:, 2:] - given_boxes[:, :2]
    np.testing.assert_allclose(
        found[:, 2:] - found[:, :2], np.repeat(sides.max(1, keepdims=True, initial=0), 2, 1), rtol=1e-4
    )
    np.testing.assert_allclose(found[:, :2] + found[:, 2:], given_boxes[:, :2] + given_boxes[:, 2:], atol=1e-3)


def test_regression_moves_edges_by_parts_of_the_sides() -> None:
    one = Windows(
        np.array([[10, 20, 20, 40]], np.float32),
        np.ones(1, np.float32),
        np.array([[0.1, -0.1, 0.2, 0.05]], np.float32),
    )
    np.testing.assert_allclose(regressed(one).xyxy, [[11, 18, 22, 41]], rtol=1e-6)
    np.testing.assert_allclose(regressed(one, extent=1).xyxy, [[11.1, 17.9, 22.2, 41.05]], rtol=1e-6)


def test_equal_scores_keep_their_order() -> None:
    found = Windows(
        boxes(1, 6) + np.arange(6, dtype=np.float32)[:, None] * 200, np.full(6, 0.5, np.float32), boxes(2, 6)
    )
    assert (best_first(found, 0.5).xyxy == found.xyxy).all()


def test_nothing_stays_nothing() -> None:
    none = Windows.empty()
    assert (
        len(best_first(none, 0.5))
        == len(regressed(none))
        == len(squared(none.xyxy))
        == len(min_area_nms(none.xyxy, 0.5))
        == 0
    )
    assert Windows.join([]).xyxy.shape == (0, 4)


def test_edges_stay_in_the_picture() -> None:
    """Pixels are counted from 1, and the last one belongs to the box."""
    found = pixel_edges(np.array([[-5.5, 0.2, 7.9, 3], [2, 3, 200, 300], [150, 5, 170, 9]], np.float32), 100, 80)
    assert found.tolist() == [[0, 0, 7, 3], [1, 2, 100, 80], [149, 4, 100, 9]]
