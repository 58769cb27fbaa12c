"""All pairs of pictures with their distances: genuine ones of one person, impostors of two."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """Attributes are of one length each.

    Attributes:
        distances: (P,) float64.
        first: (P,) person of one picture.
        second: (P,) person of the other.
    """

    distances: Array
    first: NDArray[np.int64]
    second: NDArray[np.int64]

    @property
    def same(self) -> NDArray[np.bool_]:
        """(P,): both pictures are of one person."""
        return np.asarray(self.first == self.second, np.bool_)

    def where(self, chosen: NDArray[np.bool_]) -> "Pairs":
        """Some of them."""
        return Pairs(self.distances[chosen], self.first[chosen], self.second[chosen])


def all_pairs(embeddings: NDArray[np.floating], people: NDArray[np.int64]) -> Pairs:
    """Every pair i < j of (N, D) unit vectors with its cosine distance ½‖f₁ − f₂‖²."""
    i, j = np.triu_indices(len(people), 1)
    vectors = embeddings.astype(np.float64)
    distances = ((vectors[i] - vectors[j]) ** 2).sum(1) / 2
    return Pairs(distances, people[i], people[j])


def joined(parts: Sequence[Pairs]) -> Pairs:
    """Pairs of several networks or data sets, one after another."""
    return Pairs(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("distances", "first", "second"))
    )
