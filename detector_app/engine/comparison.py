"""Which model is compared with the first, and how it selects: the controller's part in comparing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from detector_app.engine.model_loader import ModelLoader, ProcessorChoice
from detector_app.engine.second_opinion import SecondInferred
from detector_app.engine.state import EngineState
from detector_app.engine.threads import ErrorHandler
from detector_app.errors import ModelError, message
from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import DetectSettings, Inference, Pipeline, default_settings
from detector_app.vision.frame_result import FrameResult

SecondWitness = Callable[[FrameResult, Pipeline, Inference], None]
"""Takes a result as if the second model were the only one, with that model and its raw outputs."""


class NotComparableError(ModelError):
    """The model finds no boxes."""

    summary = message("{where} cannot be compared: it names whole pictures and finds no boxes.")
    remedy = message("Choose a model that finds objects.")


@dataclass(frozen=True)
class OwnThresholds:
    """Thresholds of the second model where it does not share those of the first; see ``DetectSettings``."""

    score: float
    iou: float


class Comparison:
    """Loads the second model on a thread of its own, which is started when it is first needed.

    Args:
        choice: the processor.
        seat: takes the loaded model, or None, and lets the shown frame be looked at again.
        refresh: lets the shown frame be selected again.
        first: card (None without a model) and settings of the first model.
        on_change: called when the state is another one.
        on_error: told of what cannot be loaded.
    """

    def __init__(
        self,
        choice: ProcessorChoice,
        seat: Callable[[Pipeline | None], None],
        refresh: Callable[[], None],
        first: Callable[[], tuple[ModelCard | None, DetectSettings]],
        on_change: Callable[[], None],
        on_error: ErrorHandler,
    ) -> None:
        self._choice, self._seat, self._refresh, self._first = choice, seat, refresh, first
        self._on_change, self._on_error = on_change, on_error
        self.witness: SecondWitness | None = None
        """Is shown every new result with a second opinion, on the engine's thread; it must not hold it up."""
        self._lock = threading.Lock()
        self._loader: ModelLoader | None = None
        self._wanted = ""
        self._name = ""
        self._card: ModelCard | None = None
        self._own: OwnThresholds | None = None
        self._closed = False

    def compare_with(self, name_or_path: str | None) -> None:
        """Load this model and let it look at every frame, too; the present second one runs until then. None: compare no more."""
        with self._lock:
            if self._closed:
                return
            self._wanted = name_or_path or ""
            if name_or_path:
                self._loader = self._loader or ModelLoader(self._choice, self._accept, self._on_change, self._on_error)
                self._loader.load(name_or_path)
            else:
                self._name, self._card = "", None
                self._seat(None)
        self._on_change()

    def set_own(self, own: OwnThresholds | None) -> None:
        """Let the second model select with thresholds of its own; None: with those of the first. The shown result's at once."""
        with self._lock:
            self._own = own
        self._refresh()

    @property
    def own(self) -> OwnThresholds | None:
        """Thresholds of its own; None while it shares those of the first."""
        with self._lock:
            return self._own

    def settings(self, card: ModelCard) -> DetectSettings:
        """How the second model, with this card, selects now."""
        first_card, first = self._first()
        return second_settings(card, first_card, first, self.own)

    def show_witness(self, result: FrameResult, seen: SecondInferred | None) -> None:
        """Let the witness see what the second model made of a new frame, if there are both."""
        witness = self.witness
        if witness is None or result.second is None or seen is None or seen.inference is None:
            return
        witness(
            FrameResult(result.frame, result.second.detections, result.second.timings), seen.pipeline, seen.inference
        )

    def in_state(self, state: EngineState) -> EngineState:
        """The state with what is known of the second model."""
        with self._lock:
            loading = bool(self._wanted) and self._loader is not None and self._loader.loading
            return replace(state, second_model=self._card, second_name=self._name, second_loading=loading)

    def close(self) -> list[threading.Thread]:
        """Load nothing more; the threads that are to be joined."""
        with self._lock:
            self._closed = True
            if self._loader is None:
                return []
            self._loader.close()
            return [self._loader.thread]

    def _accept(self, name_or_path: str, pipeline: Pipeline, given: ModelCard | None) -> None:
        """Seat a loaded model, unless another one is wanted by now. With other classes it has its own thresholds at first."""
        del given
        if pipeline.card.task == "classify":
            pipeline.close()
            raise NotComparableError(name_or_path)
        first_card, _ = self._first()
        with self._lock:
            if self._closed or self._wanted != name_or_path:
                pipeline.close()
                return
            self._name, self._card = name_or_path, pipeline.card
            self._own = None if first_card is None else own_at_first(pipeline.card, first_card)
            self._seat(pipeline)


def own_at_first(card: ModelCard, first: ModelCard) -> OwnThresholds | None:
    """Models of the same classes are likely variants of one, and share the thresholds; others begin with those of their card."""
    if frozenset(card.classes) == frozenset(first.classes):
        return None
    return OwnThresholds(card.thresholds.score, card.thresholds.iou)


def second_settings(
    card: ModelCard, first_card: ModelCard | None, first: DetectSettings, own: OwnThresholds | None
) -> DetectSettings:
    """How a second model selects.

    Args:
        card: of the second model.
        first_card: of the first; None without.
        first: settings of the first.
        own: thresholds of the second; None for those of the first.

    Returns:
        Numbers and a cascade's settings as the first's where it shares them; classes are wanted by name, and all that the first
        does not know.
    """
    base = default_settings(card)
    shared = own is None and first.cascade is not None and base.cascade is not None
    return replace(
        base,
        score=first.score if own is None else own.score,
        iou=first.iou if own is None else own.iou,
        classes=_wanted(card, first_card, first.classes),
        class_agnostic=first.class_agnostic,
        max_detections=first.max_detections,
        top_k=first.top_k,
        cascade=first.cascade if shared else base.cascade,
    )


def _wanted(card: ModelCard, first_card: ModelCard | None, classes: frozenset[int] | None) -> frozenset[int] | None:
    if classes is None or first_card is None:
        return None
    unwanted = {name for i, name in enumerate(first_card.classes) if i not in classes}
    return frozenset(i for i, name in enumerate(card.classes) if name not in unwanted)
