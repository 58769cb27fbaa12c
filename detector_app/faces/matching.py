"""The enrolled faces as one matrix, and who is nearest to a face."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from detector_app.faces.distance import distances
from detector_app.vision.detections import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class GallerySnapshot:
    """All embeddings of one model in a gallery, as they were at one moment; never changed.

    Attributes:
        model_hash: the sha256 of the embedder's file.
        embeddings: (E, D) float32 of unit length, one row for each picture.
        person_ids: (E,) int64.
        names: of the persons, one for each row.
        threshold: that the user has set for this model; None for the model's own.
        missing: pictures of the gallery that have no embedding of this model and so take no part.
    """

    model_hash: str
    embeddings: FloatArray
    person_ids: IntArray
    names: tuple[str, ...]
    threshold: float | None = None
    missing: int = 0

    def __post_init__(self) -> None:
        n = len(self.names)
        if self.embeddings.ndim != 2 or len(self.embeddings) != n or self.person_ids.shape != (n,):
            raise ValueError(f"a snapshot disagrees: {self.embeddings.shape}, {self.person_ids.shape}, {n} names")

    @classmethod
    def empty(cls, model_hash: str = "") -> GallerySnapshot:
        """Nobody."""
        return cls(model_hash, np.zeros((0, 0), np.float32), np.zeros(0, np.int64), ())

    def __len__(self) -> int:
        return len(self.names)

    def nearest(self, queries: FloatArray) -> tuple[tuple[str, ...], FloatArray]:
        """Who is nearest to each of (Q, D) unit-length embeddings: one product of two matrices, whatever the number enrolled.

        Returns:
            The names, and (Q,) float32 cosine distances to that person's nearest picture; "" and infinity when nobody is enrolled.
        """
        if not len(self) or not len(queries):
            return ("",) * len(queries), np.full(len(queries), np.inf, np.float32)
        found = distances(queries, self.embeddings)
        best = found.argmin(axis=1)
        return tuple(self.names[i] for i in best), found[np.arange(len(queries)), best]

    def only(self, names: Collection[str]) -> GallerySnapshot:
        """The rows of the people called so."""
        index = np.array([i for i, name in enumerate(self.names) if name in names], np.int64)
        kept = tuple(self.names[i] for i in index)
        return replace(self, embeddings=self.embeddings[index], person_ids=self.person_ids[index], names=kept)
