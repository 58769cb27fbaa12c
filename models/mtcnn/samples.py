"""Training squares cut from annotated pictures: negatives, positives, part faces and landmark faces (section III.A of the paper).

Deviation from the paper: it trains R-Net and O-Net on the squares that the networks before them let through. Here that is done for the
negatives where such networks are given (`models.mtcnn.mistakes`); all other squares are drawn at random around the faces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import TrainingDataError
from models.mtcnn.faces import POINTS, FacePicture, overlaps_between, overlaps_of
from models.mtcnn.losses import Kind

LEAST_PX = 12
# Overlap with a face, from more than the first to at most the second; negatives: with every face.
OVERLAPS: Mapping[Kind, tuple[float, float]] = {
    Kind.NEGATIVE: (-1.0, 0.3),
    Kind.POSITIVE: (0.65, 1.0),
    Kind.PART: (0.4, 0.65),
    Kind.LANDMARK: (0.65, 1.0),
}
TRIES, AT_ONCE = 200, 12  # looks at a picture, and squares drawn at each
# In parts of a face's side: how far a square's centre may lie from the face's, and how its side may differ.
SHIFT, SHRINK, GROW = 0.35, 0.75, 1.3
# Landmarks of a mirrored face: eyes and mouth corners change places.
MIRRORED = (1, 0, 2, 4, 3)

Pixels = NDArray[np.uint8]
Squares = NDArray[np.float64]


@dataclass(frozen=True)
class Square:
    """A square of a picture and what is to be said of it.

    Attributes:
        kind: what it shows.
        xyxy: (4,) float64, whole pixels of the picture; it may reach beyond its edges.
        boxes: (4,) float32: how far the face's left, top, right and bottom lie from the square's, in parts of its side; zeros of
            negatives.
        landmarks: (10,) float32: five x, then five y from the square's top left corner, in parts of its side; zeros without.
    """

    kind: Kind
    xyxy: NDArray[np.float64]
    boxes: NDArray[np.float32]
    landmarks: NDArray[np.float32]


def draw_square(
    kind: Kind, pictures: Sequence[FacePicture], sizes_wh: Sequence[tuple[int, int]], generator: np.random.Generator
) -> tuple[int, Square]:
    """A random square of a kind, and the place of its picture among `pictures`.

    Half of the negatives lie around faces; so do all others.

    Args:
        kind: what is wanted.
        pictures: those that can have such squares.
        sizes_wh: their sizes in pixels.
        generator: where chance comes from.

    Raises:
        TrainingDataError: none is found.
    """
    for _ in range(TRIES):
        place = int(generator.integers(len(pictures)))
        proposed = _propose(kind, pictures[place], sizes_wh[place], generator)
        for fitting in proposed[_fits(kind, proposed, pictures[place])][:1]:
            if (square := square_of(kind, pictures[place], fitting)) is not None:
                return place, square
    raise TrainingDataError(
        f"no {kind.name.lower()} square is found in {len(pictures)} pictures; give larger ones, or faces that are not much "
        "wider than high, nor much higher than wide"
    )


def square_of(kind: Kind, picture: FacePicture, xyxy: NDArray[np.float64]) -> Square | None:
    """What is to be said of a square, or None if it is not of this kind."""
    if not _fits(kind, xyxy[None], picture)[0]:
        return None
    nothing = np.zeros(4, np.float32), np.zeros(2 * POINTS, np.float32)
    if kind is Kind.NEGATIVE:
        return Square(kind, xyxy, *nothing)
    face, side = int(overlaps_of(xyxy, picture.record.boxes_xyxy).argmax()), xyxy[2] - xyxy[0]
    boxes = ((picture.record.boxes_xyxy[face] - xyxy) / side).astype(np.float32)
    if kind is not Kind.LANDMARK:
        return Square(kind, xyxy, boxes, nothing[1])
    points = (picture.landmarks_xy[face] - xyxy[:2]) / side
    return None if np.isnan(points).any() else Square(kind, xyxy, boxes, points.T.reshape(-1).astype(np.float32))


def _fits(kind: Kind, squares: Squares, picture: FacePicture) -> NDArray[np.bool_]:
    """Which of (k, 4) squares overlap the faces as their kind asks for."""
    most = overlaps_between(squares, picture.record.boxes_xyxy).max(axis=1, initial=0.0)
    low, high = OVERLAPS[kind]
    fits: NDArray[np.bool_] = (low < most) & (most < high if kind is Kind.NEGATIVE else most <= high)
    return fits


def _propose(kind: Kind, picture: FacePicture, size_wh: tuple[int, int], generator: np.random.Generator) -> Squares:
    """Some squares around a face, (k, 4), or none where it is too small; negatives also anywhere, half of them."""
    faces = picture.record.boxes_xyxy
    if kind is Kind.NEGATIVE and (not len(faces) or generator.random() < 0.5):
        return _anywhere(size_wh, generator)
    face = faces[generator.integers(len(faces))].astype(np.float64)
    sides_wh = face[2:] - face[:2]
    if sides_wh.min() < LEAST_PX:
        return np.zeros((0, 4))
    reach = 1.0 if kind is Kind.NEGATIVE else SHIFT
    sides = generator.uniform(SHRINK * sides_wh.min(), GROW * sides_wh.max(), (AT_ONCE, 1))
    centres = (face[:2] + face[2:]) / 2 + generator.uniform(-reach, reach, (AT_ONCE, 2)) * sides_wh
    return _whole(np.minimum(np.maximum(centres, 0), size_wh) - sides / 2, sides)


def _anywhere(size_wh: tuple[int, int], generator: np.random.Generator) -> Squares:
    """Squares inside the picture, of a twelfth part to half of its shorter side, more often small ones."""
    shorter = min(size_wh)
    if shorter < LEAST_PX:
        return np.zeros((0, 4))
    low = max(LEAST_PX, shorter / 12)
    sides = low * (max(shorter / 2, low) / low) ** generator.random((AT_ONCE, 1))
    return _whole(generator.random((AT_ONCE, 2)) * (np.array(size_wh) - sides), sides)


def _whole(corners_xy: NDArray[np.float64], sides: NDArray[np.float64]) -> Squares:
    """Squares of whole pixels, (k, 4), from corners, (k, 2), and sides, (k, 1)."""
    corners = np.round(corners_xy)
    return np.concatenate([corners, corners + np.round(sides)], axis=1)


def cut(rgb: Pixels, xyxy: NDArray[np.float64], side_px: int) -> Pixels:
    """The pixels of a square at the network's size; what lies beyond the picture is black.

    Args:
        rgb: (H, W, 3) uint8.
        xyxy: whole pixels.
        side_px: of the result.

    Returns:
        (side_px, side_px, 3) uint8.
    """
    left, top, right, bottom = (int(edge) for edge in xyxy)
    height, width = rgb.shape[:2]
    inside = rgb[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    beyond = (max(-top, 0), max(bottom - height, 0), max(-left, 0), max(right - width, 0))
    if any(beyond):
        inside = np.asarray(cv2.copyMakeBorder(inside, *beyond, cv2.BORDER_CONSTANT, value=(0, 0, 0)), np.uint8)
    how = cv2.INTER_AREA if inside.shape[0] > side_px else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(inside, (side_px, side_px), interpolation=how), np.uint8)


def mirrored(square: Square) -> Square:
    """What is to be said of a square when left and right of its pixels are changed."""
    left, top, right, bottom = square.boxes
    boxes = np.array([-right, top, -left, bottom], np.float32)
    x, y = square.landmarks.reshape(2, POINTS)[:, MIRRORED]
    points = np.concatenate([1 - x, y]) if square.kind is Kind.LANDMARK else square.landmarks
    return replace(square, boxes=boxes, landmarks=points.astype(np.float32))
