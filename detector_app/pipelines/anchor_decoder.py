"""Raw heads of YOLO with anchors: YOLOv2 (arXiv 1612.08242, section 2), YOLOv3 (1804.02767, section 2.1), YOLOv4.

A score is objectness × class, hence never above the objectness: the objectness logits are compared first, and only
the few places that pass are decoded. As in Darknet a place is one candidate for *each* class that reaches the score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import AnchorHead, ModelCard
from detector_app.pipelines.candidates import Candidates, Outputs, Place, Size
from detector_app.vision.boxes import from_centres
from detector_app.vision.detections import FloatArray, IntArray

LARGEST_EXPONENT = np.float32(10.0)
"""exp(10) is 22,026 anchors wide: larger than any picture, and still finite."""


@dataclass(frozen=True)
class AnchorDecoder:
    """Decoder of one or more anchor heads; candidates are numbered head by head, then (anchor, row, column)."""

    heads: tuple[AnchorHead, ...]

    def decode(self, outputs: Outputs, image: int, score: float) -> Candidates:
        """All (place, class) pairs of picture ``image`` with objectness × class ≥ ``score``."""
        parts, first_id = [], 0
        for head in self.heads:
            raw = self._grid(head, outputs)[image]
            found = _decode_head(head, raw, score, first_id)
            if found is not None:
                parts.append(found)
            first_id += raw.shape[0] * raw.shape[2] * raw.shape[3]
        return Candidates.join(parts) if parts else Candidates.empty()

    def place(self, outputs: Outputs, candidate_id: int, input_wh: Size) -> Place:
        """Head, cell and anchor of a candidate."""
        for number, head in enumerate(self.heads):
            _, anchors, _, rows, columns = self._grid(head, outputs).shape
            if candidate_id < anchors * rows * columns:
                anchor, row, column = np.unravel_index(candidate_id, (anchors, rows, columns))
                return Place(number, head.stride, int(row), int(column), int(anchor))
            candidate_id -= anchors * rows * columns
        raise IndexError(f"there is no candidate {candidate_id} beyond the last head")

    def axes(self, card: ModelCard) -> dict[str, tuple[int, ...]]:
        """Sizes that the heads must have, by axis; 0 is any."""
        per_anchor = 5 + len(card.classes)
        return {head.output: (0, len(head.anchors_wh_px) * per_anchor, 0, 0) for head in self.heads}

    @staticmethod
    def _grid(head: AnchorHead, outputs: Outputs) -> NDArray[Any]:
        """(N, B·(5+C), rows, columns) → (N, B, 5+C, rows, columns), a view."""
        raw = outputs[head.output]
        batch, channels, rows, columns = raw.shape
        anchors = len(head.anchors_wh_px)
        return raw.reshape(batch, anchors, channels // anchors, rows, columns)


def anchor_decoder(card: ModelCard) -> AnchorDecoder | None:
    """The decoder for the card's heads; None if it has none."""
    return AnchorDecoder(card.heads) if card.heads else None


def _decode_head(head: AnchorHead, raw: NDArray[Any], score: float, first_id: int) -> Candidates | None:
    """(B, 5+C, rows, columns) → candidates, or None if no place passes."""
    objectness = raw[:, 4]
    passing = np.flatnonzero(objectness >= (score if head.activated else _logit(score)))
    if not len(passing):
        return None
    anchor, cell = np.divmod(passing, objectness[0].size)
    row, column = np.divmod(cell, objectness.shape[2])
    values = raw[anchor, :, row, column].astype(np.float32, copy=False)
    scores = _sigmoid(values[:, 4:5], head.activated) * _class_scores(head, values[:, 5:])
    which, class_ids = np.nonzero(scores >= np.float32(score))
    boxes = _boxes(head, values[which], anchor[which], row[which], column[which])
    return Candidates(boxes, scores[which, class_ids], class_ids, passing[which] + first_id)


def _class_scores(head: AnchorHead, logits: FloatArray) -> FloatArray:
    """(n, C) → probabilities. A head without classes has the one class that objectness speaks of."""
    if logits.shape[1] == 0:
        return np.ones((len(logits), 1), np.float32)
    if head.class_activation == "sigmoid" or head.activated:
        return _sigmoid(logits, head.activated)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    softmax: FloatArray = powers / powers.sum(axis=1, keepdims=True)
    return softmax


def _boxes(head: AnchorHead, values: FloatArray, anchor: IntArray, row: IntArray, column: IntArray) -> FloatArray:
    """(n, 4) boxes in input pixels: arithmetic of ``AnchorHead``."""
    cell_xy = np.stack((column, row), axis=1).astype(np.float32)
    reach = np.float32(head.scale_xy)
    shift = _sigmoid(values[:, :2], head.activated) * reach - (reach - 1) / 2
    anchors = np.array(head.anchors_wh_px, np.float32)[anchor]
    if head.box_transform == "square":
        factor = (2 * _sigmoid(values[:, 2:4], head.activated)) ** 2
    elif head.activated:  # exp of the t whose σ is given
        factor = values[:, 2:4] / np.maximum(1 - values[:, 2:4], np.exp(-LARGEST_EXPONENT))
    else:
        factor = np.exp(np.minimum(values[:, 2:4], LARGEST_EXPONENT))
    return from_centres((cell_xy + shift) * np.float32(head.stride), anchors * factor)


def _sigmoid(values: FloatArray, activated: bool) -> FloatArray:
    """σ, unless the graph has applied it already. Written with tanh, which cannot overflow."""
    if activated:
        return values
    half = np.float32(0.5)
    result: FloatArray = np.tanh(values * half) * half + half
    return result


def _logit(score: float) -> float:
    """Inverse of σ; a hair is taken off, so that rounding never drops a candidate that is exactly at the score."""
    if score <= 0:
        return -np.inf
    return float(np.log(score) - np.log1p(-min(score, 1 - 1e-7))) - 1e-4
