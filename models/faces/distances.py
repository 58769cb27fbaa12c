"""How far apart embeddings are."""

import torch
from torch import Tensor


def squared_distances(ones: Tensor, others: Tensor) -> Tensor:
    """‖a − b‖² of every pair, from the differences themselves: equal rows give exactly 0, and the gradient there is 0.

    Args:
        ones: (N, D).
        others: (M, D).

    Returns:
        (N, M), not negative.
    """
    gaps = ones[:, None] - others[None]
    return (gaps * gaps).sum(-1)


def cosine_distances(ones: Tensor, others: Tensor) -> Tensor:
    """1 − a·b of every pair of unit vectors, as half their squared distance: (N, M) in 0 to 2, equal rows give exactly 0."""
    return squared_distances(ones, others) / 2


def pair_distances(embeddings: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Cosine distances of all pairs i < j of (N, D) unit vectors: the distances, i and j, (N·(N−1)/2,) each."""
    first, second = torch.triu_indices(len(embeddings), len(embeddings), 1)
    gaps = embeddings[first] - embeddings[second]
    return (gaps * gaps).sum(-1) / 2, first, second
