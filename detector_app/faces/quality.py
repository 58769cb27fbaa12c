"""Is a face good enough? Measured in the picture before it is enrolled or compared, each failure with a reason that says how to do better.

The bounds come from 335 photographed faces, 28 to 106 pixels between the eyes, found by MTCNN: for enrolment they let all pass but two
that look up steeply. Of the same faces blurred by 1, 1.5 and 2 pixels of the standard face they refuse 0.12, 0.70 and 0.98.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from detector_app.faces.alignment import STANDARD_SIZE, STANDARD_XY_PX, align
from detector_app.faces.pose import Pose, estimate_pose
from detector_app.faces.refusals import (
    CropTooSmallError,
    FaceBlurredError,
    FaceCutOffError,
    FaceFlatError,
    FaceNoddedError,
    FaceRefusedError,
    FaceTiltedError,
    FaceTooBrightError,
    FaceTooDarkError,
    FaceTooSmallError,
    FaceTurnedError,
    NotAFaceError,
)
from detector_app.vision.frame import BgrImage

LEAST_SIDE_PX = 12
"""Of a picture; no detector looks for smaller faces."""
SLACK = 0.15
"""So far outside a landmark may be, in distances between the eyes: detectors are no more exact than that."""
_INNER = (slice(30, 105), slice(20, 92))
"""Rows and columns of the standard face that skin fills: hair and background would count as sharp."""


@dataclass(frozen=True)
class Quality:
    """What was measured of one face.

    Attributes:
        eyes_px: between the eyes, in pixels of the picture.
        sharpness: variance of the Laplacian in the standard face of 112×112.
        brightness, contrast: mean and standard deviation of its luminance, 0 to 255.
        yaw_deg, pitch_deg, roll_deg, misfit: see :class:`~detector_app.faces.pose.Pose`.
        inside: all five landmarks lie in the picture, or nearly.
    """

    eyes_px: float
    sharpness: float
    brightness: float
    contrast: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    misfit: float
    inside: bool = True


@dataclass(frozen=True)
class Limits:
    """What is asked of a face; the fields are named as those of :class:`Quality`."""

    eyes_px: float
    sharpness: float
    brightness: tuple[float, float]
    contrast: float
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    misfit: float = 0.2


ENROLMENT = Limits(eyes_px=24, sharpness=30, brightness=(45, 215), contrast=15, yaw_deg=40, pitch_deg=40, roll_deg=40)
"""One bad picture spoils every later comparison, so much is asked."""
COMPARISON = Limits(eyes_px=12, sharpness=4, brightness=(20, 240), contrast=8, yaw_deg=60, pitch_deg=60, roll_deg=60)
"""A face in passing is taken as it is, unless nothing can be said of it."""


def measure(image_bgr: BgrImage, landmarks_xy: ArrayLike, where: str = "") -> Quality:
    """Quality of the face whose (5, 2) landmarks lie in ``image_bgr``.

    Raises:
        CropTooSmallError: there is no picture, or hardly one.
        NotAFaceError: the landmarks are not finite, or all the same.
    """
    _require_picture(image_bgr, where)
    points = np.asarray(landmarks_xy, np.float64)
    try:
        pose = estimate_pose(points)
        face = align(image_bgr, points, STANDARD_XY_PX, (STANDARD_SIZE, STANDARD_SIZE))
    except ValueError as error:
        raise NotAFaceError(where) from error
    grey = np.asarray(cv2.cvtColor(face, cv2.COLOR_BGR2GRAY)[_INNER], np.uint8)
    sharpness = float(cv2.Laplacian(grey, cv2.CV_64F).var())
    return _quality(points, pose, image_bgr.shape[1::-1], sharpness, grey)


def refusals(quality: Quality, limits: Limits, where: str = "") -> tuple[FaceRefusedError, ...]:
    """Every reason that speaks against the face, the gravest first; none if it is good.

    The order matters to who reads only the first: what is no face needs no light.
    """
    dark, bright = limits.brightness
    found: list[tuple[bool, FaceRefusedError]] = [
        (not quality.inside, FaceCutOffError(where)),
        (quality.misfit > limits.misfit, NotAFaceError(where)),
        _below(FaceTooSmallError, quality.eyes_px, limits.eyes_px, where),
        _beyond(FaceTiltedError, quality.roll_deg, limits.roll_deg, where),
        _beyond(FaceTurnedError, quality.yaw_deg, limits.yaw_deg, where),
        _beyond(FaceNoddedError, quality.pitch_deg, limits.pitch_deg, where),
        _below(FaceTooDarkError, quality.brightness, dark, where),
        _beyond(FaceTooBrightError, quality.brightness, bright, where),
        _below(FaceFlatError, quality.contrast, limits.contrast, where),
        _below(FaceBlurredError, quality.sharpness, limits.sharpness, where),
    ]
    return tuple(error for fails, error in found if fails)


def require(quality: Quality, limits: Limits, where: str = "") -> None:
    """Nothing, if the face is good enough.

    Raises:
        FaceRefusedError: the gravest reason against it.
    """
    for error in refusals(quality, limits, where):
        raise error


def _require_picture(image_bgr: BgrImage, where: str) -> None:
    if image_bgr.ndim != 3 or min(image_bgr.shape[:2]) < LEAST_SIDE_PX:
        raise CropTooSmallError(where, found="×".join(str(side) for side in image_bgr.shape[1::-1]))


def _quality(
    points: NDArray[np.float64], pose: Pose, size_wh: tuple[int, ...], sharpness: float, grey: NDArray[np.uint8]
) -> Quality:
    eyes_px = float(np.linalg.norm(points[1] - points[0]))
    slack = SLACK * eyes_px
    return Quality(
        eyes_px=eyes_px,
        sharpness=sharpness,
        brightness=float(grey.mean()),
        contrast=float(grey.std()),
        yaw_deg=pose.yaw_deg,
        pitch_deg=pose.pitch_deg,
        roll_deg=pose.roll_deg,
        misfit=pose.misfit,
        inside=bool((points >= -slack).all() and (points <= np.array(size_wh) - 1 + slack).all()),
    )


def _below(kind: type[FaceRefusedError], found: float, least: float, where: str) -> tuple[bool, FaceRefusedError]:
    return found < least, kind(where, found=f"{found:.0f}", expected=f"{least:g}")


def _beyond(kind: type[FaceRefusedError], found: float, most: float, where: str) -> tuple[bool, FaceRefusedError]:
    return abs(found) > most, kind(where, found=f"{abs(found):.0f}", expected=f"{most:g}")
