"""How alike two regions are: colour, texture, size and fill (Uijlings et al. 2013, section 3.2, equations 1 to 6).

Each is 0 to 1, and their sum decides. Numerators and denominators are whole numbers, below 2⁵³ for pictures up to 4,000
pixels wide and high, so that each similarity is one division, the same on every machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detector_app.vision.selective_search.regions import Counts, Regions

Scores = NDArray[np.float64]


def similarities(regions: Regions, one: int, others: Counts) -> Scores:
    """(K,) how alike region ``one`` is to each of ``others``: the sum of the four, 0 to 4."""
    a, b = regions.sizes[one], regions.sizes[others]
    textures = intersections(regions.textures[one], a, regions.textures[others], b)
    total: Scores = intersections(regions.colours[one], a, regions.colours[others], b) + textures
    total = total + size_similarity(a, b, regions.picture_px)
    total = total + fill_similarity(regions, one, others)
    return total


def intersections(counts: Counts, size: np.int64, others: Counts, sizes: Counts) -> Scores:
    """(K,) how much of two normalised histograms is shared: Σ min(aᵢ, bᵢ), equations 2 and 4.

    Args:
        counts: (B,) of a region, over all its channels.
        size: its pixels.
        others: (K, B) of the others.
        sizes: (K,) their pixels.
    """
    # Every channel counts each pixel once, so that the counts of a region add up to channels · size.
    channels = counts.sum() // size
    shared: Scores = np.minimum(counts * sizes[:, None], others * size).sum(axis=1) / (channels * size * sizes)
    return shared


def size_similarity(a: np.int64, b: Counts, picture_px: int) -> Scores:
    """(K,) part of the picture that both together leave free: small regions join first, equation 5."""
    free: Scores = (picture_px - a - b) / picture_px
    return free


def fill_similarity(regions: Regions, one: int, others: Counts) -> Scores:
    """(K,) how little of the bounds around both belongs to neither: regions that fill each other's gaps join, equation 6."""
    box, boxes = regions.boxes_xyxy[one], regions.boxes_xyxy[others]
    sides = np.maximum(box[2:], boxes[:, 2:]) - np.minimum(box[:2], boxes[:, :2])
    gap = sides[:, 0] * sides[:, 1] - regions.sizes[one] - regions.sizes[others]
    filled: Scores = (regions.picture_px - gap) / regions.picture_px
    return filled
