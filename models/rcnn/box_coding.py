"""Boxes as steps from regions, and back (R-CNN, arXiv 1311.2524, appendix C, equations 1 to 4 and 6 to 9).

dx and dy move the centre in units of the region's sides, dw and dh are logarithms of the sides' ratios. Fast R-CNN normalises them to unit
variance (section 3.1); as in its public implementations that is a fixed factor each, the `weights`.
"""

import math

import torch
from torch import Tensor

REGION_WEIGHTS = (10.0, 10.0, 5.0, 5.0)
"""Of the steps from a proposal to a class's box."""
ANCHOR_WEIGHTS = (1.0, 1.0, 1.0, 1.0)
"""Of the steps from an anchor to a proposal."""
MOST_LOG = math.log(1000 / 16)
"""No box is made more than 62.5 times as wide as its region: an untrained network would overflow."""
LEAST_SIDE_PX = 1e-3

Weights = tuple[float, float, float, float]


def _centres_and_sides(boxes_xyxy: Tensor) -> tuple[Tensor, Tensor]:
    sides = boxes_xyxy[..., 2:] - boxes_xyxy[..., :2]
    return boxes_xyxy[..., :2] + sides / 2, sides


def encode(boxes_xyxy: Tensor, regions_xyxy: Tensor, weights: Weights = REGION_WEIGHTS) -> Tensor:
    """(…, 4) dx, dy, dw, dh that lead from regions to boxes; sides below a thousandth of a pixel count as that."""
    centres, sides = _centres_and_sides(boxes_xyxy)
    from_centres, from_sides = _centres_and_sides(regions_xyxy)
    sides, from_sides = sides.clamp(min=LEAST_SIDE_PX), from_sides.clamp(min=LEAST_SIDE_PX)
    steps = torch.cat(((centres - from_centres) / from_sides, (sides / from_sides).log()), dim=-1)
    return steps * steps.new_tensor(weights)


def decode(deltas: Tensor, regions_xyxy: Tensor, weights: Weights = REGION_WEIGHTS) -> Tensor:
    """The inverse of `encode`: (…, 4) steps and broadcastable regions to (…, 4) boxes, not clipped to the picture."""
    steps = deltas / deltas.new_tensor(weights)
    from_centres, from_sides = _centres_and_sides(regions_xyxy)
    centres = steps[..., :2] * from_sides + from_centres
    half = steps[..., 2:].clamp(max=MOST_LOG).exp() * from_sides / 2
    return torch.cat((centres - half, centres + half), dim=-1)


def clip(boxes_xyxy: Tensor, height: int, width: int) -> Tensor:
    """(…, 4) boxes cut at the edges of a picture of this many pixels."""
    x1, y1, x2, y2 = boxes_xyxy.unbind(-1)
    return torch.stack((x1.clamp(0, width), y1.clamp(0, height), x2.clamp(0, width), y2.clamp(0, height)), dim=-1)
