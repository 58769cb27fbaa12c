"""From the grid of a YOLOv1 to boxes and scores (Redmon et al. 2016, sections 2 and 2.3)."""

from typing import NamedTuple

import torch
from torch import Tensor

from models.detect.evaluation import Found, select_best
from models.yolo_v1.spec import YoloV1Spec


class Cells(NamedTuple):
    """The grid with its values apart; leading axes (N, S, S), rows first."""

    centres: Tensor
    """(…, B, 2) x, y from the cell's upper left corner, in cells."""
    roots_wh: Tensor
    """(…, B, 2) √w, √h of parts of the picture's sides, as they left the network: a negative one stands for its square, too."""
    confidences: Tensor
    """(…, B)."""
    classes: Tensor
    """(…, C)."""


def split_cells(grid: Tensor, spec: YoloV1Spec) -> Cells:
    """(N, S, S, B·5 + C) by meaning."""
    boxes = grid[..., : 5 * spec.boxes_per_cell].reshape(*grid.shape[:3], spec.boxes_per_cell, 5)
    return Cells(boxes[..., :2], boxes[..., 2:4], boxes[..., 4], grid[..., 5 * spec.boxes_per_cell :])


def boxes_of(cells: Cells, spec: YoloV1Spec) -> Tensor:
    """(N, S, S, B, 4) float32 xyxy, pixels of the network's input, not clipped."""
    steps = torch.arange(spec.side, device=cells.centres.device)
    rows, columns = torch.meshgrid(steps, steps, indexing="ij")
    corners = torch.stack((columns, rows), dim=-1)[:, :, None]  # (S, S, 1, 2)
    centres = (cells.centres + corners) * (spec.input_size / spec.side)
    half = cells.roots_wh.square() * (spec.input_size / 2)
    return torch.cat((centres - half, centres + half), dim=-1)


def decode(grid: Tensor, spec: YoloV1Spec) -> tuple[Tensor, Tensor]:
    """All candidates of a batch.

    Returns:
        Boxes (N, S·S·B, 4) in input pixels, xyxy, and scores (N, S·S·B, C) in 0 to 1: confidence × class, equation 1. What left the
        network outside of 0 to 1 is brought to the nearer end before.
    """
    cells = split_cells(grid, spec)
    scores = cells.confidences.clamp(0, 1)[..., None] * cells.classes.clamp(0, 1)[..., None, :]
    return boxes_of(cells, spec).flatten(1, 3), scores.flatten(1, 3)


def select(grid: Tensor, spec: YoloV1Spec) -> list[Found]:
    """What is found on each picture, see `models.detect.evaluation.select_best`."""
    boxes, scores = (values.detach().float().cpu().numpy() for values in decode(grid, spec))
    return [select_best(*pair) for pair in zip(boxes, scores, strict=True)]
