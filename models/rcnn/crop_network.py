"""What describes one warped region: a backbone and one dense layer (Girshick et al. 2014, section 2.1).

The paper's network is AlexNet, whose last pooled map (pool5) describes where an object lies and whose dense layers (fc7) what it is.
Here the backbone is any of `models.detect.backbone`, and one dense layer stands for fc6 and fc7.
"""

from typing import NamedTuple

from torch import Tensor, nn

from models.detect.backbone import build_backbone
from models.rcnn.rcnn_spec import RcnnSpec


class CropFeatures(NamedTuple):
    """Of R crops."""

    pooled: Tensor
    """(R, P) float32: the deepest map, flattened."""
    hidden: Tensor
    """(R, H) float32, not negative: what the classes' machines see."""


class CropNetwork(nn.Module):
    """Describes crops. What they show is judged by others, see `models.rcnn.rcnn`."""

    def __init__(self, spec: RcnnSpec) -> None:
        super().__init__()
        self.spec = spec
        self.backbone = build_backbone(spec.backbone)
        self.flatten = nn.Flatten()
        self.hidden = nn.Sequential(nn.Linear(spec.pooled, spec.hidden), nn.ReLU())

    def forward(self, crops: Tensor) -> CropFeatures:
        """Features of warped regions.

        Args:
            crops: (R, 3, `crop_size`, `crop_size`) float32, RGB in 0 to 1.
        """
        pooled = self.flatten(self.backbone(crops)[self.spec.stride])
        return CropFeatures(pooled, self.hidden(pooled))
