"""Where in a video two models differ: what was counted of each frame that both have seen."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector_app.vision.agreement import Agreement, Tally
from detector_app.vision.detections import IntArray

_FIRST_ROOM = 1024


@dataclass(frozen=True)
class FrameDifference:
    """A frame in which two models differ.

    Attributes:
        index: number of the frame.
        time_s: seconds.
        both: things that both found.
        differing: boxes without a partner.
    """

    index: int
    time_s: float
    both: int
    differing: int


@dataclass(frozen=True, eq=False)
class Binned:
    """Differences over a video's time.

    Attributes:
        shares: (bins,) float32 boxes without a partner among all things found in the frames of each part of the time, 0 to 1.
        counts: (bins,) int64 those boxes.
        event_times_s: ascending times of frames in which the models begin to differ.
    """

    shares: NDArray[np.float32]
    counts: IntArray
    event_times_s: NDArray[np.float64]


class Differences:
    """Counts frames, each once, in any order; may be read on one thread while another one counts. Some 20 bytes for a frame."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Forget all: under other thresholds everything is counted anew."""
        with self._lock:
            self._times_s = np.full(_FIRST_ROOM, np.nan)
            self._both, self._differing = np.zeros(_FIRST_ROOM, np.int32), np.zeros(_FIRST_ROOM, np.int32)
            self._by_class: dict[str, Tally] = {}
            self._apart: tuple[dict[str, int], dict[str, int]] = ({}, {})

    def add(self, index: int, time_s: float, agreement: Agreement) -> None:
        """Count frame ``index``, unless it was counted before."""
        total = agreement.total
        with self._lock:
            self._make_room(index)
            if not np.isnan(self._times_s[index]):
                return
            self._times_s[index], self._both[index], self._differing[index] = time_s, total.both, total.differing
            for name, tally in agreement.by_class.items():
                self._by_class[name] = self._by_class.get(name, Tally()) + tally
            for counts, found in zip(self._apart, (agreement.apart_first, agreement.apart_second), strict=True):
                for name, count in found.items():
                    counts[name] = counts.get(name, 0) + count

    @property
    def frames(self) -> int:
        """How many were counted."""
        with self._lock:
            return int(np.count_nonzero(~np.isnan(self._times_s)))

    @property
    def by_class(self) -> dict[str, Tally]:
        """Of each class that both models know, over all frames, in alphabetical order."""
        with self._lock:
            return dict(sorted(self._by_class.items()))

    @property
    def apart(self) -> tuple[dict[str, int], dict[str, int]]:
        """Boxes of classes that only the first knows, and that only the second knows."""
        with self._lock:
            return dict(self._apart[0]), dict(self._apart[1])

    @property
    def total(self) -> Tally:
        """Of all classes that both models know."""
        return sum(self.by_class.values(), Tally())

    def worst(self, limit: int) -> list[FrameDifference]:
        """At most so many frames, those with the most differing boxes first, then by number; none without any."""
        with self._lock:
            seen = np.flatnonzero(~np.isnan(self._times_s) & (self._differing > 0))
            order = seen[np.lexsort((seen, -self._differing[seen]))][:limit]
            return [
                FrameDifference(int(i), float(self._times_s[i]), int(self._both[i]), int(self._differing[i]))
                for i in order
            ]

    def binned(self, duration_s: float, bins: int) -> Binned:
        """Over the time of a video of ``duration_s`` seconds in so many equal parts."""
        with self._lock:
            seen = np.flatnonzero(~np.isnan(self._times_s))
            times, both, differing = self._times_s[seen], self._both[seen], self._differing[seen]
        places = np.clip(times / max(duration_s, 1e-9) * bins, 0, bins - 1).astype(np.int64)
        counts = np.bincount(places, differing, minlength=bins)
        found = np.bincount(places, both + differing, minlength=bins)
        shares = np.divide(counts, found, out=np.zeros(bins), where=found > 0).astype(np.float32)
        differ = differing > 0
        # A frame after one that nobody has seen begins anew.
        goes_on = np.concatenate([[False], differ[:-1] & (np.diff(seen) == 1)]) if len(seen) else differ
        return Binned(shares, counts.astype(np.int64), np.sort(times[differ & ~goes_on]))

    def _make_room(self, index: int) -> None:
        room = len(self._times_s)
        if index < room:
            return
        more = max(index + 1, 2 * room) - room
        self._times_s = np.concatenate([self._times_s, np.full(more, np.nan)])
        self._both = np.concatenate([self._both, np.zeros(more, np.int32)])
        self._differing = np.concatenate([self._differing, np.zeros(more, np.int32)])
