"""The head that judges regions: two wide layers, then a score per class and a box per class (Fast R-CNN, arXiv 1504.08083, section 2)."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.detect.targets import Targets
from models.rcnn.assignment import match, sample
from models.rcnn.box_coding import decode, encode
from models.rcnn.spec import RegionHeadSpec

BACKGROUND = 0
"""The first class of the scores; the spec's classes follow."""
OBJECT_IOU = 0.5
SMOOTH_BELOW = 1 / 9


class Judged(NamedTuple):
    """What the head says of R regions."""

    logits: Tensor
    """(R, 1 + C): background first."""
    deltas: Tensor
    """(R, 1 + C, 4): steps to a box of each class; those of the background mean nothing."""


class RegionHead(nn.Module):
    """From a region's features to scores and boxes."""

    def __init__(self, spec: RegionHeadSpec) -> None:
        super().__init__()
        outputs = 1 + len(spec.classes)
        self.first = nn.Linear(spec.width * spec.roi_size**2, spec.hidden)
        self.second = nn.Linear(spec.hidden, spec.hidden)
        self.score = nn.Linear(spec.hidden, outputs)
        self.box = nn.Linear(spec.hidden, 4 * outputs)
        # Fast R-CNN, section 2.3: scores start alike, boxes where the regions are.
        nn.init.normal_(self.score.weight, std=0.01)
        nn.init.normal_(self.box.weight, std=0.001)
        for layer in (self.score, self.box):
            nn.init.zeros_(layer.bias)

    def forward(self, features: Tensor) -> Judged:
        """(R, width, roi_size, roi_size) to logits and steps."""
        x = functional.relu(self.first(features.flatten(1)))
        x = functional.relu(self.second(x))
        return Judged(self.score(x), self.box(x).unflatten(1, (-1, 4)))


def scores_and_boxes(judged: Judged, regions: Tensor) -> tuple[Tensor, Tensor]:
    """(R, C) softmax scores without the background's and (R, C, 4) xyxy boxes, in pixels of the input and not clipped."""
    scores = judged.logits.softmax(dim=1)[:, 1:]
    return scores, decode(judged.deltas[:, 1:], regions[:, None, 1:])


class HeadExamples(NamedTuple):
    """Regions to learn from, and what is true of them."""

    regions: Tensor
    """(R, 5)."""
    labels: Tensor
    """(R,) int64 of 1 + C classes, background first."""
    boxes: Tensor
    """(R, 4) the object each positive one stands for; the region itself of the others."""


def head_examples(regions: Tensor, targets: Targets, pictures: int, count: int, positive_share: float) -> HeadExamples:
    """Draws regions of each picture, its objects among them (Fast R-CNN, section 2.3).

    A region that overlaps an object by half stands for it; all others are background. The paper leaves out those below 0.1, as
    easy; with the few hundred regions here they are needed to learn what background is.

    Args:
        regions: (R, 5) proposals.
        targets: the objects of the batch.
        pictures: how many there are.
        count: regions drawn of each picture.
        positive_share: most of them that stand for objects.
    """
    parts = []
    for picture in range(pictures):
        objects = targets.boxes_xyxy[targets.owners == picture]
        classes = targets.labels[targets.owners == picture]
        boxes = torch.cat((regions[regions[:, 0] == picture, 1:], objects))
        matched = match(boxes, objects, OBJECT_IOU, OBJECT_IOU, keep_best=False)
        positive, negative = sample(matched, count, positive_share)
        chosen = torch.cat((positive, negative))
        labels = torch.cat((classes[matched[positive]] + 1, torch.full_like(negative, BACKGROUND)))
        truth = torch.cat((objects[matched[positive]], boxes[negative]))
        owner = torch.full((len(chosen), 1), float(picture), device=boxes.device)
        parts.append(HeadExamples(torch.cat((owner, boxes[chosen]), dim=1), labels, truth))
    return HeadExamples(*(torch.cat(column) for column in zip(*parts, strict=True)))


def head_loss(judged: Judged, examples: HeadExamples) -> dict[str, Tensor]:
    """The multi-task loss (Fast R-CNN, section 2.3, equation 1): cross-entropy, and smooth L1 on the boxes of the true classes."""
    count = max(len(examples.labels), 1)
    positive = (examples.labels != BACKGROUND).nonzero()[:, 0]
    own = judged.deltas[positive, examples.labels[positive]]
    wanted = encode(examples.boxes[positive], examples.regions[positive, 1:])
    return {
        "region_class": functional.cross_entropy(judged.logits, examples.labels, reduction="sum") / count,
        "region_box": functional.smooth_l1_loss(own, wanted, beta=SMOOTH_BELOW, reduction="sum") / count,
    }
