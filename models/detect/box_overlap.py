"""How much boxes overlap: intersection over union by position, by shape alone, and as a differentiable penalty."""

import math

import torch
from torch import Tensor

TINY = 1e-7


def area(boxes_xyxy: Tensor) -> Tensor:
    """(…, 4) to (…): width × height, in the boxes' own unit squared."""
    return (boxes_xyxy[..., 2] - boxes_xyxy[..., 0]) * (boxes_xyxy[..., 3] - boxes_xyxy[..., 1])


def iou(one_xyxy: Tensor, other_xyxy: Tensor) -> Tensor:
    """Elementwise IoU of two broadcastable (…, 4) tensors, in 0 to 1; empty boxes give 0."""
    top_left = torch.maximum(one_xyxy[..., :2], other_xyxy[..., :2])
    bottom_right = torch.minimum(one_xyxy[..., 2:], other_xyxy[..., 2:])
    overlap = (bottom_right - top_left).clamp(min=0).prod(dim=-1)
    return overlap / (area(one_xyxy) + area(other_xyxy) - overlap + TINY)


def shape_iou(sizes_wh: Tensor, anchors_wh: Tensor) -> Tensor:
    """IoU of boxes laid on one centre: (M, 2) and (A, 2) to (M, A). One minus it is YOLOv2's k-means distance."""
    overlap = torch.minimum(sizes_wh[:, None], anchors_wh[None]).prod(dim=-1)
    return overlap / (sizes_wh.prod(dim=-1)[:, None] + anchors_wh.prod(dim=-1)[None] - overlap)


def complete_iou(predicted_xyxy: Tensor, target_xyxy: Tensor) -> Tensor:
    """CIoU (Zheng et al., arXiv 1911.08287, section 3.3) of (M, 4) pairs: IoU less centre distance and aspect terms."""
    overlap = iou(predicted_xyxy, target_xyxy)
    hull = torch.maximum(predicted_xyxy[:, 2:], target_xyxy[:, 2:]) - torch.minimum(
        predicted_xyxy[:, :2], target_xyxy[:, :2]
    )
    apart = (predicted_xyxy[:, :2] + predicted_xyxy[:, 2:] - target_xyxy[:, :2] - target_xyxy[:, 2:]) / 2
    distance = apart.square().sum(dim=1) / (hull.square().sum(dim=1) + TINY)
    aspect = 4 / math.pi**2 * (_angle(target_xyxy) - _angle(predicted_xyxy)).square()
    with torch.no_grad():
        weight = aspect / (1 - overlap + aspect + TINY)
    return overlap - distance - weight * aspect


def _angle(boxes_xyxy: Tensor) -> Tensor:
    sizes = boxes_xyxy[:, 2:] - boxes_xyxy[:, :2]
    return torch.atan(sizes[:, 0] / (sizes[:, 1] + TINY))
