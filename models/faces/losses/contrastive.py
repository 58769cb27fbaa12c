"""The contrastive loss of pairs: Hadsell, Chopra and LeCun 2006 (CVPR, equation 4), on all pairs of a batch."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.faces.losses.triplet import Lesson

NEAREST = 1e-12  # squared distance below which the root's slope would grow without bound


def contrastive_losses(embeddings: Tensor, labels: Tensor, margin: float) -> tuple[Tensor, Tensor]:
    """Losses of the pairs of one person, ½ d², and of the pairs of two people, ½ max(0, margin − d)².

    Args:
        embeddings: (N, D), of unit length.
        labels: (N,) people.
        margin: of the distance d itself, which is 0 to 2.

    Returns:
        (P,) and (Q,), with P + Q = N·(N−1)/2.
    """
    first, second = torch.triu_indices(len(labels), len(labels), 1, device=labels.device)
    gaps = embeddings[first] - embeddings[second]
    squared = (gaps * gaps).sum(1)
    same = labels[first] == labels[second]
    apart = squared[~same].clamp_min(NEAREST).sqrt()
    return squared[same] / 2, functional.relu(margin - apart) ** 2 / 2


class ContrastiveLoss(nn.Module):
    """The mean over the pairs of one person plus the mean over the pairs of two people: there are far more of the latter."""

    def __init__(self, margin: float) -> None:
        super().__init__()
        self._margin = margin

    def forward(self, embeddings: Tensor, labels: Tensor) -> Lesson:
        """Loss of (N, D) raw embeddings; `idle` is the share of pairs of two people that are far enough apart."""
        same, other = contrastive_losses(functional.normalize(embeddings), labels, self._margin)
        zero = embeddings.sum() * 0
        loss = zero + (same.mean() if len(same) else zero) + (other.mean() if len(other) else zero)
        return Lesson(loss, {"idle": (other.detach() <= 0).float().mean() if len(other) else zero.detach()})
