"""The loss of YOLOv1 (Redmon et al. 2016, section 2.2, equation 3): squared errors throughout."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from models.detect.box_overlap import iou
from models.detect.targets import Targets
from models.yolo_v1.decoding import boxes_of, split_cells
from models.yolo_v1.spec import YoloV1Spec
from models.yolo_v1.targets import assign


@dataclass(frozen=True)
class LossSettings:
    """The factors of equation 3.

    Attributes:
        coordinates: λ_coord, of centres and of the roots of sizes.
        no_object: λ_noobj, of the confidence of boxes that answer for nothing.
    """

    coordinates: float = 5.0
    no_object: float = 0.5


class Losses(NamedTuple):
    """The weighted terms (scalars) of a batch: sums over the grid, means over pictures."""

    centre: Tensor
    size: Tensor
    confidence: Tensor
    nothing: Tensor
    classes: Tensor

    @property
    def total(self) -> Tensor:
        """Their sum: what is minimised."""
        return self.centre + self.size + self.confidence + self.nothing + self.classes


def yolo_v1_loss(grid: Tensor, targets: Targets, spec: YoloV1Spec, settings: LossSettings) -> Losses:
    """The loss of one batch; a picture without objects only teaches that its boxes answer for nothing.

    Errors of sizes are errors of their roots, because a deviation matters less in a large box than in a small one. A box that
    answers is taught the IoU it has at present as its confidence, without a gradient through the IoU.

    Args:
        grid: (N, S, S, B·5 + C) as `YoloV1.forward` gives it.
        targets: boxes in pixels of the network's input.
        spec: how to decode.
        settings: the factors.
    """
    cells, answers = split_cells(grid, spec), assign(targets, spec)
    with torch.no_grad():
        boxes = boxes_of(cells, spec)[answers.places]
        overlaps = iou(boxes, answers.boxes_xyxy[:, None])  # (P, B)
        chosen = responsible(overlaps, boxes, answers.boxes_xyxy)
    places = (*answers.places, chosen)
    responsible_here = torch.zeros_like(cells.confidences, dtype=torch.bool)
    responsible_here[places] = True
    wanted = overlaps.gather(1, chosen[:, None])[:, 0]
    truth = functional.one_hot(answers.labels, len(spec.classes)).to(grid.dtype)
    sums = Losses(
        centre=settings.coordinates * _squares(cells.centres[places], answers.centres),
        size=settings.coordinates * _squares(cells.roots_wh[places], answers.sizes_wh.sqrt()),
        confidence=_squares(cells.confidences[places], wanted),
        nothing=settings.no_object * (cells.confidences.square() * ~responsible_here).sum(),
        classes=_squares(cells.classes[answers.places], truth),
    )
    return Losses(*(term / len(grid) for term in sums))


def responsible(overlaps: Tensor, boxes_xyxy: Tensor, wanted_xyxy: Tensor) -> Tensor:
    """(P,) the box of each cell that answers for its object: the one with the highest IoU.

    Where none overlaps it is the one whose edges are nearest, as in Darknet; the paper does not say.

    Args:
        overlaps: (P, B) IoU of each box with the object.
        boxes_xyxy: (P, B, 4).
        wanted_xyxy: (P, 4).
    """
    distances = (boxes_xyxy - wanted_xyxy[:, None]).square().sum(dim=2)
    apart = overlaps.amax(dim=1, keepdim=True) <= 0
    return torch.where(apart, -distances, overlaps).argmax(dim=1)


def _squares(found: Tensor, wanted: Tensor) -> Tensor:
    return (found - wanted).square().sum()
