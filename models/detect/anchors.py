"""Anchors from the data: k-means on box sizes with the distance 1 − IoU (YOLOv2, arXiv 1612.08242, section 2)."""

import numpy as np
from numpy.typing import NDArray

from models.detect.spec import AnchorsPx

MAX_ROUNDS = 300


def overlap_of_sizes(sizes_wh: NDArray[np.float64], anchors_wh: NDArray[np.float64]) -> NDArray[np.float64]:
    """IoU of boxes laid on one centre: (M, 2) and (K, 2), any unit, to (M, K) in 0 to 1."""
    overlap = np.minimum(sizes_wh[:, None], anchors_wh[None]).prod(axis=-1)
    union = sizes_wh.prod(axis=-1)[:, None] + anchors_wh.prod(axis=-1)[None] - overlap
    ratio: NDArray[np.float64] = overlap / union
    return ratio


def cluster_sizes(sizes_wh: NDArray[np.float64], count: int, seed: int) -> NDArray[np.float64]:
    """Finds `count` typical sizes.

    Starts from k-means++ seeds and, unlike plain averaging, moves each centre to the median of its members: long boxes
    in a cluster then do not stretch it. The same sizes and seed give the same anchors.

    Args:
        sizes_wh: (M, 2) positive widths and heights, any unit.
        count: number of anchors, at most the number of distinct sizes.
        seed: of the first centres.

    Returns:
        (count, 2) anchors in the unit of the input, ascending by area.

    Raises:
        ValueError: fewer distinct sizes than anchors, or a size that is not positive.
    """
    distinct = np.unique(sizes_wh, axis=0)
    if len(distinct) < count or not (sizes_wh > 0).all():
        raise ValueError(f"{count} anchors need as many distinct positive box sizes, found {len(distinct)}")
    centres = _first_centres(sizes_wh, count, np.random.default_rng(seed))
    for _ in range(MAX_ROUNDS):
        nearest = overlap_of_sizes(sizes_wh, centres).argmax(axis=1)
        members = [sizes_wh[nearest == index] for index in range(count)]
        moved = np.stack([np.median(own, axis=0) if len(own) else centres[i] for i, own in enumerate(members)])
        if np.allclose(moved, centres):
            break
        centres = moved
    return centres[np.argsort(centres.prod(axis=1))]


def _first_centres(sizes_wh: NDArray[np.float64], count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """k-means++: each next centre is drawn in proportion to its squared distance from those chosen."""
    chosen = [sizes_wh[rng.integers(len(sizes_wh))]]
    while len(chosen) < count:
        distance = 1 - overlap_of_sizes(sizes_wh, np.stack(chosen)).max(axis=1)
        weights = np.maximum(distance, 0) ** 2
        chosen.append(sizes_wh[rng.choice(len(sizes_wh), p=weights / weights.sum())])
    return np.stack(chosen)


def mean_best_overlap(sizes_wh: NDArray[np.float64], anchors_wh: NDArray[np.float64]) -> float:
    """The figure of YOLOv2's table 1: the mean over boxes of the IoU with the closest anchor, 0 to 1."""
    return float(overlap_of_sizes(sizes_wh, anchors_wh).max(axis=1).mean())


def share_among_scales(anchors_wh: NDArray[np.float64], scales: int) -> AnchorsPx:
    """Deals sorted anchors to the scales, small ones to the fine grid (YOLOv3, section 2.3).

    Args:
        anchors_wh: (scales·B, 2) pixels, ascending by area.
        scales: number of scales, strides ascending.
    """
    parts = np.split(np.round(anchors_wh, 1), scales)
    return tuple(tuple((float(w), float(h)) for w, h in part) for part in parts)
