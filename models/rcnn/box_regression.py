"""From the features of a region to a better box: ridge regression for each class (Girshick et al. 2014, appendix C)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEAR = 0.6
"""Only regions that overlap an object by more than this are learnt from: from farther away the task makes no sense."""


@dataclass(frozen=True)
class BoxRegression:
    """dx, dy, dw, dh = W · x + b, see `models.rcnn.box_coding`.

    Attributes:
        weight: (4, D) float64.
        bias: (4,) float64.
    """

    weight: NDArray[np.float64]
    bias: NDArray[np.float64]

    def deltas(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """(N, 4) of (N, D)."""
        found: NDArray[np.float64] = features @ self.weight.T + self.bias
        return found


def fit_boxes(features: NDArray[np.float32], deltas: NDArray[np.float32], ridge: float) -> BoxRegression:
    """The least squares of equation 5, λ on all but the bias.

    Args:
        features: (N, D) of regions near an object.
        deltas: (N, 4) steps from each region to its object.
        ridge: λ.

    Returns:
        With no regions at all one that leaves boxes where they are.
    """
    size = features.shape[1]
    if not len(features):
        return BoxRegression(np.zeros((4, size)), np.zeros(4))
    x, y = features.astype(np.float64), deltas.astype(np.float64)
    x_mean, y_mean = x.mean(axis=0), y.mean(axis=0)
    x, y = x - x_mean, y - y_mean
    weight = np.linalg.solve(x.T @ x + ridge * np.eye(size), x.T @ y).T
    return BoxRegression(weight, y_mean - weight @ x_mean)
