"""A small YOLO with anchor boxes: a backbone from its table, two scales joined top-down, one linear head per scale.

YOLOv2 (arXiv 1612.08242, section 2) gives anchors and direct location prediction; YOLOv3 (1804.02767, sections 2.3
and 2.4) gives the residual backbone and the scales. Deviations: far fewer channels and blocks than Darknet-53, and one
convolution where the paper's neck has five, so that a frame costs less than 0.6 G multiply-adds at 320×320.
"""

import math

import torch
from torch import Tensor, nn

from models.detect.backbone import build_backbone
from models.detect.necks import NECKS
from models.detect.spec import YoloSpec

OBJECTNESS_PRIOR = 0.01


class Yolo(nn.Module):
    """The detector. Its outputs are raw: `box_coder` turns them into boxes and scores."""

    def __init__(self, spec: YoloSpec) -> None:
        super().__init__()
        self.spec = spec
        self.backbone = build_backbone(spec.backbone)
        make_neck, make_head = NECKS[spec.heads]
        self.neck = make_neck(spec)
        channels = spec.anchors_per_cell * spec.values_per_anchor
        self.heads = nn.ModuleList(make_head(width, channels) for width in self.neck.widths)
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
