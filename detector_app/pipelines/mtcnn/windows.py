"""What travels through the cascade: squares that may hold a face, with what each stage said of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.nms import nms


@dataclass(frozen=True, eq=False)
class Windows:
    """N places of a picture that may hold a face.

    Attributes:
        xyxy: (N, 4) float32 in pixels of the picture, not clipped.
        scores: (N,) float32 of the last stage that looked at them, 0 to 1.
        regression: (N, 4) float32 of that stage: how far left, top, right and bottom are to move, as parts of the box's sides.
    """

    xyxy: FloatArray
    scores: FloatArray
    regression: FloatArray

    @classmethod
    def empty(cls) -> Windows:
        """None at all."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros((0, 4), np.float32))

    @classmethod
    def join(cls, parts: list[Windows]) -> Windows:
        """Those of several levels, in that order."""
        if len(parts) < 2:
            return parts[0] if parts else cls.empty()
        columns = ([getattr(part, name) for part in parts] for name in ("xyxy", "scores", "regression"))
        return cls(*map(np.concatenate, columns))

    def __len__(self) -> int:
        return len(self.scores)

    def reaching(self, score: float) -> Windows:
        """Those whose score is at least that."""
        return self.take(self.scores >= np.float32(score))

    def take(self, index: NDArray[Any]) -> Windows:
        """Those at ``index`` (integers or a mask), in that order."""
        return Windows(self.xyxy[index], self.scores[index], self.regression[index])


def best_first(windows: Windows, iou: float) -> Windows:
    """Greedy non-maximum suppression: those kept, best score first; of equal ones the earlier first."""
    order = np.argsort(-windows.scores, kind="stable")
    return windows.take(order[nms(windows.xyxy[order], np.zeros(len(order), np.int64), iou)])


def regressed(windows: Windows, *, extent: float = 0.0) -> Windows:
    """The boxes moved as their stage said.

    Args:
        windows: with the regression of the stage.
        extent: what a side measures beyond right − left. R-Net and O-Net were trained on boxes whose right edge is their last
            pixel, so that it is 1; P-Net's windows have 0.
    """
    sides = windows.xyxy[:, 2:] - windows.xyxy[:, :2] + np.float32(extent)
    moved = windows.xyxy + windows.regression * np.concatenate([sides, sides], axis=1)
    return replace(windows, xyxy=moved.astype(np.float32, copy=False))


def squared(xyxy: FloatArray) -> FloatArray:
    """(N, 4) boxes → the squares of their longer sides around the same centres."""
    sides = xyxy[:, 2:] - xyxy[:, :2]
    longest = sides.max(axis=1, keepdims=True, initial=0)
    corner = xyxy[:, :2] + (sides - longest) * np.float32(0.5)
    return np.concatenate([corner, corner + longest], axis=1).astype(np.float32, copy=False)


def pixel_edges(xyxy: FloatArray, width_px: int, height_px: int) -> IntArray:
    """(N, 4) the pixels in the boxes: first column and row, then the column and row after the last; an end before its start is none.

    As in the published implementations a box counts pixels from 1 and has its last one in it, and what lies beyond the picture is
    left out: a window at the border is stretched to the network's input.
    """
    whole = np.trunc(np.clip(xyxy, -1e9, 1e9)).astype(np.int64)
    whole[:, :2] = np.maximum(whole[:, :2], 1) - 1
    whole[:, 2:] = np.minimum(whole[:, 2:], (width_px, height_px))
    return whole
