"""Anchors: boxes of several sizes and shapes around every cell of a map (Faster R-CNN, arXiv 1506.01497, section 3.1.1).

The conventions are those of the published torchvision weights: a ratio is height by width; an anchor keeps its area whatever its ratio;
its half sides are whole pixels; and it is centred on the cell's first corner, not on its middle.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from models.detect.spec import AnchorsPx


def cell_anchors(sizes_px: Sequence[float], ratios: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """(width, height) of each anchor of one cell: ratio by ratio, sizes within; both sides are even numbers of pixels.

    Args:
        sizes_px: square roots of the areas.
        ratios: height by width.
    """
    size, root = torch.tensor(sizes_px, dtype=torch.float64), torch.tensor(ratios, dtype=torch.float64).sqrt()
    half = torch.stack((size / root[:, None] / 2, size * root[:, None] / 2), dim=2).round().flatten(0, 1)
    return tuple((2 * width, 2 * height) for width, height in half.tolist())


def grid_anchors(
    anchors_wh: Sequence[tuple[float, float]], grid: tuple[int, int], picture: tuple[int, int], device: torch.device
) -> Tensor:
    """(rows·columns·A, 4) float32 xyxy anchors of one map in pixels of the input, row by row and cell by cell.

    Args:
        anchors_wh: A sizes in pixels.
        grid: (rows, columns) of the map.
        picture: (height, width) of the input. A cell is a whole number of its pixels wide: `height // rows`.
        device: where to make them.
    """
    half = torch.tensor(anchors_wh, device=device) / 2
    y = torch.arange(grid[0], device=device) * (picture[0] // grid[0])
    x = torch.arange(grid[1], device=device) * (picture[1] // grid[1])
    corner = torch.stack((x.expand(grid[0], -1), y[:, None].expand(-1, grid[1])), dim=2).float()
    around = torch.cat((-half, half), dim=1)
    return (corner.repeat(1, 1, 2)[:, :, None] + around).view(-1, 4)


def level_anchors(anchors_px: AnchorsPx, maps: Sequence[Tensor], picture: tuple[int, int]) -> list[Tensor]:
    """The anchors of each level: see `grid_anchors`.

    Args:
        anchors_px: per level, the sizes of one cell's anchors.
        maps: per level, (N, C, rows, columns).
        picture: (height, width) of the input.
    """
    return [
        grid_anchors(sizes, (level.shape[2], level.shape[3]), picture, level.device)
        for sizes, level in zip(anchors_px, maps, strict=True)
    ]
