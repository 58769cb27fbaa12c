"""From which overlap on a suppressed box would stay, looked for among all overlaps at which anything changes.

Greedy suppression is not monotone: a larger overlap may keep a box that suppresses another, and so free a third. So the overlaps of the
box alone do not tell; those among all that could have a say in it do.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from detector_app.vision.detections import FloatArray, IntArray

BUDGET = 20_000_000
"""Comparisons that may be spent on one box: some tens of milliseconds."""


def cluster(count: int, overlaps: Callable[[IntArray], FloatArray], most: float) -> IntArray:
    """Rows that may have a say in the last one: it, those before it that overlap it by more than ``most``, those that overlap these.

    Args:
        count: N boxes in order of priority.
        overlaps: rows → (n, N) of each of them with every box, 0 where two let each other be.
        most: overlap that is allowed.

    Returns:
        (K,) int64 ascending, the last is N − 1.
    """
    reached, edge = np.zeros(count, bool), np.zeros(count, bool)
    edge[-1:] = True
    while edge.any():
        reached |= edge
        edge = (overlaps(np.flatnonzero(edge)) > most).any(axis=0) & ~reached
    return np.flatnonzero(reached)


def stays_at(overlaps: FloatArray, most: float, step: float) -> NDArray[np.float64]:
    """Overlaps above ``most``, in steps, at which greedy suppression keeps the last of N boxes; ascending.

    Args:
        overlaps: (N, N) of boxes in order of priority that :func:`cluster` has found for the last.
        most: overlap that is allowed now.
        step: overlaps are multiples of it.
    """
    count = len(overlaps)
    # At what the last one itself shares most certainly something happens: these come first where not all can be tried.
    own, others = (_in_steps(values, most, step) for values in (overlaps[-1, :-1], overlaps[np.triu_indices(count, 1)]))
    room = max(64, BUDGET // max(1, count**2))
    limits = np.union1d(own[:room], others[:room])
    kept = np.zeros((len(limits), count), bool)
    for row in range(count):
        over = overlaps[row, :row] > limits[:, None]
        kept[:, row] = ~(over & kept[:, :row]).any(axis=1)
    stays: NDArray[np.float64] = limits[kept[:, -1]]
    return stays


def _in_steps(values: FloatArray, most: float, step: float) -> NDArray[np.float64]:
    """The distinct ones above ``most``, each rounded up to a step, at most 1."""
    rounded = np.unique(np.ceil(values[values > most].astype(np.float64) / step)) * step
    return np.unique(np.minimum(rounded, 1.0))
