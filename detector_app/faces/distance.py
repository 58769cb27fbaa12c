"""How far two faces are apart: the cosine distance of their embeddings, 0 (the same) to 2."""

from __future__ import annotations

import numpy as np

from detector_app.vision.detections import FloatArray

NOTHING = 1e-6
"""Distances below this are rounding of float32, and count as 0."""


def distance(first: FloatArray, second: FloatArray) -> float:
    """½‖f₁ − f₂‖² = 1 − f₁·f₂ of two unit-length (D,) embeddings; exactly 0 for equal ones."""
    apart = first.astype(np.float64) - second.astype(np.float64)
    return float(apart @ apart) / 2


def distances(queries: FloatArray, enrolled: FloatArray) -> FloatArray:
    """(Q, D) and (E, D) of unit length → (Q, E) float32: one matrix product; rounding errors near 0 become 0."""
    found = 1 - queries @ enrolled.T
    found[found < NOTHING] = 0
    return np.asarray(found, np.float32)


def unit(vectors: FloatArray) -> FloatArray:
    """Each of the (N, D) rows at unit length; a row of zeros stays."""
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
