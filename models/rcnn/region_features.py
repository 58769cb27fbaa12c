"""Each region's own grid of features, cut from the level of the pyramid that suits its size."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.rcnn.region_operators import roi_align, roi_max_pool
from models.rcnn.spec import RegionHeadSpec

CANONICAL_STRIDE = 16
TINY = 1e-6


class RegionFeatures(nn.Module):
    """Cuts regions from maps."""

    def __init__(self, spec: RegionHeadSpec) -> None:
        super().__init__()
        self.spec = spec

    def levels(self, regions: Tensor) -> Tensor:
        """(R, 5) regions to the (R,) int64 level each is cut from: floor(k₀ + log₂(√(wh) / canonical)), FPN, equation 1."""
        first, last = (int(math.log2(stride)) for stride in (self.spec.strides[0], self.spec.strides[-1]))
        sides = (regions[:, 3:] - regions[:, 1:3]).clamp(min=0)
        octave = torch.log2(sides.prod(dim=1).sqrt() / self.spec.canonical_px + TINY)
        level: Tensor = (math.log2(CANONICAL_STRIDE) + octave).floor().clamp(first, last).long()
        return level - first

    def forward(self, maps: Sequence[Tensor], regions: Tensor) -> tuple[Tensor, Tensor]:
        """The regions level by level, and what lies in each.

        Args:
            maps: per level, (N, C, H/stride, W/stride); more than the spec's strides are ignored.
            regions: (R, 5) picture and xyxy in pixels of the input.

        Returns:
            (R,) int64 indices: which region each row is about, and (R, C, roi_size, roi_size) in that order. No region is put back into its
            old place, for what belongs to a region can as well be brought into the new order.
        """
        strides = self.spec.strides
        if len(strides) == 1:
            return torch.arange(regions.shape[0], device=regions.device), self._cut(maps[0], regions, strides[0])
        levels = self.levels(regions)
        places = [(levels == index).nonzero()[:, 0] for index in range(len(strides))]
        parts = [self._cut(maps[index], regions[own], strides[index]) for index, own in enumerate(places)]
        return torch.cat(places), torch.cat(parts)

    def _cut(self, level: Tensor, regions: Tensor, stride: int) -> Tensor:
        given = self.spec
        if given.roi == "max":
            return roi_max_pool(level, regions, given.roi_size, given.roi_size, 1 / stride)
        return roi_align(level, regions, given.roi_size, given.roi_size, 1 / stride, given.sampling, given.aligned)
