"""The thread that loads models, so that the present one runs on meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from detector_app.engine.mailbox import Latest
from detector_app.engine.threads import ErrorHandler, as_detector_error, start_thread
from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import Pipeline


@dataclass(frozen=True)
class ProcessorChoice:
    """Where models are to run; see :func:`detector_app.pipelines.loader.load_pipeline`."""

    providers: tuple[str, ...] | None = None
    strict: bool = False
    threads: int | None = None


class ModelLoader:
    """Loads one model after the other; of requests that wait, only the newest. Ends after ``close`` and the load in hand."""

    def __init__(
        self,
        choice: ProcessorChoice,
        on_loaded: Callable[[str, Pipeline, ModelCard | None], None],
        on_change: Callable[[], None],
        on_error: ErrorHandler,
    ) -> None:
        self._choice = choice
        self._on_loaded = on_loaded
        self._on_change = on_change
        self._on_error = on_error
        self._lock = threading.Lock()
        self._asked = 0
        self._answered = 0
        self._requests: Latest[tuple[int, str, ModelCard | None]] = Latest()
        self.thread = start_thread("model-loader", self._main, on_error)

    @property
    def loading(self) -> bool:
        """Whether the newest request is still open."""
        with self._lock:
            return self._answered < self._asked

    def load(self, name_or_path: str, card: ModelCard | None = None) -> None:
        """Load this model next, unless a newer request replaces it; a callback tells what became of it. ``card`` replaces its own."""
        with self._lock:
            self._asked += 1
            self._requests.put((self._asked, name_or_path, card))

    def close(self) -> None:
        """Take no more requests."""
        self._requests.close(discard=True)

    def _main(self) -> None:
        for number, name_or_path, card in self._requests:
            self._load(number, name_or_path, card)
            self._on_change()

    def _load(self, number: int, name_or_path: str, card: ModelCard | None) -> None:
        try:
            self._on_loaded(name_or_path, load(name_or_path, self._choice, card), card)
        except Exception as error:
            self._on_error(as_detector_error(error, name_or_path))
        with self._lock:
            self._answered = number


def load(name_or_path: str, choice: ProcessorChoice, card: ModelCard | None = None) -> Pipeline:
    """Load a model on the processor of ``choice``, read as ``card`` says if that is given.

    Imports onnxruntime on the first call: a second that must not hold up a window.

    Raises:
        ModelError, SettingError: see the loader.
    """
    from detector_app.pipelines.loader import load_pipeline

    return load_pipeline(
        name_or_path, providers=choice.providers, strict=choice.strict, threads=choice.threads, card=card
    )
