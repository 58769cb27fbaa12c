"""The segments that selective search starts from, and which of them touch."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detector_app.errors import RegionsUnavailableError

Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]

SMOOTHING_PX = 0.8
"""Standard deviation of the Gaussian before segmentation, as in Felzenszwalb and Huttenlocher 2004, section 6."""
LEAST_PIXELS = 20
"""Smaller segments are given to a neighbour."""


def shrunk(image_bgr: Pixels, side_px: int) -> Pixels:
    """The picture with its longer side at ``side_px``, aspect kept, each side at least one pixel; never enlarged."""
    height, width = image_bgr.shape[:2]
    factor = side_px / max(height, width)
    if factor >= 1:
        return image_bgr
    size_wh = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(image_bgr, size_wh, interpolation=cv2.INTER_AREA), np.uint8)


def segment(image_bgr: Pixels, scale: float) -> Labels:
    """Felzenszwalb and Huttenlocher's graph-based segments (IJCV 59, 2004), by scikit-image.

    Args:
        image_bgr: (H, W, 3) uint8.
        scale: their k for pixels of 0 to 255: the larger, the fewer and larger segments. (Scikit-image divides both by 255.)

    Returns:
        (H, W) int64, numbers from 0 without a gap.

    Raises:
        RegionsUnavailableError: scikit-image is not installed.
    """
    try:
        from skimage.segmentation import felzenszwalb
    except ImportError as error:
        raise RegionsUnavailableError(detail=str(error)) from error
    least = min(LEAST_PIXELS, image_bgr.shape[0] * image_bgr.shape[1])
    return np.asarray(felzenszwalb(image_bgr, scale=scale, sigma=SMOOTHING_PX, min_size=least), np.int64)


def touching(labels: Labels) -> NDArray[np.int64]:
    """Pairs of segments with pixels side by side or corner to corner.

    Args:
        labels: (H, W) int64 from 0 on.

    Returns:
        (P, 2) int64, each pair once, the smaller number first, ascending.
    """
    beside = (
        (labels[:, :-1], labels[:, 1:]),
        (labels[:-1], labels[1:]),
        (labels[:-1, :-1], labels[1:, 1:]),
        (labels[:-1, 1:], labels[1:, :-1]),
    )
    pairs = np.concatenate([np.stack((a.ravel(), b.ravel())) for a, b in beside], axis=1)
    pairs = pairs[:, pairs[0] != pairs[1]]
    count = int(labels.max()) + 1
    keys = np.unique(pairs.min(axis=0) * count + pairs.max(axis=0))
    return np.stack((keys // count, keys % count), axis=1)
