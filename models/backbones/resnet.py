"""ResNet: He, Zhang, Ren and Sun, "Deep residual learning for image recognition", arXiv 1512.03385, table 1.

What 2015 chose, and is kept: batch norm between every convolution and its ReLU, the ReLU behind the sum; shortcuts that are the
identity, and a 1×1 convolution only where the shape changes (option B, section 3.3); one linear layer behind a global average.
Layer names are those of torchvision's checkpoints.

Deviation, torchvision's and needed for its weights: a bottleneck that halves the map does so in its 3×3 convolution, where the
paper does in the first 1×1 ("v1.5").
"""

import types
from typing import NamedTuple

from torch import Tensor, nn

from models.backbones.architecture import Architecture
from models.backbones.units import scaled, start_weights


class BasicBlock(nn.Module):
    """Two 3×3 convolutions and the shortcut (figure 5, left)."""

    expansion = 1

    def __init__(self, channels_in: int, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.downsample = _shortcut(channels_in, channels, stride)
        self.relu2 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """(N, channels_in, H, W) to (N, channels, H/stride, W/stride)."""
        y = self.relu1(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        out: Tensor = self.relu2(y + self.downsample(x))
        return out


class Bottleneck(nn.Module):
    """1×1 down to a quarter, 3×3, 1×1 up again, and the shortcut (figure 5, right)."""

    expansion = 4

    def __init__(self, channels_in: int, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(channels, channels, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.relu2 = nn.ReLU()
        self.conv3 = nn.Conv2d(channels, channels * self.expansion, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(channels * self.expansion)
        self.downsample = _shortcut(channels_in, channels * self.expansion, stride)
        self.relu3 = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """(N, channels_in, H, W) to (N, 4·channels, H/stride, W/stride)."""
        y = self.relu1(self.bn1(self.conv1(x)))
        y = self.relu2(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        out: Tensor = self.relu3(y + self.downsample(x))
        return out


def _shortcut(channels_in: int, channels: int, stride: int) -> nn.Module:
    if channels_in == channels and stride == 1:
        return nn.Identity()
    return nn.Sequential(nn.Conv2d(channels_in, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))


class Row(NamedTuple):
    """A column of the paper's table 1: the block, and how many in each of the four stages."""

    block: type[BasicBlock] | type[Bottleneck]
    depths: tuple[int, int, int, int]


TABLE = {
    18: Row(BasicBlock, (2, 2, 2, 2)),
    34: Row(BasicBlock, (3, 4, 6, 3)),
    50: Row(Bottleneck, (3, 4, 6, 3)),
    101: Row(Bottleneck, (3, 4, 23, 3)),
    152: Row(Bottleneck, (3, 8, 36, 3)),
}


class ResNet(nn.Module):
    """A stem, four stages of blocks, a global average and one linear layer."""

    def __init__(self, classes: int, row: Row, width: float) -> None:
        super().__init__()
        stem, *_ = widths = [scaled(channels, width) for channels in (64, 128, 256, 512)]
        self.conv1 = nn.Conv2d(3, stem, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(stem)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        outs = [channels * row.block.expansion for channels in widths]
        stages = zip([stem, *outs], widths, row.depths, (1, 2, 2, 2), strict=False)
        self.layer1, self.layer2, self.layer3, self.layer4 = (_stage(row.block, *stage) for stage in stages)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(outs[-1], classes)
        start_weights(self)

    def forward(self, x: Tensor) -> Tensor:
        """Logits of a batch.

        Args:
            x: (N, 3, H, W) float32, normalised RGB; 224×224 in the paper, any size runs.

        Returns:
            (N, classes) float32 logits.
        """
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))  # (N, 64, H/4, W/4)
        x = self.layer2(self.layer1(x))  # (N, 128, H/8, W/8); four times the channels with bottlenecks
        x = self.layer4(self.layer3(x))  # (N, 512, H/32, W/32)
        out: Tensor = self.fc(self.flatten(self.avgpool(x)))
        return out


def _stage(
    block: type[BasicBlock] | type[Bottleneck], channels_in: int, channels: int, depth: int, stride: int
) -> nn.Sequential:
    rest = (block(channels * block.expansion, channels, 1) for _ in range(depth - 1))
    return nn.Sequential(block(channels_in, channels, stride), *rest)


def _architecture(layers: int, row: Row) -> Architecture:
    def build(classes: int = 1000, *, width: float = 1.0) -> ResNet:
        return ResNet(classes, row, width)

    return Architecture(
        name=f"resnet{layers}",
        build=build,
        title=f"ResNet-{layers}",
        paper="He et al. 2015, arXiv 1512.03385",
        year=2015,
        input_hw=(224, 224),
        head="fc",
        stages=types.MappingProxyType({2: "relu", 4: "layer1", 8: "layer2", 16: "layer3", 32: "layer4"}),
        options=types.MappingProxyType({"width": 1.0}),
        notes="torchvision's checkpoints load",
    )


ARCHITECTURES = tuple(_architecture(layers, row) for layers, row in TABLE.items())
