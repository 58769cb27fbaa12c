"""Boxes as annotated to boxes that can be trained on: inside their picture, with an area, each once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.detect.annotations import Gathered
from models.detect.problems import ProblemKind

LEAST_SIDE_PX = 1.0
SLACK_PX = 1.5
"""Boxes beyond the edge by less are cut silently: a matter of rounding, and of counting pixels from 0 or 1."""
FAR = 1e9
"""Edges beyond are told as if they lay here: sums of wild numbers are infinite."""


def checked_boxes(
    rows: Sequence[Sequence[float]], size_wh: tuple[int, int], fractions: bool, where: str, gathered: Gathered
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The boxes of one picture that can be used.

    Args:
        rows: label, x1, y1, x2, y2 each.
        size_wh: of the picture, in pixels.
        fractions: whether the edges are fractions of the picture.
        where: the picture's name for what is told.
        gathered: hears of boxes without area or outside (they go), across the edge (they are cut), and of those twice.

    Returns:
        (n, 4) float32 pixels and (n,) int64.
    """
    scale = np.array([*size_wh, *size_wh] if fractions else [1.0] * 4)
    kept: list[NDArray[np.float64]] = []
    labels: list[int] = []
    for label, *edges in rows:
        box = np.clip(edges, -FAR, FAR) * scale
        cut = np.clip(box, 0, [*size_wh, *size_wh])
        kind = _fault(box, cut)
        if kind is not None:
            gathered.add(kind, where, _told(box, size_wh))
        if kind in (ProblemKind.NO_AREA, ProblemKind.OUTSIDE) or _is_known(
            cut, int(label), kept, labels, where, gathered
        ):
            continue
        kept.append(cut)
        labels.append(int(label))
    return np.array(kept, np.float32).reshape(-1, 4), np.array(labels, np.int64)


def _fault(box: NDArray[np.float64], cut: NDArray[np.float64]) -> ProblemKind | None:
    if (box[2:] - box[:2] < LEAST_SIDE_PX).any():
        return ProblemKind.NO_AREA
    if (cut[2:] - cut[:2] < LEAST_SIDE_PX).any():
        return ProblemKind.OUTSIDE
    return ProblemKind.OUT_OF_BOUNDS if np.abs(box - cut).max() > SLACK_PX else None


def _is_known(
    box: NDArray[np.float64],
    label: int,
    kept: Sequence[NDArray[np.float64]],
    labels: Sequence[int],
    where: str,
    gathered: Gathered,
) -> bool:
    """Whether the same box, to a pixel, is there already with the same class; with another one it is told and kept."""
    same = {labels[index] for index, other in enumerate(kept) if np.abs(box - other).max() <= 1}
    if same:
        gathered.add(ProblemKind.TWICE if label in same else ProblemKind.TWO_CLASSES, where)
    return label in same


def _told(box: NDArray[np.float64], size_wh: tuple[int, int]) -> str:
    x1, y1, x2, y2 = (round(float(edge)) for edge in box)
    return f"{x1},{y1} to {x2},{y2} in {size_wh[0]}×{size_wh[1]}"
