"""What a second stage says of proposed regions: R rows for all pictures of a batch together, each with C scores and C boxes.

The score filter comes before boxes are gathered: of 300 regions and 80 classes some tens of 24,000 pairs pass.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector_app.model_card import ModelCard
from detector_app.pipelines.candidates import Candidates, Outputs, Region, Size
from detector_app.vision.detections import FloatArray, IntArray


@dataclass(frozen=True)
class RegionDecoder:
    """Decoder of the R-CNN family; the attributes are names among the outputs. Candidates have the number of their row.

    As in the papers a region is one candidate for *each* class that reaches the score, with the box of that class.

    Attributes:
        scores: (R, C) probabilities, without the background.
        boxes: (R, C, 4) xyxy in pixels of the input.
        picture_ids: (R,) the picture of each row.
        proposals: (R, 4) the regions before they were regressed; "" where nobody tells.
        objectness: (R,) how sure a region proposal network was, by which regions are ranked; "" where nobody tells: then each picture's
            best come first.
    """

    scores: str
    boxes: str
    picture_ids: str
    proposals: str = ""
    objectness: str = ""

    def decode(self, outputs: Outputs, image: int, score: float) -> Candidates:
        """All (region, class) pairs of picture ``image`` that reach ``score``."""
        scores = outputs[self.scores]
        passing = scores >= np.float32(score)
        passing &= (outputs[self.picture_ids] == image)[:, None]
        rows, class_ids = passing.nonzero()
        if not len(rows):
            return Candidates.empty()
        found = scores[rows, class_ids].astype(np.float32, copy=False)
        return Candidates(self._boxes(outputs, rows, class_ids), found, class_ids, rows)

    def place(self, outputs: Outputs, candidate_id: int, input_wh: Size) -> Region | None:
        """The region of a candidate; None if the graph does not give it away."""
        if not self.proposals:
            return None
        pictures = outputs[self.picture_ids]
        before = pictures == pictures[candidate_id]
        before[candidate_id:] = False
        if self.objectness:
            sure = outputs[self.objectness]
            before &= sure == sure[candidate_id]
            before |= (pictures == pictures[candidate_id]) & (sure > sure[candidate_id])
        return self._region(outputs, candidate_id, int(np.count_nonzero(before)))

    def regions(self, outputs: Outputs, image: int) -> tuple[Region, ...]:
        """All that was proposed for picture ``image``, best first; none if the graph does not give it away."""
        if not self.proposals:
            return ()
        rows = np.flatnonzero(outputs[self.picture_ids] == image)
        if self.objectness:
            rows = rows[np.argsort(-outputs[self.objectness][rows], kind="stable")]
        return tuple(self._region(outputs, row, rank) for rank, row in enumerate(rows.tolist()))

    def axes(self, card: ModelCard) -> dict[str, tuple[int, ...]]:
        """Sizes that the graph's outputs must have, by axis; 0 is any."""
        count = len(card.classes)
        axes = {
            self.scores: (0, count),
            self.boxes: (0, count, 4),
            self.picture_ids: (0,),
            self.proposals: (0, 4),
            self.objectness: (0,),
        }
        return {output.name: axes[output.name] for output in card.outputs if output.name in axes}

    def _boxes(self, outputs: Outputs, rows: IntArray, class_ids: IntArray) -> FloatArray:
        """(n, 4) boxes of (row, class) pairs."""
        boxes: FloatArray = outputs[self.boxes][rows, class_ids].astype(np.float32, copy=False)
        return boxes

    def _region(self, outputs: Outputs, row: int, rank: int) -> Region:
        left, top, right, bottom = outputs[self.proposals][row].tolist()
        sure = float(outputs[self.objectness][row]) if self.objectness else None
        return Region(rank, (left, top, right, bottom), sure)


def outputs_by_role(card: ModelCard) -> dict[str, str]:
    """Role → name of the output that plays it; of several the first."""
    return {output.role: output.name for output in reversed(card.outputs)}
