"""What a decoder finds in the raw outputs, before anything is suppressed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import ModelCard
from detector_app.vision.detections import FloatArray, IntArray

Size = tuple[int, int]
"""Width and height in pixels."""
Outputs = Mapping[str, NDArray[Any]]
"""Raw arrays of the graph by output name, batch first."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """N boxes of one picture, each with one class; a place of the network may appear with several classes.

    Attributes:
        xyxy: (N, 4) float32 in pixels of the network's input, not clipped, finite.
        scores: (N,) float32, 0 to 1.
        class_ids: (N,) int64.
        ids: (N,) int64, flat number of the place (head, anchor, cell) that made the box.
    """

    xyxy: FloatArray
    scores: FloatArray
    class_ids: IntArray
    ids: IntArray

    @classmethod
    def empty(cls) -> Candidates:
        """None at all."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64), np.zeros(0, np.int64))

    @classmethod
    def join(cls, parts: list[Candidates]) -> Candidates:
        """Those of several heads, in that order."""
        if len(parts) < 2:
            return parts[0] if parts else cls.empty()
        return cls(
            np.concatenate([part.xyxy for part in parts]),
            np.concatenate([part.scores for part in parts]),
            np.concatenate([part.class_ids for part in parts]),
            np.concatenate([part.ids for part in parts]),
        )

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_]) -> Candidates:
        """Those at ``index`` (integers or a mask), in that order."""
        return Candidates(self.xyxy[index], self.scores[index], self.class_ids[index], self.ids[index])


@dataclass(frozen=True)
class Place:
    """Where in the network a candidate comes from: cell (``row``, ``column``) of the grid with this ``stride``, and which anchor of it."""

    head: int
    stride: int
    row: int
    column: int
    anchor: int


class Decoder(Protocol):
    """Turns the raw outputs of one model family into candidates. Pure: no state, so it may run beside the session."""

    def decode(self, outputs: Outputs, image: int, score: float) -> Candidates:
        """All candidates of picture ``image`` of the batch that reach ``score``."""

    def place(self, outputs: Outputs, candidate_id: int, input_wh: Size) -> Place | None:
        """Where candidate number ``candidate_id`` of these outputs comes from; None if that cannot be told."""

    def axes(self, card: ModelCard) -> dict[str, tuple[int, ...]]:
        """Sizes that the outputs must have, by output and axis; 0 is any size."""
