"""The pipeline of every detector that is one graph: preprocessing, session and decoder composed."""

from __future__ import annotations

import weakref

from detector_app.model_card import ModelCard
from detector_app.pipelines.candidates import Candidates, Decoder, GridDecoder
from detector_app.pipelines.graph_pipeline import GraphPipeline
from detector_app.pipelines.pipeline import DetectSettings, Inference
from detector_app.pipelines.preprocess import Preprocessor
from detector_app.pipelines.selection import select
from detector_app.pipelines.session import OnnxSession
from detector_app.pipelines.trace import Below, Subject, explain
from detector_app.vision.detections import Detections
from detector_app.vision.trace import Trace


class DetectorPipeline(GraphPipeline):
    """See :class:`~detector_app.pipelines.pipeline.Pipeline`; made by the loader."""

    def __init__(self, card: ModelCard, session: OnnxSession, preprocessor: Preprocessor, decoder: Decoder) -> None:
        super().__init__(card, session, preprocessor)
        self._decoder = decoder
        self._grid = decoder if isinstance(decoder, GridDecoder) else None
        self._below: tuple[weakref.ref[Inference], int, float, Below] | None = None

    def select(self, inference: Inference, settings: DetectSettings) -> list[Detections]:
        """One ``Detections`` per frame; touches no session, so it may run beside ``run``."""
        return [
            select(self.candidates(inference, image, settings.score), letterbox, settings, self.card.classes)
            for image, letterbox in enumerate(inference.letterboxes)
        ]

    def candidates(self, inference: Inference, image: int, score: float) -> Candidates:
        """All boxes of picture ``image`` that reach ``score``, before suppression; those that are not finite are none."""
        return self._subject(inference, image).candidates(score)

    def trace(self, inference: Inference, settings: DetectSettings, *, image: int = 0, floor: float = 0.05) -> Trace:
        """What ``select`` does to each candidate of picture ``image`` whose score is at least ``floor`` (or the settings' own)."""
        subject, known = self._subject(inference, image), self._below
        if known is None or known[0]() is not inference or known[1:3] != (image, floor):
            known = self._below = weakref.ref(inference), image, floor, subject.below(floor)
        return explain(subject, known[3], settings, floor)

    def _subject(self, inference: Inference, image: int) -> Subject:
        decoder: Decoder = self._decoder
        if self._grid is not None:
            decoder = self._grid.at(inference.letterboxes[image].input_wh)
        return Subject(decoder, inference.outputs, image, inference.letterboxes[image], self.card.classes)
