"""Cells of a grid whose outputs are a flat list, row by row."""

from __future__ import annotations

import numpy as np

from detector_app.pipelines.candidates import Size
from detector_app.vision.detections import FloatArray, IntArray
from detector_app.vision.trace import Places


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


def places_in(
    strides: tuple[int, ...],
    cells: tuple[tuple[int, int], ...],
    per_cell: tuple[int, ...],
    ids: IntArray,
    *,
    anchors_first: bool,
) -> Places:
    """The places with these numbers, where the levels follow one after the other.

    Args:
        strides: of each level.
        cells: rows and columns of each.
        per_cell: anchors of each.
        ids: (n,) numbers.
        anchors_first: a level is numbered (anchor, row, column), rather than (row, column, anchor).

    Raises:
        ValueError: a number is beyond the last place.
    """
    counts = np.array([rows * columns * anchors for (rows, columns), anchors in zip(cells, per_cell, strict=True)])
    ends = np.cumsum(counts)
    head = np.searchsorted(ends, ids, side="right")
    if len(ids) and head.max() >= len(counts):
        raise ValueError(f"there is no place {ids.max()} among {ends[-1]}")
    within = ids - (ends - counts)[head]
    rows, columns = np.array(cells).reshape(-1, 2).T
    anchors = np.array(per_cell)[head]
    if anchors_first:
        anchor, cell = np.divmod(within, (rows * columns)[head])
    else:
        cell, anchor = np.divmod(within, anchors)
    row, column = np.divmod(cell, columns[head])
    return Places.in_grids(head, np.array(strides)[head], row, column, anchor)


def cells_in(strides: tuple[int, ...], counts: tuple[int, ...], ids: IntArray, input_wh: Size) -> Places:
    """The same for levels of so many cells without anchors on an input of ``input_wh`` pixels."""
    cells = tuple(grid_of(stride, count, input_wh) for stride, count in zip(strides, counts, strict=True))
    return places_in(strides, cells, (1,) * len(cells), ids, anchors_first=False)


def cell_boxes(places: Places) -> FloatArray:
    """(n, 4) float32: the cells themselves, in pixels of the network's input: what a detector without anchors begins with."""
    corners = np.stack([places.column, places.row], axis=1) * places.stride_px[:, None]
    return np.concatenate([corners, corners + places.stride_px[:, None]], axis=1).astype(np.float32)
