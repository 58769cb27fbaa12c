"""What every model is to the engine: prepare, run, select, each a step of its own.

``Inference`` is what must be kept to select again with other thresholds and no new inference.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import ModelCard
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import Found
from detector_app.vision.letterbox import Letterbox


@dataclass(frozen=True)
class DetectSettings:
    """An immutable snapshot of what a person may change while frames flow.

    Attributes:
        score: least score kept, 0–1.
        iou: two boxes of a class that overlap more than this are one object, 0–1.
        classes: ids that are wanted, or None for all.
        class_agnostic: boxes of different classes suppress each other, too.
        max_detections: most boxes kept per frame, best first.
        top_k: most candidates that go into NMS, best first.
    """

    score: float = 0.4
    iou: float = 0.5
    classes: frozenset[int] | None = None
    class_agnostic: bool = False
    max_detections: int = 300
    top_k: int = 1000


@dataclass(frozen=True, eq=False)
class Prepared:
    """A batch as the network takes it, with what the way back needs.

    Attributes:
        tensor: (N, …) in the layout and type of the card's input.
        letterboxes: one per frame.
    """

    tensor: NDArray[np.generic]
    letterboxes: tuple[Letterbox, ...]


@dataclass(frozen=True, eq=False)
class Inference:
    """Raw outputs of the graph for a batch, by output name, with the letterboxes of its frames and the run's cost.

    The arrays stay valid as long as this object lives: they are never views of a reused buffer.
    """

    outputs: dict[str, NDArray[np.generic]]
    letterboxes: tuple[Letterbox, ...]
    prepare_ms: float = 0.0
    run_ms: float = 0.0


@dataclass(frozen=True)
class Placement:
    """On which processor the graph really runs.

    Attributes:
        asked: providers asked for, in order.
        session: providers of the session as it was made (``session.get_providers()``).
        nodes: how many nodes ran on each provider, as counted in a profile of the warm-up run; empty when it was not measured.
    """

    asked: tuple[str, ...]
    session: tuple[str, ...]
    nodes: dict[str, int] = field(default_factory=dict)

    @property
    def main(self) -> str:
        """The provider that runs most nodes, as a short name ("CPU", "CUDA", "TensorRT")."""
        provider = max(self.nodes, key=lambda name: self.nodes[name]) if self.nodes else self.session[0]
        return short_name(provider)

    @property
    def as_asked(self) -> bool:
        """Whether the provider that runs is the first one that was asked for."""
        return bool(self.asked) and self.main == short_name(self.asked[0])


def short_name(provider: str) -> str:
    """Short name of a provider: ``CUDAExecutionProvider`` is "CUDA"."""
    return provider.removesuffix("ExecutionProvider").replace("Tensorrt", "TensorRT")


class Pipeline(Protocol):
    """A loaded model. Not thread-safe, except that ``select`` may run beside ``run`` (it touches no session)."""

    @property
    def card(self) -> ModelCard:
        """The model card it was made from."""

    @property
    def placement(self) -> Placement:
        """Where the graph really runs."""

    def prepare(self, frames: Sequence[Frame]) -> Prepared:
        """Frames of any size → input tensor. The tensor may live in a buffer that the next ``prepare`` reuses."""

    def run(self, prepared: Prepared) -> Inference:
        """Run the graph.

        Raises:
            InferenceError: the session failed.
        """

    def select(self, inference: Inference, settings: DetectSettings) -> Sequence[Found]:
        """What was found, one per frame.

        Of a detector ``Detections``: decode, filter, top-k, NMS and the way back to source pixels.
        Of a classifier a ``Classification``, whatever the settings.

        Raises:
            InferenceError: the outputs of a classifier are not finite.
        """

    def close(self) -> None:
        """Release the session."""


def infer(pipeline: Pipeline, frames: Sequence[Frame]) -> Inference:
    """Prepare and run ``frames``, with the cost of both noted in the result.

    Raises:
        InferenceError: the frames do not fit the graph, or the session failed.
    """
    started = time.perf_counter()
    prepared = pipeline.prepare(frames)
    prepare_ms = 1000 * (time.perf_counter() - started)
    return replace(pipeline.run(prepared), prepare_ms=prepare_ms)


def default_settings(card: ModelCard) -> DetectSettings:
    """The card's own thresholds as settings."""
    found = card.thresholds
    return DetectSettings(score=found.score, iou=found.iou, max_detections=found.max_detections)
