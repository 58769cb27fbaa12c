"""Feature maps as pictures: their values between two bounds, in colours whose steps look alike.

Values of one sign go through viridis (van der Walt and Smith 2015), whose lightness rises evenly; values around zero through Kovesi's
CBD1 (arXiv 1509.03700), blue below, brown above, made for people who do not tell red from green.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPixmap

from detector_app.vision.detections import FloatArray

LEVELS = 256
_RISING, _AROUND_ZERO = "viridis", "CET-CBD1"


@dataclass(frozen=True)
class Scaling:
    """Which value gets which colour.

    Attributes:
        together: all maps of a layer share the bounds, so that weak ones look weak; otherwise each has its own.
        around_zero: the bounds are as far below zero as above it.
    """

    together: bool = False
    around_zero: bool = False

    def bounds(self, values: FloatArray) -> FloatArray:
        """(C, 2) least and greatest value of each map of (C, h, w); those that are not finite do not count."""
        flat = values.reshape(len(values), -1)
        finite = np.isfinite(flat)
        least = np.where(finite, flat, np.inf).min(axis=1)
        most = np.where(finite, flat, -np.inf).max(axis=1)
        if self.together and len(flat):
            least, most = np.full_like(least, least.min()), np.full_like(most, most.max())
        nothing = ~np.isfinite(least)
        least[nothing], most[nothing] = 0, 0
        if self.around_zero:
            most = np.maximum(np.abs(least), np.abs(most))
            least = -most
        return np.stack([least, most], axis=1).astype(np.float32)


def levels_of(values: FloatArray, least: float, most: float) -> NDArray[np.uint8]:
    """(h, w) uint8 of (h, w): 0 at ``least``, 255 at ``most``; a flat map is all 0, or in the middle if the bounds are around zero."""
    span = most - least
    if span <= 0:
        return np.zeros(values.shape, np.uint8)
    shares = np.nan_to_num((values - np.float32(least)) / np.float32(span), nan=0.0, posinf=1.0, neginf=0.0)
    levels: NDArray[np.uint8] = (np.clip(shares, 0, 1) * (LEVELS - 1) + np.float32(0.5)).astype(np.uint8)
    return levels


def map_pixmap(values: FloatArray, bounds: FloatArray, scaling: Scaling) -> QPixmap:
    """A map (h, w) as a picture of a pixel a value."""
    levels = np.ascontiguousarray(levels_of(values, float(bounds[0]), float(bounds[1])))
    height, width = levels.shape
    image = QImage(levels.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable(list(_colours(_AROUND_ZERO if scaling.around_zero else _RISING)))
    return QPixmap.fromImage(image)  # copies while the array is there


@functools.lru_cache(maxsize=4)
def _colours(name: str) -> tuple[int, ...]:
    import pyqtgraph as pg  # takes a while, and most windows never show a map

    table = pg.colormap.get(name).getLookupTable(nPts=LEVELS)[:, :3].astype(np.int64)
    return tuple(int(0xFF000000 | red << 16 | green << 8 | blue) for red, green, blue in table)
