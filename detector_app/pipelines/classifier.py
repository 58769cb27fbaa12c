"""The pipeline of classifiers: one score per class and picture, no boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detector_app.errors import InferenceError, message
from detector_app.model_card import ModelCard
from detector_app.pipelines.candidates import Outputs
from detector_app.pipelines.graph_pipeline import GraphPipeline
from detector_app.pipelines.pipeline import DetectSettings, Inference
from detector_app.pipelines.preprocess import Preprocessor
from detector_app.pipelines.session import OnnxSession
from detector_app.vision.classification import Classification
from detector_app.vision.detections import FloatArray

ROLES: Mapping[str, bool] = {"logits": False, "probabilities": True}
"""Role of an output that a classifier may have → whether the softmax is already in the graph."""
NOT_FINITE = message("its scores are not finite numbers")
NO_PROBABILITIES = message("its scores are said to be probabilities, but are not all between 0 and 1")


@dataclass(frozen=True)
class ClassScores:
    """Reads an output (N, C), of which row n holds the scores of picture n.

    Attributes:
        output: the graph's output.
        activated: the scores are probabilities; otherwise their softmax is.
    """

    output: str
    activated: bool = False

    def probabilities(self, outputs: Outputs, image: int) -> FloatArray:
        """(C,) float32 in [0, 1] for picture ``image``; computed in double precision.

        Raises:
            ValueError: a score is not finite, or one that should be a probability is none.
        """
        scores = outputs[self.output][image].astype(np.float64)
        if not np.isfinite(scores).all():
            raise ValueError(NOT_FINITE)
        if not self.activated:
            scores = np.exp(scores - scores.max())
            scores /= scores.sum()
        elif scores.min() < -_ROUNDING or scores.max() > 1 + _ROUNDING:
            raise ValueError(NO_PROBABILITIES)
        found: FloatArray = np.clip(scores, 0, 1).astype(np.float32)
        return found

    def axes(self, card: ModelCard) -> dict[str, tuple[int, ...]]:
        """Sizes that the output must have, by axis; 0 is any."""
        return {self.output: (0, len(card.classes))}


_ROUNDING = 1e-3
"""What half precision may add to a probability."""


def class_scores(card: ModelCard) -> ClassScores | None:
    """The reader for the card's first output with one of :data:`ROLES`; None if it has none, or no classes."""
    if not card.classes:
        return None
    return next((ClassScores(o.name, ROLES[o.role]) for o in card.outputs if o.role in ROLES), None)


class ClassifierPipeline(GraphPipeline):
    """See :class:`~detector_app.pipelines.pipeline.Pipeline`; made by the loader."""

    def __init__(self, card: ModelCard, session: OnnxSession, preprocessor: Preprocessor, scores: ClassScores) -> None:
        super().__init__(card, session, preprocessor)
        self._scores = scores

    def trace(self, inference: Inference, settings: DetectSettings, *, image: int = 0, floor: float = 0.05) -> None:
        """A classifier has no candidates."""
        del inference, settings, image, floor

    def select(self, inference: Inference, settings: DetectSettings) -> list[Classification]:
        """The probabilities of all classes for each frame. A classifier has no thresholds: the settings change nothing.

        Raises:
            InferenceError: the scores are not finite, or no probabilities although the card says so.
        """
        del settings
        try:
            return [
                Classification(
                    self._scores.probabilities(inference.outputs, image), self.card.classes, letterbox.seen_xyxy
                )
                for image, letterbox in enumerate(inference.letterboxes)
            ]
        except ValueError as error:
            raise InferenceError(self.card.name, detail=str(error)) from error
