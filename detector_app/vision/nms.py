"""Greedy non-maximum suppression, and the explanation of what it did.

The inner loop is OpenCV's: for the 20 to 100 candidates of a usual frame the whole costs about 0.1 ms, for 1000 one to a few,
a tenth of what such a loop takes in numpy.
"""

from __future__ import annotations

import itertools
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detector_app.vision.boxes import iou_matrix
from detector_app.vision.detections import FloatArray, IntArray


def nms(xyxy: FloatArray, class_ids: IntArray, iou: float, *, class_agnostic: bool = False) -> IntArray:
    """Keep the first of every group of boxes that overlap by more than ``iou``.

    Args:
        xyxy: (N, 4) finite boxes, **best score first**: the order is the priority, so ties are settled by the caller's sort.
        class_ids: (N,) boxes of different classes do not suppress each other unless ``class_agnostic``.
        iou: 0 to 1; an overlap of exactly ``iou`` is allowed. Boxes without area overlap nothing.
        class_agnostic: classes play no part.

    Returns:
        (K,) int64 indices of the boxes kept, ascending.
    """
    corner_wh = xyxy.astype(np.float64)
    corner_wh[:, 2:] -= corner_wh[:, :2]
    if class_agnostic or not len(xyxy) or (class_ids == class_ids[0]).all():
        return _greedy(corner_wh, iou)
    # Class by class: a thousand boxes of eighty classes are eighty small problems, not one large.
    by_class = np.argsort(class_ids, kind="stable")
    grouped = corner_wh[by_class]
    borders = np.flatnonzero(np.diff(class_ids[by_class])) + 1
    limits = itertools.pairwise([0, *borders.tolist(), len(by_class)])
    return np.sort(by_class[np.concatenate([_greedy(grouped[first:end], iou) + first for first, end in limits])])


def _greedy(corner_wh: NDArray[np.float64], iou: float) -> IntArray:
    """Indices kept, ascending, of (N, 4) x, y, width, height in order of priority, without regard to class."""
    if len(corner_wh) < 2:
        return np.arange(len(corner_wh), dtype=np.int64)
    if corner_wh[:, 2:].min() <= 0:
        # To OpenCV two boxes without area are the same box.
        solid = corner_wh[:, 2:].min(axis=1) > 0
        kept = np.flatnonzero(solid)[_greedy(corner_wh[solid], iou)]
        return np.sort(np.concatenate((np.flatnonzero(~solid), kept)))
    boxes: Any = corner_wh  # OpenCV takes arrays here; its annotations know only lists
    priority: Any = np.arange(len(corner_wh), 0, -1, dtype=np.float32)
    return np.asarray(cv2.dnn.NMSBoxes(boxes, priority, 0.0, iou), np.int64)


def suppressors(
    xyxy: FloatArray, class_ids: IntArray, kept: IntArray, iou: float, *, class_agnostic: bool = False
) -> tuple[IntArray, FloatArray]:
    """Which kept box suppressed each of the others: what :func:`nms` did with the same arguments.

    Args:
        xyxy: as given to :func:`nms`.
        class_ids: likewise.
        kept: its result.
        iou: likewise.
        class_agnostic: likewise.

    Returns:
        (N,) int64 index into ``xyxy`` of the first kept box that overlaps by more than ``iou``, −1 for kept boxes;
        and (N,) float32 that overlap.
    """
    by = np.full(len(xyxy), -1, np.int64)
    overlap = np.zeros(len(xyxy), np.float32)
    stays = np.zeros(len(xyxy), bool)
    stays[kept] = True
    lost = np.flatnonzero(~stays)
    if not len(lost):
        return by, overlap
    matrix = iou_matrix(xyxy[kept], xyxy[lost])
    if not class_agnostic:
        matrix[class_ids[kept][:, None] != class_ids[lost][None]] = 0
    # Rounding may put an overlap a hair under the limit here that was over it there: then the greatest overlap it is.
    over = matrix > iou
    first = np.where(over.any(axis=0), over.argmax(axis=0), matrix.argmax(axis=0))
    by[lost], overlap[lost] = kept[first], matrix[first, np.arange(len(lost))]
    return by, overlap


def min_area_nms(xyxy: FloatArray, overlap: float) -> IntArray:
    """Greedy suppression by the intersection over the *smaller* area, which also drops a box inside another.

    Args:
        xyxy: (N, 4) best score first; edges are pixels that belong to the box, as in the last stage.
        overlap: a box that shares more than this part with a better one is dropped.

    Returns:
        (K,) int64 indices of the boxes kept, ascending.
    """
    kept: list[int] = []
    alive = np.ones(len(xyxy), bool)
    for i in range(len(xyxy)):
        if not alive[i]:
            continue
        kept.append(i)
        shared, smaller = _shared_with(i, xyxy)
        alive &= shared <= overlap * smaller
    return np.array(kept, np.int64)


def min_area_overlap(i: int, xyxy: FloatArray) -> FloatArray:
    """(N,) float32 what box ``i`` shares with each, as a part of the smaller one."""
    shared, smaller = _shared_with(i, xyxy)
    found: FloatArray = (shared / np.maximum(smaller, 1e-12)).astype(np.float32)
    return found


def _shared_with(i: int, xyxy: FloatArray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(N,) the area that box ``i`` shares with each, and the smaller of their areas."""
    left, top, right, bottom = xyxy.T.astype(np.float64)
    areas = (right - left + 1) * (bottom - top + 1)
    width = np.minimum(right[i], right) - np.maximum(left[i], left) + 1
    height = np.minimum(bottom[i], bottom) - np.maximum(top[i], top) + 1
    return np.maximum(width, 0) * np.maximum(height, 0), np.minimum(areas[i], areas)
