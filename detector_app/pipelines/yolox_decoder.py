"""YOLOX (Ge et al. 2021, arXiv 2107.08430, section 2.3) as it is exported without its decoding: no anchors, one box for each cell.

``grid_dense`` is (N, A, 5+C): offset of the centre from the cell's corner and logarithm of the sides, in strides; then objectness and
classes, after the sigmoid. Cells of stride 8, then 16, then 32, row by row. The score is objectness × class, of the best class alone.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np

from detector_app.model_card import ModelCard
from detector_app.pipelines.candidates import Candidates, Evidence, Outputs, Size
from detector_app.pipelines.cells import cell_boxes, cells_along, cells_in, cells_xy
from detector_app.vision.boxes import from_centres
from detector_app.vision.detections import FloatArray, IntArray

ROLE = "grid_dense"
STRIDES = (8, 16, 32)
LARGEST_EXPONENT = np.float32(10.0)


@dataclass(frozen=True)
class YoloxDecoder:
    """Candidates are numbered as the rows of ``output``; ``input_wh`` is of the network's input."""

    output: str
    input_wh: Size

    def at(self, input_wh: Size) -> YoloxDecoder:
        """The same for an input of another size."""
        return replace(self, input_wh=input_wh)

    def decode(self, outputs: Outputs, image: int, score: float) -> Candidates:
        """All cells of picture ``image`` whose objectness × best class reaches ``score``."""
        raw = outputs[self.output][image]
        ids = np.flatnonzero(raw[:, 4] >= np.float32(score))
        rows = raw[ids].astype(np.float32, copy=False)
        products = rows[:, 5:] * rows[:, 4:5]
        passing = np.flatnonzero(products.max(axis=1, initial=0) >= np.float32(score))
        ids, rows, products = ids[passing], rows[passing], products[passing]
        if not len(ids):
            return Candidates.empty()
        corners_and_strides = cell_table(self.input_wh)[ids]
        strides = corners_and_strides[:, 2:]
        centres = (rows[:, :2] + corners_and_strides[:, :2]) * strides
        boxes = from_centres(centres, np.exp(np.minimum(rows[:, 2:4], LARGEST_EXPONENT)) * strides)
        class_ids = products.argmax(axis=1)
        return Candidates(boxes, products[np.arange(len(ids)), class_ids], class_ids, ids)

    def every(self, outputs: Outputs, image: int) -> Candidates:
        """Every place of picture ``image`` with its best class."""
        return self.decode(outputs, image, 0.0)

    def count(self, outputs: Outputs, image: int) -> int:
        """How many places picture ``image`` has."""
        return int(outputs[self.output].shape[1])

    def evidence(self, outputs: Outputs, image: int, ids: IntArray, input_wh: Size) -> Evidence:
        """Levels and cells, and the objectness."""
        places = cells_in(STRIDES, cell_counts(input_wh), ids, input_wh)
        return Evidence(places, cell_boxes(places), outputs[self.output][image, ids, 4].astype(np.float32, copy=False))

    def axes(self, card: ModelCard) -> dict[str, tuple[int, ...]]:
        """Sizes that the output must have, by axis; 0 is any."""
        count = 0 if card.input.dynamic is not None else sum(cell_counts(self.input_wh))
        return {self.output: (0, count, 5 + len(card.classes))}


def yolox_decoder(card: ModelCard) -> YoloxDecoder | None:
    """The decoder for the card's output of role :data:`ROLE`; None if it has none, or no classes."""
    name = next((output.name for output in card.outputs if output.role == ROLE), None)
    if name is None or not card.classes:
        return None
    return YoloxDecoder(name, (card.input.size_hw[1], card.input.size_hw[0]))


def cell_counts(input_wh: Size) -> tuple[int, ...]:
    """Cells of each level."""
    return tuple(cells_along(input_wh[0], stride) * cells_along(input_wh[1], stride) for stride in STRIDES)


@functools.lru_cache(maxsize=16)
def cell_table(input_wh: Size) -> FloatArray:
    """(A, 3): column, row and stride of every cell."""
    counts = cell_counts(input_wh)
    corners = [
        cells_xy(np.arange(count), cells_along(input_wh[0], stride))
        for stride, count in zip(STRIDES, counts, strict=True)
    ]
    table = np.column_stack([np.concatenate(corners), np.repeat(np.array(STRIDES, np.float32), counts)])
    table.setflags(write=False)
    return table
