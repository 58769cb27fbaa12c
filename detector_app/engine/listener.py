"""Who the engine tells."""

from __future__ import annotations

from typing import Protocol

from detector_app.engine.state import EngineState
from detector_app.errors import DetectorError


class Listener(Protocol):
    """Called on the engine's threads (a state also on the caller's). Must be quick and never wait for another thread."""

    def on_result(self) -> None:
        """A newer result is there: ``controller.latest()``."""

    def on_state(self, state: EngineState) -> None:
        """Something of the state is different; states arrive in order, none twice."""

    def on_error(self, error: DetectorError) -> None:
        """Something failed; the engine goes on."""
