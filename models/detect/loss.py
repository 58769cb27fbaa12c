"""The loss of a YOLO with anchors.

As in YOLOv2 and v3: only responsible anchors learn boxes and classes; the others learn that they are empty, unless
they overlap a box so well that calling them empty would be unfair; classes are independent logistic outputs.
What differs: the box term is CIoU by default (`box_term = "squared"` is the papers' squared error on t, with BCE on xy as
in Darknet's v3), and the objectness of a responsible anchor is taught the IoU of its present box, as YOLOv1 and v2 define
confidence, rather than v3's 1 (`objectness_target = "one"`).
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from models.detect.box_coder import Scale, decode_scale
from models.detect.box_overlap import complete_iou, iou
from models.detect.spec import YoloSpec
from models.detect.targets import Assignment, Targets, assign, responsible_anchors


@dataclass(frozen=True)
class LossSettings:
    """Weights and thresholds of the loss.

    Attributes:
        box_weight, objectness_weight, class_weight: factors of the three terms, each a sum over the batch divided by
            its number of responsible anchors.
        min_shape_iou: anchors above this shape IoU with a box are responsible for it; the best one always is.
        ignore_iou: an anchor that is not responsible but overlaps any box more than this is not called empty.
        box_term: "ciou" or "squared".
        objectness_target: "iou" or "one".
    """

    box_weight: float = 5.0
    objectness_weight: float = 1.0
    class_weight: float = 1.0
    min_shape_iou: float = 0.3
    ignore_iou: float = 0.6
    box_term: str = "ciou"
    objectness_target: str = "iou"

    def __post_init__(self) -> None:
        if self.box_term not in BOX_TERMS:
            raise ValueError(f"box_term must be one of {sorted(BOX_TERMS)}, found {self.box_term!r}")
        if self.objectness_target not in ("iou", "one"):
            raise ValueError(f"objectness_target must be 'iou' or 'one', found {self.objectness_target!r}")


class Losses(NamedTuple):
    """The weighted terms (scalars) of one batch."""

    box: Tensor
    objectness: Tensor
    classes: Tensor

    @property
    def total(self) -> Tensor:
        """Their sum: what is minimised."""
        return self.box + self.objectness + self.classes


def yolo_loss(raw: tuple[Tensor, ...], targets: Targets, spec: YoloSpec, settings: LossSettings) -> Losses:
    """The loss of one batch; a batch without boxes only learns emptiness.

    Args:
        raw: heads as `Yolo.forward` gives them.
        targets: boxes in pixels of the network's input.
        spec: how to decode.
        settings: weights and thresholds.
    """
    chosen = responsible_anchors(targets, spec, settings.min_shape_iou)
    sums: list[Tensor] = []
    responsible = 0
    for index, head in enumerate(raw):
        scale = decode_scale(head, spec, index)
        assignment = assign(targets, spec, index, (head.shape[2], head.shape[3]), chosen)
        sums.append(torch.stack(_scale_terms(scale, assignment, targets, spec, index, settings)))
        responsible += len(assignment.owners)
    weights = sums[0].new_tensor([settings.box_weight, settings.objectness_weight, settings.class_weight])
    return Losses(*(torch.stack(sums).sum(dim=0) * weights / max(responsible, 1)))


def _scale_terms(
    scale: Scale, assignment: Assignment, targets: Targets, spec: YoloSpec, index: int, settings: LossSettings
) -> tuple[Tensor, Tensor, Tensor]:
    """Box, objectness and class terms of one scale, summed over its places."""
    wanted = targets.boxes_xyxy[assignment.targets]
    box = BOX_TERMS[settings.box_term](scale, assignment, wanted, spec, index)
    logits = scale.classes[assignment.places]
    truth = functional.one_hot(targets.labels[assignment.targets], logits.shape[-1]).to(logits.dtype)
    classes = functional.binary_cross_entropy_with_logits(logits, truth, reduction="sum")
    return box, _objectness_term(scale, assignment, targets, settings), classes


def _objectness_term(scale: Scale, assignment: Assignment, targets: Targets, settings: LossSettings) -> Tensor:
    with torch.no_grad():
        boxes = scale.boxes_xyxy
        best = best_overlap(boxes.flatten(1, 3), targets).view(boxes.shape[:4])
        truth = torch.zeros_like(scale.objectness)
        own = iou(boxes[assignment.places], targets.boxes_xyxy[assignment.targets])
        truth[assignment.places] = own if settings.objectness_target == "iou" else torch.ones_like(own)
        counted = best <= settings.ignore_iou
        counted[assignment.places] = True
    losses = functional.binary_cross_entropy_with_logits(scale.objectness, truth, reduction="none")
    return (losses * counted).sum()


def best_overlap(boxes_xyxy: Tensor, targets: Targets) -> Tensor:
    """For (N, K, 4) decoded boxes, (N, K): the highest IoU with any target of the same picture, 0 where it has none."""
    best = boxes_xyxy.new_zeros(boxes_xyxy.shape[:2])
    for row in range(len(boxes_xyxy)):
        own = targets.boxes_xyxy[targets.owners == row]
        if len(own):
            best[row] = iou(boxes_xyxy[row, :, None], own[None]).amax(dim=1)
    return best


def _ciou_term(scale: Scale, assignment: Assignment, wanted: Tensor, _spec: YoloSpec, _index: int) -> Tensor:
    return (1 - complete_iou(scale.boxes_xyxy[assignment.places], wanted)).sum()


def _squared_term(scale: Scale, assignment: Assignment, wanted: Tensor, spec: YoloSpec, index: int) -> Tensor:
    """BCE on the centre's sigmoid, squared error on log size, small boxes weighted up by 2 − area (Darknet's v3)."""
    raw = scale.raw_boxes[assignment.places]
    stride, reach = spec.strides[index], spec.scale_xy
    cells = torch.stack((assignment.columns, assignment.rows), dim=1)
    offsets = (wanted[:, :2] + wanted[:, 2:]) / 2 / stride - cells
    centre_truth = ((offsets + (reach - 1) / 2) / reach).clamp(0, 1)
    sizes = wanted[:, 2:] - wanted[:, :2]
    anchors = torch.tensor(spec.anchors_px[index], device=raw.device)[assignment.anchors]
    centre = functional.binary_cross_entropy_with_logits(raw[:, :2], centre_truth, reduction="none").sum(dim=1)
    size = 0.5 * (raw[:, 2:] - (sizes / anchors).log()).square().sum(dim=1)
    input_area = float(scale.objectness.shape[2] * scale.objectness.shape[3] * stride**2)
    return ((centre + size) * (2 - sizes.prod(dim=1) / input_area)).sum()


BOX_TERMS = {"ciou": _ciou_term, "squared": _squared_term}
