"""Which triplets of a batch teach: anchor and positive are of one person, the negative is of another.

Schroff, Kalenichenko and Philbin 2015 (FaceNet, arXiv 1503.03832, section 3.2) choose semi-hard negatives; Hermans, Beyer and
Leibe 2017 (arXiv 1703.07737, section 2) the hardest positive and negative of each anchor. Random triplets are here to show why
neither does without: soon most of them are far enough apart already, and a loss of zero teaches nothing.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import NamedTuple

import torch
from torch import Tensor

from models.errors import RecipeError


class Triplets(NamedTuple):
    """(T,) int64 places in the batch each; T may be 0."""

    anchors: Tensor
    positives: Tensor
    negatives: Tensor


def batch_hard(distances: Tensor, labels: Tensor, margin: float) -> Triplets:
    """For each anchor its farthest positive and its nearest negative.

    Args:
        distances: (N, N), squared.
        labels: (N,) people.
        margin: not used; all ways of mining are called alike.
    """
    positive, negative = _relations(labels)
    farthest = distances.masked_fill(~positive, -torch.inf).argmax(1)
    nearest = distances.masked_fill(~negative, torch.inf).argmin(1)
    usable = positive.any(1) & negative.any(1)
    anchors = torch.nonzero(usable)[:, 0]
    return Triplets(anchors, farthest[anchors], nearest[anchors])


def semi_hard(distances: Tensor, labels: Tensor, margin: float) -> Triplets:
    """For each pair of one person the nearest negative that is farther than the positive, but by less than the margin.

    A pair without one gives no triplet: its negatives are either far enough already, or so near that their gradient is noise.

    Args:
        distances: (N, N), squared.
        labels: (N,) people.
        margin: of the loss, in the same measure.
    """
    positive, negative = _relations(labels)
    anchors, positives = torch.nonzero(positive, as_tuple=True)
    own, rows = distances[anchors, positives][:, None], distances[anchors]
    within = negative[anchors] & (rows > own) & (rows < own + margin)
    negatives = rows.masked_fill(~within, torch.inf).argmin(1)
    usable = within.any(1)
    return Triplets(anchors[usable], positives[usable], negatives[usable])


def random_triplets(distances: Tensor, labels: Tensor, margin: float) -> Triplets:
    """For each pair of one person any negative, drawn from PyTorch's generator.

    Args:
        distances: (N, N); only its device counts.
        labels: (N,) people.
        margin: not used.
    """
    positive, negative = _relations(labels)
    anchors, positives = torch.nonzero(positive & negative.any(1)[:, None], as_tuple=True)
    if not len(anchors):
        return Triplets(anchors, positives, anchors)
    negatives = torch.multinomial(negative[anchors].float(), 1)[:, 0]
    return Triplets(anchors, positives, negatives)


def _relations(labels: Tensor) -> tuple[Tensor, Tensor]:
    """(N, N) bool each: another picture of the same person; a picture of another person."""
    same = labels[:, None] == labels[None]
    itself = torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    return same & ~itself, ~same


Miner = Callable[[Tensor, Tensor, float], Triplets]
MINERS: MappingProxyType[str, Miner] = MappingProxyType(
    {"random": random_triplets, "semi-hard": semi_hard, "batch-hard": batch_hard}
)


def miner(name: str) -> Miner:
    """A way of mining by name.

    Raises:
        RecipeError: there is none of this name.
    """
    if name not in MINERS:
        raise RecipeError(f"mining {name!r}: it must be one of {', '.join(MINERS)}")
    return MINERS[name]
