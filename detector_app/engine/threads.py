"""Starting and ending threads: no failure is silent, no end waits for ever."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from detector_app.errors import DetectorError

log = logging.getLogger(__name__)

_NICENESS = 10

ErrorHandler = Callable[[DetectorError], None]


def start_thread(name: str, main: Callable[[], None], on_error: ErrorHandler) -> threading.Thread:
    """Run ``main`` on a new thread called ``name``.

    What it raises becomes one typed message to ``on_error``; a defect of ours also goes to the log with its traceback.
    The thread is a daemon: a driver that hangs in an open call must not keep the whole program from ending.
    """

    def guarded() -> None:
        try:
            main()
        except Exception as error:
            on_error(as_detector_error(error, name))

    thread = threading.Thread(target=guarded, name=f"detector-{name}", daemon=True)
    thread.start()
    return thread


def as_detector_error(error: Exception, where: str) -> DetectorError:
    """``error`` itself if it is meant for people; otherwise it is logged and wrapped."""
    if isinstance(error, DetectorError):
        return error
    log.error("unexpected failure in %s", where, exc_info=error)
    return DetectorError(where, detail=f"{type(error).__name__}: {error}")


def step_back() -> bool:
    """Let everything else go before this thread and those it starts, if the system can do that; says whether.

    On Linux each thread has a niceness, and threads that it starts have the same: a session that it opens, too.
    """
    if sys.platform != "linux":
        return False
    with suppress(OSError):
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(_NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))
        return True
    return False


def join_all(threads: Iterable[threading.Thread], deadline_s: float) -> list[threading.Thread]:
    """Wait for ``threads`` but the caller's to end, ``deadline_s`` seconds in all. Gives back (and logs) those that still run."""
    end = time.monotonic() + deadline_s
    others = [thread for thread in threads if thread is not threading.current_thread()]
    for thread in others:
        thread.join(max(0.0, end - time.monotonic()))
    alive = [thread for thread in others if thread.is_alive()]
    for thread in alive:
        log.warning("%s did not end within %.1f s", thread.name, deadline_s)
    return alive
