"""Decoded frames kept for steps backwards."""

from __future__ import annotations

from collections import OrderedDict

import av

MOST_BYTES = 64 << 20
"""Twenty frames of 1080p."""


class RecentFrames:
    """The frames decoded last, by number; the oldest go when they take more than ``most_bytes``, but one always stays."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._frames: OrderedDict[int, av.VideoFrame] = OrderedDict()

    def add(self, number: int, frame: av.VideoFrame) -> None:
        """Keep ``frame`` as the newest."""
        self._frames[number] = frame
        self._bytes += _size(frame)
        while self._bytes > self._most_bytes and len(self._frames) > 1:
            _, oldest = self._frames.popitem(last=False)
            self._bytes -= _size(oldest)

    def get(self, number: int) -> av.VideoFrame | None:
        """Frame ``number`` if it is still here."""
        return self._frames.get(number)

    def newest(self) -> int | None:
        """Number of the frame added last."""
        return next(reversed(self._frames), None)

    def clear(self) -> None:
        """Let go of all frames."""
        self._frames.clear()
        self._bytes = 0


def _size(frame: av.VideoFrame) -> int:
    return sum(plane.buffer_size for plane in frame.planes)
