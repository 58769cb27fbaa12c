"""Any part of a picture in any size, averaged over whole pixels, from one summed-area table (Crow 1984).

The published weights of MTCNN were made with pixels averaged like this, and their verdicts are so close together that rounding the
pyramid to whole grey values moves boxes by several pixels. From the table an exact mean costs four numbers, however large the box,
so that all levels of a pyramid together are cheaper than OpenCV's resize of the first one.
"""

from __future__ import annotations

from dataclasses import dataclass

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

    Sums wrap around at 2³², which a difference of two of them does not notice.

    Args:
        image_bgr: the picture.
        spec: how pixels become numbers: order of channels, scale, mean and standard deviation.
    """

    def __init__(self, image_bgr: BgrImage, spec: InputSpec) -> None:
        self.height_px, self.width_px = image_bgr.shape[:2]
        planes = cv2.split(image_bgr)
        ordered = planes[::-1] if spec.channel_order == "RGB" else planes
        self._tables: list[Table] = [cv2.integral(plane) for plane in ordered]  # type: ignore[misc]
        self._factors = (spec.scale / np.array(spec.std)).astype(np.float32)
        self._shifts = (np.array(spec.mean) / np.array(spec.std)).astype(np.float32)

    def window(self, rows: Bins, columns: Bins) -> FloatArray:
        """(1, 3, rows, columns) float32: the means of ``rows`` × ``columns``, as the network takes them."""
        result = np.empty((1, 3, len(rows.first), len(columns.first)), np.float32)
        weights = rows.weights[:, None] * columns.weights
        for channel, table in enumerate(self._tables):
            bands = table[rows.end] - table[rows.first]
            sums = np.take(bands, columns.end, axis=1) - np.take(bands, columns.first, axis=1)
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
        upper, lower = rows.first[:, :, None], rows.end[:, :, None]
        before, after = columns.first[:, None], columns.end[:, None]
        for channel, table in enumerate(self._tables):
            sums = table[lower, after] - table[lower, before] - table[upper, after] + table[upper, before]
            self._normalise(sums, weights, channel, result[:, channel])
        return result

    def _normalise(self, sums: Table, weights: FloatArray, channel: int, out: FloatArray) -> None:
        np.multiply(sums, weights, out=out, casting="unsafe", dtype=np.float32)
        out *= self._factors[channel]
        out -= self._shifts[channel]
