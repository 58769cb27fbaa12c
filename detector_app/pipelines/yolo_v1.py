"""The grid of YOLOv1's dense layer (Redmon et al. 2016, arXiv 1506.02640, section 2).

A score is confidence × class, hence never above the confidence: only boxes whose confidence suffices are decoded. As in Darknet a box is
one candidate for *each* class that reaches the score.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector_app.model_card import GridSpec, ModelCard
from detector_app.pipelines.candidates import Candidates, Evidence, Outputs, Size
from detector_app.vision.boxes import from_centres
from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.trace import Places

PER_BOX = 5
"""x, y, w, h, confidence."""


@dataclass(frozen=True)
class YoloV1Decoder:
    """Decoder of (N, S, S, B·5+C); candidates are numbered (row, column, box).

    Attributes:
        output: the graph's output.
        grid: what its numbers mean.
        input_wh: size of the network's input, which a dense layer fixes.
    """

    output: str
    grid: GridSpec
    input_wh: Size

    def decode(self, outputs: Outputs, image: int, score: float) -> Candidates:
        """All (box, class) pairs of picture ``image`` with confidence × class ≥ ``score``."""
        return self._decode(outputs, image, score, best_only=False)

    def every(self, outputs: Outputs, image: int) -> Candidates:
        """Every box of every cell of picture ``image`` with its best class."""
        return self._decode(outputs, image, 0.0, best_only=True)

    def _decode(self, outputs: Outputs, image: int, score: float, *, best_only: bool) -> Candidates:
        side, per_cell = self.grid.side, self.grid.boxes_per_cell
        cells = outputs[self.output][image].reshape(side * side, -1)
        boxes = cells[:, : per_cell * PER_BOX].reshape(-1, PER_BOX)
        confident = np.flatnonzero(np.clip(boxes[:, 4], 0, 1) >= np.float32(score))
        if not len(confident):
            return Candidates.empty()
        values = boxes[confident].astype(np.float32, copy=False)
        classes = cells[confident // per_cell, per_cell * PER_BOX :].astype(np.float32, copy=False)
        scores = np.clip(values[:, 4:], 0, 1) * np.clip(classes, 0, 1)
        if best_only:
            which, class_ids = np.arange(len(scores)), scores.argmax(axis=1)
        else:
            which, class_ids = (scores >= np.float32(score)).nonzero()
        ids = confident[which]
        rows, columns = np.divmod(ids // per_cell, side)
        input_wh = np.array(self.input_wh, np.float32)
        centres = (np.stack((columns, rows), axis=1) + values[which, :2]) * (input_wh / np.float32(side))
        return Candidates(
            from_centres(centres, self._parts(values[which, 2:4]) * input_wh), scores[which, class_ids], class_ids, ids
        )

    def count(self, outputs: Outputs, image: int) -> int:
        """How many places picture ``image`` has."""
        return self.grid.side**2 * self.grid.boxes_per_cell

    def evidence(self, outputs: Outputs, image: int, ids: IntArray, input_wh: Size) -> Evidence:
        """Cells, and which of their boxes; the stride is that along the width, in whole pixels. The confidence as objectness."""
        side, per_cell = self.grid.side, self.grid.boxes_per_cell
        cell, box = np.divmod(ids, per_cell)
        row, column = np.divmod(cell, side)
        places = Places.in_grids(np.zeros_like(cell), np.full_like(cell, input_wh[0] // side), row, column, box)
        size = np.array(input_wh, np.float32) / np.float32(side)
        corners = np.stack([column, row], axis=1).astype(np.float32) * size
        boxes = outputs[self.output][image].reshape(side * side, -1)[:, : per_cell * PER_BOX].reshape(-1, PER_BOX)
        confidence = np.clip(boxes[ids, 4], 0, 1).astype(np.float32, copy=False)
        return Evidence(places, np.concatenate([corners, corners + size], axis=1), confidence)

    def axes(self, card: ModelCard) -> dict[str, tuple[int, ...]]:
        """Sizes that the output must have, by axis; 0 is any."""
        side = self.grid.side
        return {self.output: (0, side, side, self.grid.boxes_per_cell * PER_BOX + len(card.classes))}

    def _parts(self, values: FloatArray) -> FloatArray:
        """(n, 2) raw w and h → parts of the input's sides, not negative."""
        parts: FloatArray = np.square(values) if self.grid.square_roots else np.maximum(values, 0)
        return parts


def yolo_v1_decoder(card: ModelCard) -> YoloV1Decoder | None:
    """The decoder for the card's output of role ``grid``; None if it has none, no grid or no classes."""
    output = next((output.name for output in card.outputs if output.role == "grid"), None)
    if output is None or card.grid is None or not card.classes:
        return None
    height, width = card.input.size_hw
    return YoloV1Decoder(output, card.grid, (width, height))
