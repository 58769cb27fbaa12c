"""Inception v3: Szegedy et al., "Rethinking the Inception architecture for computer vision", arXiv 1512.00567, table 1.

What 2015 chose, and is kept: no 5×5 that two 3×3 could replace but in the first modules (section 3.1, figure 5); n×n factorised
into 1×n and n×1 (3.2, figures 6 and 7); maps made smaller by a strided convolution beside a pooling (5, figure 10); batch norm
everywhere; one auxiliary classifier (4). Pictures are 299×299, and one convolution of the stem alone pads.

Deviations, torchvision's and needed for its weights, whose names these are: those of the authors' released network from the table
of the paper. Its stem goes to 80 channels by 1×1, to 192 by 3×3, and pools, where the table has three 3×3 to 80, 192 (every 2) and
288; the first modules have a 5×5 where figure 5 has a single 3×3; there are four modules of figure 6, where the table has five.
Ours alone: weights start after He et al.
"""

import types
from typing import NamedTuple

import torch
from torch import Tensor, nn

from models.backbones.architecture import Architecture
from models.backbones.units import ConvNorm, scaled, start_weights


class Step(NamedTuple):
    """One convolution of a branch. With stride 1 it keeps the size, with stride 2 it does not pad."""

    name: str
    channels: int
    kernel: tuple[int, int] = (1, 1)
    stride: int = 1


Branch = tuple[tuple[Step, ...], ...]
"""One after the other; steps that stand together take the same input, and their maps are concatenated."""


class Block(NamedTuple):
    """A module: its branches, and the channels behind the pooling branch, which halves the map instead if there are none."""

    branches: tuple[Branch, ...]
    pooled: int

    @property
    def halves(self) -> bool:
        """The maps of this module are half as high and wide."""
        return self.pooled == 0


def _chain(*steps: Step) -> Branch:
    return tuple((step,) for step in steps)


def _double(first: int, second: int, stride: int = 1) -> Branch:
    name, wide = "branch3x3dbl", (3, 3)
    return _chain(Step(f"{name}_1", first), Step(f"{name}_2", second, wide), Step(f"{name}_3", second, wide, stride))


def _figure5(pooled: int) -> Block:
    five = _chain(Step("branch5x5_1", 48), Step("branch5x5_2", 64, (5, 5)))
    return Block((_chain(Step("branch1x1", 64)), five, _double(64, 96)), pooled)


def _figure6(slim: int) -> Block:
    row, column, name = (1, 7), (7, 1), "branch7x7dbl"
    single = _chain(Step("branch7x7_1", slim), Step("branch7x7_2", slim, row), Step("branch7x7_3", 192, column))
    double = _chain(
        Step(f"{name}_1", slim),
        Step(f"{name}_2", slim, column),
        Step(f"{name}_3", slim, row),
        Step(f"{name}_4", slim, column),
        Step(f"{name}_5", 192, row),
    )
    return Block((_chain(Step("branch1x1", 192)), single, double), 192)


def _figure7() -> Block:
    row, column = (1, 3), (3, 1)
    single = ((Step("branch3x3_1", 384),), (Step("branch3x3_2a", 384, row), Step("branch3x3_2b", 384, column)))
    double = (
        (Step("branch3x3dbl_1", 448),),
        (Step("branch3x3dbl_2", 384, (3, 3)),),
        (Step("branch3x3dbl_3a", 384, row), Step("branch3x3dbl_3b", 384, column)),
    )
    return Block((_chain(Step("branch1x1", 320)), single, double), 192)


def _figure10() -> Block:
    return Block((_chain(Step("branch3x3", 384, (3, 3), 2)), _double(64, 96, 2)), 0)


def _figure10_wide() -> Block:
    name = "branch7x7x3"
    three = _chain(Step("branch3x3_1", 192), Step("branch3x3_2", 320, (3, 3), 2))
    seven = _chain(
        Step(f"{name}_1", 192),
        Step(f"{name}_2", 192, (1, 7)),
        Step(f"{name}_3", 192, (7, 1)),
        Step(f"{name}_4", 192, (3, 3), 2),
    )
    return Block((three, seven), 0)


EARLY = {"Mixed_5b": _figure5(32), "Mixed_5c": _figure5(64), "Mixed_5d": _figure5(64), "Mixed_6a": _figure10()}
MIDDLE = {f"Mixed_6{letter}": _figure6(slim) for letter, slim in zip("bcde", (128, 160, 160, 192), strict=True)}
LATE = {"Mixed_7a": _figure10_wide(), "Mixed_7b": _figure7(), "Mixed_7c": _figure7()}


class InceptionOutputs(NamedTuple):
    """What training sees; each (N, classes) float32 logits."""

    logits: Tensor
    auxiliary: Tensor


class Inception(nn.Module):
    """Branches side by side, a pooling among them."""

    def __init__(self, channels: int, block: Block, width: float) -> None:
        super().__init__()
        self.block = block
        self.out = 0
        for branch in block.branches:
            before = channels
            for steps in branch:
                for step in steps:
                    self.add_module(step.name, _convolution(before, step, width))
                before = len(steps) * scaled(steps[0].channels, width)
            self.out += before
        if block.halves:
            self.pool: nn.Module = nn.MaxPool2d(3, 2)
            self.out += channels
        else:
            self.pool = nn.AvgPool2d(3, 1, 1)
            self.branch_pool = ConvNorm(channels, scaled(block.pooled, width), 1)
            self.out += scaled(block.pooled, width)

    def forward(self, x: Tensor) -> Tensor:
        """(N, channels, H, W) to (N, out, H, W), or to half the size where the module halves it."""
        maps = [self._run(branch, x) for branch in self.block.branches]
        pooled = self.pool(x)
        maps.append(pooled if self.block.halves else self.branch_pool(pooled))
        return torch.cat(maps, dim=1)

    def _run(self, branch: Branch, x: Tensor) -> Tensor:
        for steps in branch:
            maps = [self.get_submodule(step.name)(x) for step in steps]
            x = maps[0] if len(maps) == 1 else torch.cat(maps, dim=1)
        return x


