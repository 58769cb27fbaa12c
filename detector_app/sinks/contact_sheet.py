"""One picture that shows a whole run: annotated frames at even distances."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from detector_app.sinks.snapshot import write_picture
from detector_app.vision.frame import BgrImage
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.result_drawing import draw_result

TILES = 12
COLUMNS = 4
TILE_WIDTH_PX = 320
GAP_PX = 8
BACKGROUND_BGR = (26, 22, 20)


class ContactSheet:
    """Lays ``TILES`` of a run's frames out at its end.

    While results come in it keeps between ``TILES`` and twice as many small ones, however many there are.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tiles: list[BgrImage] = []
        self._seen = 0
        self._stride = 1
        self._closed = False

    @property
    def path(self) -> Path:
        """The picture, written by ``close``; a run without frames writes none."""
        return self._path

    def write(self, result: FrameResult) -> None:
        """Keep the frame if it is one of every ``stride``; the stride doubles when too many are kept."""
        if self._seen % self._stride == 0:
            self._tiles.append(_tile(result))
            if len(self._tiles) >= 2 * TILES:
                self._tiles = self._tiles[::2]
                self._stride *= 2
        self._seen += 1

    def close(self) -> None:
        """Write the sheet.

        Raises:
            DiskFullError, SinkError: it cannot be written.
        """
        if self._closed:
            return
        self._closed = True
        if self._tiles:
            write_picture(self._path, _sheet(_evenly(self._tiles)))


def _tile(result: FrameResult) -> BgrImage:
    """The annotated frame, ``TILE_WIDTH_PX`` wide; drawn after scaling, so that labels stay readable.

    Of a classification it names the best class.
    """
    frame = result.frame
    height = max(1, round(frame.height_px * TILE_WIDTH_PX / frame.width_px))
    small = cv2.resize(frame.image_bgr, (TILE_WIDTH_PX, height), interpolation=cv2.INTER_AREA)
    scale = np.array((TILE_WIDTH_PX / frame.width_px, height / frame.height_px), np.float32)
    found = result.classification
    if found is not None:
        left, top, right, bottom = (np.array(found.seen_xyxy) * np.tile(scale, 2)).tolist()
        found = replace(found, seen_xyxy=(left, top, right, bottom))
    return draw_result(np.asarray(small, np.uint8), result.detections.scaled(scale), found, rows=1)


def _evenly(tiles: list[BgrImage]) -> list[BgrImage]:
    """At most ``TILES`` of them, first and last included."""
    if len(tiles) <= TILES:
        return tiles
    return [tiles[i] for i in np.linspace(0, len(tiles) - 1, TILES).round().astype(int)]


def _sheet(tiles: list[BgrImage]) -> BgrImage:
    columns = min(COLUMNS, len(tiles))
    rows = math.ceil(len(tiles) / columns)
    cell_height = max(tile.shape[0] for tile in tiles)
    step_x, step_y = TILE_WIDTH_PX + GAP_PX, cell_height + GAP_PX
    sheet = np.empty((rows * step_y + GAP_PX, columns * step_x + GAP_PX, 3), np.uint8)
    sheet[:] = BACKGROUND_BGR
    for i, tile in enumerate(tiles):
        row, column = divmod(i, columns)
        top = GAP_PX + row * step_y + (cell_height - tile.shape[0]) // 2
        left = GAP_PX + column * step_x
        sheet[top : top + tile.shape[0], left : left + TILE_WIDTH_PX] = tile
    return sheet
