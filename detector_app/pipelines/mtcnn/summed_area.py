"""Any part of a picture in any size, averaged over whole pixels, from one summed-area table (Crow 1984).

The published weights of MTCNN were made with pixels averaged like this, and their verdicts are so close together that rounding the
pyramid to whole grey values moves boxes by several pixels. From the table an exact mean costs four numbers, however large the box,
so that all levels of a pyramid together are cheaper than OpenCV's resize of the first one.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import InputSpec
from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.frame import BgrImage

Table = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Bins:
    """Which pixels of a side each new pixel averages: from ``first`` on, up to but without ``end``; arrays of any one shape."""

    first: IntArray
    end: IntArray

    @classmethod
    def of(cls, length_px: int, count: int) -> Bins:
        """``count`` bins over ``length_px`` pixels. Where the sides do not divide, neighbours share a pixel; where it grows, all of it."""
        number = np.arange(count, dtype=np.int64)
        return cls(number * length_px // count, -(-(number + 1) * length_px // count))

    @classmethod
    def within(cls, first: IntArray, end: IntArray, count: int) -> Bins:
        """(N, count) bins, ``count`` for each of the N ranges from ``first`` to ``end``, none of them empty."""
        number, length = np.arange(count, dtype=np.int64), (end - first)[:, None]
        return cls(
            first[:, None] + number * length // count,
            first[:, None] - (-(number + 1) * length // count),
        )

    def part(self, start: int, stop: int) -> Bins:
        """The bins from ``start`` up to but without ``stop``."""
        return Bins(self.first[start:stop], self.end[start:stop])

    @property
    def weights(self) -> FloatArray:
        """One over the pixels of each bin."""
        return (1 / (self.end - self.first)).astype(np.float32)


class SummedArea:
    """The summed-area tables of a picture, one for each channel in the network's order, and what a network takes from them.

    Sums wrap around at 2³², which a difference of two of them does not notice. All large arrays are used again for the next picture:
    fresh ones cost more than what is computed in them. Between two calls of ``fill`` any thread may ask for parts.

    Args:
        spec: how pixels become numbers: order of channels, scale, mean and standard deviation.
    """

    def __init__(self, spec: InputSpec) -> None:
        self.height_px = self.width_px = 0
        self._backwards = spec.channel_order == "RGB"
        self._factors = (spec.scale / np.array(spec.std)).astype(np.float32)
        self._shifts = (np.array(spec.mean) / np.array(spec.std)).astype(np.float32)
        self._planes: list[NDArray[np.uint8]] = []
        self._tables: list[Table] = []
        self._scratch = threading.local()

    def fill(self, image_bgr: BgrImage) -> SummedArea:
        """Take this picture instead of the one before. Returns itself."""
        height, width = image_bgr.shape[:2]
        if (height, width) != (self.height_px, self.width_px):
            self.height_px, self.width_px = height, width
            self._planes = [np.empty((height, width), np.uint8) for _ in range(3)]
            self._tables = [np.empty((height + 1, width + 1), np.int32) for _ in range(3)]
        planes: list[Any] = list(cv2.split(image_bgr, self._planes))
        for plane, table in zip(planes[::-1] if self._backwards else planes, self._tables, strict=True):
            cv2.integral(plane, table)
        return self

    def window(self, rows: Bins, columns: Bins) -> FloatArray:
        """(1, 3, rows, columns) float32: the means of ``rows`` × ``columns``, as the network takes them, until this thread's next call."""
        high, wide = len(rows.first), len(columns.first)
        result: FloatArray = self._room("window", (1, 3, high, wide), np.float32)
        lower, upper = (self._room(name, (high, self.width_px + 1), np.int32) for name in ("lower", "upper"))
        sums, rest = (self._room(name, (high, wide), np.int32) for name in ("sums", "rest"))
        weights = rows.weights[:, None] * columns.weights
        for channel, table in enumerate(self._tables):
            np.take(table, rows.end, axis=0, out=lower, mode="clip")
            np.take(table, rows.first, axis=0, out=upper, mode="clip")
            lower -= upper
            np.take(lower, columns.end, axis=1, out=sums, mode="clip")
            np.take(lower, columns.first, axis=1, out=rest, mode="clip")
            sums -= rest
            self._normalise(sums, weights, channel, result[0, channel])
        return result

    def crops(self, edges_px: IntArray, side_px: int) -> FloatArray:
        """(N, 3, side, side) float32: the parts of the picture, each in that size, as the network takes them.

        Args:
            edges_px: (N, 4) first column, first row, and the column and row after the last; inside the picture, none empty.
            side_px: of the result.
        """
        left, top, right, bottom = edges_px.T
        rows, columns = Bins.within(top, bottom, side_px), Bins.within(left, right, side_px)
        result = np.empty((len(edges_px), 3, side_px, side_px), np.float32)
        weights = rows.weights[:, :, None] * columns.weights[:, None]
        # Places in the flat table, the same for all channels: one index a value is read faster than a row and a column.
        upper, lower = ((self.width_px + 1) * edge[:, :, None] for edge in (rows.first, rows.end))
        before, after = columns.first[:, None], columns.end[:, None]
        corners = [lower + after, lower + before, upper + after, upper + before]
        for channel, table in enumerate(self._tables):
            sums, left_out, above, both = (np.take(table, corner) for corner in corners)
            sums -= left_out
            sums -= above
            sums += both
            self._normalise(sums, weights, channel, result[:, channel])
        return result

    def _room(self, name: str, shape: tuple[int, ...], kind: type[np.generic]) -> NDArray[Any]:
        """A part of this thread's array of this name, in this shape; what it holds is of no use."""
        size = math.prod(shape)
        array: NDArray[Any] | None = getattr(self._scratch, name, None)
        if array is None or array.size < size:
            array = np.empty(size, kind)
            setattr(self._scratch, name, array)
        return array[:size].reshape(shape)

    def _normalise(self, sums: Table, weights: FloatArray, channel: int, out: FloatArray) -> None:
        np.multiply(sums, weights, out=out, casting="unsafe", dtype=np.float32)
        out *= self._factors[channel]
        out -= self._shifts[channel]
