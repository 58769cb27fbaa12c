"""YuNet (Wu, Peng and Yu 2023, "YuNet: A Tiny Millisecond-level Face Detector"), as its own exporter and OpenCV's zoo write it.

For each of the strides 8, 16 and 32 four outputs, one row for each cell, row by row:
``cls`` and ``obj`` (N, cells, 1), after the sigmoid; ``bbox`` (N, cells, 4): offset of the centre and logarithm of the sides, in strides;
``kps`` (N, cells, 10): five points as offsets in strides, the left and right eye as seen in the picture, nose, left and right corner of
the mouth. The score is √(cls · obj). In a card their roles are ``face_class_8``, ``face_object_8``, ``face_box_8``, ``face_points_8``, …
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import ModelCard
from detector_app.pipelines.candidates import Candidates, Evidence, Outputs, Size
from detector_app.pipelines.cells import cell_boxes, cells_along, cells_in, cells_xy, grid_of
from detector_app.vision.boxes import from_centres
from detector_app.vision.detections import FloatArray, IntArray

PARTS = {"class": 1, "object": 1, "box": 4, "points": 10}
"""What a level gives → numbers for each cell."""
STRIDES = (8, 16, 32)
LARGEST_EXPONENT = np.float32(10.0)


def role(part: str, stride: int) -> str:
    """The role in a card of ``part`` at ``stride``."""
    return f"face_{part}_{stride}"


@dataclass(frozen=True)
class Level:
    """The names of the four outputs of one stride."""

    stride: int
    scores: str
    objects: str
    boxes: str
    points: str


@dataclass(frozen=True)
class YunetDecoder:
    """Candidates are numbered level by level, row by row; each has five landmarks.

    Attributes:
        levels: by stride, finest first.
        input_wh: of the network's input.
    """

    levels: tuple[Level, ...]
    input_wh: Size

    def at(self, input_wh: Size) -> YunetDecoder:
        """The same for an input of another size."""
        return replace(self, input_wh=input_wh)

    def decode(self, outputs: Outputs, image: int, score: float) -> Candidates:
        """All cells of picture ``image`` whose score reaches ``score``."""
        found = [self._level(level, first, outputs, image, score) for level, first in self._numbered(outputs)]
        return Candidates.join(found)

    def every(self, outputs: Outputs, image: int) -> Candidates:
        """Every place of picture ``image`` with its best class."""
        return self.decode(outputs, image, 0.0)

    def count(self, outputs: Outputs, image: int) -> int:
        """How many places picture ``image`` has."""
        return sum(outputs[level.scores].shape[1] for level in self.levels)

    def evidence(self, outputs: Outputs, image: int, ids: IntArray, input_wh: Size) -> Evidence:
        """Levels and cells, and the objectness."""
        strides = tuple(level.stride for level in self.levels)
        counts = tuple(outputs[level.scores].shape[1] for level in self.levels)
        places = cells_in(strides, counts, ids, input_wh)
        objects = np.concatenate([outputs[level.objects][image, :, 0] for level in self.levels])
        return Evidence(places, cell_boxes(places), np.clip(objects[ids], 0, 1).astype(np.float32, copy=False))

    def axes(self, card: ModelCard) -> dict[str, tuple[int, ...]]:
        """Sizes that the outputs must have, by axis; 0 is any."""
        fixed = card.input.dynamic is None
        return {
            name: (0, _cells(level.stride, self.input_wh) if fixed else 0, PARTS[part])
            for level in self.levels
            for part, name in zip(PARTS, (level.scores, level.objects, level.boxes, level.points), strict=True)
        }

    def _numbered(self, outputs: Outputs) -> Iterator[tuple[Level, int]]:
        first = 0
        for level in self.levels:
            yield level, first
            first += outputs[level.scores].shape[1]

    def _level(self, level: Level, first: int, outputs: Outputs, image: int, score: float) -> Candidates:
        scores = _scores(outputs[level.scores][image, :, 0], outputs[level.objects][image, :, 0])
        ids = np.flatnonzero(scores >= np.float32(score))
        if not len(ids):
            return _none()
        _, columns = grid_of(level.stride, len(scores), self.input_wh)
        corners = cells_xy(ids, columns)
        raw = outputs[level.boxes][image][ids].astype(np.float32, copy=False)
        sizes = np.exp(np.minimum(raw[:, 2:], LARGEST_EXPONENT)) * level.stride
        boxes = from_centres((raw[:, :2] + corners) * level.stride, sizes)
        points = outputs[level.points][image][ids].reshape(-1, 5, 2).astype(np.float32, copy=False)
        landmarks = (points + corners[:, None]) * np.float32(level.stride)
        return Candidates(boxes, scores[ids], np.zeros(len(ids), np.int64), ids + first, landmarks)


def yunet_decoder(card: ModelCard) -> YunetDecoder | None:
    """The decoder for the card's outputs; None if it names no level completely."""
    names = {output.role: output.name for output in card.outputs}
    strides = sorted({int(tail) for found in names if (tail := found.rpartition("_")[2]).isdigit() and int(tail) > 0})
    levels = tuple(
        Level(stride, *(names[role(part, stride)] for part in PARTS))
        for stride in strides
        if all(role(part, stride) in names for part in PARTS)
    )
    return YunetDecoder(levels, (card.input.size_hw[1], card.input.size_hw[0])) if levels else None


def _cells(stride: int, input_wh: Size) -> int:
    return cells_along(input_wh[0], stride) * cells_along(input_wh[1], stride)


def _scores(classes: NDArray[Any], objects: NDArray[Any]) -> FloatArray:
    """√(cls · obj), both clipped to 0–1 as OpenCV does."""
    scores: FloatArray = np.sqrt(np.clip(classes, 0, 1) * np.clip(objects, 0, 1)).astype(np.float32, copy=False)
    return scores


def _none() -> Candidates:
    return replace(Candidates.empty(), landmarks_xy=np.zeros((0, 5, 2), np.float32))
