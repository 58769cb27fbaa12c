"""Non-maximum suppression as tensor operations: of two boxes that overlap too much, the one that scores less goes.

The greedy rule (best first; whatever a kept box overlaps is dropped) reads sequentially, but is a fixed point: a box stays exactly if
no better box that stays overlaps it. Starting from "all stay" and applying that sentence again and again settles, from the best box down,
after as many rounds as the longest chain of boxes that save each other, which is a handful. Boxes are taken block by block, best first:
most of them are never compared, because enough stay before it is their turn.
"""

import torch
from torch import Tensor

BLOCK = 256


def overlaps(ones_xyxy: Tensor, others_xyxy: Tensor) -> Tensor:
    """(K, 4) and (L, 4) to (K, L) IoU. Corners may come in any order; a box without area overlaps nothing."""
    low, high, area = _bounds(ones_xyxy)
    other_low, other_high, other_area = _bounds(others_xyxy)
    # Axis by axis: a last dimension of two is slow.
    wide, deep = (
        (
            torch.minimum(high[:, None, axis], other_high[:, axis])
            - torch.maximum(low[:, None, axis], other_low[:, axis])
        )
        for axis in (0, 1)
    )
    inside = wide.clamp(min=0) * deep.clamp(min=0)
    union = area[:, None] + other_area - inside
    return torch.where(inside > 0, inside / union.clamp(min=1e-12), 0.0)


def _bounds(boxes_xyxy: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    low = torch.minimum(boxes_xyxy[:, :2], boxes_xyxy[:, 2:])
    high = torch.maximum(boxes_xyxy[:, :2], boxes_xyxy[:, 2:])
    return low, high, (high - low).prod(dim=1)


def suppress(boxes_xyxy: Tensor, scores: Tensor, iou: float, most: int) -> Tensor:
    """Indices of the boxes of one picture that stay, best first; of equal scores the first comes first.

    Args:
        boxes_xyxy: (K, 4).
        scores: (K,).
        iou: of two boxes that overlap more, the weaker goes.
        most: how many stay at most.

    Returns:
        (M,) int64.
    """
    order = scores.argsort(descending=True, stable=True)
    kept = order[:0]
    for block in torch.split(order, BLOCK):
        free = ~(overlaps(boxes_xyxy[kept], boxes_xyxy[block]) > iou).any(dim=0)
        block = block[free]
        kept = torch.cat((kept, block[_staying(boxes_xyxy[block], iou)]))
        if len(kept) >= most:
            break
    return kept[:most]


def _staying(ranked_xyxy: Tensor, iou: float) -> Tensor:
    """(K,) bool: which of some boxes, best first, stay."""
    better = (overlaps(ranked_xyxy, ranked_xyxy) > iou).triu(1)
    stays = torch.ones(len(ranked_xyxy), dtype=torch.bool, device=ranked_xyxy.device)
    while True:
        after = ~(better & stays[:, None]).any(dim=0)
        if torch.equal(after, stays):
            return stays
        stays = after
