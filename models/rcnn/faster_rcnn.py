"""Faster R-CNN: Ren, He, Girshick and Sun, arXiv 1506.01497; with a feature pyramid, Lin et al., arXiv 1612.03144, section 4."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from models.rcnn.proposal_network import ProposalNetwork
from models.rcnn.region_backbone import build_maps, picture_size
from models.rcnn.region_features import RegionFeatures
from models.rcnn.region_head import RegionHead, scores_and_boxes
from models.rcnn.spec import FasterRcnnSpec


class Detected(NamedTuple):
    """What was found in a batch: R regions, in no promised order; R may be 0."""

    region_scores: Tensor
    """(R, C) in 0 to 1; what is missing to 1 is the background's."""
    region_boxes: Tensor
    """(R, C, 4) xyxy in pixels of the input, not clipped: the box of each region if it shows that class."""
    picture_ids: Tensor
    """(R,) int64: the picture of the batch."""
    proposals: Tensor
    """(R, 4) the regions themselves."""
    objectness: Tensor
    """(R,) in 0 to 1, of the proposal network."""


class FasterRcnn(nn.Module):
    """One look at the picture, regions from the map itself, a judgement of each."""

    def __init__(self, spec: FasterRcnnSpec) -> None:
        super().__init__()
        self.spec = spec
        self.backbone, self.pyramid = build_maps(spec)
        self.proposing = ProposalNetwork(spec)
        self.cutting = RegionFeatures(spec)
        self.head = RegionHead(spec)

    def forward(self, pictures: Tensor) -> Detected:
        """(N, 3, H, W) float32, RGB in 0 to 1, H and W multiples of the largest stride; nothing is filtered by score."""
        size = picture_size(pictures)
        maps = self.pyramid(self.backbone(pictures))
        regions, objectness = self.proposing.select(self.proposing(maps, size), size)
        order, features = self.cutting(maps, regions)
        regions = regions[order]
        scores, boxes = scores_and_boxes(self.head(features), regions)
        return Detected(scores, boxes, regions[:, 0].to(torch.int64), regions[:, 1:], objectness[order])
