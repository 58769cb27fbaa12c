"""Squares that the networks before one take for faces although there is none: the negatives that it is for (section III.A)."""

from collections.abc import Sequence

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.mtcnn.faces import overlaps_of
from models.mtcnn.losses import Kind
from models.mtcnn.networks import STAGES
from models.mtcnn.samples import OVERLAPS, Pixels, cut

STEP_PX, CELL_PX = 2, 12  # P-Net judges every square of 12 pixels at every second one
SCALE_FACTOR = 0.709
SCORES = {"pnet": 0.6, "rnet": 0.7}
OVERLAP = 0.7
MOST = 200

Boxes = NDArray[np.float64]


def false_alarms(networks: Sequence[nn.Module], rgb: Pixels, faces_xyxy: NDArray[np.float32], least_px: int) -> Boxes:
    """What the first stages let through that is no face.

    Args:
        networks: P-Net, or P-Net and R-Net, in evaluation mode.
        rgb: (H, W, 3) uint8.
        faces_xyxy: (n, 4) pixels.
        least_px: side of the smallest square that is looked at, 12 or more.

    Returns:
        (m, 4) float64 squares of whole pixels, the most convincing first, at most `MOST`.
    """
    squares = _proposals(networks[0], rgb, least_px)
    for network in networks[1:]:
        squares = _refined(network, rgb, squares)
    most = OVERLAPS[Kind.NEGATIVE][1]
    return np.array([one for one in squares if overlaps_of(one, faces_xyxy).max(initial=0.0) < most]).reshape(-1, 4)


def normalized(rgb: NDArray[np.uint8]) -> Tensor:
    """(…, H, W, 3) uint8 to what the networks take, (…, 3, H, W) float32: (pixel − 127.5) / 128."""
    return (torch.from_numpy(np.moveaxis(rgb, -1, -3).astype(np.float32)) - 127.5) / 128


def _proposals(pnet: nn.Module, rgb: Pixels, least_px: int) -> Boxes:
    """P-Net's squares on all levels of the pyramid."""
    found = [np.zeros((0, 5))]
    scale = CELL_PX / least_px
    while min(rgb.shape[:2]) * scale >= CELL_PX:
        high, wide = (max(CELL_PX, round(side * scale)) for side in rgb.shape[:2])
        level = np.asarray(cv2.resize(rgb, (wide, high), interpolation=cv2.INTER_AREA), np.uint8)
        with torch.no_grad():
            boxes, scores = (output[0].double().numpy() for output in pnet(normalized(level)[None]))
        rows, columns = np.nonzero(scores[1] >= SCORES["pnet"])
        corners = STEP_PX * np.stack([columns, rows, columns, rows], axis=1) + [0, 0, CELL_PX, CELL_PX]
        edges = (corners + CELL_PX * boxes[:, rows, columns].T) / scale
        found.append(np.concatenate([edges, scores[1, rows, columns][:, None]], axis=1))
        scale *= SCALE_FACTOR
    return _chosen(np.concatenate(found), rgb)


def _refined(network: nn.Module, rgb: Pixels, squares: Boxes) -> Boxes:
    """R-Net's opinion of squares."""
    if not len(squares):
        return squares
    crops = np.stack([cut(rgb, square, STAGES["rnet"].side_px) for square in squares])
    with torch.no_grad():
        boxes, scores = (output.double().numpy() for output in network(normalized(crops)))
    edges = squares + (squares[:, 2:3] - squares[:, 0:1]) * boxes
    let_through = scores[:, 1] >= SCORES["rnet"]
    return _chosen(np.concatenate([edges, scores[:, 1:]], axis=1)[let_through], rgb)


def _chosen(scored: NDArray[np.float64], rgb: Pixels) -> Boxes:
    """The best of overlapping boxes, (n, 5) with their scores, as squares of whole pixels whose centre is in the picture."""
    left = scored[np.argsort(-scored[:, 4], kind="stable"), :4]
    kept: list[NDArray[np.float64]] = []
    while len(left) and len(kept) < MOST:
        kept.append(left[0])
        left = left[1:][overlaps_of(left[0], left[1:]) <= OVERLAP]
    boxes = np.array(kept).reshape(-1, 4)
    sides = np.round(np.maximum((boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=1.0), 1.0))[:, None]
    centres = np.clip((boxes[:, :2] + boxes[:, 2:]) / 2, 0, rgb.shape[1::-1])
    corners = np.round(centres - sides / 2)
    return np.concatenate([corners, corners + sides], axis=1)
