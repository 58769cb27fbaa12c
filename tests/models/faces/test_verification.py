"""Curves and rates beside loops over all thresholds, and beside scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from models.faces.pairs import Pairs, all_pairs, joined
from models.faces.verification import (
    area_under,
    balanced_accuracy,
    best_threshold,
    cross_validated,
    equal_error_rate,
    roc,
    true_accepts_at,
)

# Few different values, so that ties between genuine and impostor pairs are common.
ties = st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=2, max_size=40).filter(
    lambda rows: len({same for same, _ in rows}) == 2
)


def pairs_of(rows: list[tuple[bool, int]]) -> Pairs:
    second = np.array([0 if same else 1 for same, _ in rows])
    return Pairs(np.array([value / 8 for _, value in rows]), np.zeros(len(rows), np.int64), second)


@given(ties)
def test_the_curve_is_what_counting_gives(rows: list[tuple[bool, int]]):
    pairs = pairs_of(rows)
    curve = roc(pairs)
    for threshold, tar, far in zip(curve.thresholds, curve.true_accepts, curve.false_accepts, strict=True):
        genuine = [value / 8 <= threshold for same, value in rows if same]
        impostor = [value / 8 <= threshold for same, value in rows if not same]
        assert tar == pytest.approx(sum(genuine) / len(genuine))
        assert far == pytest.approx(sum(impostor) / len(impostor))
    assert (curve.true_accepts[0], curve.false_accepts[0]) == (0, 0)
    assert (curve.true_accepts[-1], curve.false_accepts[-1]) == (1, 1)
    assert area_under(curve) == pytest.approx(roc_auc_score(pairs.same, -pairs.distances))


@given(ties)
def test_the_best_threshold_is_the_best_of_all(rows: list[tuple[bool, int]]):
    pairs = pairs_of(rows)
    reached = balanced_accuracy(pairs, best_threshold(roc(pairs)))
    assert reached >= max(balanced_accuracy(pairs, value / 16) for value in range(-1, 17)) - 1e-12


@given(ties, st.sampled_from([0.0, 0.01, 0.3]))
def test_tar_at_a_far_is_the_best_that_keeps_it(rows: list[tuple[bool, int]], most: float):
    curve = roc(pairs_of(rows))
    allowed = [t for t, f in zip(curve.true_accepts, curve.false_accepts, strict=True) if f <= most]
    assert true_accepts_at(curve, most) == pytest.approx(max(allowed))


@given(ties)
def test_at_the_equal_error_rate_both_errors_enclose_it(rows: list[tuple[bool, int]]):
    curve = roc(pairs_of(rows))
    rate = equal_error_rate(curve)
    worse = [max(1 - t, f) for t, f in zip(curve.true_accepts, curve.false_accepts, strict=True)]
    better = [min(1 - t, f) for t, f in zip(curve.true_accepts, curve.false_accepts, strict=True)]
    assert max(better) - 1e-12 <= rate <= min(worse) + 1e-12


def test_separated_pairs_have_no_error():
    curve = roc(pairs_of([(True, 1), (True, 2), (False, 5), (False, 7)]))
    assert equal_error_rate(curve) == 0
    assert area_under(curve) == true_accepts_at(curve, 0.0) == 1
    assert best_threshold(curve) == pytest.approx((2 + 5) / 16)


def test_pairs_are_all_of_them():
    generator = np.random.default_rng(0)
    vectors = generator.normal(size=(6, 3))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    people = np.array([4, 4, 7, 7, 7, 9])
    found = all_pairs(vectors, people)
    expected = [1 - vectors[i] @ vectors[j] for i in range(6) for j in range(i + 1, 6)]
    np.testing.assert_allclose(found.distances, expected, atol=1e-12)
    assert found.same.sum() == 1 + 3
    assert len(joined([found, found]).same) == 30


def test_a_curve_needs_both_kinds():
    with pytest.raises(ValueError, match="pairs of two"):
        roc(all_pairs(np.eye(3), np.zeros(3, np.int64)))


def test_thresholds_are_chosen_on_other_people():
    """Two groups whose scales differ: each gets the threshold that suits the other, and fails by it."""
    first = Pairs(np.array([0.1, 0.1, 0.3, 0.3]), np.array([0, 1, 0, 1]), np.array([0, 1, 1, 0]))
    second = Pairs(np.array([0.5, 0.5, 0.9, 0.9]), np.array([2, 3, 2, 3]), np.array([2, 3, 3, 2]))
    found = cross_validated(joined([first, second]), [np.array([0, 1]), np.array([2, 3])])
    assert found.thresholds == pytest.approx((0.7, 0.2))
    assert (found.accuracy, found.spread) == (0.5, 0)
