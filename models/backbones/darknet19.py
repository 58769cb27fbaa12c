"""Darknet-19: Redmon and Farhadi, "YOLO9000: better, faster, stronger", arXiv 1612.08242, section 3 and table 6.

What 2016 chose, and is kept: 3×3 convolutions that double the channels behind every pooling, with 1×1 bottlenecks between them;
batch norm; leaky ReLU with slope 0.1; no linear layer: a 1×1 convolution gives one map per class, and its global average is the
logit.
"""

import types

from torch import Tensor, nn

from models.backbones.architecture import Architecture
from models.backbones.units import scaled, start_weights

# Channels of each stage's convolutions; they alternate between 3×3 and 1×1, and a pooling stands before every stage but the first.
TABLE: tuple[tuple[int, ...], ...] = (
    (32,),
    (64,),
    (128, 64, 128),
    (256, 128, 256),
    (512, 256, 512, 256, 512),
    (1024, 512, 1024, 512, 1024),
)


def _unit(channels_in: int, channels: int, kernel: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels, kernel, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(channels),
        nn.LeakyReLU(0.1),
    )


def _stage(channels_in: int, row: tuple[int, ...], *, pooled: bool) -> nn.Sequential:
    units = [
        _unit(before, channels, 1 if index % 2 else 3)
        for index, (before, channels) in enumerate(zip((channels_in, *row), row, strict=False))
    ]
    return nn.Sequential(nn.MaxPool2d(2), *units) if pooled else nn.Sequential(*units)


class Darknet19(nn.Module):
    """Six stages and a convolution in place of a linear layer."""

    def __init__(self, classes: int, width: float) -> None:
        super().__init__()
        rows = [tuple(scaled(channels, width) for channels in row) for row in TABLE]
        inputs = [3, *(row[-1] for row in rows)]
        self.stages = nn.Sequential(
            *(
                _stage(before, row, pooled=index > 0)
                for index, (before, row) in enumerate(zip(inputs, rows, strict=False))
            )
        )
        self.head = nn.Conv2d(inputs[-1], classes, 1)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        start_weights(self)

    def forward(self, x: Tensor) -> Tensor:
        """Logits of a batch.

        Args:
            x: (N, 3, H, W) float32 RGB in 0 to 1; 224×224 in the paper, at least 32×32.

        Returns:
            (N, classes) float32 logits.
        """
        x = self.stages(x)  # (N, 1024, H/32, W/32)
        out: Tensor = self.flatten(self.avgpool(self.head(x)))
        return out


def darknet19(classes: int = 1000, *, width: float = 1.0) -> Darknet19:
    """Builds Darknet-19; `width` is a factor of all channels."""
    return Darknet19(classes, width)


ARCHITECTURES = (
    Architecture(
        name="darknet19",
        build=darknet19,
        title="Darknet-19",
        paper="Redmon and Farhadi 2016, arXiv 1612.08242",
        year=2016,
        input_hw=(224, 224),
        head="head",
        mean=(0.0, 0.0, 0.0),
        std=(1.0, 1.0, 1.0),
        stages=types.MappingProxyType({1 << index: f"stages.{index}" for index in range(len(TABLE))}),
        options=types.MappingProxyType({"width": 1.0}),
    ),
)
