"""What lies in a region of a map, as a grid of fixed size: RoI max pooling and RoIAlign in plain, differentiable tensor operations.

RoIAlign samples bilinearly and averages; both are separable, so a region's grid is `rows · map · columnsᵀ` with one small matrix of
weights per axis. Two matrix products a picture are faster on a processor than a gather for every sample.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

AT_ONCE = 64
"""Regions that are max-pooled together: their windows are gathered, which takes memory."""


def align(
    maps: Tensor, regions: Tensor, output_h: int, output_w: int, scale: float, sampling: int, aligned: bool
) -> Tensor:
    """RoIAlign (Mask R-CNN, arXiv 1703.06870, section 3): see `models.rcnn.region_operators.roi_align`."""
    if sampling < 1:
        raise ValueError(f"sampling must be at least 1 point per bin and axis, found {sampling}")

    def one(plane: Tensor, boxes: Tensor) -> Tensor:
        height, width = plane.shape[1:]
        shift = 0.5 if aligned else 0.0
        start, end = (boxes * scale - shift).view(-1, 2, 2).unbind(1)
        # Without the half pixel a region is at least one cell wide, as the operator first was.
        size = end - start if aligned else (end - start).clamp(min=1.0)
        across = _weights(start[:, 0], size[:, 0], output_w, sampling, width)
        down = _weights(start[:, 1], size[:, 1], output_h, sampling, height)
        rows = torch.einsum("rih,chw->ricw", down, plane)
        return torch.einsum("ricw,rjw->rcij", rows, across)

    return _by_picture(maps, regions, (output_h, output_w), one)


def _weights(start: Tensor, size: Tensor, bins: int, sampling: int, length: int) -> Tensor:
    """(R, bins, length): how much each cell of an axis counts in each bin. Samples beyond one cell outside count as 0."""
    steps = (torch.arange(bins * sampling, device=start.device) + 0.5) / sampling
    place = start[:, None] + steps * (size / bins)[:, None]
    inside = (place >= -1) & (place <= length)
    cells = torch.arange(length, device=start.device)
    hat = (1 - (place.clamp(0, length - 1)[:, :, None] - cells).abs()).clamp(min=0)
    return (hat * inside[:, :, None]).view(len(start), bins, sampling, length).mean(dim=2)


def max_pool(maps: Tensor, regions: Tensor, output_h: int, output_w: int, scale: float) -> Tensor:
    """RoI max pooling (Fast R-CNN, arXiv 1504.08083, section 2.1): see `models.rcnn.region_operators.roi_max_pool`."""

    def one(plane: Tensor, boxes: Tensor) -> Tensor:
        parts = [_max_of_windows(plane, some, output_h, output_w) for some in torch.split(boxes, AT_ONCE)]
        return torch.cat(parts) if parts else plane.new_zeros((0, len(plane), output_h, output_w))

    cells = torch.cat((regions[:, :1], _half_away_from_zero(regions[:, 1:] * scale)), dim=1)
    return _by_picture(maps, cells, (output_h, output_w), one)


def _half_away_from_zero(values: Tensor) -> Tensor:
    """C's `round`, which the operator is defined by; torch rounds halves to the even number."""
    return torch.where(values < 0, (values - 0.5).ceil(), (values + 0.5).floor())


def _max_of_windows(plane: Tensor, boxes: Tensor, output_h: int, output_w: int) -> Tensor:
    """(C, H, W) and (r, 4) inclusive whole cells to (r, C, output_h, output_w): the rows' maximum, then the columns'."""
    rows, has_rows = _windows(boxes[:, 1], boxes[:, 3], output_h, plane.shape[1])
    columns, has_columns = _windows(boxes[:, 0], boxes[:, 2], output_w, plane.shape[2])
    taken = plane[:, rows]  # (C, r, output_h, longest, W)
    lines = taken.masked_fill(~has_rows[None, ..., None], -math.inf).max(dim=3).values
    index = columns[None, :, None].expand(len(plane), -1, output_h, -1, -1).flatten(3)
    cells = lines.gather(3, index).view(*lines.shape[:3], *columns.shape[1:])
    best = cells.masked_fill(~has_columns[None, :, None], -math.inf).max(dim=4).values
    return torch.where(best == -math.inf, 0.0, best).transpose(0, 1)


def _windows(first: Tensor, last: Tensor, bins: int, length: int) -> tuple[Tensor, Tensor]:
    """(r, bins, longest) int64 cells of each bin, and which of them there are; bins share the cells at their edges."""
    size = (last - first + 1).clamp(min=1)
    edges = torch.arange(bins + 1, device=first.device) * (size / bins)[:, None]
    start = (edges[:, :-1].floor() + first[:, None]).clamp(0, length).long()
    end = (edges[:, 1:].ceil() + first[:, None]).clamp(0, length).long()
    longest = max(1, int((end - start).max())) if len(first) else 1
    cells = start[..., None] + torch.arange(longest, device=first.device)
    return cells.clamp(max=length - 1), cells < end[..., None]


def _by_picture(
    maps: Tensor, regions: Tensor, size: tuple[int, int], pool: Callable[[Tensor, Tensor], Tensor]
) -> Tensor:
    """Pools picture by picture, and puts the regions back into their order."""
    owners = regions[:, 0].long()
    places = [(owners == picture).nonzero()[:, 0] for picture in range(len(maps))]
    parts = [pool(maps[i], regions[own, 1:]) for i, own in enumerate(places) if len(own)]
    if not parts:
        return maps.new_zeros((0, maps.shape[1], *size)) + 0 * maps.sum()
    order: Tensor = torch.cat(places).argsort()
    return torch.cat(parts)[order]
