"""VGG: Simonyan and Zisserman, "Very deep convolutional networks …", arXiv 1409.1556, table 1, columns A, B, D and E.

What 2014 chose, and is kept: blocks of 3×3 convolutions whose first one changes the channels, each block ended by a pooling that
halves the map; three linear layers that hold nine tenths of the weights; dropout of 0.5; no normalisation. The `_bn` forms have
the batch norm that came a year later (arXiv 1502.03167) behind every convolution. Layer names are those of torchvision's
checkpoints.

Deviations: the last maps are averaged to 7×7, so that other sizes than 224×224 run; weights start after He et al., which trains the
deep columns directly, where the paper takes a standard deviation of 0.01 and starts them from column A (section 3.1).
"""

import itertools
import types
from collections.abc import Iterator

from torch import Tensor, nn

from models.backbones.architecture import Architecture
from models.backbones.units import scaled, start_weights

# Convolutions in each of the five blocks.
DEPTHS: dict[int, tuple[int, ...]] = {
    11: (1, 1, 2, 2, 2),
    13: (2, 2, 2, 2, 2),
    16: (2, 2, 3, 3, 3),
    19: (2, 2, 4, 4, 4),
}
WIDTHS = (64, 128, 256, 512, 512)
HIDDEN = 4096


def _block(channels_in: int, channels: int, convolutions: int, *, norm: bool) -> Iterator[nn.Module]:
    for before in [channels_in] + [channels] * (convolutions - 1):
        yield nn.Conv2d(before, channels, 3, padding=1)
        if norm:
            yield nn.BatchNorm2d(channels)
        yield nn.ReLU()
    yield nn.MaxPool2d(2)


class Vgg(nn.Module):
    """Five blocks, three linear layers."""

    def __init__(self, classes: int, depths: tuple[int, ...], width: float, dropout: float, *, norm: bool) -> None:
        super().__init__()
        widths = [scaled(channels, width) for channels in WIDTHS]
        rows = zip([3, *widths], widths, depths, strict=False)
        self.features = nn.Sequential(*itertools.chain.from_iterable(_block(*row, norm=norm) for row in rows))
        self.avgpool = nn.AdaptiveAvgPool2d(7)
        self.flatten = nn.Flatten()
        hidden = scaled(HIDDEN, width)
        self.classifier = nn.Sequential(
            nn.Linear(widths[-1] * 49, hidden), nn.ReLU(), nn.Dropout(dropout),
            nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(dropout),
            nn.Linear(hidden, classes),
        )  # fmt: skip
        start_weights(self)

    def forward(self, x: Tensor) -> Tensor:
        """Logits of a batch.

        Args:
            x: (N, 3, H, W) float32, normalised RGB; 224×224 in the paper, at least 32×32.

        Returns:
            (N, classes) float32 logits.
        """
        x = self.avgpool(self.features(x))  # (N, 512, 7, 7)
        out: Tensor = self.classifier(self.flatten(x))
        return out


def _stages(depths: tuple[int, ...], *, norm: bool) -> dict[int, str]:
    """The last ReLU before each pooling, and the last pooling: strides 1, 2, 4, 8, 16 and 32."""
    lengths = [depth * (3 if norm else 2) + 1 for depth in depths]
    poolings = [end - 1 for end in itertools.accumulate(lengths)]
    before = {1 << block: f"features.{index - 1}" for block, index in enumerate(poolings)}
    return {**before, 32: f"features.{poolings[-1]}"}


def _architecture(layers: int, *, norm: bool) -> Architecture:
    depths = DEPTHS[layers]

    def build(classes: int = 1000, *, width: float = 1.0, dropout: float = 0.5) -> Vgg:
        return Vgg(classes, depths, width, dropout, norm=norm)

    return Architecture(
        name=f"vgg{layers}{'_bn' if norm else ''}",
        build=build,
        title=f"VGG-{layers}{' with batch norm' if norm else ''}",
        paper="Simonyan and Zisserman 2014, arXiv 1409.1556",
        year=2014,
        input_hw=(224, 224),
        head="classifier.6",
        stages=types.MappingProxyType(_stages(depths, norm=norm)),
        options=types.MappingProxyType({"width": 1.0, "dropout": 0.5}),
        notes="torchvision's checkpoints load",
    )


ARCHITECTURES = tuple(_architecture(layers, norm=norm) for norm in (False, True) for layers in DEPTHS)
