"""What was found when, for every least score at once, in a memory that does not grow with the video."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVELS = 101
"""Least scores 0, 0.01 … 1."""
CountArray = NDArray[np.uint8]


class Levels:
    """For each row (a class, a person), each of the equal parts (bins) of a video's time and each least score: how many at most.

    Some hundred kilobytes for a row, however long the video is.

    Attributes:
        duration_s: of the video.
        bins: parts of its time.
        visited: (bins,) whether a frame in it was looked at.
    """

    def __init__(self, duration_s: float, bins: int) -> None:
        self.duration_s, self.bins = max(duration_s, 1e-6), max(1, bins)
        self.visited = np.zeros(self.bins, np.bool_)
        self._most: dict[str, CountArray] = {}

    def bin_at(self, time_s: float) -> int:
        """The bin that ``time_s`` lies in; times beyond the ends count at the ends."""
        return int(np.clip(time_s / self.duration_s * self.bins, 0, self.bins - 1))

    def time_of(self, number: int) -> float:
        """Seconds at the beginning of a bin."""
        return number * self.duration_s / self.bins

    def add(self, time_s: float, names: list[str], scores: NDArray[np.floating[Any]]) -> None:
        """Count what was found in a frame.

        Args:
            time_s: of the frame.
            names: row of each thing found.
            scores: (n,) of each.
        """
        at = self.bin_at(time_s)
        self.visited[at] = True
        # A score counts for every least score that it reaches; the hair is for 0.30000001 that means 0.3.
        reached = np.floor(np.asarray(scores, np.float64) * (LEVELS - 1) + 1e-4).astype(np.int64)
        for name in dict.fromkeys(names):
            own = reached[[i for i, other in enumerate(names) if other == name]]
            counts = np.bincount(np.clip(own, 0, LEVELS - 1), minlength=LEVELS)[::-1].cumsum()[::-1]
            most = self._most.setdefault(name, np.zeros((self.bins, LEVELS), np.uint8))
            np.maximum(most[at], np.minimum(counts, 255).astype(np.uint8), out=most[at])

    def counts(self, name: str, score: float) -> CountArray:
        """(bins,) most at once of row ``name`` that reach ``score``, in hundredths."""
        most = self._most.get(name)
        return np.zeros(self.bins, np.uint8) if most is None else most[:, level_of(score)]

    def rows(self, score: float) -> list[str]:
        """Rows with something at that score, in the order in which they were first found."""
        return [name for name, most in self._most.items() if most[:, level_of(score)].any()]

    def events(self, name: str, score: float) -> NDArray[np.int64]:
        """Bins in which row ``name`` begins to be present, ascending."""
        present = self.counts(name, score) > 0
        return np.flatnonzero(present & ~np.concatenate([[False], present[:-1]]))


def level_of(score: float) -> int:
    """The hundredth that a least score means: one between two hundredths is taken for the higher."""
    return int(np.clip(np.ceil(score * (LEVELS - 1) - 1e-4), 0, LEVELS - 1))
