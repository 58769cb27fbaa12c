"""L-Softmax: Liu, Wen, Yu and Yang 2016, "Large-margin softmax loss for convolutional neural networks", ICML (arXiv 1612.02295).

The angle between an embedding and its own person's weights counts m times: ‖W‖‖x‖·ψ(θ) in place of ‖W‖‖x‖·cos θ, where
ψ(θ) = (−1)^k · cos(mθ) − 2k for θ in [kπ/m, (k+1)π/m] falls from 1 to 1 − 2m (equations 4 to 7).
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.errors import RecipeError
from models.faces.losses.triplet import Lesson

SMALLEST_NORM = 1e-8


def multiple_angle(cosines: Tensor, times: int) -> Tensor:
    """cos(m·θ) from cos θ by Chebyshev's recurrence, which needs no arc cosine and has its slope at ±1 too."""
    before, now = torch.ones_like(cosines), cosines
    for _ in range(times - 1):
        before, now = now, 2 * cosines * now - before
    return now if times else before


def falling_cosine(cosines: Tensor, margin: int) -> Tensor:
    """ψ(θ) from cos θ; any shape to the same shape."""
    bounds = [math.cos(k * math.pi / margin) for k in range(1, margin)]
    piece = torch.zeros_like(cosines)
    for bound in bounds:
        piece = piece + (cosines.detach() < bound).to(cosines.dtype)
    sign = 1 - 2 * (piece % 2)
    return sign * multiple_angle(cosines, margin) - 2 * piece


class LargeMarginLoss(nn.Module):
    """Cross-entropy with the multiplied angle, mixed with the plain logit while training begins.

    The own person's logit is ‖W‖‖x‖·(λ·cos θ + ψ(θ)) / (1 + λ); λ falls from `begin` by a factor per step to `end` (section 5.1:
    without it, training does not start).

    Args:
        dimension: of the embeddings.
        people: in training.
        margin: m, a whole number; 1 is plain softmax.
        begin: the first λ.
        end: the last.
        factor: by which it falls each step.
    """

    step: Tensor

    def __init__(
        self, dimension: int, people: int, margin: int, begin: float = 1000.0, end: float = 5.0, factor: float = 0.98
    ) -> None:
        super().__init__()
        if margin < 1:
            raise RecipeError(f"the margin of L-Softmax is {margin}; it must be a whole number of at least 1")
        self.weight = nn.Parameter(nn.init.xavier_normal_(torch.empty(people, dimension)))
        self._margin, self._begin, self._end, self._factor = margin, begin, end, factor
        self.register_buffer("step", torch.zeros(()))

    def forward(self, embeddings: Tensor, labels: Tensor) -> Lesson:
        """Loss of (N, D) raw embeddings; `known` is the share put right without the margin. In training mode λ falls."""
        plain = functional.linear(embeddings, self.weight)
        own = plain.gather(1, labels[:, None])
        lengths = embeddings.norm(dim=1, keepdim=True) * self.weight[labels].norm(dim=1, keepdim=True)
        lengths = lengths.clamp_min(SMALLEST_NORM)
        mixed = self.mixing()
        marked = lengths * falling_cosine(own / lengths, self._margin)
        logits = plain.scatter(1, labels[:, None], (mixed * own + marked) / (1 + mixed))
        if self.training:
            self.step += 1
        known = (plain.detach().argmax(1) == labels).float().mean()
        return Lesson(functional.cross_entropy(logits, labels), {"known": known})

    def mixing(self) -> float:
        """λ of the present step."""
        return max(self._end, self._begin * math.pow(self._factor, float(self.step)))