def _convolution(channels: int, step: Step, width: float) -> ConvNorm:
    height, width_px = step.kernel
    padding = (0, 0) if step.stride > 1 else (height // 2, width_px // 2)
    return ConvNorm(channels, scaled(step.channels, width), step.kernel, stride=step.stride, padding=padding)


class Auxiliary(nn.Module):
    """A classifier on the last 17×17 maps (section 4)."""

    def __init__(self, channels: int, classes: int, width: float) -> None:
        super().__init__()
        slim, wide = scaled(128, width), scaled(768, width)
        self.pool = nn.AvgPool2d(5, 3)
        self.conv0 = ConvNorm(channels, slim, 1)
        self.conv1 = ConvNorm(slim, wide, 5)
        self.average = nn.AdaptiveAvgPool2d(1)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(wide, classes)

    def forward(self, x: Tensor) -> Tensor:
        """(N, channels, H, W) to (N, classes) logits; H and W at least 17."""
        x = self.conv1(self.conv0(self.pool(x)))
        out: Tensor = self.fc(self.flatten(self.average(x)))
        return out


class InceptionV3(nn.Module):
    """A stem that hardly pads, eleven modules, a global average and one linear layer."""

    def __init__(self, classes: int, width: float, dropout: float, *, auxiliaries: bool) -> None:
        super().__init__()
        stem = [scaled(channels, width) for channels in (32, 32, 64, 80, 192)]
        self.Conv2d_1a_3x3 = ConvNorm(3, stem[0], 3, stride=2)
        self.Conv2d_2a_3x3 = ConvNorm(stem[0], stem[1], 3)
        self.Conv2d_2b_3x3 = ConvNorm(stem[1], stem[2], 3, padding=1)
        self.maxpool1 = nn.MaxPool2d(3, 2)
        self.Conv2d_3b_1x1 = ConvNorm(stem[2], stem[3], 1)
        self.Conv2d_4a_3x3 = ConvNorm(stem[3], stem[4], 3)
        self.maxpool2 = nn.MaxPool2d(3, 2)
        channels = stem[4]
        for name, block in {**EARLY, **MIDDLE}.items():
            channels = self._add(name, channels, block, width)
        self.AuxLogits = Auxiliary(channels, classes, width) if auxiliaries else None
        for name, block in LATE.items():
            channels = self._add(name, channels, block, width)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(channels, classes)
        start_weights(self)

    def _add(self, name: str, channels: int, block: Block, width: float) -> int:
        module = Inception(channels, block, width)
        self.add_module(name, module)
        return module.out

    def _run(self, blocks: dict[str, Block], x: Tensor) -> Tensor:
        for name in blocks:
            x = self.get_submodule(name)(x)
        return x

    def forward(self, x: Tensor) -> Tensor | InceptionOutputs:
        """Logits of a batch.

        Args:
            x: (N, 3, H, W) float32, normalised RGB; 299×299 in the paper, at least 75×75, and 299×299 for the auxiliary classifier.

        Returns:
            (N, classes) float32 logits; in training mode, if built with auxiliaries, `InceptionOutputs`.
        """
        x = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x)))  # (N, 64, 147, 147)
        x = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(self.maxpool1(x)))  # (N, 192, 71, 71)
        x = self._run(EARLY, self.maxpool2(x))  # (N, 768, 17, 17)
        middle = self._run(MIDDLE, x)  # (N, 768, 17, 17)
        x = self._run(LATE, middle)  # (N, 2048, 8, 8)
        logits: Tensor = self.fc(self.flatten(self.dropout(self.avgpool(x))))
        if self.training and self.AuxLogits is not None:
            return InceptionOutputs(logits, self.AuxLogits(middle))
        return logits


def inception_v3(
    classes: int = 1000, *, auxiliaries: bool = True, width: float = 1.0, dropout: float = 0.5
) -> InceptionV3:
    """Builds Inception v3.

    Args:
        classes: outputs.
        auxiliaries: with the classifier that only training uses; it needs pictures of 299×299 or more.
        width: factor of all channels.
        dropout: probability that a feature is zeroed in training, before the last layer.
    """
    return InceptionV3(classes, width, dropout, auxiliaries=auxiliaries)


ARCHITECTURES = (
    Architecture(
        name="inception_v3",
        build=inception_v3,
        title="Inception v3",
        paper="Szegedy et al. 2015, arXiv 1512.00567",
        year=2015,
        input_hw=(299, 299),
        head="fc",
        # The weights were trained on pixels in −1 to 1; torchvision undoes ImageNet's normalisation inside its network to get there.
        mean=(0.5, 0.5, 0.5),
        std=(0.5, 0.5, 0.5),
        auxiliary_heads=("AuxLogits.fc",),
        auxiliaries=("AuxLogits",),
        stages=types.MappingProxyType(
            {2: "Conv2d_2b_3x3", 4: "Conv2d_4a_3x3", 8: "Mixed_5d", 16: "Mixed_6e", 32: "Mixed_7c"}
        ),
        options=types.MappingProxyType({"auxiliaries": True, "width": 1.0, "dropout": 0.5}),
        notes="torchvision's checkpoints load; they want pixels in −1 to 1",
    ),
)
