"""Cells of a grid whose outputs are a flat list, row by row."""

from __future__ import annotations

import numpy as np

from detector_app.pipelines.candidates import Place, Size
from detector_app.vision.detections import FloatArray, IntArray


def cells_along(side_px: int, stride: int) -> int:
    """Cells along a side; one that is cut off at the edge counts, as strided convolutions with padding make it."""
    return -(-side_px // stride)


def grid_of(stride: int, count: int, input_wh: Size) -> Size:
    """Rows and columns of the grid with ``count`` cells on an input of ``input_wh`` pixels.

    Raises:
        ValueError: no grid of that stride has so many cells.
    """
    width, height = input_wh
    for columns, rows in (
        (cells_along(width, stride), cells_along(height, stride)),
        (width // stride, height // stride),
    ):
        if rows * columns == count:
            return rows, columns
    raise ValueError(f"{count} cells do not make a grid of stride {stride} on {width}×{height} pixels")


def cells_xy(ids: IntArray, columns: int) -> FloatArray:
    """(n, 2) float32: column and row of each cell."""
    rows, across = np.divmod(ids, columns)
    return np.stack([across, rows], axis=1).astype(np.float32)


def place_in(strides: tuple[int, ...], counts: tuple[int, ...], candidate_id: int, input_wh: Size) -> Place:
    """The cell of candidate ``candidate_id``, where the levels of these strides have so many cells, one after the other."""
    ends = np.cumsum(counts)
    head = int(np.searchsorted(ends, candidate_id, side="right"))
    within = candidate_id - (int(ends[head]) - counts[head])
    _, columns = grid_of(strides[head], counts[head], input_wh)
    row, column = divmod(within, columns)
    return Place(head, strides[head], row, column, 0)
