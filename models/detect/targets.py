"""Which cell and anchor answers for which box.

YOLOv3 (arXiv 1804.02767, section 2.1) makes one anchor responsible: the best by shape, at the cell that holds the
centre. Two extensions give small data more to learn from, and reduce to the paper's rule at their neutral values:
every anchor whose shape overlaps enough is responsible too (`min_shape_iou` 1 switches it off), and so is every
neighbouring cell that can reach the centre (none can when `scale_xy` is 1).
"""

from typing import NamedTuple

import torch
from torch import Tensor

from models.detect.box_overlap import shape_iou
from models.detect.spec import YoloSpec


class Targets(NamedTuple):
    """The M boxes of a batch."""

    boxes_xyxy: Tensor
    """(M, 4) float32, pixels of the network's input."""
    labels: Tensor
    """(M,) int64 class ids."""
    owners: Tensor
    """(M,) int64, the row of the batch that each box lies in."""


class Assignment(NamedTuple):
    """The P responsible places of one scale; indices into (N, B, rows, columns), and the target each answers for."""

    owners: Tensor
    anchors: Tensor
    rows: Tensor
    columns: Tensor
    targets: Tensor
    """(P,) int64 index into the boxes of the batch."""

    @property
    def places(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Indexes a (N, B, rows, columns, …) tensor."""
        return self.owners, self.anchors, self.rows, self.columns


def responsible_anchors(targets: Targets, spec: YoloSpec, min_shape_iou: float) -> Tensor:
    """(M, scales, B) bool: the best anchor of each box, and all whose shape IoU is above `min_shape_iou`."""
    anchors = torch.tensor(spec.anchors_px, device=targets.boxes_xyxy.device).flatten(0, 1)
    overlap = shape_iou(targets.boxes_xyxy[:, 2:] - targets.boxes_xyxy[:, :2], anchors)
    chosen = overlap > min_shape_iou
    if len(overlap):
        chosen[torch.arange(len(overlap)), overlap.argmax(dim=1)] = True
    return chosen.view(-1, len(spec.strides), spec.anchors_per_cell)


def assign(targets: Targets, spec: YoloSpec, scale: int, grid: tuple[int, int], chosen: Tensor) -> Assignment:
    """The responsible places of one scale.

    Args:
        targets: boxes of the batch.
        spec: anchors, strides and reach.
        scale: index of the scale.
        grid: (rows, columns) of its head.
        chosen: (M, scales, B) from `responsible_anchors`.
    """
    which, anchors = chosen[:, scale].nonzero(as_tuple=True)
    boxes = targets.boxes_xyxy[which]
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2 / spec.strides[scale]
    cells = centres.floor().long()
    limits = torch.tensor([grid[1], grid[0]], device=boxes.device)
    parts = [_answer(which, anchors, cells + step, centres, limits, spec.scale_xy) for step in _steps(boxes.device)]
    which, anchors, cells = (torch.cat(column) for column in zip(*parts, strict=True))
    return Assignment(targets.owners[which], anchors, cells[:, 1], cells[:, 0], which)


def _steps(device: torch.device) -> Tensor:
    """Own cell and the four beside it, as (x, y) steps."""
    return torch.tensor([[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]], device=device)


def _answer(
    which: Tensor, anchors: Tensor, cells: Tensor, centres: Tensor, limits: Tensor, reach: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Keeps the cells that lie in the grid and reach the centre: sigmoid·s − (s − 1)/2 spans 1/2 ± s/2, open-ended."""
    from_middle = (centres - cells - 0.5).abs().amax(dim=1)
    # The own cell always answers: with a reach of 1 a centre on its very edge is still its own.
    near = (from_middle < reach / 2) | (centres.floor().long() == cells).all(dim=1)
    inside = ((cells >= 0) & (cells < limits)).all(dim=1)
    keep = near & inside
    return which[keep], anchors[keep], cells[keep]
