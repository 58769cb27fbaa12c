"""Arithmetic of axis-parallel boxes as (N, 4) arrays: left, top, right, bottom. Any frame, as long as all boxes share it."""

from __future__ import annotations

import numpy as np

from detector_app.vision.detections import FloatArray


def from_centres(centre_xy: FloatArray, size_wh: FloatArray) -> FloatArray:
    """(N, 2) centres and (N, 2) sizes → (N, 4) float32 boxes."""
    half = size_wh * np.float32(0.5)
    xyxy = np.empty((len(half), 4), np.float32)
    np.subtract(centre_xy, half, out=xyxy[:, :2])
    np.add(centre_xy, half, out=xyxy[:, 2:])
    return xyxy


def areas(xyxy: FloatArray) -> FloatArray:
    """(N,) areas; 0 for a box whose right lies left of its left, or bottom above its top."""
    sides = np.maximum(xyxy[:, 2:] - xyxy[:, :2], 0)
    area: FloatArray = sides[:, 0] * sides[:, 1]
    return area


def iou_matrix(a_xyxy: FloatArray, b_xyxy: FloatArray) -> FloatArray:
    """(N, 4) and (M, 4) → (N, M) intersection over union, 0 to 1. Boxes without area overlap nothing."""
    top_left = np.maximum(a_xyxy[:, None, :2], b_xyxy[None, :, :2])
    bottom_right = np.minimum(a_xyxy[:, None, 2:], b_xyxy[None, :, 2:])
    sides = np.maximum(bottom_right - top_left, 0)
    shared = sides[..., 0] * sides[..., 1]
    union = areas(a_xyxy)[:, None] + areas(b_xyxy)[None] - shared
    iou: FloatArray = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return iou
