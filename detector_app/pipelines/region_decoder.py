"""What a second stage says of proposed regions: R rows for all pictures of a batch together, each with C scores and C boxes.

The score filter comes before boxes are gathered: of 300 regions and 80 classes some tens of 24,000 pairs pass.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector_app.model_card import ModelCard
from detector_app.pipelines.candidates import Candidates, Evidence, Outputs, Proposed, Size
from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.trace import Places


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

    def every(self, outputs: Outputs, image: int) -> Candidates:
        """Every region of picture ``image`` with its best class."""
        rows = np.flatnonzero(outputs[self.picture_ids] == image)
        if not len(rows):
            return Candidates.empty()
        class_ids = outputs[self.scores][rows].argmax(axis=1)
        found = outputs[self.scores][rows, class_ids].astype(np.float32, copy=False)
        return Candidates(self._boxes(outputs, rows, class_ids), found, class_ids, rows)

    def count(self, outputs: Outputs, image: int) -> int:
        """How many places picture ``image`` has."""
        return int(np.count_nonzero(outputs[self.picture_ids] == image))

    def evidence(self, outputs: Outputs, image: int, ids: IntArray, input_wh: Size) -> Evidence:
        """The regions of the candidates, with their ranks; nothing if the graph does not give them away."""
        found = self.proposed(outputs, image)
        if found is None:
            return Evidence()
        by_number = np.argsort(found.ids)
        rank = by_number[np.searchsorted(found.ids, ids, sorter=by_number)]
        sure = None if found.objectness is None else found.objectness[rank]
        return Evidence(Places.proposed(rank), found.xyxy[rank], sure)

    def proposed(self, outputs: Outputs, image: int) -> Proposed | None:
        """All that was proposed for picture ``image``, best first; None if the graph does not give it away."""
        if not self.proposals:
            return None
        rows = np.flatnonzero(outputs[self.picture_ids] == image)
        sure = outputs[self.objectness][rows].astype(np.float32, copy=False) if self.objectness else None
        if sure is not None:
            order = np.argsort(-sure, kind="stable")
            rows, sure = rows[order], sure[order]
        return Proposed(rows, outputs[self.proposals][rows].astype(np.float32, copy=False), sure)

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


def outputs_by_role(card: ModelCard) -> dict[str, str]:
    """Role → name of the output that plays it; of several the first."""
    return {output.role: output.name for output in reversed(card.outputs)}
