"""A small network for faces that lie where the template puts them, and the one of DeepID.

Both keep where in the face something is seen: after alignment a place means the same on every face, and the last maps are not
averaged over it.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional


class LocalContrast(nn.Module):
    """Each value less the mean of its surroundings, in parts of their spread: light from one side or a dark picture matter little.

    (Jarrett, Kavukcuoglu, Ranzato and LeCun 2009, ICCV, section 2, with a square window in place of a Gaussian one.)

    Args:
        reach: half a window's side in pixels.
        floor: added to the spread, so that flat places do not show their noise.
    """

    def __init__(self, reach: int, floor: float = 0.05) -> None:
        super().__init__()
        side = 2 * reach + 1
        # The mean over columns, then over rows: 2·side steps for each pixel in place of side².
        self._mean = nn.Sequential(
            nn.AvgPool2d((1, side), 1, (0, reach), count_include_pad=False),
            nn.AvgPool2d((side, 1), 1, (reach, 0), count_include_pad=False),
        )
        self._floor = floor

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same shape."""
        gap = x - self._mean(x)
        out: Tensor = gap / (self._mean(gap * gap).sqrt() + self._floor)
        return out


class Residual(nn.Module):
    """Two 3×3 convolutions around which the input passes (He et al. 2015, arXiv 1512.03385, section 3.1)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels)
        self.conv2, self.norm2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels)
        nn.init.zeros_(self.norm2.weight)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same shape, not negative."""
        out = functional.relu(self.norm1(self.conv1(x)))
        return functional.relu(x + self.norm2(self.conv2(out)))


class SmallTrunk(nn.Module):
    """Local contrast, then four halvings, the middle two with a residual block behind them.

    Args:
        channels: of the input.
        size_hw: of the input in pixels.
        widths: channels of the four stages.
    """

    def __init__(self, channels: int, size_hw: tuple[int, int], widths: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.contrast = LocalContrast(max(2, min(size_hw) // 8))
        stages, before = [], channels
        for number, width in enumerate(widths):
            halving = [nn.Conv2d(before, width, 3, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
            stages.append(nn.Sequential(*halving, *([Residual(width)] if 0 < number < 3 else [])))
            before = width
        self.stages = nn.Sequential(*stages)
        self.flatten = nn.Flatten()

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, features) that are not negative."""
        out: Tensor = self.flatten(self.stages(self.contrast(x)))  # 64 × 64: 32, 16, 8, 4
        return out


class DeepIdTrunk(nn.Module):
    """DeepID: Sun, Wang and Tang 2014, "Deep learning face representation from predicting 10,000 classes", CVPR, section 3.1.

    Four convolutions, the first three pooled; 160 units see the third layer and the fourth, two scales at once. Deviations: any
    input of at least 32 pixels (the paper's are 39 × 31 and 31 × 31), and shared weights everywhere (the paper's last two
    convolutions share theirs within regions).
    """

    def __init__(self, channels: int, size_hw: tuple[int, int], dimension: int = 160) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(channels, 20, 4), nn.Conv2d(20, 40, 3)
        self.conv3, self.conv4 = nn.Conv2d(40, 60, 3), nn.Conv2d(60, 80, 2)
        self.pool = nn.MaxPool2d(2)
        with torch.no_grad():
            third, fourth = self._maps(torch.zeros(1, channels, *size_hw))
        self.joined = nn.Linear(third[0].numel() + fourth[0].numel(), dimension)

    def _maps(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = self.pool(functional.relu(self.conv1(x)))
        x = self.pool(functional.relu(self.conv2(x)))
        third = self.pool(functional.relu(self.conv3(x)))
        return third, functional.relu(self.conv4(third))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, 160) that are not negative."""
        third, fourth = self._maps(x)
        return functional.relu(self.joined(torch.cat([third.flatten(1), fourth.flatten(1)], 1)))
