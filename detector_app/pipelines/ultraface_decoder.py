"""UltraFace, "Ultra-Light-Fast-Generic-Face-Detector-1MB" (github.com/Linzaer), a single-shot detector (Liu et al. 2016, arXiv 1512.02325).

``face_scores`` is (N, A, 2): background, face, after the softmax; ``face_logits`` the same before it. ``face_corners`` is (N, A, 4): left,
top, right, bottom as parts of the input's sides; where the graph was exported without its postprocessing they are ``face_offsets``
instead: what is to be added to the priors, (centre · 0.1 · prior's sides, log of the sides · 0.2), as in section 2.2 of the paper.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from detector_app.model_card import ModelCard
from detector_app.pipelines.candidates import Candidates, Evidence, Outputs, Size
from detector_app.pipelines.cells import cells_along, places_in
from detector_app.vision.boxes import from_centres
from detector_app.vision.detections import FloatArray, IntArray

SCORES: dict[str, bool] = {"face_scores": True, "face_logits": False}
"""Role → whether the softmax is in the graph."""
BOXES: dict[str, bool] = {"face_corners": True, "face_offsets": False}
"""Role → whether the boxes are finished."""
SIDES_PX = {8: (10.0, 16.0, 24.0), 16: (32.0, 48.0), 32: (64.0, 96.0), 64: (128.0, 192.0, 256.0)}
"""Stride → sides of the square priors of each of its cells."""
CENTRE_VARIANCE, SIZE_VARIANCE = np.float32(0.1), np.float32(0.2)
LARGEST_EXPONENT = np.float32(10.0)


@dataclass(frozen=True)
class UltrafaceDecoder:
    """Candidates are numbered as the priors: level by level, row by row, and in each cell by size.

    Attributes:
        scores, boxes: the graph's outputs.
        softmaxed: the scores are probabilities.
        finished: the boxes are corners, otherwise offsets.
        input_wh: of the network's input.
    """

    scores: str
    boxes: str
    softmaxed: bool
    finished: bool
    input_wh: Size

    def decode(self, outputs: Outputs, image: int, score: float) -> Candidates:
        """All priors of picture ``image`` whose face score reaches ``score``."""
        raw = outputs[self.scores][image].astype(np.float32, copy=False)
        scores = raw[:, 1] if self.softmaxed else _sigmoid(raw[:, 1] - raw[:, 0])
        ids = np.flatnonzero(scores >= np.float32(score))
        boxes = outputs[self.boxes][image][ids].astype(np.float32, copy=False)
        if not self.finished:
            boxes = _from_offsets(boxes, priors(self.input_wh)[ids])
        boxes, ids = _upright(boxes, ids)
        sides = np.array(self.input_wh * 2, np.float32)
        return Candidates(boxes * sides, scores[ids], np.zeros(len(ids), np.int64), ids)

    def every(self, outputs: Outputs, image: int) -> Candidates:
        """Every place of picture ``image`` with its best class."""
        return self.decode(outputs, image, 0.0)

    def count(self, outputs: Outputs, image: int) -> int:
        """How many places picture ``image`` has."""
        return len(priors(self.input_wh))

    def evidence(self, outputs: Outputs, image: int, ids: IntArray, input_wh: Size) -> Evidence:
        """Levels, cells and sizes of the priors, and these themselves."""
        width, height = input_wh
        cells = tuple((cells_along(height, stride), cells_along(width, stride)) for stride in SIDES_PX)
        per_cell = tuple(len(sizes) for sizes in SIDES_PX.values())
        places = places_in(tuple(SIDES_PX), cells, per_cell, ids, anchors_first=False)
        own = priors(input_wh)[ids] * np.array(input_wh * 2, np.float32)
        return Evidence(places, from_centres(own[:, :2], own[:, 2:]))

    def axes(self, card: ModelCard) -> dict[str, tuple[int, ...]]:
        """Sizes that the outputs must have, by axis."""
        count = len(priors(self.input_wh))
        return {self.scores: (0, count, 2), self.boxes: (0, count, 4)}


def ultraface_decoder(card: ModelCard) -> UltrafaceDecoder | None:
    """The decoder for the card's outputs; None if it lacks scores or boxes, or takes several sizes: the priors depend on it."""
    roles = {output.role: output.name for output in card.outputs}
    scores = next((role for role in SCORES if role in roles), None)
    boxes = next((role for role in BOXES if role in roles), None)
    if scores is None or boxes is None or card.input.dynamic is not None:
        return None
    height, width = card.input.size_hw
    return UltrafaceDecoder(roles[scores], roles[boxes], SCORES[scores], BOXES[boxes], (width, height))


@functools.lru_cache(maxsize=8)
def priors(input_wh: Size) -> FloatArray:
    """(A, 4) centre and sides as parts of the input's sides, clipped to 0–1 as in training."""
    levels = [_level(input_wh, stride, sizes) for stride, sizes in SIDES_PX.items()]
    table: FloatArray = np.clip(np.concatenate(levels), 0, 1).astype(np.float32)
    table.setflags(write=False)
    return table


def _level(input_wh: Size, stride: int, sizes: tuple[float, ...]) -> FloatArray:
    """The priors of one stride: all cells share the input's sides alike, also where these are no multiples of the stride."""
    columns, rows = (cells_along(side, stride) for side in input_wh)
    row, column, size = np.indices((rows, columns, len(sizes))).reshape(3, -1)
    sides = np.array(sizes)[size]
    width, height = input_wh
    return np.stack([(column + 0.5) / columns, (row + 0.5) / rows, sides / width, sides / height], axis=1).astype(
        np.float32
    )


def _upright(boxes: FloatArray, ids: IntArray) -> tuple[FloatArray, IntArray]:
    """Those whose left is left of their right: there are no others, unless the outputs are read in a wrong way."""
    upright = (boxes[:, 2:] > boxes[:, :2]).all(axis=1)
    return boxes[upright], ids[upright]


def _from_offsets(offsets: FloatArray, at: FloatArray) -> FloatArray:
    """(n, 4) offsets from priors → corners, as parts of the input's sides."""
    centres = offsets[:, :2] * CENTRE_VARIANCE * at[:, 2:] + at[:, :2]
    return from_centres(centres, np.exp(np.minimum(offsets[:, 2:] * SIZE_VARIANCE, LARGEST_EXPONENT)) * at[:, 2:])


def _sigmoid(values: FloatArray) -> FloatArray:
    """The softmax of two, from their difference."""
    result: FloatArray = np.tanh(values * np.float32(0.5)) * np.float32(0.5) + np.float32(0.5)
    return result
