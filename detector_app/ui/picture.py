"""Pixels of a frame as a QImage that a painter can draw, with no more work than the screen can show."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from detector_app.vision.frame import BgrImage

CRISP_FROM = 2.0
"""Device pixels per source pixel from which single pixels are shown as squares."""


@dataclass(frozen=True)
class _Part:
    """What of the frame is converted: rows and columns of it, each ``step`` source pixels reduced to one."""

    left: int
    top: int
    right: int
    bottom: int
    step: int


class Picture:
    """Converts the part of a frame that is seen, and keeps it until another frame or another part is asked for.

    The QImage borrows the memory of ``_pixels``, which this object owns and writes only while no painter is at work (one thread).
    """

    def __init__(self) -> None:
        self._frame: BgrImage | None = None
        self._part: _Part | None = None
        self._pixels: NDArray[np.uint8] = np.empty((0, 0, 4), np.uint8)
        self._image = QImage()

    def show(self, image_bgr: BgrImage | None) -> None:
        """Use ``image_bgr`` (H×W×3 uint8) from now on; it is kept and must not change. None forgets the last one."""
        self._frame, self._part = image_bgr, None
        if image_bgr is None:
            self._image, self._pixels = QImage(), np.empty((0, 0, 4), np.uint8)

    @property
    def converted_px(self) -> int:
        """How many pixels the last conversion made."""
        return self._image.width() * self._image.height()

    def paint(self, painter: QPainter, target: QRectF, seen: QRectF, scale: float, *, pixels: bool = True) -> None:
        """Draw the frame into ``target`` (view).

        Args:
            painter: of the view.
            target: where the whole frame lies.
            seen: the part in sight, in source pixels.
            scale: device pixels per source pixel.
            pixels: show single pixels with their edges from :data:`CRISP_FROM` on; otherwise always smooth.
        """
        if self._frame is None or seen.isEmpty():
            return
        height, width = self._frame.shape[:2]
        part = _part(seen, width, height, scale)
        if part != self._part:
            self._convert(self._frame, part)
            self._part = part
        per_x, per_y = target.width() / width, target.height() / height
        place = QRectF(
            target.left() + part.left * per_x,
            target.top() + part.top * per_y,
            (part.right - part.left) * per_x,
            (part.bottom - part.top) * per_y,
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not pixels or scale < CRISP_FROM)
        painter.drawImage(place, self._image)

    def _convert(self, frame: BgrImage, part: _Part) -> None:
        source = frame[part.top : part.bottom, part.left : part.right]
        if part.step > 1:
            # Bilinear drawing skips pixels below half size; averaging whole blocks first does not, and is fast.
            size = (max(1, source.shape[1] // part.step), max(1, source.shape[0] // part.step))
            source = np.asarray(cv2.resize(source, size, interpolation=cv2.INTER_AREA), np.uint8)
        height, width = source.shape[:2]
        if self._pixels.shape[:2] != (height, width):
            self._pixels = np.empty((height, width, 4), np.uint8)
            self._image = QImage(self._pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        cv2.cvtColor(source, cv2.COLOR_BGR2BGRA, dst=self._pixels)


def _part(seen: QRectF, width: int, height: int, scale: float) -> _Part:
    """What is in sight and a little more, in whole blocks of as many pixels as are reduced to one."""
    step = max(1, floor(1 / scale))
    left, right = _span(seen.left(), seen.right(), width, step)
    top, bottom = _span(seen.top(), seen.bottom(), height, step)
    return _Part(left, top, right, bottom, step)


def _span(first: float, last: float, length: int, step: int) -> tuple[int, int]:
    """Whole blocks around ``first`` … ``last``, one more on both sides.

    A last incomplete block is left out: it is less than a device pixel, and whole blocks average ten times faster.
    """
    most = max(length // step * step, min(length, step))
    return max(0, (floor(first / step) - 1) * step), min(most, (ceil(last / step) + 1) * step)
