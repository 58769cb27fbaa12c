"""The pipeline of every detector that is one graph: preprocessing, session and decoder composed."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from detector_app.model_card import ModelCard
from detector_app.pipelines.candidates import Candidates, Decoder
from detector_app.pipelines.pipeline import DetectSettings, Inference, Placement, Prepared
from detector_app.pipelines.preprocess import Preprocessor
from detector_app.pipelines.selection import select
from detector_app.pipelines.session import Graph, OnnxSession
from detector_app.pipelines.trace import Trace, explain
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame


class DetectorPipeline:
    """See :class:`~detector_app.pipelines.pipeline.Pipeline`; made by the loader."""

    def __init__(self, card: ModelCard, session: OnnxSession, preprocessor: Preprocessor, decoder: Decoder) -> None:
        self._card, self._session, self._decoder = card, session, decoder
        self._preprocess = preprocessor

    @property
    def card(self) -> ModelCard:
        """The model card it was made from."""
        return self._card

    @property
    def placement(self) -> Placement:
        """Where the graph really runs."""
        return self._session.placement

    @property
    def graph(self) -> Graph:
        """Names, shapes and types of what the graph takes and gives."""
        return self._session.graph

    def prepare(self, frames: Sequence[Frame]) -> Prepared:
        """Frames of any size → input tensor, in a buffer that the next call uses again."""
        return self._preprocess(frames)

    def run(self, prepared: Prepared) -> Inference:
        """Run the graph; a graph with a fixed batch of one runs once per frame."""
        name, tensor = self._card.input.name, prepared.tensor
        start = time.perf_counter()
        if self._card.input.dynamic_batch or len(tensor) == 1:
            outputs = self._session.run({name: tensor})
        else:
            runs = [self._session.run({name: tensor[i : i + 1]}) for i in range(len(tensor))]
            outputs = {key: np.concatenate([run[key] for run in runs]) for key in runs[0]}
        return Inference(outputs, prepared.letterboxes, run_ms=(time.perf_counter() - start) * 1e3)

    def select(self, inference: Inference, settings: DetectSettings) -> list[Detections]:
        """One ``Detections`` per frame; touches no session, so it may run beside ``run``."""
        return [
            select(self.candidates(inference, image, settings.score), letterbox, settings, self._card.classes)
            for image, letterbox in enumerate(inference.letterboxes)
        ]

    def candidates(self, inference: Inference, image: int, score: float) -> Candidates:
        """All boxes of picture ``image`` that reach ``score``, before suppression; those that are not finite are none."""
        found = self._decoder.decode(inference.outputs, image, score)
        if np.isfinite(found.xyxy).all():
            return found
        return found.take(np.flatnonzero(np.isfinite(found.xyxy).all(axis=1)))

    def trace(self, inference: Inference, settings: DetectSettings, *, image: int = 0, floor: float = 0.05) -> Trace:
        """What ``select`` does to each candidate of picture ``image`` whose score is at least ``floor`` (or the settings' own)."""
        candidates = self.candidates(inference, image, min(floor, settings.score))
        return explain(candidates, self._decoder, inference.outputs, inference.letterboxes[image], settings)

    def close(self) -> None:
        """Release the session."""
        self._session.close()
