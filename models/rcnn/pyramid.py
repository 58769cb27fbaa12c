"""The feature pyramid (Lin et al., arXiv 1612.03144, section 3): every level sees what the deeper ones have understood."""

from collections.abc import Mapping, Sequence

from torch import Tensor, nn
from torch.nn import functional


class FeaturePyramid(nn.Module):
    """1×1 convolutions bring the backbone's maps to one width, each deeper one is enlarged and added, 3×3 convolutions smooth.

    Args:
        strides: of the maps, ascending.
        widths: of the maps.
        channels: of every level.
        pool_level: whether every other cell of the last level makes one more.
    """

    def __init__(self, strides: Sequence[int], widths: Sequence[int], channels: int, *, pool_level: bool) -> None:
        super().__init__()
        self.strides, self.pool_level = tuple(strides), pool_level
        self.lateral = nn.ModuleList(nn.Conv2d(width, channels, 1) for width in widths)
        self.smooth = nn.ModuleList(nn.Conv2d(channels, channels, 3, padding=1) for _ in widths)
        for layer in (*self.lateral, *self.smooth):
            nn.init.kaiming_uniform_(layer.weight, a=1)
            nn.init.zeros_(layer.bias)

    def forward(self, maps: Mapping[int, Tensor]) -> list[Tensor]:
        """Backbone maps by stride to one (N, channels, H/stride, W/stride) map per level, fine to coarse."""
        current = self.lateral[-1](maps[self.strides[-1]])
        levels = [self.smooth[-1](current)]
        for scale in range(len(self.strides) - 2, -1, -1):
            beside = self.lateral[scale](maps[self.strides[scale]])
            current = beside + functional.interpolate(current, size=beside.shape[2:], mode="nearest")
            levels.insert(0, self.smooth[scale](current))
        return [*levels, functional.max_pool2d(levels[-1], 1, 2)] if self.pool_level else levels


class SingleMap(nn.Module):
    """No pyramid: one map of the backbone as it is (Faster R-CNN, figure 2)."""

    def __init__(self, stride: int) -> None:
        super().__init__()
        self.stride = stride

    def forward(self, maps: Mapping[int, Tensor]) -> list[Tensor]:
        """Backbone maps by stride to a list of the one."""
        return [maps[self.stride]]
