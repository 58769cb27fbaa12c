"""What a decoder finds in the raw outputs, before anything is suppressed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import ModelCard
from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.trace import Places

Size = tuple[int, int]
"""Width and height in pixels."""
Outputs = Mapping[str, NDArray[Any]]
"""Raw arrays of the graph by output name, batch first (those of regions: all regions of the batch first), and what the host proposed."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """N boxes of one picture, each with one class; a place of the network may appear with several classes.

    Attributes:
        xyxy: (N, 4) float32 in pixels of the network's input, not clipped, finite.
        scores: (N,) float32, 0 to 1.
        class_ids: (N,) int64.
        ids: (N,) int64, flat number of the place (head, anchor, cell) or of the region that made the box.
        landmarks_xy: (N, K, 2) float32 in pixels of the network's input; None when the model has none.
    """

    xyxy: FloatArray
    scores: FloatArray
    class_ids: IntArray
    ids: IntArray
    landmarks_xy: FloatArray | None = None

    @classmethod
    def empty(cls) -> Candidates:
        """None at all."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64), np.zeros(0, np.int64))

    @classmethod
    def join(cls, parts: list[Candidates]) -> Candidates:
        """Those of several heads, in that order; all of them have landmarks, or none."""
        if len(parts) < 2:
            return parts[0] if parts else cls.empty()
        landmarks = [part.landmarks_xy for part in parts if part.landmarks_xy is not None]
        return cls(
            np.concatenate([part.xyxy for part in parts]),
            np.concatenate([part.scores for part in parts]),
            np.concatenate([part.class_ids for part in parts]),
            np.concatenate([part.ids for part in parts]),
            np.concatenate(landmarks) if landmarks else None,
        )

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_]) -> Candidates:
        """Those at ``index`` (integers or a mask), in that order."""
        landmarks = None if self.landmarks_xy is None else self.landmarks_xy[index]
        return Candidates(self.xyxy[index], self.scores[index], self.class_ids[index], self.ids[index], landmarks)


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a decoder knows of n candidates besides box, score and class, row by row.

    Attributes:
        places: cells and anchors, or ranks of proposals; None where that cannot be told.
        before_xyxy: (n, 4) float32 the anchor, prior, cell or proposal that each box was before, in pixels of the network's input.
        objectness: (n,) float32 how sure the network was that there is something; None where it has no such part.
    """

    places: Places | None = None
    before_xyxy: FloatArray | None = None
    objectness: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class Proposed:
    """All R regions that were proposed for a picture, best first (Girshick et al. 2014, section 2; Ren et al. 2015, section 3.1).

    Attributes:
        ids: (R,) int64 their numbers, as in ``Candidates.ids``.
        xyxy: (R, 4) float32 before they were regressed, in pixels of the network's input, not clipped.
        objectness: (R,) float32 of the region proposal network; None where nobody said, for selective search only ranks.
    """

    ids: IntArray
    xyxy: FloatArray
    objectness: FloatArray | None = None


class Decoder(Protocol):
    """Turns the raw outputs of one model family into candidates. Pure: no state, so it may run beside the session."""

    def decode(self, outputs: Outputs, image: int, score: float) -> Candidates:
        """All candidates of picture ``image`` of the batch that reach ``score``."""

    def every(self, outputs: Outputs, image: int) -> Candidates:
        """Every place of picture ``image`` with its best class, whatever the score: for those who ask why something is missing."""

    def count(self, outputs: Outputs, image: int) -> int:
        """How many places picture ``image`` has."""

    def evidence(self, outputs: Outputs, image: int, ids: IntArray, input_wh: Size) -> Evidence:
        """Where the candidates of picture ``image`` with these numbers come from, and what else is known of them."""

    def axes(self, card: ModelCard) -> dict[str, tuple[int, ...]]:
        """Sizes that the outputs must have, by output and axis; 0 is any size."""


@runtime_checkable
class RegionalDecoder(Decoder, Protocol):
    """A decoder of two stages: what it finds was proposed before."""

    def proposed(self, outputs: Outputs, image: int) -> Proposed | None:
        """All that was proposed for picture ``image`` of the batch; None if the graph does not give it away."""


@runtime_checkable
class GridDecoder(Protocol):
    """One whose outputs are flat lists of cells: their number does not tell the grid's shape, the input's size does."""

    def at(self, input_wh: Size) -> Decoder:
        """The same decoder for outputs of an input of that size."""
