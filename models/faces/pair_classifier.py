"""Same person or not, by logistic regression on what two pictures' features differ in.

Two forms: |f₁ − f₂| of embeddings, and the χ² form (f₁ − f₂)² / (f₁ + f₂) (Sun, Wang and Tang 2014; Taigman et al. 2014, DeepFace, CVPR,
section 4.1), which is meant for features that are never negative, as histograms are. It is therefore made of what the trunk of the network
puts out behind its last rectifier, before the linear layer, each picture's features divided by their sum; a feature that neither picture
has adds nothing. DeepID's 160 units are such features themselves.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

Array = NDArray[np.float64]
FORMS = ("difference", "chi-squared")
STRENGTH = 0.01  # inverse of the penalty: features are many, people few
SMALLEST = 1e-12


def absolute_differences(ones: NDArray[np.floating], others: NDArray[np.floating]) -> Array:
    """|f₁ − f₂|: (P, D) and (P, D) to (P, D)."""
    return np.abs(ones.astype(np.float64) - others.astype(np.float64))


def chi_squared(ones: NDArray[np.floating], others: NDArray[np.floating]) -> Array:
    """(f₁ − f₂)² / (f₁ + f₂), 0 where both are 0: (P, D) and (P, D) to (P, D).

    Raises:
        ValueError: a feature is negative.
    """
    left, right = ones.astype(np.float64), others.astype(np.float64)
    if (left < 0).any() or (right < 0).any():
        raise ValueError("the χ² form is for features that are not negative")
    total = left + right
    parts: Array = np.divide((left - right) ** 2, total, out=np.zeros_like(total), where=total > 0)
    return parts


def shares(features: NDArray[np.floating]) -> Array:
    """Each row divided by its sum; a row of zeros stays."""
    values = features.astype(np.float64)
    parts: Array = values / np.maximum(values.sum(1, keepdims=True), SMALLEST)
    return parts


@dataclass(frozen=True)
class PairClassifier:
    """A fitted classifier of one form."""

    form: str
    fitted: Pipeline

    def probability(self, ones: NDArray[np.floating], others: NDArray[np.floating]) -> Array:
        """(P, D) and (P, D) to (P,): probability that each pair is of one person."""
        answers: Array = self.fitted.predict_proba(pair_features(self.form, ones, others))[:, 1]
        return answers


def pair_features(form: str, ones: NDArray[np.floating], others: NDArray[np.floating]) -> Array:
    """What a form makes of two pictures' features.

    Raises:
        ValueError: no form has this name, or see `chi_squared`.
    """
    if form not in FORMS:
        raise ValueError(f"form {form!r}: it must be one of {', '.join(FORMS)}")
    return absolute_differences(ones, others) if form == "difference" else chi_squared(shares(ones), shares(others))


def fit_pair_classifier(form: str, features: NDArray[np.floating], people: NDArray[np.int64]) -> PairClassifier:
    """Learns from all pairs of some people; genuine and impostor pairs weigh the same.

    Args:
        form: "difference" or "chi-squared".
        features: (N, D).
        people: (N,), at least two with at least two pictures.
    """
    i, j = np.triu_indices(len(people), 1)
    fitted = make_pipeline(StandardScaler(), LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500))
    fitted.fit(pair_features(form, features[i], features[j]), people[i] == people[j])
    return PairClassifier(form, fitted)
