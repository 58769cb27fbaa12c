"""What a person orders of the present source: play, pause, step, seek. The part of the controller that only passes orders on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

from detector_app.engine.player import Player
from detector_app.engine.state import Phase
from detector_app.engine.transport import Seek, Transport


class PlaybackOrders(ABC):
    """Every method returns at once and may be called at any time; without a source nothing happens."""

    @abstractmethod
    def open(self, spec: str, *, autoplay: bool = True) -> None:
        """Open a source instead of the present one."""

    @abstractmethod
    def _present_player(self) -> Player | None:
        """What plays the present source."""

    @abstractmethod
    def _notify(self) -> None:
        """Tell that the state is another one."""

    @abstractmethod
    def _held(self) -> None:
        """A frame is held from now on."""

    def play(self) -> None:
        """Let frames flow; from the end, start again. A live source that ended is opened again."""
        player = self._present_player()
        if player is None:
            return
        view = player.transport.view()
        if view.phase is Phase.ENDED and view.info is not None and not view.info.seekable:
            self.open(player.spec)
            return
        player.transport.play()
        self._notify()

    def pause(self) -> None:
        """Hold the shown frame."""
        self._order(Transport.pause)
        self._held()

    def toggle(self) -> None:
        """Play or pause, whichever it is not doing."""
        player = self._present_player()
        if player is None:
            return
        if player.transport.wants_to_play:
            self.pause()
        else:
            self.play()

    def step(self, frames: int) -> None:
        """Pause and go on (or back, where the source can) by ``frames``; requests add up."""
        self._order(lambda transport: transport.step(frames))

    def seek(self, time_s: float) -> None:
        """Show the frame at ``time_s``, playing or not; of many requests only the newest counts."""
        self._order(lambda transport: transport.seek(Seek(time_s=time_s)))

    def seek_index(self, index: int) -> None:
        """Show frame ``index``, as ``seek``."""
        self._order(lambda transport: transport.seek(Seek(index=index)))

    def _flows(self) -> bool:
        """Whether frames follow each other without being asked for one by one."""
        player = self._present_player()
        return player is not None and player.transport.wants_to_play

    def _source_changed(self) -> None:
        """The player's phase, or what it says of its source, is another one. Its last frame is held."""
        self._notify()
        player = self._present_player()
        if player is not None and player.transport.view().phase is Phase.ENDED:
            self._held()

    def _order(self, give: Callable[[Transport], None]) -> None:
        """Leave an order with the present source, if there is one."""
        player = self._present_player()
        if player is not None:
            give(player.transport)
        self._notify()
