"""R-CNN's judge of warped regions in one graph: network, machines and regression (Girshick et al. 2014, arXiv 1311.2524).

The regions come from outside, by selective search; each is one crop. A machine's margin and the sigmoid that makes a probability
of it are both linear before the σ, so that they are one layer here; the regression of boxes is another.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.rcnn.box_regression import BoxRegression
from models.rcnn.crop_network import CropFeatures, CropNetwork
from models.rcnn.platt import Sigmoid
from models.rcnn.rcnn_spec import RcnnSpec
from models.rcnn.svm import Machine


class JudgedCrops(NamedTuple):
    """Of R regions and C classes, without the background."""

    region_scores: Tensor
    """(R, C) float32, 0 to 1, each class by itself."""
    region_deltas: Tensor
    """(R, C, 4) float32: dx, dy, dw, dh against the region (appendix C): parts of its sides, and logarithms of factors."""


class RegionClassifier(nn.Module):
    """Says of crops what they show and where in them it lies better."""

    def __init__(self, spec: RcnnSpec) -> None:
        super().__init__()
        self.spec = spec
        self.network = CropNetwork(spec)
        self.classes = nn.Linear(spec.hidden, len(spec.classes))
        self.boxes = nn.Linear(spec.pooled, 4 * len(spec.classes))

    def forward(self, crops: Tensor) -> JudgedCrops:
        """Judges regions.

        Args:
            crops: (R, 3, `crop_size`, `crop_size`) float32, RGB in 0 to 1; R may be 0.
        """
        return self.judge(self.network(crops))

    def judge(self, features: CropFeatures) -> JudgedCrops:
        """The machines and the regression by themselves."""
        deltas: Tensor = self.boxes(features.pooled)
        scores: Tensor = self.classes(features.hidden).sigmoid()
        return JudgedCrops(scores, deltas.view(-1, len(self.spec.classes), 4))


def compose(
    network: CropNetwork,
    machines: Sequence[tuple[Machine, Sigmoid, float]],
    regressions: Sequence[tuple[BoxRegression, float]],
) -> RegionClassifier:
    """One network of a network and what was learnt from its features, in evaluation mode.

    Args:
        network: describes crops.
        machines: for each class its machine, its sigmoid, and the factor that features were multiplied by for it.
        regressions: for each class its regression, and that factor.
    """
    judge = RegionClassifier(network.spec)
    judge.network.load_state_dict(network.state_dict())
    margins = [sigmoid.slope * factor * machine.weight for machine, sigmoid, factor in machines]
    offsets = [sigmoid.slope * machine.bias + sigmoid.offset for machine, sigmoid, _ in machines]
    _fill(judge.classes, np.stack(margins), np.array(offsets))
    weights = np.concatenate([factor * regression.weight for regression, factor in regressions])
    _fill(judge.boxes, weights, np.concatenate([regression.bias for regression, _ in regressions]))
    return judge.eval()


def _fill(layer: nn.Linear, weight: NDArray[np.float64], bias: NDArray[np.float64]) -> None:
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weight))
        layer.bias.copy_(torch.from_numpy(bias))
