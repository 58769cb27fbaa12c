"""Which boxes are examples of what: regions matched with objects by overlap, and a balanced sample of them."""

from typing import NamedTuple

import torch
from torch import Tensor

from models.detect.box_overlap import iou

NEGATIVE, BETWEEN = -1, -2
"""Background; and neither object nor background, which teaches nothing."""
EQUAL = 1e-6


class Sampled(NamedTuple):
    """The rows to learn from: (P,) and (Q,) int64."""

    positive: Tensor
    negative: Tensor


def match(boxes_xyxy: Tensor, objects_xyxy: Tensor, low: float, high: float, *, keep_best: bool) -> Tensor:
    """The object of each box (Faster R-CNN, section 3.1.2).

    Args:
        boxes_xyxy: (K, 4) anchors or proposals.
        objects_xyxy: (M, 4) objects of the picture, M may be 0.
        low: below this IoU with all objects a box is background.
        high: from this IoU on it stands for the object that it overlaps most.
        keep_best: whether an object that no box overlaps so well is left to the boxes that overlap it most.

    Returns:
        (K,) int64: an index of an object, `NEGATIVE` or `BETWEEN`.
    """
    if not len(objects_xyxy):
        return torch.full((len(boxes_xyxy),), NEGATIVE, device=boxes_xyxy.device)
    overlap = iou(objects_xyxy[:, None], boxes_xyxy[None])
    best, which = overlap.max(dim=0)
    matched = torch.where(best >= high, which, torch.where(best < low, NEGATIVE, BETWEEN))
    if keep_best and len(boxes_xyxy):
        most = overlap.max(dim=1, keepdim=True).values
        closest = ((overlap >= most - EQUAL) & (most > 0)).any(dim=0)
        matched = torch.where(closest, which, matched)
    return matched


def sample(matched: Tensor, count: int, positive_share: float) -> Sampled:
    """Draws up to `count` rows, at most `positive_share` of them positive; background fills what positives leave (section 3.1.3)."""
    positive, negative = (matched >= 0).nonzero()[:, 0], (matched == NEGATIVE).nonzero()[:, 0]
    taken = positive[torch.randperm(len(positive), device=matched.device)[: int(count * positive_share)]]
    rest = negative[torch.randperm(len(negative), device=matched.device)[: count - len(taken)]]
    return Sampled(taken, rest)
