"""A longer piece of work in the background: how far it is, whether it is still wanted, and who is still there to hear of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import ParamSpec

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

P = ParamSpec("P")
_PAUSE_S = 0.05
"""Between two reports: more often nobody looks, and the window has other things to do."""


class Errand(QObject):
    """Carries progress from a background thread to the window, and the wish to stop the other way.

    Signals:
        progressed: how much is done, and of how much, or None.
    """

    progressed = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = threading.Event()
        self._told_s = 0.0

    def tell(self, done: int, total: int | None) -> None:
        """Report, from any thread; what follows too soon is left out, but not the end."""
        now = time.monotonic()
        if (done == total or now - self._told_s >= _PAUSE_S) and not self._stop.is_set():
            self._told_s = now
            self.progressed.emit(done, total)

    def cancel(self) -> None:
        """It is not wanted any more. What it still reports is lost."""
        self._stop.set()

    def cancelled(self) -> bool:
        """Whether it is to stop; from any thread."""
        return self._stop.is_set()


def while_alive(owner: QObject, call: Callable[P, object]) -> Callable[P, None]:
    """``call``, which does nothing once Qt has deleted ``owner``: a dialog may be closed before its answer comes."""

    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        if isValid(owner):
            call(*args, **kwargs)

    return guarded
