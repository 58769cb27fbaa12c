"""YOLOv1: Redmon, Divvala, Girshick and Farhadi, "You Only Look Once" (CVPR 2016, arXiv 1506.02640), section 2.1 and figure 3.

Convolutions, one hidden dense layer with dropout, and one dense layer that puts out the whole grid at once, so that every cell sees
the whole picture. Linear at the end, leaky ReLU before, as in the paper.

Deviations: the backbone is one of `models.detect.backbone` instead of the paper's 24 convolutions; a 1×1 convolution narrows its
map before it is flattened, and the hidden layer is an eighth as wide, for most of the paper's 270 million weights are dense ones that
some hundred pictures could not fill; the last layer starts from what an empty picture looks like, see `_start_from_priors`.
"""

import torch
from torch import Tensor, nn

from models.detect.backbone import build_backbone
from models.yolo_v1.spec import YoloV1Spec

SIZE_PRIOR = 0.2
"""Sides of a box before training, as a part of the picture's."""


class YoloV1(nn.Module):
    """The detector. `models.yolo_v1.decoding` turns its grid into boxes and scores."""

    def __init__(self, spec: YoloV1Spec) -> None:
        super().__init__()
        self.spec = spec
        self.backbone = build_backbone(spec.backbone)
        self.squeeze = nn.Sequential(
            nn.Conv2d(spec.backbone.width_at(spec.stride), spec.squeezed, 1, bias=False),
            nn.BatchNorm2d(spec.squeezed),
            nn.LeakyReLU(0.1),
        )
        steps = spec.input_size // spec.stride
        self.hidden = nn.Sequential(
            nn.Flatten(), nn.Linear(spec.squeezed * steps**2, spec.hidden), nn.LeakyReLU(0.1), nn.Dropout(spec.dropout)
        )
        self.grid = nn.Linear(spec.hidden, spec.side**2 * spec.values_per_cell)
        self._start_from_priors()

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

    def forward(self, pictures: Tensor) -> Tensor:
        """The grid of a batch.

        Args:
            pictures: (N, 3, `input_size`, `input_size`) float32, RGB in 0 to 1.

        Returns:
            (N, S, S, B·5 + C) float32, rows first. For each of B boxes x and y of its centre from the cell's upper left corner, in cells;
            √w and √h, parts of the picture's sides; confidence; then the probability of each class if there is an object.
        """
        spec = self.spec
        x = self.squeeze(self.backbone(pictures)[spec.stride])  # (N, squeezed, H/32, W/32)
        grid: Tensor = self.grid(self.hidden(x))  # (N, S·S·(B·5 + C))
        return grid.view(-1, spec.side, spec.side, spec.values_per_cell)
