"""The grid of a head as it lies over the source frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF

from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.trace import Trace


@dataclass(frozen=True)
class Grid:
    """Cells of ``stride_px`` input pixels, under the letterbox that put the frame there."""

    letterbox: Letterbox
    stride_px: int

    def cells(self, rows: IntArray, columns: IntArray) -> FloatArray:
        """(N, 4) cells in source pixels; they may reach beyond the frame, where the input is padded."""
        corners = np.stack([columns, rows, columns + 1, rows + 1], axis=1).reshape(-1, 2, 2) * self.stride_px
        return self.letterbox.inverse(corners.astype(np.float32)).reshape(-1, 4)

    def cell_at(self, point: QPointF) -> tuple[int, int]:
        """Column and row of the cell that holds ``point`` (source pixels)."""
        x, y = self.letterbox.forward(np.array([point.x(), point.y()], np.float32)).tolist()
        return int(x // self.stride_px), int(y // self.stride_px)

    def lines(self) -> list[QLineF]:
        """All lines in source pixels, cut at the edges of what the network sees."""
        left, top, right, bottom = self.letterbox.seen_xyxy
        width, height = self.letterbox.input_wh
        xs = self._sources(np.arange(0, width + 1, self.stride_px), axis=0)
        ys = self._sources(np.arange(0, height + 1, self.stride_px), axis=1)
        upright = [QLineF(x, top, x, bottom) for x in xs if left <= x <= right]
        return upright + [QLineF(left, y, right, y) for y in ys if top <= y <= bottom]

    def _sources(self, inputs_px: IntArray, axis: int) -> list[float]:
        points = np.zeros((len(inputs_px), 2), np.float32)
        points[:, axis] = inputs_px
        return [float(value) for value in self.letterbox.inverse(points)[:, axis]]


def grid_for(trace: Trace, stride_px: int) -> Grid | None:
    """The grid of that stride as it lay over the frame; None where nobody knows."""
    return None if trace.letterbox is None or stride_px <= 0 else Grid(trace.letterbox, stride_px)
