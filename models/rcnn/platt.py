"""From the margin of a support vector machine to a probability (Platt 1999, "Probabilistic outputs for support vector machines")."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEPS = 100
CLOSE = 1e-10
LEAST_CURVATURE = 1e-12


@dataclass(frozen=True)
class Sigmoid:
    """p = 1 / (1 + e^−(slope · margin + offset))."""

    slope: float
    offset: float

    def __call__(self, margins: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probabilities of margins."""
        return _sigma(self.slope * margins + self.offset)


def fit_sigmoid(margins: NDArray[np.float64], is_object: NDArray[np.bool_]) -> Sigmoid:
    """The sigmoid of greatest likelihood.

    As in the paper (section 2.2) the targets are not 1 and 0 but (n₊ + 1)/(n₊ + 2) and 1/(n₋ + 2), so that margins that part both
    sides without an error do not make it a step. The minimum is found by Newton's method with halved steps where a whole one
    leads uphill (Lin, Lin and Weng 2007).

    Args:
        margins: (N,), of regions that the machine was not trained on.
        is_object: (N,).

    Returns:
        With no margins at all the neutral sigmoid of slope 1.
    """
    if not len(margins):
        return Sigmoid(1.0, 0.0)
    count = int(is_object.sum())
    targets = np.where(is_object, (count + 1) / (count + 2), 1 / (len(margins) - count + 2))
    point = np.array((0.0, np.log((count + 1) / (len(margins) - count + 1))))
    inputs = np.stack((margins, np.ones(len(margins))), axis=1)
    for _ in range(STEPS):
        p = _sigma(inputs @ point)
        gradient: NDArray[np.float64] = inputs.T @ (p - targets)
        if np.abs(gradient).max() < CLOSE * len(margins):
            break
        curvature = (inputs * (p * (1 - p))[:, None]).T @ inputs + LEAST_CURVATURE * np.eye(2)
        point = _downhill(inputs, targets, point, np.asarray(np.linalg.solve(curvature, gradient), np.float64))
    return Sigmoid(float(point[0]), float(point[1]))


def _downhill(
    inputs: NDArray[np.float64], targets: NDArray[np.float64], point: NDArray[np.float64], step: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The point after the longest of a step, its half, its quarter, … that does not lead uphill."""
    cost = _cost(inputs @ point, targets)
    for halvings in range(30):
        ahead: NDArray[np.float64] = point - step / 2**halvings
        if _cost(inputs @ ahead, targets) <= cost:
            return ahead
    return point


def _cost(logits: NDArray[np.float64], targets: NDArray[np.float64]) -> float:
    return float((np.logaddexp(0, logits) - targets * logits).sum())


def _sigma(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    p: NDArray[np.float64] = np.exp(-np.logaddexp(0, -logits))
    return p
