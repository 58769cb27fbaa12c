"""Laying a face into an embedder's input: the similarity transform that brings its five landmarks to where the card wants them.

S. Umeyama, "Least-squares estimation of transformation parameters between two point patterns", IEEE PAMI 13(4), 1991.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from detector_app.vision.frame import BgrImage

Matrix = NDArray[np.float64]
Size = tuple[int, int]

STANDARD_SIZE = 112
STANDARD_XY_PX = (
    *((38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366)),
    *((41.5493, 92.3655), (70.7299, 92.2041)),
)
"""Where the five points of a face from the front lie in a square of :data:`STANDARD_SIZE`; so faces are judged, whatever the embedder."""

MOST_SHRINKING = 0.5
"""Below this a picture is made smaller by area first: four neighbours of each place would skip pixels. Embedders are trained so, too."""


def similarity(source_xy: ArrayLike, target_xy: ArrayLike) -> Matrix:
    """The rotation, uniform scale and shift that bring ``source_xy`` nearest to ``target_xy``: least sum of squared distances.

    In the plane, without mirror images, the solution of Umeyama (1991, equations 40 to 42) is a linear regression on complex numbers:
    rotation and scale are one factor.

    Args:
        source_xy: (K, 2), finite.
        target_xy: (K, 2), finite.

    Returns:
        (2, 3) float64: ``target ≈ M[:, :2] @ source + M[:, 2]``.

    Raises:
        ValueError: all source points are the same, or a value is not finite.
    """
    source, target = np.asarray(source_xy, np.float64), np.asarray(target_xy, np.float64)
    if not (np.isfinite(source).all() and np.isfinite(target).all()):
        raise ValueError("landmarks must be finite")
    centre, aim = source.mean(axis=0), target.mean(axis=0)
    z, w = ((points - mean) @ np.array([1, 1j]) for points, mean in ((source, centre), (target, aim)))
    spread = np.vdot(z, z).real
    if spread <= 0:
        raise ValueError("all landmarks are the same: neither turn nor scale can be told")
    factor = complex(np.vdot(z, w) / spread)
    linear = np.array([[factor.real, -factor.imag], [factor.imag, factor.real]])
    return np.column_stack([linear, aim - linear @ centre])


def moved(matrix: Matrix, points_xy: ArrayLike) -> Matrix:
    """(K, 2) points through the (2, 3) ``matrix``."""
    return np.asarray(np.asarray(points_xy, np.float64) @ matrix[:, :2].T + matrix[:, 2], np.float64)


def align(image_bgr: BgrImage, landmarks_xy: ArrayLike, template_xy: ArrayLike, size_wh: Size) -> BgrImage:
    """The face as the embedder sees it: (height, width, 3) uint8 BGR; what lies beyond the picture repeats its border.

    Args:
        image_bgr: the picture.
        landmarks_xy: (5, 2) in its pixels, the centre of the first pixel being 0.
        template_xy: (5, 2), where they are to lie in the result.
        size_wh: of the result.

    Raises:
        ValueError: the landmarks tell neither turn nor scale.
    """
    matrix = similarity(landmarks_xy, template_xy)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale <= 0:
        raise ValueError("the landmarks lie as in no face")
    part, matrix = _part_of(image_bgr, matrix, size_wh, margin=4 / scale)
    if scale < MOST_SHRINKING:
        part, matrix = _shrunk(part, matrix, scale / MOST_SHRINKING)
    laid = cv2.warpAffine(part, matrix, size_wh, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(laid, np.uint8)


def _part_of(image_bgr: BgrImage, matrix: Matrix, size_wh: Size, margin: float) -> tuple[BgrImage, Matrix]:
    """The rectangle of the picture that the result shows, and the transform from there: the rest costs nothing."""
    width, height = size_wh
    corners = np.array([(0, 0), (width, 0), (0, height), (width, height)], np.float64)
    seen = (corners - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    limits = np.array(image_bgr.shape[1::-1])
    left, top = np.clip(np.floor(seen.min(axis=0) - margin), 0, limits - 1).astype(int)
    right, bottom = np.clip(np.ceil(seen.max(axis=0) + margin), (left + 1, top + 1), limits).astype(int)
    shifted = np.column_stack([matrix[:, :2], moved(matrix, [(left, top)])[0]])
    return image_bgr[top:bottom, left:right], shifted


def _shrunk(part: BgrImage, matrix: Matrix, factor: float) -> tuple[BgrImage, Matrix]:
    """The picture made smaller by area, and the transform from there."""
    height, width = part.shape[:2]
    wide, high = max(1, round(width * factor)), max(1, round(height * factor))
    small = cv2.resize(part, (wide, high), interpolation=cv2.INTER_AREA)
    blocks = np.array([width / wide, height / high])  # a small pixel's centre is the middle of its block
    return np.asarray(small, np.uint8), np.column_stack([matrix[:, :2] * blocks, moved(matrix, [(blocks - 1) / 2])[0]])
