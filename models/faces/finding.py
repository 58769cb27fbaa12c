"""Landmarks of the face in a picture by the cascade of MTCNN (Zhang et al. 2016), as far as preparing pictures for training needs it.

The app has the fast one with all its options. This one looks for the largest face of a picture that is known to show one.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Array = NDArray[np.float32]
Net = Callable[[Tensor], tuple[Tensor, ...]]

SCALE_FACTOR = 0.709
LEAST_SCORES = (0.6, 0.7, 0.7)
LONGEST_SIDE = 480  # a face that is worth training on is large enough in a picture of this size
SMALLEST_PART = 6  # faces from a sixth of the shorter side
PADDING = 0.4  # of the sides: faces of cut pictures touch the border
MOST_BOXES = 512


@dataclass(frozen=True)
class Cascade:
    """The three networks in evaluation mode, on the CPU.

    They map (N, 3, H, W) float32 RGB, (pixel − 127.5) / 128, to boxes and scores, (N, 4, …) and (N, 2, …); the last one to
    boxes, landmarks (N, 10: five x, then five y, parts of the box) and scores.
    """

    pnet: Net
    rnet: Net
    onet: Net


def find_landmarks(rgb: NDArray[np.uint8], cascade: Cascade) -> Array | None:
    """The five landmarks of the largest face.

    Args:
        rgb: (H, W, 3) uint8.
        cascade: the networks.

    Returns:
        (5, 2) float32 x and y in pixels of the picture, left eye as seen in the picture first; None where no face is found.
    """
    height, width = rgb.shape[:2]
    scale = LONGEST_SIDE / max(height, width)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(rgb, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=how)
    across, down = (round(side * PADDING) for side in (small.shape[1], small.shape[0]))
    padded = np.asarray(cv2.copyMakeBorder(small, down, down, across, across, cv2.BORDER_REPLICATE), np.uint8)
    with torch.no_grad():
        boxes = _proposals(padded, cascade.pnet)
        boxes = _refined(padded, boxes, cascade.rnet)
        found = _output(padded, boxes, cascade.onet)
    if found is None:
        return None
    back = np.array([width / small.shape[1], height / small.shape[0]])
    return np.asarray((found - (across, down) + 0.5) * back - 0.5, np.float32)


def _normalized(pictures: NDArray[np.uint8]) -> Tensor:
    """(N, H, W, 3) uint8 to (N, 3, H, W)."""
    return (torch.from_numpy(pictures.transpose(0, 3, 1, 2).astype(np.float32)) - 127.5) / 128


def _proposals(rgb: NDArray[np.uint8], pnet: Net) -> Array:
    """(N, 5) squares with scores, of all levels of the pyramid."""
    height, width = rgb.shape[:2]
    scale = 12 * SMALLEST_PART / min(height, width)
    found = [np.zeros((0, 5), np.float32)]
    while min(height, width) * scale >= 12:
        wide, high = int(np.ceil(width * scale)), int(np.ceil(height * scale))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        level = np.asarray(cv2.resize(rgb, (wide, high), interpolation=how), np.uint8)
        shifts, scores = (part[0].numpy() for part in pnet(_normalized(level[None])))
        rows, columns = np.nonzero(scores[1] >= LEAST_SCORES[0])
        left, top = np.floor((2 * columns + 1) / scale), np.floor((2 * rows + 1) / scale)
        corners = np.stack([left, top, left + 12 / scale, top + 12 / scale], 1)
        boxes = _regressed(corners, shifts[:, rows, columns].T)
        found.append(_kept(np.column_stack([boxes, scores[1, rows, columns]]).astype(np.float32), 0.5))
        scale *= SCALE_FACTOR
    return _kept(np.concatenate(found), 0.7)[:MOST_BOXES]


def _refined(rgb: NDArray[np.uint8], boxes: Array, rnet: Net) -> Array:
    squares = _squared(boxes)
    if not len(squares):
        return boxes
    shifts, scores = (part.numpy() for part in rnet(_normalized(_crops(rgb, squares, 24))))
    good = scores[:, 1] >= LEAST_SCORES[1]
    regressed = _regressed(squares[good, :4], shifts[good])
    return _kept(np.column_stack([regressed, scores[good, 1]]).astype(np.float32), 0.7)


def _output(rgb: NDArray[np.uint8], boxes: Array, onet: Net) -> Array | None:
    """(5, 2) landmarks of the largest box that the last network takes for a face."""
    squares = _squared(boxes)
    if not len(squares):
        return None
    shifts, landmarks, scores = (part.numpy() for part in onet(_normalized(_crops(rgb, squares, 48))))
    good = scores[:, 1] >= LEAST_SCORES[2]
    if not good.any():
        return None
    sides = squares[:, 2:4] - squares[:, :2]
    final = _regressed(squares[:, :4], shifts)
    best = int(np.argmax(np.where(good, np.prod(final[:, 2:] - final[:, :2], axis=1) * scores[:, 1] ** 4, -1.0)))
    parts = landmarks[best].reshape(2, 5).T
    return np.asarray(squares[best, :2] + parts * sides[best], np.float32)


def _regressed(boxes: NDArray[np.floating], shifts: NDArray[np.floating]) -> NDArray[np.float64]:
    """Each side moved by a part of the box's width or height."""
    sides = np.tile(boxes[:, 2:4] - boxes[:, :2], 2)
    return np.asarray(boxes[:, :4] + shifts * sides, np.float64)


def _squared(boxes: Array) -> Array:
    """Whole-pixel squares about the same centres, as wide as the longer side."""
    centres, side = (boxes[:, :2] + boxes[:, 2:4]) / 2, (boxes[:, 2:4] - boxes[:, :2]).max(1, initial=0, keepdims=True)
    corners = np.rint(np.concatenate([centres - side / 2, centres + side / 2], 1))
    squares = np.column_stack([corners, boxes[:, 4]]).astype(np.float32)
    return squares[(squares[:, 2] - squares[:, 0]) >= 2]


def _crops(rgb: NDArray[np.uint8], squares: Array, side: int) -> NDArray[np.uint8]:
    """(N, side, side, 3): each square; what lies beyond the picture is black."""
    reach = int(max(rgb.shape[:2]) + squares[:, 2:4].max())
    places = np.clip(squares[:, :4].astype(int), -reach, reach)
    margin = max(0, -int(places.min()), int((places[:, 2:] - np.array(rgb.shape[1::-1])).max()))
    wide = cv2.copyMakeBorder(rgb, margin, margin, margin, margin, cv2.BORDER_CONSTANT)
    parts = [
        wide[top + margin : bottom + margin, left + margin : right + margin] for left, top, right, bottom in places
    ]
    return np.stack([cv2.resize(part, (side, side), interpolation=cv2.INTER_AREA) for part in parts])


def _kept(boxes: Array, most_overlap: float) -> Array:
    """Non-maximum suppression by intersection over union, the best score first."""
    order, kept = list(np.argsort(-boxes[:, 4], kind="stable")), []
    area = np.prod(boxes[:, 2:4] - boxes[:, :2], axis=1)
    while order:
        best = order.pop(0)
        kept.append(best)
        if not order:
            break
        rest = np.array(order)
        corner = np.minimum(boxes[rest, 2:4], boxes[best, 2:4]) - np.maximum(boxes[rest, :2], boxes[best, :2])
        shared = np.prod(np.clip(corner, 0, None), axis=1)
        order = list(rest[shared <= most_overlap * (area[rest] + area[best] - shared)])
    return boxes[kept]
