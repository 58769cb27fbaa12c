"""A listener that remembers, and can be waited on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from detector_app.engine.controller import Controller
from detector_app.engine.state import EngineState, Phase
from detector_app.errors import DetectorError
from detector_app.vision.frame_result import FrameResult

T = TypeVar("T")

DEADLINE_S = 30.0


class Witness:
    """Keeps every state and error, and the frame numbers of the results seen."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.controller: Controller | None = None
        self.states: list[EngineState] = []
        self.errors: list[DetectorError] = []
        self.shown: list[int] = []

    def on_result(self) -> None:
        result = self.controller.latest() if self.controller else None
        with self._changed:
            if result is not None:
                self.shown.append(result.frame.index)
            self._changed.notify_all()

    def on_state(self, state: EngineState) -> None:
        with self._changed:
            self.states.append(state)
            self._changed.notify_all()

    def on_error(self, error: DetectorError) -> None:
        with self._changed:
            self.errors.append(error)
            self._changed.notify_all()

    @property
    def phases(self) -> list[Phase]:
        """Phases in order, without repetitions."""
        phases = [state.phase for state in self.states]
        return [phase for i, phase in enumerate(phases) if i == 0 or phases[i - 1] is not phase]

    def wait(self, what: str, ready: Callable[[], T | None]) -> T:
        """Wait until ``ready`` gives something true; looked at after every message of the engine."""
        found: list[T] = []

        def look() -> bool:
            value = ready()
            if value:
                found.append(value)
            return bool(value)

        with self._changed:
            assert self._changed.wait_for(look, DEADLINE_S), f"waited in vain for {what}; errors: {self.errors}"
        return found[-1]


class Engine:
    """A controller with its witness; a context that closes it and sees that nothing is left."""

    def __init__(self) -> None:
        self.witness = Witness()
        self.controller = Controller(self.witness)
        self.witness.controller = self.controller

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.controller.close(DEADLINE_S)
        assert engine_threads() == []

    def wait_phase(self, phase: Phase) -> EngineState:
        """Wait until the engine says that it is in ``phase``."""
        states = self.witness.states
        return self.witness.wait(str(phase), lambda: states[-1] if states and states[-1].phase is phase else None)

    def wait_frame(self, index: int) -> FrameResult:
        """Wait until frame ``index`` is what is shown."""

        def shown() -> FrameResult | None:
            latest = self.controller.latest()
            return latest if latest is not None and latest.frame.index == index else None

        return self.witness.wait(f"frame {index}", shown)

    def wait_model(self, name: object) -> EngineState:
        """Wait until the model ``name`` runs."""
        states = self.witness.states

        def loaded() -> EngineState | None:
            state = states[-1] if states else None
            return state if state and state.model_name == str(name) and not state.model_loading else None

        return self.witness.wait(f"model {name}", loaded)

    def wait_error(self, kind: type[DetectorError]) -> DetectorError:
        """Wait for an error of ``kind``."""
        return self.witness.wait(
            kind.__name__, lambda: next((e for e in self.witness.errors if isinstance(e, kind)), None)
        )


def engine_threads() -> list[str]:
    """Names of the engine's threads that run."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("detector-")]
