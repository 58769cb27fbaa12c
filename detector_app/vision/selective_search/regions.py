"""What selective search knows of a region: its colours, textures, size and bounds (Uijlings et al. 2013, section 3.2).

Everything is counted in whole numbers, so that two regions joined are described exactly as if their pixels had been counted anew,
and no order of adding up can change what is found.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detector_app.vision.selective_search.segments import Labels, Pixels

Counts = NDArray[np.int64]

COLOUR_BINS = 25
TEXTURE_BINS = 10
ORIENTATIONS = 8
_GAUSSIAN_PX = 1.0
_RADIUS_PX = 3


@dataclass(frozen=True)
class Regions:
    """R regions of one picture; row i of every array is about region i.

    Attributes:
        sizes: (R,) pixels.
        boxes_xyxy: (R, 4) first column and row, and the ones behind the last.
        colours: (R, 75) pixels in each of 25 bins for each of three channels.
        textures: (R, 240) pixels in each of 10 bins for each of 8 directions of the gradient in each channel.
        picture_px: pixels of the whole picture.
    """

    sizes: Counts
    boxes_xyxy: Counts
    colours: Counts
    textures: Counts
    picture_px: int

    def __len__(self) -> int:
        return len(self.sizes)


def describe(labels: Labels, colour_bins: Counts, texture_bins: Counts) -> Regions:
    """Counts what lies in each segment.

    Args:
        labels: (H, W) numbers of segments, from 0 without a gap.
        colour_bins: (3, H, W), see :func:`colour_bins_of`.
        texture_bins: (24, H, W), see :func:`texture_bins_of`.
    """
    count = int(labels.max()) + 1
    sizes = np.bincount(labels.ravel(), minlength=count).astype(np.int64)
    colours = _histograms(labels, colour_bins, count, COLOUR_BINS)
    return Regions(
        sizes, _bounds(labels, count), colours, _histograms(labels, texture_bins, count, TEXTURE_BINS), labels.size
    )


def colour_bins_of(image_bgr: Pixels) -> Counts:
    """(3, H, W) int64, 0 to 24: the bin of hue, saturation and value (the paper's best single colour space, table 4)."""
    hsv = cv2.split(cv2.cvtColor(image_bgr, cv2.COLOR_BGR2HSV))
    ranges = (180, 256, 256)  # OpenCV halves the degrees of hue to fit a byte
    return np.stack([plane.astype(np.int64) * COLOUR_BINS // size for plane, size in zip(hsv, ranges, strict=True)])


def texture_bins_of(image_bgr: Pixels) -> Counts:
    """(24, H, W) int64, 0 to 9: how strongly each channel rises in each of eight directions.

    The rise is a Gaussian derivative of σ = 1 px, nothing where the channel falls. Bins are even in the root of the rise: most rises
    are small, and even bins would put nearly all into the first.
    """
    offsets = np.arange(-_RADIUS_PX, _RADIUS_PX + 1)
    smooth = np.exp(-(offsets**2) / (2 * _GAUSSIAN_PX**2))
    smooth /= smooth.sum()
    derive = offsets / _GAUSSIAN_PX**2 * smooth
    most = 255 * derive[_RADIUS_PX + 1 :].sum()  # of a step from black to white
    image = image_bgr.astype(np.float32)
    right, down = (
        cv2.sepFilter2D(image, cv2.CV_32F, x, y, borderType=cv2.BORDER_REPLICATE).transpose(2, 0, 1)
        for x, y in ((derive, smooth), (smooth, derive))
    )
    angles = np.arange(ORIENTATIONS) * (2 * np.pi / ORIENTATIONS)
    rises = np.cos(angles)[:, None, None, None] * right + np.sin(angles)[:, None, None, None] * down
    parts = np.sqrt(np.clip(rises / most, 0, 1)).reshape(-1, *image.shape[:2])
    return np.asarray(np.minimum(parts * TEXTURE_BINS, TEXTURE_BINS - 1), np.int64)


def _histograms(labels: Labels, bins: Counts, count: int, most: int) -> Counts:
    """(count, planes · most) from (planes, H, W)."""
    planes = len(bins)
    places = (labels * planes)[None] + np.arange(planes)[:, None, None]
    flat = np.bincount((places * most + bins).ravel(), minlength=count * planes * most)
    return np.asarray(flat.reshape(count, planes * most), np.int64)


def _bounds(labels: Labels, count: int) -> Counts:
    height, width = labels.shape
    rows, columns = np.divmod(np.arange(labels.size), width)
    boxes = np.empty((count, 4), np.int64)
    boxes[:, :2], boxes[:, 2:] = (width, height), 0
    for column, (least, values) in enumerate(((True, columns), (True, rows), (False, columns), (False, rows))):
        if least:
            np.minimum.at(boxes[:, column], labels.ravel(), values)
        else:
            np.maximum.at(boxes[:, column], labels.ravel(), values + 1)
    return boxes
