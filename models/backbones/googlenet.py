"""GoogLeNet (Inception v1): Szegedy et al., "Going deeper with convolutions", arXiv 1409.4842, table 1.

What 2014 chose, and is kept: modules of four branches (1×1; 1×1 then 3×3; 1×1 then 5×5; pooling then 1×1) side by side, their
maps concatenated; the 1×1 in front of the wide kernels is a bottleneck that makes them affordable; two auxiliary classifiers that
push gradients into the middle while training (section 5, their losses weighted by 0.3) and are gone afterwards; dropout of 0.4
before the one linear layer.

Deviations, torchvision's and needed for its weights, whose names and shapes these are: batch norm behind every convolution; a 3×3
kernel where the paper has 5×5 (`five=5` gives the paper's); the last pooling between stages is 2×2; no local response
normalisation; the auxiliary classifiers average to 4×4 at any size, where the paper pools 5×5 every 3.
"""

import types
from typing import NamedTuple

import torch
from torch import Tensor, nn

from models.backbones.architecture import Architecture
from models.backbones.units import ConvNorm, scaled, start_weights
from models.errors import RecipeError


class Row(NamedTuple):
    """Channels of a module's convolutions, in the order of the paper's columns."""

    one: int
    reduce_three: int
    three: int
    reduce_five: int
    five: int
    pooled: int

    @property
    def out(self) -> int:
        """Channels of the four branches together."""
        return self.one + self.three + self.five + self.pooled


TABLE = {
    "3a": Row(64, 96, 128, 16, 32, 32),
    "3b": Row(128, 128, 192, 32, 96, 64),
    "4a": Row(192, 96, 208, 16, 48, 64),
    "4b": Row(160, 112, 224, 24, 64, 64),
    "4c": Row(128, 128, 256, 24, 64, 64),
    "4d": Row(112, 144, 288, 32, 64, 64),
    "4e": Row(256, 160, 320, 32, 128, 128),
    "5a": Row(256, 160, 320, 32, 128, 128),
    "5b": Row(384, 192, 384, 48, 128, 128),
}


class GoogLeNetOutputs(NamedTuple):
    """What training sees; each (N, classes) float32 logits."""

    logits: Tensor
    auxiliary1: Tensor
    auxiliary2: Tensor


class Inception(nn.Module):
    """Four branches side by side (figure 2b)."""

    def __init__(self, channels: int, row: Row, five: int) -> None:
        super().__init__()
        self.branch1 = ConvNorm(channels, row.one, 1)
        self.branch2 = nn.Sequential(
            ConvNorm(channels, row.reduce_three, 1), ConvNorm(row.reduce_three, row.three, 3, padding=1)
        )
        self.branch3 = nn.Sequential(
            ConvNorm(channels, row.reduce_five, 1), ConvNorm(row.reduce_five, row.five, five, padding=five // 2)
        )
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, 1, 1, ceil_mode=True), ConvNorm(channels, row.pooled, 1))

    def forward(self, x: Tensor) -> Tensor:
        """(N, channels, H, W) to (N, row.out, H, W)."""
        return torch.cat((self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)), dim=1)


class Auxiliary(nn.Module):
    """A classifier on maps from the middle (section 5)."""

    def __init__(self, channels: int, classes: int, width: float) -> None:
        super().__init__()
        out, hidden = scaled(128, width), scaled(1024, width)
        self.pool = nn.AdaptiveAvgPool2d(4)
        self.conv = ConvNorm(channels, out, 1)
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(out * 16, hidden)
        self.relu = nn.ReLU()
        self.dropout = nn.Dropout(0.7)
        self.fc2 = nn.Linear(hidden, classes)

    def forward(self, x: Tensor) -> Tensor:
        """(N, channels, H, W) to (N, classes) logits."""
        x = self.relu(self.fc1(self.flatten(self.conv(self.pool(x)))))
        out: Tensor = self.fc2(self.dropout(x))
        return out


