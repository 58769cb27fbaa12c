"""What is the same for every model that is one graph: preprocessing and session."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from detector_app.model_card import ModelCard
from detector_app.pipelines.graph import Graph
from detector_app.pipelines.pipeline import DetectSettings, Inference, Placement, Prepared
from detector_app.pipelines.preprocess import Preprocessor
from detector_app.pipelines.session import OnnxSession
from detector_app.vision.frame import Frame


class GraphPipeline:
    """All of :class:`~detector_app.pipelines.pipeline.Pipeline` but ``select``."""

    def __init__(self, card: ModelCard, session: OnnxSession, preprocessor: Preprocessor) -> None:
        self._card, self._session, self._preprocess = card, session, preprocessor

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

    def prepare(self, frames: Sequence[Frame], settings: DetectSettings | None = None) -> Prepared:
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

    def covers(self, inference: Inference, settings: DetectSettings) -> bool:
        """Raw outputs hold everything: no settings ask for another inference."""
        return True

    def close(self) -> None:
        """Release the session."""
        self._session.close()
