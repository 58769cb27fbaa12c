"""Presentation stamps for a recording."""

from __future__ import annotations


class Stamps:
    """Turns frame times into stamps that begin at 0 and always grow: gaps stay, jumps back become one ordinary step."""

    def __init__(self, clock_hz: int, fps: float) -> None:
        """Stamps count 1/``clock_hz`` seconds; an ordinary step is 1/``fps`` seconds."""
        self._clock_hz = clock_hz
        self.step = max(1, round(clock_hz / fps))
        self._offset = 0
        self._last: int | None = None

    def of(self, time_s: float) -> int:
        """Stamp of the frame that its source shows at ``time_s``."""
        ticks = round(time_s * self._clock_hz)
        if self._last is None:
            self._offset = -ticks
        elif ticks + self._offset <= self._last:
            self._offset = self._last + self.step - ticks
        self._last = ticks + self._offset
        return self._last
