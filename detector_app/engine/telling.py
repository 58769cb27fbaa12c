"""States told to the listener in order, each only once."""

from __future__ import annotations

import threading
from collections.abc import Callable

from detector_app.engine.listener import Listener
from detector_app.engine.state import EngineState, Phase


class Telling:
    """Tells ``listener`` of states that differ from the one before. Any thread may call; they never overtake each other."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._lock = threading.RLock()
        self._told = EngineState()

    def notify(self, present: Callable[[], EngineState]) -> None:
        """Tell the state that ``present`` gives, unless the engine has ended. It is asked inside the lock, which keeps states in order."""
        with self._lock:
            state = present()
            if state.phase is not Phase.CLOSED:
                self.tell(state)

    def tell(self, state: EngineState) -> None:
        """Tell ``state`` if it is another one."""
        with self._lock:
            if state != self._told:
                self._told = state
                self._listener.on_state(state)
