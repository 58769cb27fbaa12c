"""What was found when, for every least score at once, in a memory that does not grow with the video."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVELS = 101
"""Least scores 0, 0.01 … 1."""
_NEVER = (1 << 16) - 1
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
        self._first: dict[str, NDArray[np.uint16]] = {}

    def bin_at(self, time_s: float) -> int:
        """The bin that ``time_s`` lies in; times beyond the ends count at the ends."""
        return int(np.clip(time_s / self.duration_s * self.bins, 0, self.bins - 1))

    def add(self, time_s: float, names: list[str], scores: NDArray[np.floating[Any]]) -> None:
        """Count what was found in a frame.

        Args:
            time_s: of the frame.
            names: row of each thing found.
            scores: (n,) of each.
        """
        at = self.bin_at(time_s)
        self.visited[at] = True
        # Rounded up, so that the frame shown at the moment told is this one and not the one before.
        within = np.ceil(np.clip(time_s / self.duration_s * self.bins - at, 0, 1) * (_NEVER - 1))
        # A score counts for every least score that it reaches; the hair is for 0.30000001 that means 0.3.
        reached = np.floor(np.asarray(scores, np.float64) * (LEVELS - 1) + 1e-4).astype(np.int64)
        for name in dict.fromkeys(names):
            own = reached[[i for i, other in enumerate(names) if other == name]]
            counts = np.bincount(np.clip(own, 0, LEVELS - 1), minlength=LEVELS)[::-1].cumsum()[::-1]
            most = self._most.setdefault(name, np.zeros((self.bins, LEVELS), np.uint8))
            np.maximum(most[at], np.minimum(counts, 255).astype(np.uint8), out=most[at])
            first = self._first.setdefault(name, np.full((self.bins, LEVELS), _NEVER, np.uint16))
            np.minimum(first[at], np.where(counts > 0, within, _NEVER).astype(np.uint16), out=first[at])

    def counts(self, name: str, score: float) -> CountArray:
        """(bins,) most at once of row ``name`` that reach ``score``, in hundredths."""
        most = self._most.get(name)
        return np.zeros(self.bins, np.uint8) if most is None else most[:, level_of(score)]

    def rows(self, score: float) -> list[str]:
        """Rows with something at that score, in the order in which they were first found."""
        return [name for name, most in self._most.items() if most[:, level_of(score)].any()]

    def events(self, name: str, score: float) -> NDArray[np.float64]:
        """Seconds at which row ``name`` begins to be present after a bin without it, ascending: each of the first frame that has it."""
        present = self.counts(name, score) > 0
        begins = np.flatnonzero(present & ~np.concatenate([[False], present[:-1]]))
        if not len(begins):
            return np.zeros(0)
        within = self._first[name][begins, level_of(score)] / (_NEVER - 1)
        times: NDArray[np.float64] = (begins + within) * self.duration_s / self.bins
        return times


def level_of(score: float) -> int:
    """The hundredth that a least score means: one between two hundredths is taken for the higher."""
    return int(np.clip(np.ceil(score * (LEVELS - 1) - 1e-4), 0, LEVELS - 1))
