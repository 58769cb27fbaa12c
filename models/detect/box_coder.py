"""From raw head tensors to boxes: YOLOv2's direct location prediction (arXiv 1612.08242, section 2), with a reach."""

from typing import NamedTuple

import torch
from torch import Tensor

from models.detect.spec import YoloSpec

# exp() of a wild early prediction must not become infinite; e^6 anchors is wider than any picture.
MAX_LOG_SIZE = 6.0


class Scale(NamedTuple):
    """One head, its channels apart; every tensor is float32 with leading axes (N, B, rows, columns)."""

    boxes_xyxy: Tensor
    """(…, 4), pixels of the network's input, not clipped."""
    objectness: Tensor
    """(…), logits."""
    classes: Tensor
    """(…, C), logits."""
    raw_boxes: Tensor
    """(…, 4), tx, ty, tw, th as they left the network."""


def decode_scale(raw: Tensor, spec: YoloSpec, scale: int) -> Scale:
    """Decodes the head of one scale: (N, B·(5+C), rows, columns) to a `Scale`.

    centre = (sigmoid(t_xy)·s − (s − 1)/2 + cell)·stride, size = anchor·exp(t_wh), with s = `spec.scale_xy`.
    """
    count, _, rows, columns = raw.shape
    values = raw.view(count, spec.anchors_per_cell, spec.values_per_anchor, rows, columns).permute(0, 1, 3, 4, 2)
    stride, reach = spec.strides[scale], spec.scale_xy
    y, x = torch.meshgrid(
        torch.arange(rows, device=raw.device), torch.arange(columns, device=raw.device), indexing="ij"
    )
    anchors = torch.tensor(spec.anchors_px[scale], device=raw.device)[:, None, None]
    centres = (values[..., :2].sigmoid() * reach - (reach - 1) / 2 + torch.stack((x, y), dim=-1)) * stride
    half_sizes = anchors * values[..., 2:4].clamp(max=MAX_LOG_SIZE).exp() / 2
    boxes = torch.cat((centres - half_sizes, centres + half_sizes), dim=-1)
    return Scale(boxes, values[..., 4], values[..., 5:], values[..., :4])


def flatten_scales(scales: list[Scale]) -> tuple[Tensor, Tensor]:
    """All candidates of a batch in one list.

    Returns:
        Boxes (N, K, 4) in input pixels, xyxy, and scores (N, K, C) = sigmoid(objectness)·sigmoid(class), with K the sum of
        B·rows·columns over the scales, in their order.
    """
    boxes = torch.cat([scale.boxes_xyxy.flatten(1, 3) for scale in scales], dim=1)
    scores = [scale.objectness.sigmoid()[..., None] * scale.classes.sigmoid() for scale in scales]
    return boxes, torch.cat([score.flatten(1, 3) for score in scores], dim=1)
