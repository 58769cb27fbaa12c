"""One place for the newest of something, between the thread that makes it and the one that takes it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

_LOOK_AGAIN_S = 0.05


class Newest(Generic[T]):
    """Holds at most one item; a newer one replaces it. An error or the end reaches the taker after the last item."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._item: T | None = None
        self._error: Exception | None = None
        self._ended = False
        self._interrupted = False

    def put(self, item: T) -> None:
        """Replace what is there."""
        with self._changed:
            self._item = item
            self._changed.notify_all()

    def end(self, error: Exception | None = None) -> None:
        """Nothing more will come, because of ``error`` if there is one. Only the first end counts."""
        with self._changed:
            if not self._ended:
                self._ended, self._error = True, error
                self._changed.notify_all()

    def interrupt(self) -> None:
        """Let nobody wait any more: every ``take`` gives None from now on."""
        with self._changed:
            self._interrupted = True
            self._changed.notify_all()

    def take(self, timeout_s: float | None = None) -> T | None:
        """The newest item, waiting for one that was not taken before; None at the end or when interrupted.

        Raises:
            TimeoutError: none came in time.
            Exception: the error that ended it.
        """
        with self._changed:
            if not self._changed.wait_for(self._settled, timeout_s):
                raise TimeoutError
            item = None if self._interrupted else self._item
            self._item = None
            if item is None and self._error is not None and not self._interrupted:
                raise self._error
            return item

    def wait_first(self, timeout_s: float, cancelled: Callable[[], bool]) -> T | None:
        """Like ``take``, but leave the item there, and give None as soon as ``cancelled`` says so.

        Raises:
            TimeoutError: none came in time.
            Exception: the error that ended it.
        """
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while not self._changed.wait_for(self._settled, _LOOK_AGAIN_S):
                if cancelled():
                    return None
                if time.monotonic() > deadline:
                    raise TimeoutError
            if self._item is None and self._error is not None:
                raise self._error
            return self._item

    def _settled(self) -> bool:
        return self._item is not None or self._ended or self._interrupted
