"""Darknet's layers as PyTorch modules: every map is (N, C, H, W) float32, every module takes the maps of its sources in order."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.darknet.activations import Activation

# What Darknet's CPU code and OpenCV's reader add to the variance; the GPU code adds 1e-5, which moves a decoded row by up to 1.4e-3.
BATCH_NORM_EPSILON = 1e-6


class Convolution(nn.Module):
    """Convolution, optional batch norm, activation."""

    def __init__(
        self,
        channels: tuple[int, int],
        size: int,
        stride: tuple[int, int],
        padding: int,
        activation: Activation,
        *,
        groups: int = 1,
        dilation: int = 1,
        normalized: bool = False,
    ) -> None:
        """``channels`` are (in, out), ``stride`` is (vertical, horizontal)."""
        super().__init__()
        self.conv = nn.Conv2d(
            *channels, size, stride, padding * dilation, dilation=dilation, groups=groups, bias=not normalized
        )
        self.norm = nn.BatchNorm2d(channels[1], eps=BATCH_NORM_EPSILON) if normalized else None
        self.activation = activation

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, filters, H', W')."""
        x = self.conv(x)
        return self.activation(self.norm(x) if self.norm is not None else x)


class MaxPool(nn.Module):
    """Maximum over a window, with Darknet's padding.

    ``padding`` is the total of both sides: ``padding // 2`` before and the rest after, all outside the map counting as minus
    infinity. The output has ``(H + padding − size) // stride + 1`` rows; Darknet's default ``size − 1`` thus keeps the size at
    stride 1, for even windows as well.
    """

    def __init__(self, size: int, stride: tuple[int, int], padding: int) -> None:
        super().__init__()
        self.size = size
        self.stride = stride
        self.before = padding // 2
        self.after = padding - self.before
        # A window and step of 2 only ever reaches past the end of an odd map: rounding up says the same without a copy of the map.
        self.ceil = self.before == 0 and stride == (padding + 1, padding + 1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C, H', W')."""
        if self.ceil:
            return functional.max_pool2d(x, self.size, self.stride, ceil_mode=True)
        if self.before == self.after and 2 * self.before <= self.size:
            return functional.max_pool2d(x, self.size, self.stride, self.before)
        sides = (self.before, self.after, self.before, self.after)
        return functional.max_pool2d(functional.pad(x, sides, value=float("-inf")), self.size, self.stride)


class Upsample(nn.Module):
    """Each value becomes a ``stride`` × ``stride`` block, times ``scale``."""

    def __init__(self, stride: int, scale: float) -> None:
        super().__init__()
        self.stride = stride
        self.scale = scale

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C, stride·H, stride·W)."""
        x = functional.interpolate(x, scale_factor=float(self.stride), mode="nearest")
        return x if self.scale == 1.0 else x * self.scale


class Route(nn.Module):
    """Concatenation along channels; with ``groups`` > 1 only part ``group`` of each source's channels."""

    def __init__(self, groups: int, group: int) -> None:
        super().__init__()
        self.groups = groups
        self.group = group

    def forward(self, *maps: Tensor) -> Tensor:
        """Maps of one height and width to (N, Σ C / groups, H, W)."""
        if self.groups > 1:
            maps = tuple(x.chunk(self.groups, dim=1)[self.group] for x in maps)
        return maps[0] if len(maps) == 1 else torch.cat(maps, dim=1)


class Shortcut(nn.Module):
    """Sum. A source with other channels than the first takes part with those that both have (partial residual networks)."""

    def __init__(self, activation: Activation) -> None:
        super().__init__()
        self.activation = activation

    def forward(self, x: Tensor, *others: Tensor) -> Tensor:
        """Maps of one height and width to the first one's shape."""
        for other in others:
            missing = x.shape[1] - other.shape[1]
            x = x + (functional.pad(other, (0, 0, 0, 0, 0, missing)) if missing else other)
        return self.activation(x)


class Product(nn.Module):
    """``scale_channels`` and ``sam``: gates (N, C, 1, 1) or (N, C, H, W) times a map, then an activation."""

    def __init__(self, activation: Activation) -> None:
        super().__init__()
        self.activation = activation

    def forward(self, gates: Tensor, x: Tensor) -> Tensor:
        """To the shape of ``x``."""
        return self.activation(gates * x)


class Reorg(nn.Module):
    """Darknet's ``reorg``: trades height and width for channels, in the order of Darknet's code rather than of the YOLOv2 paper.

    Darknet runs its inverse on the forward path: the map's memory is read as if it were (C/s², s·H, s·W), each s × s block of that becomes
    s² channels (block position major), and the result's memory is read as (s²·C, H/s, W/s). Weights are trained on this order.
    """

    def __init__(self, stride: int) -> None:
        super().__init__()
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, s²·C, H/s, W/s)."""
        s = self.stride
        batch, channels, height, width = x.shape
        blocks = x.reshape(batch, channels // (s * s), height, s, width, s).permute(0, 3, 5, 1, 2, 4)
        return blocks.reshape(batch, channels * s * s, height // s, width // s)


class GlobalAverage(nn.Module):
    """Mean over the whole map."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C, 1, 1)."""
        return functional.adaptive_avg_pool2d(x, 1)


class Softmax(nn.Module):
    """Softmax over channels, of logits divided by ``temperature``."""

    def __init__(self, temperature: float) -> None:
        super().__init__()
        self.temperature = temperature

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, 1, 1) to the same shape."""
        return torch.softmax(x / self.temperature, dim=1)
