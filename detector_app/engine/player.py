"""The decode thread of one source: opens it, reads it at the right pace, obeys the transport, releases it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from detector_app.engine.threads import ErrorHandler, as_detector_error, start_thread
from detector_app.engine.transport import Advance, Order, Seek, Step, Transport
from detector_app.errors import DetectorError, SourceError, TruncatedError
from detector_app.sources.address import shown_address
from detector_app.sources.live import LiveSource
from detector_app.sources.opener import open_source
from detector_app.sources.source import Source
from detector_app.vision.frame import Frame

HANDOVER_S = 2.0
"""How long a new source waits for the former one to let go of its device."""

USUAL_INTERVAL_S = 1 / 25
"""How long the last frame of a loop is shown when nothing better is known."""


@dataclass(frozen=True)
class Delivery:
    """A frame on its way to the detector.

    Attributes:
        epoch: number of the source it came from, so that late results of a former source are recognised.
        playing: it was shown in the flow, not by a seek or step: replacing it unseen counts as a drop.
        missed: pictures that a live source gave since the former delivery and nobody took.
    """

    frame: Frame
    decode_ms: float
    epoch: int
    playing: bool
    missed: int = 0


class Player:
    """Plays one source on one thread until it is stopped; a new source is a new player."""

    def __init__(
        self,
        spec: str,
        transport: Transport,
        epoch: int,
        *,
        timeout_s: float,
        turn: threading.Lock,
        deliver: Callable[[Delivery], None],
        on_change: Callable[[], None],
        on_error: ErrorHandler,
    ) -> None:
        """Start to open ``spec``.

        Args:
            spec: what to open; see ``sources.opener``.
            transport: where orders are left.
            epoch: number of this source.
            timeout_s: how long a camera or stream may take to give its first picture.
            turn: held by the player whose source is open.
            deliver: takes frames; must not block.
            on_change: phase, info or status are different now.
            on_error: takes errors; those of a stopped player are nobody's business any more.
        """
        self.spec = spec
        self.transport = transport
        self._epoch = epoch
        self._timeout_s = timeout_s
        self._turn = turn
        self._deliver_to = deliver
        self._on_change = on_change
        self._on_error = on_error
        self._lock = threading.Lock()
        self._source: Source | None = None
        # Only the player's own thread touches these.
        self._held: tuple[Frame, float] | None = None
        self._position = -1
        self._last_time_s = 0.0
        self._interval_s = USUAL_INTERVAL_S
        self._delivered = 0
        self._reported: set[str] = set()
        self.thread = start_thread("player", self._main, on_error)

    def stop(self) -> None:
        """End the thread soon, from any thread; it releases the source. The caller joins ``thread``."""
        self.transport.stop()
        with self._lock:
            if self._source is not None:
                self._source.interrupt()

    # --- the thread -----------------------------------------------------------------------------------------------------------

    def _main(self) -> None:
        """Wait for the former source to be released, then live."""
        has_turn = self._turn.acquire(timeout=HANDOVER_S)
        try:
            if not self.transport.stopped:
                self._live()
        except Exception as error:
            self._fail(as_detector_error(error, shown_address(self.spec)))
        finally:
            if has_turn:
                self._turn.release()

    def _live(self) -> None:
        source = open_source(self.spec, timeout_s=self._timeout_s, cancelled=lambda: self.transport.stopped)
        try:
            with self._lock:
                self._source = source
            self.transport.begin(source.info)
            if isinstance(source, LiveSource):
                source.watch(lambda _: self._notice(source))
            self._notice(source)
            self._on_change()
            while (order := self.transport.next_order()) is not None:
                self._carry_out(order, source)
                self._notice(source)
        finally:
            with self._lock:
                self._source = None
            source.close()

    def _carry_out(self, order: Order, source: Source) -> None:
        try:
            if isinstance(order, Advance):
                self._advance(source)
            elif isinstance(order, Seek):
                self._jump(source, order)
            else:
                self._step(source, order.frames)
        except TruncatedError as error:
            self._report(error)
            self._end(source)
        except SourceError as error:
            if source.info.kind != "pictures":
                raise
            self._report(error)
            self._pass_over(order)

    def _pass_over(self, order: Order) -> None:
        """Go on beyond a broken picture, in the direction of travel. The flow does so by itself."""
        if isinstance(order, Step) and order.frames < 0 < self._position:
            self.transport.retry_step(-1)
        elif not isinstance(order, Advance):
            self.transport.retry_step(1)

    def _advance(self, source: Source) -> None:
        frame, decode_ms = self._held or _read(source)
        self._held = None
        if frame is None:
            self._end(source)
        elif source.info.live:
            self._pass_on(frame, decode_ms)
        elif self.transport.wait_until_due(frame.time_s):
            # Its age is that of the picture on the screen: the time it waited here for its moment is no delay.
            self._deliver(replace(frame, captured_s=time.monotonic()), decode_ms, playing=True)
        else:
            self._held = frame, decode_ms

    def _pass_on(self, frame: Frame, decode_ms: float) -> None:
        """A live frame: shown while playing, else only taken, so that the next one is new."""
        missed, self._position = frame.index - self._position - 1, frame.index
        if self.transport.wants_to_play:
            self._deliver_to(Delivery(frame, decode_ms, self._epoch, playing=True, missed=max(0, missed)))

    def _jump(self, source: Source, seek: Seek) -> None:
        if not source.info.seekable:
            return
        self._held = None
        if seek.index is not None:
            self._position = max(0, seek.index)
            source.seek_index(self._position)
        else:
            source.seek(max(0.0, seek.time_s or 0.0))
        self._show_next(source)

    def _step(self, source: Source, frames: int) -> None:
        if frames == 1:
            self._show_next(source)
        else:
            self._jump(source, Seek(index=self._position + frames))

    def _show_next(self, source: Source) -> None:
        """The next frame, now."""
        frame, decode_ms = self._held or _read(source)
        self._held = None
        if frame is None:
            self._end(source)
            return
        self.transport.restart_clock(frame.time_s)
        self._deliver(frame, decode_ms, playing=False)

    def _deliver(self, frame: Frame, decode_ms: float, *, playing: bool) -> None:
        if frame.time_s > self._last_time_s and frame.index == self._position + 1:
            self._interval_s = frame.time_s - self._last_time_s
        self._position, self._last_time_s = frame.index, frame.time_s
        self._delivered += 1
        self._deliver_to(Delivery(frame, decode_ms, self._epoch, playing))

    def _end(self, source: Source) -> None:
        """Nothing more to read: start again or stay at the last frame. A source of one frame, or of none that is good, never loops."""
        if self.transport.loops and source.info.seekable and self._delivered and self._position > 0:
            if self.transport.wait_until_due(self._last_time_s + self._interval_s):
                source.seek_index(0)
                self._delivered = 0
                self.transport.retry_step(1)
            return
        self.transport.end()
        self._on_change()

    def _notice(self, source: Source) -> None:
        """Tell of a stream that came back with another size or state."""
        status = source.status if isinstance(source, LiveSource) else ""
        if self.transport.notice(source.info, status):
            self._on_change()

    def _report(self, error: DetectorError) -> None:
        """Once per message: a loop over a folder must not repeat itself."""
        if not self.transport.stopped and str(error) not in self._reported:
            self._reported.add(str(error))
            self._on_error(error)

    def _fail(self, error: DetectorError) -> None:
        if self.transport.stopped:
            return
        self.transport.fail()
        self._on_error(error)
        self._on_change()


def _read(source: Source) -> tuple[Frame | None, float]:
    """The next frame and the milliseconds that it took."""
    started = time.perf_counter()
    frame = source.read()
    return frame, 1000 * (time.perf_counter() - started)
