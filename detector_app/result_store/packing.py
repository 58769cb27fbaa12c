"""Detections of a frame as bytes, and back, without loss.

All numbers are little-endian. For N boxes: N × 4 float32 corners, N × float32 score, N × uint16 class; then, where there are landmarks,
N × K × 2 float32. The number of boxes and K are columns of the table.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detector_app.vision.detections import Detections

_BOX_BYTES, _SCORE_BYTES, _CLASS_BYTES, _POINT_BYTES = 16, 4, 2, 8
MOST_CLASSES = 1 << 16
TAIL_BYTES = _SCORE_BYTES + _CLASS_BYTES
"""Bytes of a box behind all corners: its score and class."""


def pack(detections: Detections) -> bytes:
    """The boxes, scores, classes and landmarks. Numbers of candidates and names of people are not kept."""
    parts = [
        detections.xyxy.astype("<f4").tobytes(),
        detections.scores.astype("<f4").tobytes(),
        detections.class_ids.astype("<u2").tobytes(),
    ]
    if detections.landmarks_xy is not None:
        parts.append(detections.landmarks_xy.astype("<f4").tobytes())
    return b"".join(parts)


def points_of(detections: Detections) -> int:
    """Landmarks of each box; 0 if there are none."""
    return 0 if detections.landmarks_xy is None else detections.landmarks_xy.shape[1]


def unpack(blob: bytes, count: int, points: int, class_names: tuple[str, ...]) -> Detections:
    """What :func:`pack` was given.

    Raises:
        ValueError: the bytes are too few or too many for so many boxes.
    """
    expected = count * (_BOX_BYTES + _SCORE_BYTES + _CLASS_BYTES + points * _POINT_BYTES)
    if count < 0 or points < 0 or len(blob) != expected:
        raise ValueError(f"{len(blob)} bytes for {count} boxes, {expected} expected")
    scores_at = count * _BOX_BYTES
    classes_at = scores_at + count * _SCORE_BYTES
    points_at = classes_at + count * _CLASS_BYTES
    landmarks = None
    if points:
        landmarks = np.frombuffer(blob, "<f4", offset=points_at).astype(np.float32).reshape(count, points, 2)
    return Detections(
        np.frombuffer(blob, "<f4", count * 4).astype(np.float32).reshape(count, 4),
        np.frombuffer(blob, "<f4", count, scores_at).astype(np.float32),
        np.frombuffer(blob, "<u2", count, classes_at).astype(np.int64),
        class_names,
        landmarks,
    )


def tail_from(count: int) -> int:
    """Where the scores of ``count`` boxes begin, and behind them the classes."""
    return count * _BOX_BYTES


def unpack_tail(blob: bytes, count: int) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """Classes and scores of ``count`` boxes, from the bytes behind their corners.

    Raises:
        ValueError: the bytes are too few or too many.
    """
    if len(blob) != count * TAIL_BYTES:
        raise ValueError(f"{len(blob)} bytes for the scores of {count} boxes, {count * TAIL_BYTES} expected")
    return np.frombuffer(blob, "<u2", count, count * _SCORE_BYTES), np.frombuffer(blob, "<f4", count)
