"""A row of the strip as a picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

HELD_S = 1.0
"""What the last frame showed was on the screen until the next: gaps up to this long between frames that were seen are no gaps."""


def strip_picture(
    values: NDArray[np.float32], visited: NDArray[np.bool_], size: QSize, colour: QColor, base: QColor
) -> QImage:
    """Bars of ``values`` on a transparent ground, with a line in ``base`` at the bottom where frames were seen.

    Of several bins that share a column the highest bar is drawn, so that nothing short is lost.
    """
    width, height = max(1, size.width()), max(1, size.height())
    pixels = np.zeros((height, width), np.uint32)
    pixels[-1, by_column(visited, width) > 0] = base.rgba()
    bars = np.ceil(by_column(values, width) * height)
    pixels[np.arange(height)[::-1, None] < bars[None, :]] = colour.rgba()
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32).copy()


def by_column(values: NDArray[np.generic], width: int) -> NDArray[np.float64]:
    """(width,) the largest of the bins that each column shows."""
    bins = len(values)
    if bins <= width:
        return values[np.arange(width) * bins // width].astype(np.float64)
    starts = np.arange(width) * bins // width
    found: NDArray[np.float64] = np.maximum.reduceat(values.astype(np.float64), starts)
    return found


def held(values: NDArray[np.float32], visited: NDArray[np.bool_], bins_held: int) -> NDArray[np.float32]:
    """The values, with short gaps between bins that were seen filled by what came before."""
    seen = np.flatnonzero(visited)
    if not len(seen):
        return values
    source = np.maximum.accumulate(np.where(visited, np.arange(len(values)), -1))
    later = np.minimum.accumulate(np.where(visited, np.arange(len(values)), len(values))[::-1])[::-1]
    short = (source >= 0) & (later < len(values)) & (later - source <= bins_held)
    return np.where(short, values[np.maximum(source, 0)], values)


def held_visits(visited: NDArray[np.bool_], bins_held: int) -> NDArray[np.bool_]:
    """Where frames were seen, short gaps filled."""
    filled = held(visited.astype(np.float32), visited, bins_held)
    return filled > 0
