"""Dense heads as Ultralytics exports them: one row or column per place, boxes already in input pixels, probabilities already activated.

``dense_objectness`` (YOLOv5) is (N, A, 5+C): centre x, centre y, width, height, objectness, classes; the score is objectness × class.
``dense`` (v8, v11 and v5u) is (N, 4+C, A) without objectness. A place is a candidate for its best class alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import ModelCard
from detector_app.pipelines.candidates import Candidates, Evidence, Outputs, Size
from detector_app.pipelines.cells import cell_boxes, places_in
from detector_app.vision.boxes import from_centres
from detector_app.vision.detections import IntArray
from detector_app.vision.trace import Places

GRIDS = ((8, 16, 32), (8, 16, 32, 64))
"""Strides of the usual models, and of those with a fourth level for large inputs."""


@dataclass(frozen=True)
class Dense:
    """Decoder of (N, 4+C, A). ``output`` is the graph's output."""

    output: str

    def decode(self, outputs: Outputs, image: int, score: float) -> Candidates:
        """All places of picture ``image`` whose best class reaches ``score``."""
        raw = outputs[self.output][image]
        ids = np.flatnonzero(raw[4:].max(axis=0) >= score)
        return _candidates(raw[:4, ids].T, raw[4:, ids].T, ids)

    def every(self, outputs: Outputs, image: int) -> Candidates:
        """Every place of picture ``image`` with its best class."""
        return self.decode(outputs, image, 0.0)

    def count(self, outputs: Outputs, image: int) -> int:
        """How many places picture ``image`` has."""
        return int(outputs[self.output].shape[2])

    def evidence(self, outputs: Outputs, image: int, ids: IntArray, input_wh: Size) -> Evidence:
        """Grids, cells and anchors; nothing if the grids are unusual."""
        return _in_cells(_places(outputs[self.output].shape[2], ids, input_wh))

    def axes(self, card: ModelCard) -> dict[str, tuple[int, ...]]:
        """Sizes that the output must have, by axis; 0 is any."""
        return {self.output: (0, 4 + len(card.classes), 0)}


@dataclass(frozen=True)
class DenseWithObjectness:
    """Decoder of (N, A, 5+C). ``output`` is the graph's output."""

    output: str

    def decode(self, outputs: Outputs, image: int, score: float) -> Candidates:
        """All places of picture ``image`` whose objectness × best class reaches ``score``."""
        raw = outputs[self.output][image]
        ids = np.flatnonzero(raw[:, 4] >= score)
        rows = raw[ids]
        scores = rows[:, 5:] * rows[:, 4:5]
        passing = np.flatnonzero(scores.max(axis=1, initial=0) >= score)
        return _candidates(rows[passing, :4], scores[passing], ids[passing])

    def every(self, outputs: Outputs, image: int) -> Candidates:
        """Every place of picture ``image`` with its best class."""
        return self.decode(outputs, image, 0.0)

    def count(self, outputs: Outputs, image: int) -> int:
        """How many places picture ``image`` has."""
        return int(outputs[self.output].shape[1])

    def evidence(self, outputs: Outputs, image: int, ids: IntArray, input_wh: Size) -> Evidence:
        """Grids, cells and anchors, unless the grids are unusual; the anchors' sizes are in the graph alone. The objectness."""
        places = _places(outputs[self.output].shape[1], ids, input_wh)
        objectness = outputs[self.output][image, ids, 4].astype(np.float32, copy=False)
        return Evidence(places, objectness=objectness)

    def axes(self, card: ModelCard) -> dict[str, tuple[int, ...]]:
        """Sizes that the output must have, by axis; 0 is any."""
        return {self.output: (0, 0, 5 + len(card.classes))}


ROLES: dict[str, Callable[[str], Dense | DenseWithObjectness]] = {
    "dense": Dense,
    "dense_objectness": DenseWithObjectness,
}


def dense_decoder(card: ModelCard) -> Dense | DenseWithObjectness | None:
    """The decoder for the card's first output with a dense role; None if it has none, or no classes."""
    if not card.classes:
        return None
    return next((ROLES[output.role](output.name) for output in card.outputs if output.role in ROLES), None)


def _candidates(centre_wh: NDArray[Any], scores: NDArray[Any], ids: NDArray[np.int64]) -> Candidates:
    """(n, 4) boxes and (n, C) scores → the best class of each."""
    if not len(ids):
        return Candidates.empty()
    boxes = centre_wh.astype(np.float32, copy=False)
    class_ids = scores.argmax(axis=1)
    best = scores[np.arange(len(ids)), class_ids].astype(np.float32, copy=False)
    return Candidates(from_centres(boxes[:, :2], boxes[:, 2:]), best, class_ids, ids)


def _places(count: int, ids: IntArray, input_wh: Size) -> Places | None:
    """Places of ``count``: levels in turn, and in each (anchor, row, column)."""
    for strides in GRIDS:
        cells = tuple((input_wh[1] // stride, input_wh[0] // stride) for stride in strides)
        anchors, rest = divmod(count, sum(rows * columns for rows, columns in cells))
        if anchors and not rest:
            return places_in(strides, cells, (anchors,) * len(strides), ids, anchors_first=True)
    return None


def _in_cells(places: Places | None) -> Evidence:
    return Evidence() if places is None else Evidence(places, cell_boxes(places))
