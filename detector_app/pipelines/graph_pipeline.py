"""What is the same for every model that is one graph: preprocessing and session."""

from __future__ import annotations

import time
from collections.abc import Container, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.graph import Graph
from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import DetectSettings, Inference, Prepared
from detector_app.pipelines.placement import Placement
from detector_app.pipelines.preprocess import Preprocessor
from detector_app.pipelines.session import OnnxSession
from detector_app.vision.frame import Frame

PICTURE_IDS = "picture_ids"
"""Role of an output that says to which picture of the batch each row of the others belongs."""


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
        start = time.perf_counter()
        outputs = in_single_precision(self._outputs(prepared))
        return Inference(outputs, prepared.letterboxes, run_ms=(time.perf_counter() - start) * 1e3)

    def _outputs(self, prepared: Prepared) -> dict[str, NDArray[Any]]:
        name, tensor = self._card.input.name, prepared.tensor
        if self._card.input.dynamic_batch or len(tensor) == 1:
            return self._session.run({name: tensor, **prepared.further})
        runs = [
            self._session.run({name: tensor[i : i + 1], **self._further_of(prepared, i)}) for i in range(len(tensor))
        ]
        return joined(runs, {output.name for output in self._card.outputs if output.role == PICTURE_IDS})

    def _further_of(self, prepared: Prepared, image: int) -> Mapping[str, NDArray[Any]]:
        """The other inputs for a run on picture ``image`` alone."""
        return prepared.further

    def covers(self, inference: Inference, settings: DetectSettings) -> bool:
        """Raw outputs hold everything: no settings ask for another inference."""
        return True

    def interrupt(self) -> None:
        """One run of a graph is short."""

    def close(self) -> None:
        """Release the session."""
        self._session.close()


def in_single_precision(outputs: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Outputs in half precision as float32, in which processors and thresholds reckon; all others as they are."""
    return {name: raw.astype(np.float32) if raw.dtype == np.float16 else raw for name, raw in outputs.items()}


def joined(runs: Sequence[Mapping[str, NDArray[Any]]], numbering: Container[str]) -> dict[str, NDArray[Any]]:
    """Outputs of runs on one picture each as those of one batch; the outputs in ``numbering`` tell pictures, which are counted on."""
    return {
        name: np.concatenate([run[name] + i if name in numbering else run[name] for i, run in enumerate(runs)])
        for name in runs[0]
    }
