"""Graphs that filter and suppress for themselves (``detector-export --nms``), with the thresholds as inputs.

The result holds for a lower score only after another run, and for another overlap, too: which boxes were suppressed is not to be known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import InsideSelection, ModelCard
from detector_app.pipelines.candidates import Candidates, Evidence, Outputs, Size
from detector_app.pipelines.detector import DetectorPipeline
from detector_app.pipelines.pipeline import DetectSettings, Inference, Prepared, default_settings
from detector_app.pipelines.preprocess import Preprocessor
from detector_app.pipelines.region_decoder import outputs_by_role
from detector_app.pipelines.session import OnnxSession
from detector_app.vision.detections import Detections, IntArray
from detector_app.vision.frame import Frame
from detector_app.vision.trace import Stage, Trace

ROLES = ("boxes", "scores", "class_ids", "picture_ids")


@dataclass(frozen=True)
class SelectedDecoder:
    """Reads what is left of a batch: D rows, each a box of one picture; the attributes are names among the outputs."""

    boxes: str
    scores: str
    class_ids: str
    picture_ids: str

    def decode(self, outputs: Outputs, image: int, score: float) -> Candidates:
        """Those of picture ``image`` that reach ``score``."""
        scores = outputs[self.scores]
        ids = np.flatnonzero((outputs[self.picture_ids] == image) & (scores >= np.float32(score)))
        return Candidates(
            outputs[self.boxes][ids].astype(np.float32, copy=False),
            scores[ids].astype(np.float32, copy=False),
            outputs[self.class_ids][ids].astype(np.int64, copy=False),
            ids,
        )

    def every(self, outputs: Outputs, image: int) -> Candidates:
        """All that the graph has left of picture ``image``."""
        return self.decode(outputs, image, 0.0)

    def count(self, outputs: Outputs, image: int) -> int:
        """How many the graph has left."""
        return int(np.count_nonzero(outputs[self.picture_ids] == image))

    def evidence(self, outputs: Outputs, image: int, ids: IntArray, input_wh: Size) -> Evidence:
        """Nobody knows any more."""
        return Evidence()

    def axes(self, card: ModelCard) -> dict[str, tuple[int, ...]]:
        """Sizes that the outputs must have, by axis; 0 is any."""
        return {self.boxes: (0, 4), self.scores: (0,), self.class_ids: (0,), self.picture_ids: (0,)}


def selected_decoder(card: ModelCard) -> SelectedDecoder | None:
    """The decoder for the card's outputs; None if it lacks one of :data:`ROLES`, or its selection is not described."""
    names = outputs_by_role(card)
    if card.inside is None or not all(role in names for role in ROLES):
        return None
    boxes, scores, class_ids, picture_ids = (names[role] for role in ROLES)
    return SelectedDecoder(boxes, scores, class_ids, picture_ids)


def first_thresholds(card: ModelCard) -> dict[str, NDArray[Any]]:
    """The threshold inputs of a first run: the card's own."""
    return {} if card.inside is None else thresholds(card.inside, card.thresholds.score, card.thresholds.iou)


def thresholds(spec: InsideSelection, score: float, iou: float) -> dict[str, NDArray[Any]]:
    """The inputs of the graph by name."""
    return {spec.score_input: np.array([score], np.float32), spec.iou_input: np.array([iou], np.float32)}


@dataclass(frozen=True, eq=False)
class SelectedInference(Inference):
    """What the graph has left, and the thresholds (float32) that it went by."""

    score: float = 0.0
    iou: float = 1.0


class SelectedPipeline(DetectorPipeline):
    """See :class:`~detector_app.pipelines.pipeline.Pipeline`; made by the loader.

    The least score and the overlap act inside the graph; wanted classes, boxes across classes and the most detections on the host,
    on what the graph has left.
    """

    def __init__(
        self, card: ModelCard, session: OnnxSession, preprocessor: Preprocessor, decoder: SelectedDecoder
    ) -> None:
        super().__init__(card, session, preprocessor, decoder)
        self._spec = card.inside or InsideSelection()

    def prepare(self, frames: Sequence[Frame], settings: DetectSettings | None = None) -> Prepared:
        """Frames of any size → input tensor, with the thresholds of ``settings``; None are the card's own."""
        asked = settings or default_settings(self._card)
        further = thresholds(self._spec, asked.score, asked.iou)
        return replace(super().prepare(frames, settings), further=further)

    def run(self, prepared: Prepared) -> SelectedInference:
        """Run the graph, and note the thresholds."""
        found = super().run(prepared)
        score, iou = (float(prepared.further[name][0]) for name in (self._spec.score_input, self._spec.iou_input))
        return SelectedInference(found.outputs, found.letterboxes, found.prepare_ms, found.run_ms, score, iou)

    def select(self, inference: Inference, settings: DetectSettings) -> list[Detections]:
        """One ``Detections`` per frame; a lower score than that of the run gives no more than that."""
        return super().select(inference, _on_host(settings))

    def covers(self, inference: Inference, settings: DetectSettings) -> bool:
        """Whether the graph went by the same overlap and by no higher score.

        Less score takes boxes away that were kept in vain, and what a box suppressed had less score than it: so raising the score after
        suppression is the same as before it. For the overlap there is no such rule, neither up nor down.
        """
        if not isinstance(inference, SelectedInference):
            return False
        return bool(inference.score <= np.float32(settings.score) and inference.iou == np.float32(settings.iou))

    def trace(self, inference: Inference, settings: DetectSettings, *, image: int = 0, floor: float = 0.05) -> Trace:
        """What ``select`` does to each of those that the graph has left; what it dropped inside is not to be known."""
        trace = super().trace(inference, _on_host(settings), image=image, floor=floor)
        return replace(trace, stages=(Stage("graph", 0, trace.stages[0].count), *trace.stages[1:]))


def _on_host(settings: DetectSettings) -> DetectSettings:
    """Suppression was inside; only across classes it remains to be done."""
    return settings if settings.class_agnostic else replace(settings, iou=1.0)
