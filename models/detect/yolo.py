"""A slim YOLO with anchor boxes: a backbone from its table, two scales joined top-down, one linear head per scale.

YOLOv2 (arXiv 1612.08242, section 2) gives anchors and direct location prediction; YOLOv3 (1804.02767, sections 2.3
and 2.4) gives the residual backbone and the scales. Deviations: far fewer channels and blocks than Darknet-53, and one
convolution where the paper's neck has five, so that a frame costs less than 0.6 G multiply-adds at 320×320.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.detect.backbone import build_backbone, conv
from models.detect.spec import YoloSpec

OBJECTNESS_PRIOR = 0.01


class TopDownNeck(nn.Module):
    """The deep map, reduced and enlarged, joins the shallower one (YOLOv3, section 2.3)."""

    def __init__(self, spec: YoloSpec) -> None:
        super().__init__()
        self.strides = spec.strides
        widths = [spec.backbone.width_at(stride) for stride in spec.strides]
        self.widths = list(spec.neck) or [width // 2 for width in widths]
        self.reduce = nn.ModuleList(
            conv(deep, shallow, 1) for shallow, deep in zip(self.widths, self.widths[1:], strict=False)
        )
        joined = [width + slim for width, slim in zip(widths, self.widths[:-1], strict=False)] + widths[-1:]
        self.lateral = nn.ModuleList(conv(wide, slim, 1) for wide, slim in zip(joined, self.widths, strict=True))

    def forward(self, maps: dict[int, Tensor]) -> list[Tensor]:
        """Backbone maps by stride to one (N, neck, H/stride, W/stride) map per scale, strides ascending."""
        current = self.lateral[-1](maps[self.strides[-1]])
        outputs = [current]
        for scale in range(len(self.strides) - 2, -1, -1):
            ratio = float(self.strides[scale + 1] // self.strides[scale])
            enlarged = functional.interpolate(self.reduce[scale](current), scale_factor=ratio, mode="nearest")
            current = self.lateral[scale](torch.cat((enlarged, maps[self.strides[scale]]), dim=1))
            outputs.insert(0, current)
        return outputs


class Yolo(nn.Module):
    """The detector. Its outputs are raw: `box_coder` turns them into boxes and scores."""

    def __init__(self, spec: YoloSpec) -> None:
        super().__init__()
        self.spec = spec
        self.backbone = build_backbone(spec.backbone)
        self.neck = TopDownNeck(spec)
        channels = spec.anchors_per_cell * spec.values_per_anchor
        self.heads = nn.ModuleList(
            nn.Sequential(conv(width, 2 * width, 3), nn.Conv2d(2 * width, channels, 1)) for width in self.neck.widths
        )
        self._start_from_priors()

    def _start_from_priors(self) -> None:
        """Sets the head's biases to what is known before training: objects are rare, classes equally likely.

        Without it the first steps only push thousands of empty cells down from 0.5 (RetinaNet, 1708.02002, section 3.3).
        """
        classes = len(self.spec.classes)
        for head in self.heads:
            last: nn.Conv2d = head[-1]  # type: ignore[index]
            bias = torch.zeros(self.spec.anchors_per_cell, self.spec.values_per_anchor)
            bias[:, 4] = math.log(OBJECTNESS_PRIOR / (1 - OBJECTNESS_PRIOR))
            bias[:, 5:] = -math.log(max(classes - 1, 1))
            nn.init.normal_(last.weight, std=0.01)
            last.bias = nn.Parameter(bias.flatten())

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        """Raw heads of a batch.

        Args:
            pictures: (N, 3, H, W) float32, RGB in 0 to 1; H and W multiples of the largest stride.

        Returns:
            One (N, B·(5+C), H/stride, W/stride) float32 tensor per scale, strides ascending. Per anchor the channels
            are tx, ty, tw, th, to, class logits: `view(N, B, 5 + C, rows, columns)` separates them.
        """
        maps = self.neck(self.backbone(pictures))
        return tuple(head(scale) for head, scale in zip(self.heads, maps, strict=True))
