import numpy as np
import pytest

from models.faces.pair_classifier import (
    FORMS,
    absolute_differences,
    chi_squared,
    fit_pair_classifier,
    pair_features,
    shares,
)


def test_the_forms_are_their_formulas():
    generator = np.random.default_rng(0)
    ones, others = (np.maximum(generator.normal(size=(7, 5)), 0) for _ in range(2))
    for p in range(7):
        for d in range(5):
            a, b = ones[p, d], others[p, d]
            assert absolute_differences(ones, others)[p, d] == pytest.approx(abs(a - b))
            assert chi_squared(ones, others)[p, d] == pytest.approx((a - b) ** 2 / (a + b) if a + b else 0.0)
    np.testing.assert_allclose(shares(ones).sum(1), (ones.sum(1) > 0).astype(float))


def test_negative_features_and_unknown_forms_are_refused():
    with pytest.raises(ValueError, match="not negative"):
        chi_squared(np.array([[-1.0]]), np.array([[1.0]]))
    with pytest.raises(ValueError, match="one of difference, chi-squared"):
        pair_features("product", np.ones((1, 1)), np.ones((1, 1)))


@pytest.mark.parametrize("form", FORMS)
def test_it_learns_who_is_who_on_some_people_and_knows_others(form: str):
    """Half of the features tell people apart, the other half is noise that a plain distance would count alike."""
    generator = np.random.default_rng(1)
    people = np.repeat(np.arange(20), 6)
    told = np.abs(generator.normal(size=(20, 8)))[people] + 0.1 * np.abs(generator.normal(size=(120, 8)))
    features = np.concatenate([told, 3 * np.abs(generator.normal(size=(120, 8)))], 1)
    learnt = people < 12
    classifier = fit_pair_classifier(form, features[learnt], people[learnt])
    rows, own = features[~learnt], people[~learnt]
    i, j = np.triu_indices(len(own), 1)
    right = (classifier.probability(rows[i], rows[j]) >= 0.5) == (own[i] == own[j])
    assert (right[own[i] == own[j]].mean() + right[own[i] != own[j]].mean()) / 2 > 0.75
    both = classifier.probability(rows[i], rows[j]), classifier.probability(rows[j], rows[i])
    np.testing.assert_allclose(*both)
