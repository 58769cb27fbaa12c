"""Notices when a stream comes faster than it can be decoded."""

from __future__ import annotations

_NO_WAIT_S = 0.002
_PATIENCE_S = 1.0


class Backlog:
    """While packets come without waiting, there is a queue somewhere. If that lasts, decoding all of them would show the past."""

    def __init__(self) -> None:
        self._hurried_since_s: float | None = None
        self._skipping = False

    def must_skip(self, *, waited_s: float, now_s: float, is_keyframe: bool) -> bool:
        """Whether to drop the packet that was just read, after waiting for it ``waited_s``.

        Once begun, skipping lasts until the queue is empty and a key frame comes, from which decoding is sound again.
        """
        if waited_s > _NO_WAIT_S:
            self._hurried_since_s = None
            self._skipping = self._skipping and not is_keyframe
        elif self._hurried_since_s is None:
            self._hurried_since_s = now_s
        elif now_s - self._hurried_since_s > _PATIENCE_S:
            self._skipping = True
        return self._skipping
