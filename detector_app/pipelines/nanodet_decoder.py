"""NanoDet (github.com/RangiLyu/nanodet), whose sides are distributions (Li et al. 2020, "Generalized Focal Loss", arXiv 2006.04388).

For each stride two outputs: ``nanodet_scores_8``: (N, cells, C), after the sigmoid; ``nanodet_sides_8``: (N, cells, 4·(m+1)): for
left, top, right and bottom the logits of the distances 0 … m strides from the cell's centre, of which the softmax's mean counts. A
centre is ``(column + ½, row + ½) · stride``. A cell is a candidate for its best class alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from detector_app.model_card import ModelCard
from detector_app.pipelines.candidates import Candidates, Evidence, Outputs, Size
from detector_app.pipelines.cells import cell_boxes, cells_in, cells_xy, grid_of
from detector_app.vision.detections import FloatArray, IntArray

STRIDES = (8, 16, 32, 64)


def role(part: str, stride: int) -> str:
    """The role in a card of ``part``, "scores" or "sides", at ``stride``."""
    return f"nanodet_{part}_{stride}"


@dataclass(frozen=True)
class Level:
    """The names of the two outputs of one stride."""

    stride: int
    scores: str
    sides: str


@dataclass(frozen=True)
class NanodetDecoder:
    """Candidates are numbered level by level, row by row; ``input_wh`` is of the network's input."""

    levels: tuple[Level, ...]
    input_wh: Size

    def at(self, input_wh: Size) -> NanodetDecoder:
        """The same for an input of another size."""
        return replace(self, input_wh=input_wh)

    def decode(self, outputs: Outputs, image: int, score: float) -> Candidates:
        """All cells of picture ``image`` whose best class reaches ``score``."""
        return Candidates.join(
            [self._level(level, first, outputs, image, score) for level, first in self._numbered(outputs)]
        )

    def every(self, outputs: Outputs, image: int) -> Candidates:
        """Every place of picture ``image`` with its best class."""
        return self.decode(outputs, image, 0.0)

    def count(self, outputs: Outputs, image: int) -> int:
        """How many places picture ``image`` has."""
        return sum(outputs[level.scores].shape[1] for level in self.levels)

    def evidence(self, outputs: Outputs, image: int, ids: IntArray, input_wh: Size) -> Evidence:
        """Levels and cells."""
        strides = tuple(level.stride for level in self.levels)
        counts = tuple(outputs[level.scores].shape[1] for level in self.levels)
        places = cells_in(strides, counts, ids, input_wh)
        return Evidence(places, cell_boxes(places))

    def axes(self, card: ModelCard) -> dict[str, tuple[int, ...]]:
        """Sizes that the outputs must have, by axis; 0 is any."""
        scores = {level.scores: (0, 0, len(card.classes)) for level in self.levels}
        return {**scores, **{level.sides: (0, 0, 0) for level in self.levels}}

    def _numbered(self, outputs: Outputs) -> Iterator[tuple[Level, int]]:
        first = 0
        for level in self.levels:
            yield level, first
            first += outputs[level.scores].shape[1]

    def _level(self, level: Level, first: int, outputs: Outputs, image: int, score: float) -> Candidates:
        classes = outputs[level.scores][image]
        ids = np.flatnonzero(classes.max(axis=1, initial=0) >= np.float32(score))
        if not len(ids):
            return Candidates.empty()
        _, columns = grid_of(level.stride, len(classes), self.input_wh)
        centres = (cells_xy(ids, columns) + np.float32(0.5)) * np.float32(level.stride)
        distances = mean_distances(outputs[level.sides][image][ids]) * np.float32(level.stride)
        boxes = np.concatenate([centres - distances[:, :2], centres + distances[:, 2:]], axis=1)
        class_ids = classes[ids].argmax(axis=1)
        scores = classes[ids, class_ids].astype(np.float32, copy=False)
        return Candidates(boxes, scores, class_ids, ids + first)


def mean_distances(logits: FloatArray) -> FloatArray:
    """(n, 4·(m+1)) → (n, 4): the mean of each distribution over 0 … m."""
    by_side = logits.reshape(len(logits), 4, -1).astype(np.float32)
    powers = np.exp(by_side - by_side.max(axis=2, keepdims=True))
    means: FloatArray = powers @ np.arange(by_side.shape[2], dtype=np.float32) / powers.sum(axis=2)
    return means


def nanodet_decoder(card: ModelCard) -> NanodetDecoder | None:
    """The decoder for the card's outputs; None if it names no level completely, or no classes."""
    names = {output.role: output.name for output in card.outputs}
    levels = tuple(
        Level(stride, names[role("scores", stride)], names[role("sides", stride)])
        for stride in STRIDES
        if role("scores", stride) in names and role("sides", stride) in names
    )
    return NanodetDecoder(levels, (card.input.size_hw[1], card.input.size_hw[0])) if levels and card.classes else None
