"""Fast R-CNN: Girshick, arXiv 1504.08083. One convolution pass for all regions, which come from outside."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from models.rcnn.region_backbone import build_maps
from models.rcnn.region_features import RegionFeatures
from models.rcnn.region_head import Judged, RegionHead, scores_and_boxes
from models.rcnn.spec import FastRcnnSpec


class RegionsJudged(NamedTuple):
    """Of each of the R regions, in the order given."""

    region_scores: Tensor
    """(R, C) in 0 to 1; what is missing to 1 is the background's."""
    region_boxes: Tensor
    """(R, C, 4) xyxy in pixels of the input, not clipped."""


class FastRcnn(nn.Module):
    """A picture and regions in, a judgement of each region out."""

    def __init__(self, spec: FastRcnnSpec) -> None:
        super().__init__()
        self.spec = spec
        self.backbone, self.pyramid = build_maps(spec)
        self.cutting = RegionFeatures(spec)
        self.head = RegionHead(spec)

    def judge(self, pictures: Tensor, regions: Tensor) -> Judged:
        """Logits and steps of each region, in the order given."""
        order, features = self.cutting(self.pyramid(self.backbone(pictures)), regions)
        places = order.argsort()
        judged = self.head(features)
        return Judged(judged.logits[places], judged.deltas[places])

    def forward(self, pictures: Tensor, regions: Tensor) -> RegionsJudged:
        """Scores and boxes of every region.

        Args:
            pictures: (N, 3, H, W) float32, RGB in 0 to 1; H and W multiples of the largest stride.
            regions: (R, 5) float32: the picture of the batch, and xyxy in pixels of the input. R may be 0.
        """
        return RegionsJudged(*scores_and_boxes(self.judge(pictures, regions), regions))


def with_owners(boxes_xyxy: Tensor, owners: Tensor) -> Tensor:
    """(R, 4) boxes and (R,) pictures as (R, 5) regions."""
    return torch.cat((owners[:, None].to(boxes_xyxy), boxes_xyxy), dim=1)
