"""What a person wants of a source, left by any thread and carried out by the player's own."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from detector_app.engine.playback_clock import PlaybackClock
from detector_app.engine.state import Event, Phase, after
from detector_app.sources.source import SourceInfo


@dataclass(frozen=True)
class Seek:
    """An absolute position: either a time or a frame number."""

    time_s: float | None = None
    index: int | None = None


@dataclass(frozen=True)
class Step:
    """A relative position, in frames."""

    frames: int


@dataclass(frozen=True)
class Advance:
    """The next frame, in its time."""


Order = Seek | Step | Advance


@dataclass(frozen=True)
class View:
    """What can be seen of a source at one moment: ``info`` is there in PLAYING, PAUSED and ENDED, and only then."""

    phase: Phase
    info: SourceInfo | None
    status: str


class Transport:
    """The phase of one source, what is known of it, the pending orders and the clock behind one lock.

    Methods never wait unless they say so.
    """

    def __init__(self, *, autoplay: bool, speed: float, loop: bool) -> None:
        self._changed = threading.Condition()
        self._phase = after(Phase.EMPTY, Event.OPEN)
        self._autoplay = autoplay
        self._loop = loop
        self._clock = PlaybackClock(speed)
        self._seek: Seek | None = None
        self._steps = 0
        self._stopped = False
        self._info: SourceInfo | None = None
        self._status = ""

    def view(self) -> View:
        """Phase, source and status now."""
        with self._changed:
            return View(self._phase, self._info, self._status)

    @property
    def wants_to_play(self) -> bool:
        """Whether it plays, or will as soon as it is open."""
        with self._changed:
            return self._autoplay if self._phase is Phase.OPENING else self._phase is Phase.PLAYING

    @property
    def stopped(self) -> bool:
        """Whether the player is to end."""
        with self._changed:
            return self._stopped

    # --- orders ---------------------------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Let frames flow; from the end, start again."""
        with self._changed:
            self._autoplay = True
            if self._phase is Phase.ENDED:
                self._seek, self._steps = Seek(index=0), 0
            self._apply(Event.PLAY)

    def pause(self) -> None:
        """Hold the shown frame."""
        with self._changed:
            self._autoplay = False
            self._apply(Event.PAUSE)

    def seek(self, seek: Seek) -> None:
        """Show another frame. Only the newest request counts."""
        with self._changed:
            self._seek, self._steps = seek, 0
            self._apply(Event.JUMP)

    def step(self, frames: int) -> None:
        """Pause and go on or back by ``frames``; requests add up."""
        with self._changed:
            self._autoplay = False
            self._steps += frames
            self._apply(Event.PAUSE)
            self._apply(Event.JUMP)

    def set_speed(self, speed: float) -> None:
        """Change the pace from the next frame on."""
        with self._changed:
            self._clock.restart(speed)
            self._changed.notify_all()

    def set_loop(self, loop: bool) -> None:
        """Whether the end leads to the start."""
        with self._changed:
            self._loop = loop

    def stop(self) -> None:
        """End the player soon."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    # --- the player's side ----------------------------------------------------------------------------------------------------

    def begin(self, info: SourceInfo) -> None:
        """The source is open. Its first frame is shown at once, playing or not, unless another one is asked for."""
        with self._changed:
            self._info = info
            if self._seek is None and self._steps == 0:
                self._steps = 1
            self._apply(Event.READY_PLAYING if self._autoplay else Event.READY_PAUSED)

    def notice(self, info: SourceInfo, status: str) -> bool:
        """Take what the source says of itself now. Says whether that is something else than before."""
        with self._changed:
            before, self._info, self._status = (self._info, self._status), info, status
            return before != (info, status)

    def fail(self) -> None:
        """The source is lost."""
        with self._changed:
            self._info, self._status = None, ""
            self._apply(Event.FAIL)

    def end(self) -> None:
        """The last frame was shown; nothing changes if something else was asked for meanwhile."""
        with self._changed:
            if not self._interrupted():
                self._apply(Event.END)

    def retry_step(self, frames: int) -> None:
        """Ask for a step in the player's own name, unless something newer was asked for."""
        with self._changed:
            if not self._interrupted():
                self._steps = frames

    def next_order(self) -> Order | None:
        """Wait until there is something to do; None when stopped."""
        with self._changed:
            self._changed.wait_for(lambda: self._interrupted() or self._flowing())
            if self._stopped:
                return None
            order: Order = Advance()
            if self._seek is not None:
                order, self._seek = self._seek, None
            elif self._steps:
                order, self._steps = Step(self._steps), 0
            return order

    def wait_until_due(self, time_s: float) -> bool:
        """Sleep until ``time_s`` of the source is due. False, early, when something else is to be done first."""
        with self._changed:
            while self._phase is Phase.PLAYING and not self._interrupted():
                wait_s = self._clock.wait_s(time_s, time.monotonic())
                if wait_s <= 0:
                    return True
                self._changed.wait(wait_s)
            return False

    def restart_clock(self, time_s: float) -> None:
        """The frame of ``time_s`` is shown now, whatever came before."""
        with self._changed:
            self._clock.restart()
            self._clock.wait_s(time_s, time.monotonic())

    @property
    def loops(self) -> bool:
        """Whether the end leads to the start now."""
        with self._changed:
            return self._loop and self._phase is Phase.PLAYING

    def _interrupted(self) -> bool:
        return self._stopped or self._seek is not None or self._steps != 0

    def _flowing(self) -> bool:
        """A live source is read while paused, too: what it sends must not pile up."""
        live = self._info is not None and self._info.live
        return self._phase is Phase.PLAYING or (live and self._phase is Phase.PAUSED)

    def _apply(self, event: Event) -> None:
        """Take the transition; the lock is held."""
        before, self._phase = self._phase, after(self._phase, event)
        if before is not self._phase:
            self._clock.restart()
        self._changed.notify_all()
