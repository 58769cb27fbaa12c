"""A region with some of its surroundings, warped to one size: what R-CNN's network sees (Girshick et al. 2014, appendix A).

Training and running take their crops from here, so that a network never sees in the app what it has not seen while it learned.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def warp(
    image_bgr: Pixels, region_xyxy: NDArray[np.float32], size_hw: tuple[int, int], *, context: float, fill: int
) -> Pixels:
    """The region and what surrounds it, aspect not kept.

    Args:
        image_bgr: (H, W, 3) uint8.
        region_xyxy: (4,) finite, in pixels of the picture; it may lie partly or wholly outside, and have no area.
        size_hw: of the crop.
        context: parts of the crop's sides on each side of the region that show its surroundings, 0 up to 0.5: 16/227 in the paper.
        fill: 0–255, what is shown where there is no picture; the paper takes the mean.

    Returns:
        (h, w, 3) uint8 BGR of its own. What shrinks is averaged over the area of each new pixel, the rest is bilinear.
    """
    left, top, right, bottom = _whole_pixels(widened(region_xyxy, context))
    (height, width), (rows, columns) = image_bgr.shape[:2], size_hw
    crop = np.full((rows, columns, 3), fill, np.uint8)
    y, x = (max(top, 0), min(bottom, height)), (max(left, 0), min(right, width))
    if y[0] >= y[1] or x[0] >= x[1]:
        return crop
    (first_row, end_row), (first_column, end_column) = _scaled(y, top, bottom, rows), _scaled(x, left, right, columns)
    target = crop[first_row:end_row, first_column:end_column]
    inside = image_bgr[slice(*y), slice(*x)]
    shrinks = inside.shape[0] > target.shape[0] or inside.shape[1] > target.shape[1]
    cv2.resize(inside, target.shape[1::-1], dst=target, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return crop


def widened(region_xyxy: NDArray[np.float32], context: float) -> NDArray[np.float64]:
    """(4,) the region with its surroundings: so much wider that they take ``context`` of the new sides at each end."""
    corners = np.asarray(region_xyxy, np.float64)
    more = (corners[2:] - corners[:2]) * (context / (1 - 2 * context))
    return np.concatenate((corners[:2] - more, corners[2:] + more))


def _whole_pixels(xyxy: NDArray[np.float64]) -> tuple[int, int, int, int]:
    """Edges on pixels, at least one pixel between them."""
    left, top, right, bottom = (round(float(edge)) for edge in xyxy)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _scaled(edges: tuple[int, int], first: int, end: int, size: int) -> tuple[int, int]:
    """Where ``edges`` lie when ``first`` to ``end`` becomes 0 to ``size``: whole pixels, at least one between them."""
    low, high = (round((edge - first) * size / (end - first)) for edge in edges)
    low = min(low, size - 1)
    return low, max(high, low + 1)
