"""YOLOv1: Redmon, Divvala, Girshick and Farhadi, "You Only Look Once" (CVPR 2016, arXiv 1506.02640), section 2.1 and figure 3.

Convolutions, and a dense layer that puts out the whole grid at once, so that every cell sees the whole picture. Linear at the end, leaky
ReLU before, as in the paper; more convolutions behind the pretrained ones (its section 2.2).

Deviations: the backbone is one of `models.detect.backbone` instead of the paper's first twenty convolutions; a 1×1 convolution
narrows its map before it is flattened; the paper's other dense layer, of 4,096 units, is an option (`hidden`). Most of the paper's 270
million weights are dense ones, which some hundred pictures cannot fill: a dense layer has to learn anew in every cell what an object
looks like. Hence the start that `_start_from_priors` and `_start_locally` give the last one.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn

from models.detect.backbone import build_backbone
from models.yolo_v1.spec import YoloV1Spec

SIZE_PRIOR = 0.2
"""Sides of a box before training, as a part of the picture's."""
LOCAL_STD, ELSEWHERE_STD = 0.1, 0.001


def _convolution(channels_in: int, channels_out: int, kernel: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.LeakyReLU(0.1),
    )


class YoloV1(nn.Module):
    """The detector. `models.yolo_v1.decoding` turns its grid into boxes and scores."""

    def __init__(self, spec: YoloV1Spec) -> None:
        super().__init__()
        self.spec = spec
        self.backbone = build_backbone(spec.backbone)
        widths = (spec.backbone.width_at(spec.stride), *spec.added)
        self.added = nn.Sequential(*(_convolution(*pair, 3) for pair in pairwise(widths)))
        self.squeeze = _convolution(widths[-1], spec.squeezed, 1)
        flat = spec.squeezed * spec.steps**2
        dense = [nn.Linear(flat, spec.hidden), nn.LeakyReLU(0.1)] if spec.hidden else []
        self.hidden = nn.Sequential(nn.Flatten(), *dense, nn.Dropout(spec.dropout))
        self.grid = nn.Linear(spec.hidden or flat, spec.side**2 * spec.values_per_cell)
        self._start_from_priors()
        if not spec.hidden:
            self._start_locally()

    def _start_from_priors(self) -> None:
        """Before training every cell says: a box of usual size in my middle, surely nothing, all classes alike.

        The squared error would otherwise spend its first epochs on getting there.
        """
        spec = self.spec
        bias = torch.full((spec.side**2, spec.values_per_cell), 1 / len(spec.classes))
        boxes = bias[:, : 5 * spec.boxes_per_cell].view(spec.side**2, spec.boxes_per_cell, 5)
        boxes[..., :2], boxes[..., 2:4], boxes[..., 4] = 0.5, SIZE_PRIOR**0.5, 0.0
        nn.init.normal_(self.grid.weight, std=0.01)
        self.grid.bias = nn.Parameter(bias.flatten())

    def _start_locally(self) -> None:
        """At first every cell reads the map where it lies itself, all alike, as a convolution would; the rest is nearly zero.

        The convolutions before then learn from the objects of all cells at once what a cell is to say. Nothing keeps the layer local.
        """
        spec = self.spec
        weight = torch.randn(spec.side**2, spec.values_per_cell, spec.squeezed, spec.steps**2) * ELSEWHERE_STD
        reader = torch.randn(spec.values_per_cell, spec.squeezed) * LOCAL_STD
        nearest = ((torch.arange(spec.side) + 0.5) * spec.steps / spec.side).long()
        places = (nearest[:, None] * spec.steps + nearest[None]).flatten()
        weight[torch.arange(spec.side**2), :, :, places] += reader
        self.grid.weight = nn.Parameter(weight.flatten(2).flatten(0, 1))

    def forward(self, pictures: Tensor) -> Tensor:
        """The grid of a batch.

        Args:
            pictures: (N, 3, `input_size`, `input_size`) float32, RGB in 0 to 1.

        Returns:
            (N, S, S, B·5 + C) float32, rows first. For each of B boxes x and y of its centre from the cell's upper left corner, in cells;
            √w and √h, parts of the picture's sides; confidence; then the probability of each class if there is an object.
        """
        spec = self.spec
        x = self.squeeze(self.added(self.backbone(pictures)[spec.stride]))  # (N, squeezed, H/32, W/32)
        grid: Tensor = self.grid(self.hidden(x))  # (N, S·S·(B·5 + C))
        return grid.view(-1, spec.side, spec.side, spec.values_per_cell)
