"""Losses with a classifier of the training people, which is dropped afterwards: plain softmax, CosFace and ArcFace.

Softmax as in DeepID (Sun, Wang and Tang 2014, CVPR); CosFace: Wang et al. 2018, arXiv 1801.09414, equation 4; ArcFace: Deng et
al. 2019, arXiv 1801.07698, equation 3. The last two compare directions alone: embeddings and the people's weights are brought
to unit length, and the cosines are scaled by s before the softmax.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.faces.losses.triplet import Lesson

LEAST_SINE = 1e-6  # of the squared sine: its root has no slope at 0


def with_additive_cosine(cosines: Tensor, labels: Tensor, margin: float) -> Tensor:
    """CosFace: cos θ − m for each picture's own person; (N, C) to (N, C)."""
    return cosines - margin * functional.one_hot(labels, cosines.shape[1]).to(cosines.dtype)


def with_additive_angle(cosines: Tensor, labels: Tensor, margin: float) -> Tensor:
    """ArcFace: cos(θ + m) for each picture's own person; (N, C) to (N, C).

    Beyond θ = π − m, where cos(θ + m) would rise again and reward a picture for being farther off, it goes on as
    cos θ − m·sin m, which falls all the way. The value there steps down from −1 by no more than it must to stay below.
    """
    own = cosines.gather(1, labels[:, None])
    sine = (1 - own * own).clamp_min(LEAST_SINE).sqrt()
    turned = own * math.cos(margin) - sine * math.sin(margin)
    falling = torch.where(own > -math.cos(margin), turned, own - margin * math.sin(margin))
    return cosines.scatter(1, labels[:, None], falling)


class SoftmaxLoss(nn.Module):
    """Cross-entropy of a linear classifier on the raw embeddings."""

    def __init__(self, dimension: int, people: int) -> None:
        super().__init__()
        self.classifier = nn.Linear(dimension, people)

    def forward(self, embeddings: Tensor, labels: Tensor) -> Lesson:
        """Loss of (N, D) raw embeddings; `known` is the share of pictures that the classifier puts right."""
        logits = self.classifier(embeddings)
        return _lesson(logits, logits, labels)


class AngularLoss(nn.Module):
    """Cross-entropy of scaled cosines, with a margin for each picture's own person.

    Args:
        dimension: of the embeddings.
        people: in training.
        margin: CosFace's of the cosine (0.35 is the paper's), or ArcFace's angle in radians (0.5).
        scale: s.
        angle: the margin is ArcFace's.
    """

    def __init__(self, dimension: int, people: int, margin: float, scale: float, *, angle: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(nn.init.xavier_normal_(torch.empty(people, dimension)))
        self._margin, self._scale = margin, scale
        self._with_margin = with_additive_angle if angle else with_additive_cosine

    def forward(self, embeddings: Tensor, labels: Tensor) -> Lesson:
        """Loss of (N, D) raw embeddings; `known` is the share put right without the margin."""
        cosines = functional.linear(functional.normalize(embeddings), functional.normalize(self.weight))
        return _lesson(self._scale * self._with_margin(cosines, labels, self._margin), cosines, labels)


def _lesson(logits: Tensor, plain: Tensor, labels: Tensor) -> Lesson:
    known = (plain.detach().argmax(1) == labels).float().mean()
    return Lesson(functional.cross_entropy(logits, labels), {"known": known})
