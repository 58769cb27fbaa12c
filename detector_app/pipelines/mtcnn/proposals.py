"""P-Net's maps → windows: every place is a square of twelve pixels of its level, two pixels from the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.pipelines.mtcnn.pyramid import STRIDE_PX, WINDOW_PX, Level
from detector_app.pipelines.mtcnn.summed_area import Bins, SummedArea
from detector_app.pipelines.mtcnn.windows import Windows, best_first
from detector_app.pipelines.mtcnn.workers import Workers
from detector_app.vision.detections import FloatArray

SCALE_IOU, PYRAMID_IOU = 0.5, 0.7
"""Overlaps within a level and between levels."""

Maps = tuple[FloatArray, FloatArray]
"""P-Net's scores (2, h, w) and boxes (4, h, w)."""
RunMaps = Callable[[NDArray[Any]], Maps]
"""Input tensor for a batch of one → maps."""


def propose(picture: SummedArea, levels: tuple[Level, ...], score: float, run: RunMaps, workers: Workers) -> Windows:
    """The windows of all levels that reach ``score``, suppressed within levels and between them, not yet regressed."""
    return suppressed(scan_levels(picture, levels, score, run, workers))


def suppressed(by_level: list[Windows]) -> Windows:
    """The windows of each level, suppressed within levels and between them."""
    return best_first(Windows.join([best_first(windows, SCALE_IOU) for windows in by_level]), PYRAMID_IOU)


def scan_levels(
    picture: SummedArea, levels: tuple[Level, ...], score: float, run: RunMaps, workers: Workers
) -> list[Windows]:
    """The windows of each level that reach ``score``."""
    strips = [(level, top, bottom) for level in levels for top, bottom in level.strips()]
    found = workers.map(lambda strip: scan(picture, *strip, score, run), strips)
    by_level: dict[Level, list[Windows]] = {level: [] for level in levels}
    for (level, _, _), part in zip(strips, found, strict=True):
        by_level[level].append(part)
    return [Windows.join(parts) for parts in by_level.values()]


def scan(picture: SummedArea, level: Level, top: int, bottom: int, score: float, run: RunMaps) -> Windows:
    """The windows of a strip of a level that reach ``score``, row by row."""
    rows = Bins.of(picture.height_px, level.height_px).part(top, bottom)
    columns = Bins.of(picture.width_px, level.width_px)
    return windows(run(picture.window(rows, columns)), level.scale, top // STRIDE_PX, score)


def windows(maps: Maps, scale: float, first_row: int, score: float) -> Windows:
    """The places of P-Net's maps that reach ``score``, as windows in pixels of the picture.

    Args:
        maps: scores (2, h, w) and boxes (4, h, w).
        scale: of the level.
        first_row: of the level's places that the maps begin with.
        score: the least.
    """
    scores, boxes = maps
    rows, columns = (scores[1] >= np.float32(score)).nonzero()
    first = np.stack([columns, rows + first_row], axis=1) * STRIDE_PX
    corners = np.floor((np.concatenate([first, first + WINDOW_PX - 1], axis=1) + 1) / scale)
    return Windows(corners.astype(np.float32), scores[1, rows, columns], boxes[:, rows, columns].T.copy())
