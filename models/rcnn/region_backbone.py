"""The picture's maps: a backbone, and the pyramid on it or its one map as it is."""

from torch import Tensor, nn

from models.detect.backbone import build_backbone
from models.rcnn.pyramid import FeaturePyramid, SingleMap
from models.rcnn.spec import FasterRcnnSpec, RegionHeadSpec


def build_maps(spec: RegionHeadSpec) -> tuple[nn.Module, nn.Module]:
    """The backbone, from pictures to maps by stride; and what makes a list of levels of them."""
    backbone = build_backbone(spec.backbone)
    if spec.frozen_norms:
        for module in backbone.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eps = 0.0
    if not spec.pyramid:
        return backbone, SingleMap(spec.strides[0])
    pool_level = isinstance(spec, FasterRcnnSpec) and spec.pool_level
    widths = [spec.backbone.width_at(stride) for stride in spec.strides]
    return backbone, FeaturePyramid(spec.strides, widths, spec.pyramid, pool_level=pool_level)


def picture_size(pictures: Tensor) -> tuple[int, int]:
    """(height, width) of a batch."""
    return pictures.shape[2], pictures.shape[3]
