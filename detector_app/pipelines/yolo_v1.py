"""The grid of YOLOv1's dense layer (Redmon et al. 2016, arXiv 1506.02640, section 2).

A score is confidence × class, hence never above the confidence: only boxes whose confidence suffices are decoded. As in Darknet a box is
one candidate for *each* class that reaches the score.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector_app.model_card import GridSpec, ModelCard
from detector_app.pipelines.candidates import Candidates, Outputs, Place, Size
from detector_app.vision.boxes import from_centres
from detector_app.vision.detections import FloatArray

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
        side, per_cell = self.grid.side, self.grid.boxes_per_cell
        cells = outputs[self.output][image].reshape(side * side, -1)
        boxes = cells[:, : per_cell * PER_BOX].reshape(-1, PER_BOX)
        confident = np.flatnonzero(np.clip(boxes[:, 4], 0, 1) >= np.float32(score))
        if not len(confident):
            return Candidates.empty()
        values = boxes[confident].astype(np.float32, copy=False)
        classes = cells[confident // per_cell, per_cell * PER_BOX :].astype(np.float32, copy=False)
        scores = np.clip(values[:, 4:], 0, 1) * np.clip(classes, 0, 1)
        which, class_ids = (scores >= np.float32(score)).nonzero()
        ids = confident[which]
        rows, columns = np.divmod(ids // per_cell, side)
        input_wh = np.array(self.input_wh, np.float32)
        centres = (np.stack((columns, rows), axis=1) + values[which, :2]) * (input_wh / np.float32(side))
        return Candidates(
            from_centres(centres, self._parts(values[which, 2:4]) * input_wh), scores[which, class_ids], class_ids, ids
        )

    def place(self, outputs: Outputs, candidate_id: int, input_wh: Size) -> Place:
        """Cell of a candidate, and which of its boxes; the stride is that along the width, in whole pixels."""
        cell, box = divmod(candidate_id, self.grid.boxes_per_cell)
        row, column = divmod(cell, self.grid.side)
        return Place(0, input_wh[0] // self.grid.side, row, column, box)

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
