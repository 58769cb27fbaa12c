"""What was found when, for every least score at once, in a memory that does not grow with the video."""

from __future__ import annotations

from collections.abc import Sequence
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

    @property
    def nbytes(self) -> int:
        """Memory that the counts take."""
        return sum(row.nbytes for rows in (self._most, self._first) for row in rows.values())

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
        rows = {name: number for number, name in enumerate(dict.fromkeys(names))}
        numbers = np.array([rows[name] for name in names], np.int64)
        self.add_many(np.array([time_s]), np.array([len(names)]), numbers, scores, tuple(rows))

    def add_many(
        self,
        times_s: NDArray[np.float64],
        counts: NDArray[np.int64],
        row_ids: NDArray[np.int64],
        scores: NDArray[np.floating[Any]],
        names: Sequence[str],
    ) -> None:
        """Count what was found in several frames.

        Args:
            times_s: (n,) of each frame.
            counts: (n,) how many things each has.
            row_ids: (sum of counts,) which of ``names`` each thing belongs to, frame after frame.
            scores: of each thing.
            names: of the rows.
        """
        order = np.argsort(times_s, kind="stable")
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        places = np.asarray(times_s, np.float64)[order] / self.duration_s * self.bins
        bins = np.clip(places, 0, self.bins - 1).astype(np.int64)
        self.visited[bins] = True
        # Rounded up, so that the frame shown at the moment told is this one and not the one before.
        within = np.ceil(np.clip(places - bins, 0, 1) * (_NEVER - 1))
        # A score counts for every least score that it reaches; the hair is for 0.30000001 that means 0.3.
        reached = np.floor(np.asarray(scores, np.float64) * (LEVELS - 1) + 1e-4).astype(np.int64)
        reached, holders = np.clip(reached, 0, LEVELS - 1), rank[np.repeat(np.arange(len(counts)), counts)]
        for number in dict.fromkeys(row_ids.tolist()):
            own = row_ids == number
            frames, of_frame = np.unique(holders[own], return_inverse=True)
            found = np.bincount(of_frame * LEVELS + reached[own], minlength=len(frames) * LEVELS)
            self._count(names[number], found.reshape(-1, LEVELS), bins[frames], within[frames])

    def _count(self, name: str, found: NDArray[np.int64], bins: NDArray[np.int64], within: NDArray[np.float64]) -> None:
        """Things of one row: ``found`` (n, LEVELS) that reach just that score in each frame; ``bins`` ascending."""
        enough = found[:, ::-1].cumsum(axis=1)[:, ::-1]
        starts = np.flatnonzero(np.diff(bins, prepend=-1))
        at = bins[starts]
        most = self._most.setdefault(name, np.zeros((LEVELS, self.bins), np.uint8))
        counted = np.minimum(np.maximum.reduceat(enough, starts, axis=0), 255).astype(np.uint8)
        most[:, at] = np.maximum(most[:, at], counted.T)
        first = self._first.setdefault(name, np.full((LEVELS, self.bins), _NEVER, np.uint16))
        begun = np.where(enough > 0, within[:, None], _NEVER).astype(np.uint16)
        first[:, at] = np.minimum(first[:, at], np.minimum.reduceat(begun, starts, axis=0).T)

    def counts(self, name: str, score: float) -> CountArray:
        """(bins,) most at once of row ``name`` that reach ``score``, in hundredths."""
        most = self._most.get(name)
        return np.zeros(self.bins, np.uint8) if most is None else most[level_of(score)]

    def rows(self, score: float) -> list[str]:
        """Rows with something at that score, in the order in which they were first found."""
        return [name for name, most in self._most.items() if most[level_of(score)].any()]

    def events(self, name: str, score: float) -> NDArray[np.float64]:
        """Seconds at which row ``name`` begins to be present after a bin without it, ascending: each of the first frame that has it."""
        present = self.counts(name, score) > 0
        begins = np.flatnonzero(present & ~np.concatenate([[False], present[:-1]]))
        if not len(begins):
            return np.zeros(0)
        within = self._first[name][level_of(score), begins] / (_NEVER - 1)
        times: NDArray[np.float64] = (begins + within) * self.duration_s / self.bins
        return times


def level_of(score: float) -> int:
    """The hundredth that a least score means: one between two hundredths is taken for the higher."""
    return int(np.clip(np.ceil(score * (LEVELS - 1) - 1e-4), 0, LEVELS - 1))
