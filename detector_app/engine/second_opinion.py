"""The second model on the engine's two threads: it sees every frame that the first sees, so that what they find always belongs together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from detector_app.engine.threads import ErrorHandler, as_detector_error
from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import (
    DetectSettings,
    Inference,
    Interrupted,
    Pipeline,
    default_settings,
    infer,
)
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import SecondOpinion, Timings

SettingsOf = Callable[[ModelCard], DetectSettings]
"""How the second model selects, by its card."""


@dataclass(frozen=True)
class SecondInferred:
    """What the second model made of a frame; no inference if it failed."""

    pipeline: Pipeline
    inference: Inference | None


class SecondSeat:
    """Where the second model sits on the inference thread. ``take_next``, ``leave`` and ``infer`` only there."""

    def __init__(self, on_error: ErrorHandler) -> None:
        self._on_error = on_error
        self._lock = threading.Lock()
        self._waiting: tuple[Pipeline | None] | None = None
        self._current: Pipeline | None = None
        self._failed = False
        self.settings: SettingsOf = default_settings
        """How it selects."""

    def change(self, pipeline: Pipeline | None) -> None:
        """Seat another model, or none, from the next frame on. Takes it over."""
        with self._lock:
            unused, self._waiting = self._waiting, (pipeline,)
        if unused is not None and unused[0] is not None:
            unused[0].close()
        self.interrupt()

    def interrupt(self) -> None:
        """Let a long run end, because its model will not be used again."""
        with self._lock:
            current = self._current
        if current is not None:
            current.interrupt()

    def close_unused(self) -> None:
        """Close a model that came after the thread ended."""
        with self._lock:
            unused, self._waiting = self._waiting, None
        if unused is not None and unused[0] is not None:
            unused[0].close()

    def take_next(self) -> Pipeline | None:
        """Seat the one that waits. The former, to be retired, if there was one."""
        with self._lock:
            if self._waiting is None:
                return None
            former, self._current = self._current, self._waiting[0]
            self._waiting = None
            self._failed = False
            return former

    def leave(self) -> Pipeline | None:
        """The thread ends: the one that was seated, to be retired."""
        with self._lock:
            former, self._current = self._current, None
            return former

    def infer(self, frame: Frame) -> SecondInferred | None:
        """Raw outputs for ``frame``; None without a model. A failure is told once per model.

        Raises:
            Interrupted: the model is not to be used any more.
        """
        pipeline = self._current
        if pipeline is None:
            return None
        try:
            return SecondInferred(pipeline, infer(pipeline, [frame], self.settings(pipeline.card)))
        except Interrupted:
            raise
        except Exception as error:
            if not self._failed:
                self._on_error(as_detector_error(error, pipeline.card.name))
            self._failed = True
            return SecondInferred(pipeline, None)


def select_second(seen: SecondInferred, settings: DetectSettings) -> SecondOpinion | None:
    """What the second model found; None if it failed or finds no boxes.

    Raises:
        InferenceError: its outputs are unusable.
    """
    if seen.inference is None:
        return None
    started = perf_counter()
    found = seen.pipeline.select(seen.inference, settings)[0]
    select_ms = 1000 * (perf_counter() - started)
    if not isinstance(found, Detections):
        return None
    timings = Timings(prepare_ms=seen.inference.prepare_ms, run_ms=seen.inference.run_ms, select_ms=select_ms)
    return SecondOpinion(found, timings)


def covers_second(seen: SecondInferred | None, settings_of: SettingsOf) -> bool:
    """Whether the raw outputs hold all that the settings of now ask for."""
    if seen is None or seen.inference is None:
        return True
    return seen.pipeline.covers(seen.inference, settings_of(seen.pipeline.card))
