"""The region proposal network (Ren et al., arXiv 1506.01497, section 3.1): where on a map could an object be, of whatever class?"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.detect.targets import Targets
from models.rcnn.anchor_grid import level_anchors
from models.rcnn.assignment import match, sample
from models.rcnn.box_coding import ANCHOR_WEIGHTS, clip, decode, encode
from models.rcnn.region_operators import non_max_suppression
from models.rcnn.spec import FasterRcnnSpec

NEGATIVE_BELOW, POSITIVE_FROM = 0.3, 0.7
SMOOTH_BELOW = 1 / 9
LEAST_SIDE_PX = 1e-3


class Proposed(NamedTuple):
    """Per level, what the network says of all K anchors of N pictures."""

    anchors: list[Tensor]
    """(K, 4) xyxy in pixels of the input."""
    logits: list[Tensor]
    """(N, K): how much like an object."""
    deltas: list[Tensor]
    """(N, K, 4): steps to the box that is proposed."""


class Proposals(NamedTuple):
    """The regions to judge: (R, 5) picture and xyxy in pixels of the input, inside it, and (R,) objectness in 0 to 1."""

    regions: Tensor
    objectness: Tensor


class ProposalNetwork(nn.Module):
    """A 3×3 convolution over each level, then one objectness and four steps for each anchor (figure 3)."""

    def __init__(self, spec: FasterRcnnSpec) -> None:
        super().__init__()
        self.spec = spec
        count = len(spec.anchors_px[0])
        self.conv = nn.Conv2d(spec.width, spec.width, 3, padding=1)
        self.objectness = nn.Conv2d(spec.width, count, 1)
        self.box = nn.Conv2d(spec.width, 4 * count, 1)
        for layer in (self.conv, self.objectness, self.box):
            nn.init.normal_(layer.weight, std=0.01)
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]

    def forward(self, maps: Sequence[Tensor], picture: tuple[int, int]) -> Proposed:
        """Maps of each level, and the (height, width) of the input they come from."""
        seen = [functional.relu(self.conv(level)) for level in maps]
        logits = [self.objectness(level).permute(0, 2, 3, 1).flatten(1) for level in seen]
        deltas = [self.box(level).permute(0, 2, 3, 1).flatten(1).unflatten(1, (-1, 4)) for level in seen]
        return Proposed(level_anchors(self.spec.anchors_px, maps, picture), logits, deltas)

    def select(self, proposed: Proposed, picture: tuple[int, int], most: int | None = None) -> Proposals:
        """The best anchors of each level as boxes inside the picture; those that repeat a better one of their level go (section 3.3).

        Args:
            proposed: what the network says.
            picture: (height, width) of the input.
            most: proposals of a picture, instead of the spec's.
        """
        best = [self._candidates(*of, picture) for of in zip(*proposed, strict=True)]
        # Levels do not compete: each is moved to a place of its own, as far apart as a picture is long.
        far = max(picture) + 1
        apart = torch.cat([boxes + level * far for level, (boxes, _) in enumerate(best)], dim=1)
        boxes, scores = (torch.cat(column, dim=1) for column in zip(*best, strict=True))
        given = self.spec
        kept = non_max_suppression(apart, scores, given.proposal_iou, most or given.proposals)
        regions = torch.cat((kept[:, :1].to(boxes.dtype), boxes[kept[:, 0], kept[:, 1]]), dim=1)
        whole = ((regions[:, 3:] - regions[:, 1:3]) >= LEAST_SIDE_PX).all(dim=1).nonzero()[:, 0]
        return Proposals(regions[whole], scores[kept[:, 0], kept[:, 1]][whole])

    def _candidates(
        self, anchors: Tensor, logits: Tensor, deltas: Tensor, picture: tuple[int, int]
    ) -> tuple[Tensor, Tensor]:
        """(N, k, 4) boxes and (N, k) scores of the best anchors of one level."""
        count = torch.sym_min(self.spec.candidates, logits.shape[1])  # type: ignore[no-untyped-call]
        best, which = logits.topk(count, dim=1)
        steps = deltas.gather(1, which[:, :, None].expand(-1, -1, 4))
        return clip(decode(steps, anchors[which], ANCHOR_WEIGHTS), *picture), best.sigmoid()


def proposal_loss(
    proposed: Proposed, targets: Targets, pictures: int, count: int, positive_share: float = 0.5
) -> dict[str, Tensor]:
    """Objectness and steps of a sample of anchors of each picture (section 3.1.2, equation 1).

    Both terms are divided by the number of anchors drawn. Anchors that reach over the edge of the picture take part, where the paper leaves
    them out: objects that the picture cuts are found by them.

    Args:
        proposed: of the batch.
        targets: its objects.
        pictures: how many there are.
        count: anchors drawn of each.
        positive_share: most of them that stand for objects.
    """
    anchors, logits, deltas = torch.cat(proposed.anchors), torch.cat(proposed.logits, 1), torch.cat(proposed.deltas, 1)
    wanted, said, steps, goals = [], [], [], []
    for picture in range(pictures):
        objects = targets.boxes_xyxy[targets.owners == picture]
        matched = match(anchors, objects, NEGATIVE_BELOW, POSITIVE_FROM, keep_best=True)
        positive, negative = sample(matched, count, positive_share)
        said.append(logits[picture, torch.cat((positive, negative))])
        wanted.append(torch.cat((torch.ones(len(positive)), torch.zeros(len(negative)))).to(logits))
        steps.append(deltas[picture, positive])
        goals.append(encode(objects[matched[positive]], anchors[positive], ANCHOR_WEIGHTS))
    total = max(sum(map(len, said)), 1)
    score = functional.binary_cross_entropy_with_logits(torch.cat(said), torch.cat(wanted), reduction="sum")
    box = functional.smooth_l1_loss(torch.cat(steps), torch.cat(goals), beta=SMOOTH_BELOW, reduction="sum")
    return {"objectness": score / total, "proposal_box": box / total}
