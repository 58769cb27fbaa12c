"""A face laid into the network's input by the similarity transform that brings its five landmarks nearest to fixed places."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import TrainingDataError

Points = NDArray[np.float64]
Pixels = NDArray[np.uint8]

# Left and right eye as seen in the picture, nose, left and right mouth corner in an input of 112 × 112 pixels, as SFace and
# ArcFace (Deng et al. 2019, arXiv 1801.07698) are trained on.
TEMPLATE_112 = np.array(
    ((38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041))
)
# Shrinking by more than this is done by area first: four neighbours of each place would skip pixels.
MOST_SHRINKING = 0.5


def template(size_hw: tuple[int, int], context: float = 1.0) -> Points:
    """Where the landmarks lie in an input of another size: (5, 2) float64 x and y in pixels, the square centred.

    The centre of the first pixel is at 0, as OpenCV counts.

    Args:
        size_hw: of the input.
        context: how much of the picture is seen about its centre, in parts of what the template shows; 1.25 has more hair and chin.
    """
    height, width = size_hw
    scale = min(height, width) / 112 / context
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    return np.asarray((TEMPLATE_112 - 55.5) * scale + middle, np.float64)


def similarity(points: NDArray[np.floating], targets: NDArray[np.floating]) -> Points:
    """The turn, scale and move that bring points nearest to their targets in least squares; never a reflection.

    In the plane the solution of Umeyama (1991, IEEE PAMI 13(4), equations 40 to 42) has the closed form of a linear regression
    on complex numbers: turn and scale are the one factor a + ib.

    Args:
        points: (N, 2) x and y, at least two that differ.
        targets: (N, 2).

    Returns:
        (2, 3) float64 matrix M, so that a target is near M · (x, y, 1).

    Raises:
        ValueError: shapes differ, a value is not finite, or all points are the same.
    """
    source, aim = np.asarray(points, np.float64), np.asarray(targets, np.float64)
    if source.shape != aim.shape or source.ndim != 2 or source.shape[1:] != (2,) or not len(source):
        raise ValueError(f"points and targets must both be (N, 2), found {source.shape} and {aim.shape}")
    if not (np.isfinite(source).all() and np.isfinite(aim).all()):
        raise ValueError("points and targets must be finite")
    source_mean, aim_mean = source.mean(0), aim.mean(0)
    x, y = (source - source_mean).T
    u, v = (aim - aim_mean).T
    spread = float((x * x + y * y).sum())
    if spread <= 0:
        raise ValueError("all points are the same: neither turn nor scale can be told")
    a, b = float((x * u + y * v).sum()) / spread, float((x * v - y * u).sum()) / spread
    turn = np.array(((a, -b), (b, a)))
    return np.column_stack((turn, aim_mean - turn @ source_mean))


def align(picture: Pixels, landmarks_xy: NDArray[np.floating], places_xy: Points, size_hw: tuple[int, int]) -> Pixels:
    """A face laid into an input; what lies beyond the picture repeats its border.

    Args:
        picture: (H, W) or (H, W, C) uint8.
        landmarks_xy: (5, 2) pixels of the picture.
        places_xy: (5, 2) where they are to lie, in pixels of the result.
        size_hw: of the result.

    Raises:
        TrainingDataError: the landmarks tell neither turn nor scale.
    """
    try:
        matrix = similarity(landmarks_xy, places_xy)
    except ValueError as error:
        raise TrainingDataError(f"a face cannot be aligned: {error}") from error
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale < MOST_SHRINKING:
        picture, kept = _shrunk(picture, scale / MOST_SHRINKING)
        matrix = matrix @ np.linalg.inv(kept)
    height, width = size_hw
    laid = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(laid, np.uint8)


def _shrunk(picture: Pixels, factor: float) -> tuple[Pixels, Points]:
    """The picture made smaller by area, and the (3, 3) matrix that brings its pixels there."""
    height, width = picture.shape[:2]
    wide, high = max(1, round(width * factor)), max(1, round(height * factor))
    x, y = wide / width, high / height
    kept = np.array(((x, 0, (x - 1) / 2), (0, y, (y - 1) / 2), (0, 0, 1)))
    return np.asarray(cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA), np.uint8), kept
