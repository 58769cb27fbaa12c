"""When a frame of a file is to be shown."""

from __future__ import annotations

MOST_LATE_S = 0.5
"""Later than this the clock waits for the decoder: it starts afresh instead of rushing through everything that was missed."""


class PlaybackClock:
    """Maps presentation times to the monotonic clock, at a speed; anchored at the first frame after a start or jump."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._anchor: tuple[float, float] | None = None

    @property
    def speed(self) -> float:
        """Playback speed; 1 is the file's own."""
        return self._speed

    def restart(self, speed: float | None = None) -> None:
        """Forget the anchor, after a jump, a pause or a change of ``speed``."""
        self._anchor = None
        self._speed = speed or self._speed

    def wait_s(self, time_s: float, now_s: float) -> float:
        """Seconds from ``now_s`` until the frame with presentation time ``time_s`` is due; 0 when it is, or is late."""
        if self._anchor is not None:
            anchor_time_s, anchor_now_s = self._anchor
            wait = anchor_now_s + (time_s - anchor_time_s) / self._speed - now_s
            if wait >= -MOST_LATE_S:
                return max(0.0, wait)
        self._anchor = (time_s, now_s)
        return 0.0