class GoogLeNet(nn.Module):
    """A stem, nine modules, a global average and one linear layer."""

    def __init__(self, classes: int, width: float, dropout: float, five: int, *, auxiliaries: bool) -> None:
        super().__init__()
        rows = {name: Row(*(scaled(channels, width) for channels in row)) for name, row in TABLE.items()}
        stem, wide = scaled(64, width), scaled(192, width)
        self.conv1 = ConvNorm(3, stem, 7, stride=2, padding=3)
        self.maxpool1 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.conv2 = ConvNorm(stem, stem, 1)
        self.conv3 = ConvNorm(stem, wide, 3, padding=1)
        self.maxpool2 = nn.MaxPool2d(3, 2, ceil_mode=True)
        before = dict(zip(rows, [wide, *(row.out for row in rows.values())], strict=False))
        modules = {name: Inception(before[name], row, five) for name, row in rows.items()}
        self.inception3a, self.inception3b = modules["3a"], modules["3b"]
        self.maxpool3 = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.inception4a, self.inception4b, self.inception4c = modules["4a"], modules["4b"], modules["4c"]
        self.inception4d, self.inception4e = modules["4d"], modules["4e"]
        self.maxpool4 = nn.MaxPool2d(2, 2, ceil_mode=True)
        self.inception5a, self.inception5b = modules["5a"], modules["5b"]
        self.aux1 = Auxiliary(rows["4a"].out, classes, width) if auxiliaries else None
        self.aux2 = Auxiliary(rows["4d"].out, classes, width) if auxiliaries else None
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(rows["5b"].out, classes)
        start_weights(self)

    def forward(self, x: Tensor) -> Tensor | GoogLeNetOutputs:
        """Logits of a batch.

        Args:
            x: (N, 3, H, W) float32, normalised RGB; 224×224 in the paper, at least 32×32.

        Returns:
            (N, classes) float32 logits; in training mode, if built with auxiliaries, `GoogLeNetOutputs`.
        """
        x = self.conv3(self.conv2(self.maxpool1(self.conv1(x))))  # (N, 192, H/4, W/4)
        x = self.inception3b(self.inception3a(self.maxpool2(x)))  # (N, 480, H/8, W/8)
        early = self.inception4a(self.maxpool3(x))  # (N, 512, H/16, W/16)
        late = self.inception4d(self.inception4c(self.inception4b(early)))  # (N, 528, H/16, W/16)
        x = self.inception4e(late)  # (N, 832, H/16, W/16)
        x = self.inception5b(self.inception5a(self.maxpool4(x)))  # (N, 1024, H/32, W/32)
        logits: Tensor = self.fc(self.dropout(self.flatten(self.avgpool(x))))
        if self.training and self.aux1 is not None and self.aux2 is not None:
            return GoogLeNetOutputs(logits, self.aux1(early), self.aux2(late))
        return logits


def googlenet(
    classes: int = 1000, *, auxiliaries: bool = True, five: int = 3, width: float = 1.0, dropout: float = 0.4
) -> GoogLeNet:
    """Builds GoogLeNet.

    Args:
        classes: outputs.
        auxiliaries: with the two classifiers that only training uses.
        five: side of the third branch's kernel: 3 as in torchvision's weights, 5 as in the paper.
        width: factor of all channels.
        dropout: probability that a feature is zeroed in training, before the last layer.

    Raises:
        RecipeError: `five` is neither 3 nor 5.
    """
    if five not in (3, 5):
        raise RecipeError(f"googlenet: option five is {five}; it must be 3 or 5")
    return GoogLeNet(classes, width, dropout, five, auxiliaries=auxiliaries)


ARCHITECTURES = (
    Architecture(
        name="googlenet",
        build=googlenet,
        title="GoogLeNet (Inception v1)",
        paper="Szegedy et al. 2014, arXiv 1409.4842",
        year=2014,
        input_hw=(224, 224),
        head="fc",
        # The weights were trained on pixels in −1 to 1; torchvision undoes ImageNet's normalisation inside its network to get there.
        mean=(0.5, 0.5, 0.5),
        std=(0.5, 0.5, 0.5),
        auxiliary_heads=("aux1.fc2", "aux2.fc2"),
        auxiliaries=("aux1", "aux2"),
        stages=types.MappingProxyType({2: "conv1", 4: "conv3", 8: "inception3b", 16: "inception4e", 32: "inception5b"}),
        options=types.MappingProxyType({"auxiliaries": True, "five": 3, "width": 1.0, "dropout": 0.4}),
        notes="torchvision's checkpoints load; they want pixels in −1 to 1",
    ),
)
