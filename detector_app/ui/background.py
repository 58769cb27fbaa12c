"""Calls that may take a while, on threads of their own, so that the window never waits for them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)
T = TypeVar("T")


class Background(QObject):
    """Runs calls and hands what they return, or what they raised, to callbacks on the thread that owns this object."""

    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: list[Thread] = []
        self._ended.connect(self._deliver)

    def call(self, work: Callable[[], T], then: Callable[[T], object], failed: Callable[[Exception], object]) -> None:
        """Run ``work`` on a thread; then ``then(result)`` or ``failed(error)`` here."""

        def run() -> None:
            try:
                result = work()
            except Exception as error:
                log.exception("A background call failed")
                caught = error
                self._ended.emit(lambda: failed(caught))
            else:
                self._ended.emit(lambda: then(result))

        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = Thread(target=run, name="window-background", daemon=True)
        self._threads.append(thread)
        thread.start()

    def close(self, deadline_s: float = 3.0) -> None:
        """Wait for what still runs, at most ``deadline_s`` in all; nothing is delivered afterwards."""
        self._ended.disconnect(self._deliver)
        end = time.monotonic() + deadline_s
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _deliver(self, callback: Callable[[], object]) -> None:
        callback()
