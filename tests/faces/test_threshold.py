"""The threshold that the user's own enrolments suggest, against a search by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.faces.matching import GallerySnapshot
from detector_app.faces.threshold import (
    FROM_CARD,
    FROM_ENROLMENTS,
    FROM_NOBODY,
    MOST_PICTURES,
    UNMEASURED,
    Pairs,
    best_threshold,
    error_rates,
    histograms,
    pairs_of,
    suggest,
    threshold_of,
)
from tests.faces.embedders import random_units, snapshot_of

distances = st.lists(st.integers(0, 200).map(lambda n: n / 100), min_size=1, max_size=30)


def pairs(genuine: list[float], impostor: list[float]) -> Pairs:
    return Pairs(np.sort(np.float32(genuine)), np.sort(np.float32(impostor)))


@given(distances, distances)
def test_no_threshold_has_fewer_errors(genuine: list[float], impostor: list[float]) -> None:
    found = pairs(genuine, impostor)
    errors = [sum(error_rates(found, t)) for t in np.arange(-0.005, 2.01, 0.01)]
    assert sum(error_rates(found, best_threshold(found))) == pytest.approx(min(errors[1:]), abs=1e-9)


@given(distances, distances, st.floats(0, 2))
def test_error_rates_are_counts(genuine: list[float], impostor: list[float], threshold: float) -> None:
    rejects, accepts = error_rates(pairs(genuine, impostor), threshold)
    limit = np.float32(threshold)
    assert rejects == sum(np.float32(d) > limit for d in genuine) / len(genuine)
    assert accepts == sum(np.float32(d) <= limit for d in impostor) / len(impostor)


def test_clear_cases_are_parted_in_the_middle() -> None:
    assert best_threshold(pairs([0.1, 0.2, 0.3], [0.7, 0.9])) == pytest.approx(0.5)


def test_pairs_are_those_of_float64() -> None:
    vectors = random_units(np.random.default_rng(0), 9)
    names = ["Anna"] * 3 + ["Bert"] * 4 + ["Clara"] * 2
    found = pairs_of(snapshot_of(vectors, names))
    exact = {True: [], False: []}  # type: dict[bool, list[float]]
    for i in range(9):
        for j in range(i):
            exact[names[i] == names[j]].append(1 - float(vectors[i].astype(float) @ vectors[j].astype(float)))
    np.testing.assert_allclose(found.genuine, np.sort(exact[True]), atol=1e-6)
    np.testing.assert_allclose(found.impostor, np.sort(exact[False]), atol=1e-6)
    assert (len(found.genuine), len(found.impostor)) == (3 + 6 + 1, 12 + 6 + 8)
    drawn = histograms(found, 20)
    assert (drawn.genuine.sum(), drawn.impostor.sum(), len(drawn.edges)) == (10, 26, 21)


def clustered(people: int, pictures: int) -> GallerySnapshot:
    rng = np.random.default_rng(1)
    centres = random_units(rng, people, 32).repeat(pictures, axis=0)
    vectors = centres + 0.05 * rng.normal(size=centres.shape)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return snapshot_of(vectors, [f"P{i}" for i in range(people) for _ in range(pictures)])


def test_enough_enrolments_suggest_their_own_threshold() -> None:
    found = suggest(clustered(4, 4), 0.9)
    assert found.origin == FROM_ENROLMENTS
    assert 0.05 < found.threshold < 0.7
    assert (found.false_rejects, found.false_accepts) == (0, 0)


def test_too_few_fall_back_to_the_model_and_say_so() -> None:
    few = clustered(2, 2)
    assert (suggest(few, 0.35).threshold, suggest(few, 0.35).origin) == (0.35, FROM_CARD)
    assert (suggest(few, None).threshold, suggest(few, None).origin) == (UNMEASURED, FROM_NOBODY)
    one_person = clustered(1, 12)
    assert suggest(one_person, 0.35).origin == FROM_CARD
    assert np.isnan(suggest(one_person, 0.35).false_accepts)


def test_nobody_enrolled() -> None:
    found = pairs_of(GallerySnapshot.empty())
    assert (len(found.genuine), len(found.impostor), found.enough) == (0, 0, False)
    assert histograms(found).genuine.sum() == 0
    with pytest.raises(ValueError, match="both"):
        best_threshold(found)


def test_a_large_gallery_is_thinned_out() -> None:
    rng = np.random.default_rng(2)
    n = 2 * MOST_PICTURES + 1
    found = pairs_of(snapshot_of(random_units(rng, n, 8), [f"P{i % 50:02d}" for i in range(n)]))
    assert len(found.genuine) + len(found.impostor) <= MOST_PICTURES * (MOST_PICTURES - 1) // 2
    assert found.enough


def test_the_users_own_choice_comes_first() -> None:
    snapshot = clustered(2, 2)
    assert threshold_of(snapshot, 0.35) == 0.35
    assert threshold_of(snapshot, None) == UNMEASURED
    chosen = snapshot_of(snapshot.embeddings, list(snapshot.names), threshold=0.2)
    assert threshold_of(chosen, 0.35) == 0.2
