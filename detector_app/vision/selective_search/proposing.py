"""From a picture to its proposals: segments at several scales, grouped, ranked, without doubles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from detector_app.vision.selective_search.grouping import group
from detector_app.vision.selective_search.regions import colour_bins_of, describe, texture_bins_of
from detector_app.vision.selective_search.segments import Pixels, segment, shrunk, touching


def propose(
    image_bgr: Pixels, *, side_px: int = 320, scales: tuple[float, ...] = (20.0, 50.0, 100.0), most: int = 2000
) -> NDArray[np.float32]:
    """Boxes that may hold an object, deterministic: the same picture always gives the same boxes in the same order.

    Args:
        image_bgr: (H, W, 3) uint8, at least one pixel.
        side_px: longer side to which the picture is shrunk before it is looked at; it is never enlarged.
        scales: of the segments to start from, see :func:`~detector_app.vision.selective_search.segments.segment`. Each scale has a
            hierarchy of its own.
        most: no more boxes than this.

    Returns:
        (R, 4) float32 xyxy in pixels of ``image_bgr``, R ≥ 1, no two alike. The first are those from high up in a hierarchy, where a
        region was made of all others; the last are single segments (section 3.3).

    Raises:
        RegionsUnavailableError: scikit-image is not installed.
        ValueError: the picture is empty, or there is no scale.
    """
    if image_bgr.ndim != 3 or image_bgr.shape[2] != 3 or not image_bgr.size or not scales or most < 1 or side_px < 1:
        raise ValueError(f"a picture (H, W, 3) and a scale are needed, found {image_bgr.shape} and {scales}")
    small = shrunk(image_bgr, side_px)
    colours, textures = colour_bins_of(small), texture_bins_of(small)
    hierarchies = []
    for scale in scales:
        labels = segment(small, scale)
        hierarchies.append(group(describe(labels, colours, textures), touching(labels)).boxes_xyxy)
    boxes = ranked(hierarchies)[:most]
    height, width = small.shape[:2]
    factors = np.array((image_bgr.shape[1] / width, image_bgr.shape[0] / height) * 2)
    return np.asarray(boxes * factors, np.float32)


def ranked(hierarchies: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Boxes of several hierarchies in one order, each box once.

    Args:
        hierarchies: (R, 4) each, in the order in which regions came to be.

    Returns:
        (R, 4) the latest region of each hierarchy first, then the ones before these, and so on: the paper's ranking without
        its random factor (section 3.3).
    """
    places = np.concatenate([np.arange(len(boxes))[::-1] for boxes in hierarchies])
    boxes = np.concatenate(list(hierarchies))[np.argsort(places, kind="stable")]
    _distinct, first = np.unique(boxes, axis=0, return_index=True)
    return boxes[np.sort(first)]
