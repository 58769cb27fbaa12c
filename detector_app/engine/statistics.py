"""How fast it runs: medians over the last results. Values only; how they are written is the window's business."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from detector_app.vision.frame_result import FrameResult, Timings

WINDOW = 60
"""Results that the medians look back on: about two seconds of video."""

PAUSE_FACTOR = 5
"""An interval longer than this many usual ones is a pause, not a slow frame."""


@dataclass(frozen=True)
class Statistics:
    """Medians over a sliding window, milliseconds unless the name says otherwise; all zero before the first result.

    Attributes:
        fps: results a second.
        prepare_ms, run_ms, select_ms: cost of the detector's three steps.
        decode_ms: time to get a frame from its source.
        age_ms: from the reading of a frame to its result.
        dropped: frames of this source that were skipped because newer ones had come.
        frames: results of this source so far.
    """

    fps: float = 0.0
    prepare_ms: float = 0.0
    run_ms: float = 0.0
    select_ms: float = 0.0
    decode_ms: float = 0.0
    age_ms: float = 0.0
    dropped: int = 0
    frames: int = 0


@dataclass(frozen=True)
class _Sample:
    at_s: float
    age_ms: float
    timings: Timings


class Meter:
    """Collects results on one thread and answers on any."""

    def __init__(self, window: int = WINDOW) -> None:
        self._lock = threading.Lock()
        self._samples: deque[_Sample] = deque(maxlen=window)
        self._frames = 0
        self._dropped = 0

    def add(self, result: FrameResult, now_s: float) -> None:
        """Count ``result``, finished at ``now_s`` of the monotonic clock."""
        sample = _Sample(now_s, 1000 * (now_s - result.frame.captured_s), result.timings)
        with self._lock:
            self._samples.append(sample)
            self._frames += 1

    def add_dropped(self, count: int) -> None:
        """Count frames that were skipped."""
        with self._lock:
            self._dropped += count

    def restart(self) -> None:
        """Forget everything: another source begins."""
        with self._lock:
            self._samples.clear()
            self._frames = self._dropped = 0

    def read(self) -> Statistics:
        """The figures now."""
        with self._lock:
            samples, frames, dropped = tuple(self._samples), self._frames, self._dropped
        if not samples:
            return Statistics(dropped=dropped)
        timings = [sample.timings for sample in samples]
        return Statistics(
            fps=_rate([sample.at_s for sample in samples]),
            prepare_ms=median(t.prepare_ms for t in timings),
            run_ms=median(t.run_ms for t in timings),
            select_ms=median(t.select_ms for t in timings),
            decode_ms=median(t.decode_ms for t in timings),
            age_ms=median(sample.age_ms for sample in samples),
            dropped=dropped,
            frames=frames,
        )


def _rate(times_s: list[float]) -> float:
    """Results a second from their times; intervals far longer than usual (a pause) do not count."""
    intervals = [later - earlier for earlier, later in pairwise(times_s)]
    if not intervals:
        return 0.0
    usual = [interval for interval in intervals if interval <= PAUSE_FACTOR * median(intervals)]
    return len(usual) / sum(usual) if sum(usual) > 0 else 0.0
