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
from detector_app.pipelines.candidates import Candidates, Outputs, Place, Size
from detector_app.vision.boxes import from_centres

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

    def place(self, outputs: Outputs, candidate_id: int, input_wh: Size) -> Place | None:
        """Grid, cell and anchor of a candidate; None if the grids are unusual."""
        return _place(outputs[self.output].shape[2], candidate_id, input_wh)

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

    def place(self, outputs: Outputs, candidate_id: int, input_wh: Size) -> Place | None:
        """Grid, cell and anchor of a candidate; None if the grids are unusual."""
        return _place(outputs[self.output].shape[1], candidate_id, input_wh)

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


def _place(count: int, candidate_id: int, input_wh: Size) -> Place | None:
    """Place ``candidate_id`` of ``count``: levels in turn, and in each (anchor, row, column)."""
    for strides in GRIDS:
        cells = [(input_wh[1] // stride, input_wh[0] // stride) for stride in strides]
        anchors, rest = divmod(count, sum(rows * columns for rows, columns in cells))
        if rest or not anchors:
            continue
        for head, (rows, columns) in enumerate(cells):
            if candidate_id < anchors * rows * columns:
                anchor, row, column = np.unravel_index(candidate_id, (anchors, rows, columns))
                return Place(head, strides[head], int(row), int(column), int(anchor))
            candidate_id -= anchors * rows * columns
    return None
