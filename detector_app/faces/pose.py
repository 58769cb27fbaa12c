"""How a head is turned, estimated from the five landmarks of a face.

A rigid head under scaled orthographic projection (D. DeMenthon and L. Davis, "Model-based object pose in 25 lines of code", IJCV 15, 1995,
the first step, POS): the two rows of the projection are found by least squares, then brought to the nearest pair of orthogonal rows.
Good to some ten degrees, because faces differ; enough to ask a person to look into the camera.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

HEAD_MM = np.array(
    [(-31.5, -33.0, 0.0), (31.5, -33.0, 0.0), (0.0, 8.0, -24.0), (-25.0, 36.0, -4.0), (25.0, 36.0, -4.0)]
)
"""Left eye, right eye, nose, left and right mouth corner of an average head as the camera sees it: x right, y down, z away from the
camera, in millimetres."""
EYES_MM = 63.0
_CENTRED = HEAD_MM - HEAD_MM.mean(axis=0)


@dataclass(frozen=True)
class Pose:
    """Degrees.

    Attributes:
        yaw_deg: positive when the face looks towards the right edge of the picture.
        pitch_deg: positive when it looks down.
        roll_deg: positive when the head is tilted clockwise as seen in the picture.
        misfit: how far the points lie from where the head's would be, root mean square in parts of the distance between its eyes
            seen from the front.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    misfit: float


def estimate_pose(landmarks_xy: ArrayLike) -> Pose:
    """The pose of a face.

    Args:
        landmarks_xy: (5, 2), left and right eye as seen in the picture, nose, left and right mouth corner.

    Raises:
        ValueError: the points are not finite, or all the same.
    """
    points = np.asarray(landmarks_xy, np.float64)
    centred = points - points.mean(axis=0)
    if not np.isfinite(points).all() or not centred.any():
        raise ValueError("the landmarks lie as in no face")
    rows = np.linalg.lstsq(_CENTRED, centred, rcond=None)[0].T
    u, s, vt = np.linalg.svd(rows, full_matrices=False)
    turned, scale = u @ vt, s.mean()
    away = np.cross(turned[0], turned[1])
    rotation = np.vstack([turned, away])
    off = centred - scale * _CENTRED @ turned.T
    misfit = float(np.sqrt((off**2).sum(axis=1).mean()) / max(scale * EYES_MM, 1e-9))
    return Pose(*_angles(rotation), misfit)


def rotation(yaw_deg: float, pitch_deg: float, roll_deg: float) -> NDArray[np.float64]:
    """(3, 3): the head is first nodded, then turned, then tilted. The inverse of what :func:`estimate_pose` reads."""
    yaw, pitch, roll = np.radians([yaw_deg, pitch_deg, roll_deg])
    tilt = np.array([(np.cos(roll), -np.sin(roll), 0), (np.sin(roll), np.cos(roll), 0), (0, 0, 1)])
    turn = np.array([(np.cos(yaw), 0, -np.sin(yaw)), (0, 1, 0), (np.sin(yaw), 0, np.cos(yaw))])
    nod = np.array([(1, 0, 0), (0, np.cos(pitch), -np.sin(pitch)), (0, np.sin(pitch), np.cos(pitch))])
    return np.asarray(tilt @ turn @ nod, np.float64)


def _angles(matrix: NDArray[np.float64]) -> tuple[float, float, float]:
    """Yaw, pitch and roll of a rotation."""
    yaw = np.arctan2(matrix[2, 0], np.hypot(matrix[2, 1], matrix[2, 2]))
    pitch = np.arctan2(matrix[2, 1], matrix[2, 2])
    roll = np.arctan2(matrix[1, 0], matrix[0, 0])
    return float(np.degrees(yaw)), float(np.degrees(pitch)), float(np.degrees(roll))
