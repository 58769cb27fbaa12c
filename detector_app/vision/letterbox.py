"""The one transform between a source frame and the network's input, with its exact inverse."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from detector_app.vision.detections import FloatArray


@dataclass(frozen=True)
class Letterbox:
    """``x_input = (x_source − origin_x) · scale_x + left_px``, likewise for y; in pixels, continuous coordinates (pixel edges at integers).

    Attributes:
        source_wh: size of the part of the source frame that the network sees: the whole frame, unless it is cropped.
        input_wh: size of the network's input.
        scaled_wh: size of that part inside the input, whole pixels.
        left_px, top_px: where it begins inside the input.
        origin_xy: where it begins in the source frame.
    """

    source_wh: tuple[int, int]
    input_wh: tuple[int, int]
    scaled_wh: tuple[int, int]
    left_px: int = 0
    top_px: int = 0
    origin_xy: tuple[int, int] = (0, 0)

    @classmethod
    @functools.lru_cache(maxsize=64)
    def fit(cls, source_wh: tuple[int, int], input_wh: tuple[int, int]) -> Letterbox:
        """Keep the aspect, centre the picture; each side at least one pixel."""
        factor = min(input_wh[0] / source_wh[0], input_wh[1] / source_wh[1])
        width = min(input_wh[0], max(1, round(source_wh[0] * factor)))
        height = min(input_wh[1], max(1, round(source_wh[1] * factor)))
        left, top = (input_wh[0] - width) // 2, (input_wh[1] - height) // 2
        return cls(source_wh, input_wh, (width, height), left, top)

    @classmethod
    @functools.lru_cache(maxsize=64)
    def stretch(cls, source_wh: tuple[int, int], input_wh: tuple[int, int]) -> Letterbox:
        """Fill the input, aspect not kept."""
        return cls(source_wh, input_wh, input_wh)

    @classmethod
    @functools.lru_cache(maxsize=64)
    def crop(cls, source_wh: tuple[int, int], input_wh: tuple[int, int], fraction: float = 1.0) -> Letterbox:
        """Fill the input with the centre of the frame.

        Args:
            source_wh: the frame's size.
            input_wh: the input's size.
            fraction: of the sides of the largest centred rectangle that has the input's aspect, above 0 to 1.
        """
        factor = min(source_wh[0] / input_wh[0], source_wh[1] / input_wh[1]) * fraction
        width, height = (max(1, round(side * factor)) for side in input_wh)
        origin = ((source_wh[0] - width) // 2, (source_wh[1] - height) // 2)
        return cls((width, height), input_wh, input_wh, origin_xy=origin)

    @property
    def seen_xyxy(self) -> tuple[float, float, float, float]:
        """The part of the source frame that the network sees, in source pixels."""
        (left, top), (width, height) = self.origin_xy, self.source_wh
        return float(left), float(top), float(left + width), float(top + height)

    @property
    def scale_xy(self) -> tuple[float, float]:
        """Input pixels per source pixel, exact for the rounded ``scaled_wh``."""
        return self.scaled_wh[0] / self.source_wh[0], self.scaled_wh[1] / self.source_wh[1]

    def forward(self, points_xy: FloatArray) -> FloatArray:
        """(…, 2) source pixels → input pixels."""
        return (points_xy * self._scale + self._offset).astype(np.float32)

    def inverse(self, points_xy: FloatArray) -> FloatArray:
        """(…, 2) input pixels → source pixels; not clipped."""
        return ((points_xy - self._offset) / self._scale).astype(np.float32, copy=False)

    def inverse_boxes(self, xyxy: FloatArray) -> FloatArray:
        """(N, 4) boxes in input pixels → source pixels, clipped to the part of the source frame that is seen."""
        corners = self.inverse(xyxy.reshape(-1, 2, 2))
        np.maximum(corners, self._least, out=corners)
        np.minimum(corners, self._limit, out=corners)
        return corners.reshape(-1, 4)

    # The same letterbox serves every frame of a source: its arrays are made once.

    @functools.cached_property
    def _scale(self) -> FloatArray:
        return np.array(self.scale_xy, np.float32)

    @functools.cached_property
    def _offset(self) -> FloatArray:
        (x, y), (scale_x, scale_y) = self.origin_xy, self.scale_xy
        return np.array((self.left_px - x * scale_x, self.top_px - y * scale_y), np.float32)

    @functools.cached_property
    def _least(self) -> FloatArray:
        return np.array(self.seen_xyxy[:2], np.float32)

    @functools.cached_property
    def _limit(self) -> FloatArray:
        return np.array(self.seen_xyxy[2:], np.float32)
