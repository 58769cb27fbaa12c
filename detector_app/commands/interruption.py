"""Ctrl-C and SIGTERM as a wish that is asked for, so that files are finished first."""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Any

EXIT_CODE = 130
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """While this context is open, the first signal sets ``requested`` if ``deferred``. Otherwise, and from the second on, it interrupts.

    For the main thread only. A handler must not take locks, so it only sets a flag; who defers looks at it.
    """

    def __init__(self) -> None:
        self.requested = False
        self.deferred = False
        self._former: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Interruption:
        self._former = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        again, self.requested = self.requested, True
        if again or not self.deferred:
            raise KeyboardInterrupt
