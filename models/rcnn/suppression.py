"""Non-maximum suppression as tensor operations: of two boxes that overlap too much, the one that scores less goes.

The greedy rule (best first; whatever a kept box overlaps is dropped) reads sequentially, but is a fixed point: a box stays exactly if
no better box that stays overlaps it. Starting from "all stay" and applying that sentence again and again settles, from the best box down,
after as many rounds as the longest chain of boxes that save each other, which is a handful.
"""

import torch
from torch import Tensor


def overlaps(boxes_xyxy: Tensor) -> Tensor:
    """(…, K, 4) to (…, K, K) IoU of all pairs. Corners may come in any order; a box without area overlaps nothing."""
    low = torch.minimum(boxes_xyxy[..., :2], boxes_xyxy[..., 2:])
    high = torch.maximum(boxes_xyxy[..., :2], boxes_xyxy[..., 2:])
    area = (high - low).prod(dim=-1)
    corner = torch.maximum(low[..., :, None, :], low[..., None, :, :])
    inside = (torch.minimum(high[..., :, None, :], high[..., None, :, :]) - corner).clamp(min=0).prod(dim=-1)
    union = area[..., :, None] + area[..., None, :] - inside
    return torch.where(inside > 0, inside / union.clamp(min=1e-12), 0.0)


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
    better = (overlaps(boxes_xyxy[order]) > iou).triu(1)
    stays = torch.ones(len(order), dtype=torch.bool, device=order.device)
    while True:
        after = ~(better & stays[:, None]).any(dim=0)
        if torch.equal(after, stays):
            return order[stays][:most]
        stays = after
