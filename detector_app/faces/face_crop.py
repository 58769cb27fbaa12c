"""A face with what is around it, as it may be kept: enough to lay it anew into another embedder's input."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from detector_app.vision.detections import FloatArray
from detector_app.vision.frame import BgrImage

REACH = 2.5
"""From the middle of the five points in distances between the eyes; embedders see about 1.6 of them, turned by some angle."""
MOST_EYES_PX = 96.0
"""Larger faces are kept smaller: embedders see 35 to 60 pixels between the eyes."""


@dataclass(frozen=True, eq=False)
class FaceCrop:
    """A part of a picture with a face in it.

    Attributes:
        image_bgr: its pixels.
        landmarks_xy: (5, 2) float32 in them.
    """

    image_bgr: BgrImage
    landmarks_xy: FloatArray

    @classmethod
    def of(cls, image_bgr: BgrImage, landmarks_xy: ArrayLike) -> FaceCrop:
        """Cut the surroundings of a face out of a picture; at its edges there is less of them.

        Raises:
            ValueError: the landmarks are not finite, or outside of the picture.
        """
        points = np.asarray(landmarks_xy, np.float64)
        eyes = float(np.linalg.norm(points[1] - points[0]))
        if not np.isfinite(points).all():
            raise ValueError("landmarks must be finite")
        middle, limits = points.mean(axis=0), np.array(image_bgr.shape[1::-1])
        left, top = np.clip(np.floor(middle - REACH * eyes), 0, limits).astype(int)
        right, bottom = np.clip(np.ceil(middle + REACH * eyes), 0, limits).astype(int)
        if right <= left or bottom <= top:
            raise ValueError("the landmarks lie outside of the picture")
        part, moved = image_bgr[top:bottom, left:right], points - (left, top)
        factor = min(1.0, MOST_EYES_PX / max(eyes, 1e-9))
        if factor < 1:
            part, moved = _shrunk(part, moved, factor)
        return cls(np.ascontiguousarray(part), moved.astype(np.float32))

    @classmethod
    def from_png(cls, data: bytes, landmarks_xy: FloatArray) -> FaceCrop | None:
        """What :meth:`to_png` has written; None if it is no picture."""
        if not data:
            return None
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        return None if image is None else cls(np.asarray(image, np.uint8), landmarks_xy)

    def to_png(self) -> bytes:
        """The pixels, nothing lost."""
        return bytes(cv2.imencode(".png", self.image_bgr)[1])


def _shrunk(part: BgrImage, points_xy: NDArray[np.float64], factor: float) -> tuple[BgrImage, NDArray[np.float64]]:
    height, width = part.shape[:2]
    wide, high = max(1, round(width * factor)), max(1, round(height * factor))
    small = np.asarray(cv2.resize(part, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)
    return small, (points_xy + 0.5) * (wide / width, high / height) - 0.5
