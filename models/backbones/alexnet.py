"""AlexNet: Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks", NeurIPS 2012.

What 2012 chose, and is kept: ReLU; overlapping pooling (3×3 every 2, section 3.4); dropout of 0.5 before the first two linear
layers (4.2); and, in `alexnet2012`, local response normalisation behind the first two ReLUs (3.3) and the second, fourth and
fifth convolutions in two groups, which was the split over two GPUs (3.5). `alexnet` is the one-column form (arXiv 1404.5997) with
torchvision's layer names: other widths, no normalisation.

Deviations: the first convolution is padded by 2, so that the 224×224 pictures that the paper names do give its 55×55 maps; the
last maps are averaged to 6×6, so that other sizes run; weights start after He et al. instead of with a standard deviation of
0.01.
"""

import types
from collections import OrderedDict
from typing import NamedTuple

from torch import Tensor, nn

from models.backbones.architecture import Architecture
from models.backbones.units import scaled, start_weights
from models.errors import RecipeError


class Row(NamedTuple):
    """One convolution of the table."""

    channels: int
    kernel: int
    stride: int
    padding: int
    pooled: bool
    grouped: bool


ONE_COLUMN = (
    Row(64, 11, 4, 2, pooled=True, grouped=False),
    Row(192, 5, 1, 2, pooled=True, grouped=False),
    Row(384, 3, 1, 1, pooled=False, grouped=False),
    Row(256, 3, 1, 1, pooled=False, grouped=False),
    Row(256, 3, 1, 1, pooled=True, grouped=False),
)
TWO_TOWERS = (
    Row(96, 11, 4, 2, pooled=True, grouped=False),
    Row(256, 5, 1, 2, pooled=True, grouped=True),
    Row(384, 3, 1, 1, pooled=False, grouped=False),
    Row(384, 3, 1, 1, pooled=False, grouped=True),
    Row(256, 3, 1, 1, pooled=True, grouped=True),
)
NORMALISED_ROWS = 2
HIDDEN = 4096


def response_norm() -> nn.LocalResponseNorm:
    """The a / (2 + 10⁻⁴·Σ a²)^0.75 of section 3.3, over 5 neighbouring maps.

    Torch divides its alpha by the 5 and is therefore given 5·10⁻⁴.
    """
    return nn.LocalResponseNorm(size=5, alpha=5e-4, beta=0.75, k=2.0)


def _features(rows: tuple[Row, ...], groups: int, width: float, *, lrn: bool) -> nn.Sequential:
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    channels, place = 3, 0
    for index, row in enumerate(rows):
        out = scaled(row.channels, width)
        layers[f"{place}"] = nn.Conv2d(
            channels, out, row.kernel, row.stride, row.padding, groups=groups if row.grouped else 1
        )
        layers[f"{place + 1}"] = nn.ReLU()
        if lrn and index < NORMALISED_ROWS:
            layers[f"norm{index + 1}"] = response_norm()  # a name, not a number: the numbers are those of checkpoints
        if row.pooled:
            layers[f"{place + 2}"] = nn.MaxPool2d(3, 2)
        channels, place = out, place + (3 if row.pooled else 2)
    return nn.Sequential(layers)


class AlexNet(nn.Module):
    """Five convolutions, three linear layers."""

    def __init__(self, classes: int, features: nn.Sequential, width: float, dropout: float) -> None:
        super().__init__()
        self.features = features
        self.avgpool = nn.AdaptiveAvgPool2d(6)
        self.flatten = nn.Flatten()
        hidden = scaled(HIDDEN, width)
        self.classifier = nn.Sequential(
            nn.Dropout(dropout), nn.Linear(scaled(256, width) * 36, hidden), nn.ReLU(),
            nn.Dropout(dropout), nn.Linear(hidden, hidden), nn.ReLU(),
            nn.Linear(hidden, classes),
        )  # fmt: skip
        start_weights(self)

    def forward(self, x: Tensor) -> Tensor:
        """Logits of a batch.

        Args:
            x: (N, 3, H, W) float32, normalised RGB; 224×224 in the paper, at least 63×63.

        Returns:
            (N, classes) float32 logits.
        """
        x = self.avgpool(self.features(x))  # (N, 256, 6, 6)
        out: Tensor = self.classifier(self.flatten(x))
        return out


def alexnet(
    classes: int = 1000, *, groups: int = 1, lrn: bool = False, width: float = 1.0, dropout: float = 0.5
) -> AlexNet:
    """Builds AlexNet.

    Args:
        classes: outputs.
        groups: 1 for one column, 2 for the paper's two towers (other widths, too).
        lrn: with local response normalisation.
        width: factor of all channels.
        dropout: probability that a hidden value is zeroed in training.

    Raises:
        RecipeError: neither 1 nor 2 groups.
    """
    if groups not in (1, 2):
        raise RecipeError(f"alexnet: option groups is {groups}; it must be 1 or 2")
    features = _features(TWO_TOWERS if groups == 2 else ONE_COLUMN, groups, width, lrn=lrn)
    return AlexNet(classes, features, width, dropout)


def _architecture(name: str, title: str, paper: str, year: int, groups: int, notes: str) -> Architecture:
    return Architecture(
        name=name,
        build=alexnet,
        title=title,
        paper=paper,
        year=year,
        input_hw=(224, 224),
        head="classifier.6",
        stages=types.MappingProxyType({4: "features.1", 8: "features.4", 16: "features.11", 32: "features.12"}),
        options=types.MappingProxyType({"groups": groups, "lrn": groups == 2, "width": 1.0, "dropout": 0.5}),
        notes=notes,
    )


ARCHITECTURES = (
    _architecture("alexnet", "AlexNet", "Krizhevsky 2014, arXiv 1404.5997", 2014, 1, "torchvision's checkpoints load"),
    _architecture(
        "alexnet2012",
        "AlexNet, two towers",
        "Krizhevsky et al. 2012, doi 10.1145/3065386",
        2012,
        2,
        "the paper's widths",
    ),
)
