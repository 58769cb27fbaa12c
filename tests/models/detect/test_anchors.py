import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.detect.anchors import cluster_sizes, mean_best_overlap, overlap_of_sizes, share_among_scales


def test_overlap_of_sizes_by_hand() -> None:
    overlap = overlap_of_sizes(np.array([[4.0, 2.0]]), np.array([[4.0, 2.0], [2.0, 4.0], [8.0, 4.0]]))
    np.testing.assert_allclose(overlap, [[1.0, 4 / 12, 8 / 32]])


def test_finds_the_groups_that_are_there() -> None:
    rng = np.random.default_rng(0)
    middles = np.array([[10.0, 10.0], [20.0, 60.0], [100.0, 40.0], [200.0, 220.0]])
    sizes = np.concatenate([middle * rng.uniform(0.9, 1.1, (40, 2)) for middle in middles])
    found = cluster_sizes(sizes, 4, seed=3)
    np.testing.assert_allclose(found, middles[np.argsort(middles.prod(axis=1))], rtol=0.1)
    assert mean_best_overlap(sizes, found) > 0.85


@given(seed=st.integers(0, 1000), count=st.integers(1, 5))
def test_is_deterministic_sorted_and_better_than_one_anchor(seed: int, count: int) -> None:
    sizes = np.random.default_rng(7).uniform(5, 300, (60, 2))
    found = cluster_sizes(sizes, count, seed)
    np.testing.assert_array_equal(found, cluster_sizes(sizes, count, seed))
    assert (np.diff(found.prod(axis=1)) >= 0).all()
    one = np.median(sizes, axis=0)[None]
    assert mean_best_overlap(sizes, found) >= mean_best_overlap(sizes, one) - 0.02


@pytest.mark.parametrize("sizes", [np.array([[1.0, 2.0]] * 9), np.zeros((9, 2)), np.zeros((0, 2))])
def test_too_few_or_empty_boxes_are_refused(sizes: np.ndarray) -> None:
    with pytest.raises(ValueError, match="anchors need"):
        cluster_sizes(sizes, 2, seed=0)


def test_small_anchors_go_to_the_fine_grid() -> None:
    anchors = np.array([[1.04, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.0]])
    assert share_among_scales(anchors, 2) == (((1.0, 1.0), (2.0, 2.0)), ((3.0, 3.0), (4.0, 4.0)))
