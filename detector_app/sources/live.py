"""What cameras and streams have in common: a thread that reads the device, and only the newest picture kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from detector_app.errors import DetectorError, SourceError
from detector_app.sources.newest import Newest
from detector_app.sources.source import SourceInfo
from detector_app.vision.frame import BgrImage, Frame

_JOIN_S = 1.0


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture as the device gave it; ``to_bgr`` converts it, which is saved for those that are never taken."""

    to_bgr: Callable[[], BgrImage]
    index: int
    captured_s: float


class Feed:
    """What the reading thread may do."""

    def __init__(self) -> None:
        self.newest: Newest[Picture] = Newest()
        self.fps = 0.0
        self.status = "connecting"
        self.on_status: Callable[[str], None] | None = None
        self._stop = threading.Event()
        self._count = 0

    @property
    def stopped(self) -> bool:
        """Whether the source is being closed."""
        return self._stop.is_set()

    def put(self, to_bgr: Callable[[], BgrImage]) -> None:
        """Offer the next picture."""
        self.newest.put(Picture(to_bgr, self._count, time.monotonic()))
        self._count += 1

    def wait(self, seconds: float) -> None:
        """Wait, but not beyond the source's end."""
        self._stop.wait(seconds)

    def tell(self, status: str) -> None:
        """Make a change of state visible."""
        if status != self.status:
            self.status = status
            if self.on_status is not None:
                self.on_status(status)

    def stop(self) -> None:
        """Ask the reading thread to end, and let nobody wait for it."""
        self._stop.set()
        self.newest.interrupt()


@dataclass(frozen=True)
class Patience:
    """How long to wait, and what to say when it was in vain.

    Attributes:
        open_s: for the first picture.
        read_s: for each later picture; None for as long as it takes.
        in_vain: makes the error.
        cancelled: asked while the first picture is waited for; when true, opening ends.
    """

    open_s: float
    read_s: float | None
    in_vain: Callable[[float], SourceError]
    cancelled: Callable[[], bool] = lambda: False


class LiveSource:
    """A ``Source`` whose pictures come at their own pace. Lag cannot grow: what is not taken in time is replaced.

    ``Frame.index`` counts all pictures that came, so gaps tell how many were not taken.
    """

    def __init__(self, name: str, kind: str, work: Callable[[Feed], None], patience: Patience) -> None:
        """Start ``work`` on a thread and wait for its first picture.

        ``work`` may hang in a driver; it is then left alone and cleans up when it comes back.

        Raises:
            SourceError: what ``work`` raised, or ``patience`` ran out.
        """
        self._name = name
        self._feed = Feed()
        self._patience = patience
        self._opened_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, args=(work,), name=f"{kind} {name}", daemon=True)
        self._thread.start()
        height_px, width_px = self._first_size()
        self._info = SourceInfo(name, kind, live=True, seekable=False, width_px=width_px, height_px=height_px)

    @property
    def info(self) -> SourceInfo:
        """Size of the newest frame read: a stream may come back with another."""
        return replace(self._info, fps=self._feed.fps)

    @property
    def status(self) -> str:
        """What the device is doing: "connected", "reconnecting (try 2)"."""
        return self._feed.status

    def watch(self, on_status: Callable[[str], None]) -> None:
        """Call ``on_status`` with each new ``status``, on the reading thread, also while a ``read`` is waiting."""
        self._feed.on_status = on_status

    def read(self) -> Frame | None:
        """The newest picture, waiting for one not read before; None at the end and after ``interrupt``.

        Raises:
            SourceError: the device vanished, or could not be brought back.
        """
        try:
            picture = self._feed.newest.take(self._patience.read_s)
        except TimeoutError:
            raise self._patience.in_vain(self._patience.read_s or 0.0) from None
        return None if picture is None else self._deliver(picture)

    def seek(self, time_s: float) -> None:
        """Nothing: there is only now."""

    def seek_index(self, index: int) -> None:
        """Nothing: there is only now."""

    def interrupt(self) -> None:
        """End a waiting ``read`` at once; the source can only be closed afterwards."""
        self._feed.stop()

    def close(self) -> None:
        """Release the device. If it hangs in its driver, it is released when it comes back."""
        self._feed.stop()
        if self._thread is not threading.current_thread():
            self._thread.join(_JOIN_S)

    def _run(self, work: Callable[[Feed], None]) -> None:
        try:
            work(self._feed)
        except DetectorError as error:
            self._feed.newest.end(error)
        except Exception as error:  # a driver's own exception must reach the reader, too
            self._feed.newest.end(SourceError(self._name, detail=str(error)))
        self._feed.newest.end()

    def _first_size(self) -> tuple[int, int]:
        try:
            picture = self._feed.newest.wait_first(self._patience.open_s, self._patience.cancelled)
        except TimeoutError:
            self._feed.stop()
            raise self._patience.in_vain(self._patience.open_s) from None
        except SourceError:
            self.close()
            raise
        if picture is None:
            self.close()
            called_off = self._patience.cancelled()
            raise SourceError(
                self._name, detail="opening was called off" if called_off else "it ended before its first picture"
            )
        height_px, width_px = picture.to_bgr().shape[:2]
        return height_px, width_px

    def _deliver(self, picture: Picture) -> Frame:
        image = picture.to_bgr()
        time_s = max(0.0, picture.captured_s - self._opened_s)
        frame = Frame(image, picture.index, time_s, picture.captured_s, self._name)
        if (frame.width_px, frame.height_px) != (self._info.width_px, self._info.height_px):
            self._info = replace(self._info, width_px=frame.width_px, height_px=frame.height_px)
        return frame
