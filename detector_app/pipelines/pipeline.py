"""What every model is to the engine: prepare, run, select, each a step of its own.

``Inference`` is what must be kept to select again with other thresholds and no new inference.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from detector_app.graph import Graph
from detector_app.model_card import CascadeDefaults, ModelCard
from detector_app.pipelines.placement import Placement
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import Found
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.trace import Trace


@dataclass(frozen=True)
class CascadeSettings:
    """What a person may change of a cascade while frames flow; see :class:`~detector_app.model_card.CascadeDefaults`.

    Attributes:
        min_face_px: side of the smallest face that is looked for, in pixels of the picture.
        scale_factor: sides of a level of the pyramid as a part of those of the level before.
        proposal_score, refine_score: least scores of P-Net and R-Net.
        score: least score of the last stage, O-Net; None for ``DetectSettings.score``, where that does not mean other objects too.
        scan_every: in a video, only each such frame is searched for faces; between them the known faces are followed. 1 searches all.
    """

    min_face_px: float = 20.0
    scale_factor: float = 0.709
    proposal_score: float = 0.6
    refine_score: float = 0.7
    score: float | None = None
    scan_every: int = 1


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
        cascade: of a cascade; None for all other models, and for a cascade's own values.
        traced: a run keeps what a trace needs of its earlier stages. It changes no result.
    """

    score: float = 0.4
    iou: float = 0.5
    classes: frozenset[int] | None = None
    class_agnostic: bool = False
    max_detections: int = 300
    top_k: int = 1000
    cascade: CascadeSettings | None = None
    traced: bool = False


@dataclass(frozen=True, eq=False)
class Prepared:
    """A batch as the network takes it, with what the way back needs.

    Attributes:
        tensor: (N, …) in the layout and type of the card's input.
        letterboxes: one per frame.
        further: the graph's other inputs by name: regions, thresholds.
    """

    tensor: NDArray[np.generic]
    letterboxes: tuple[Letterbox, ...]
    further: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Inference:
    """Raw outputs of the graph for a batch, by output name, with the letterboxes of its frames and the run's cost.

    What the host proposed is among them, under names of :mod:`~detector_app.pipelines.host_proposals`.
    The arrays stay valid as long as this object lives: they are never views of a reused buffer.
    """

    outputs: dict[str, NDArray[np.generic]]
    letterboxes: tuple[Letterbox, ...]
    prepare_ms: float = 0.0
    run_ms: float = 0.0


class Interrupted(Exception):  # noqa: N818  (nothing went wrong)
    """A run was given up because its model is about to be closed."""


class Pipeline(Protocol):
    """A loaded model. Not thread-safe, except that ``select`` may run beside ``run`` (it touches no session)."""

    @property
    def card(self) -> ModelCard:
        """The model card it was made from."""

    @property
    def placement(self) -> Placement:
        """Where the graph really runs."""

    @property
    def graph(self) -> Graph:
        """Names, shapes and types of what it takes and gives."""

    def prepare(self, frames: Sequence[Frame], settings: DetectSettings | None = None) -> Prepared:
        """Frames of any size → input tensor. The tensor may live in a buffer that the next ``prepare`` reuses.

        ``settings`` count only for a cascade, whose stages choose what the next ones see, and for a graph that selects for itself;
        None are the card's own.
        """

    def run(self, prepared: Prepared) -> Inference:
        """Run the graph.

        Raises:
            InferenceError: the session failed.
            Interrupted: :meth:`interrupt` was called meanwhile, or before.
        """

    def interrupt(self) -> None:
        """Let a long run end as soon as it can, from any thread, because the model is about to be closed; a short one goes on."""

    def select(self, inference: Inference, settings: DetectSettings) -> Sequence[Found]:
        """What was found, one per frame.

        Of a detector ``Detections``: decode, filter, top-k, NMS and the way back to source pixels.
        Of a classifier a ``Classification``, whatever the settings.

        Raises:
            InferenceError: the outputs of a classifier are not finite.
        """

    def covers(self, inference: Inference, settings: DetectSettings) -> bool:
        """Whether ``select`` gives with ``settings`` what a new inference would.

        Always, except for a cascade's earlier stages, and for a graph that filters and suppresses for itself.
        """

    def trace(
        self, inference: Inference, settings: DetectSettings, *, image: int = 0, floor: float = 0.05
    ) -> Trace | None:
        """What ``select`` does to each candidate of picture ``image``; None of a classifier, and where the run kept too little.

        Args:
            inference: of this pipeline.
            settings: as for ``select``; that ``traced`` was set for the run is what a cascade needs.
            image: number in the batch.
            floor: candidates with less score are left out. With 0 every place of the network is told of, with its best class.
        """

    def close(self) -> None:
        """Release the session."""


def infer(pipeline: Pipeline, frames: Sequence[Frame], settings: DetectSettings | None = None) -> Inference:
    """Prepare and run ``frames``, with the cost of both noted in the result. ``settings`` as in :meth:`Pipeline.prepare`.

    Raises:
        InferenceError: the frames do not fit the graph, or the session failed.
    """
    started = time.perf_counter()
    prepared = pipeline.prepare(frames, settings)
    prepare_ms = 1000 * (time.perf_counter() - started)
    inference = pipeline.run(prepared)
    return replace(inference, prepare_ms=prepare_ms + inference.prepare_ms)  # crops are prepared as the run goes on


def default_settings(card: ModelCard) -> DetectSettings:
    """The card's own thresholds as settings."""
    found = card.thresholds
    cascade = None if card.cascade is None else _default_cascade(card.cascade, alone=card.task == "faces")
    return DetectSettings(score=found.score, iou=found.iou, max_detections=found.max_detections, cascade=cascade)


def _default_cascade(found: CascadeDefaults, *, alone: bool) -> CascadeSettings:
    """What a cascade starts from; ``alone``, its last score is the one of all detections."""
    propose, refine, last = found.scores
    return CascadeSettings(found.min_face_px, found.scale_factor, propose, refine, None if alone else last)
