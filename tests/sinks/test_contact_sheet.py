"""The contact sheet: even distances, however many frames come; nothing for nothing."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from detector_app.sinks import contact_sheet
from detector_app.sinks.contact_sheet import COLUMNS, GAP_PX, TILE_WIDTH_PX, TILES, ContactSheet
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult


def result(index: int, grey: int, size_wh: tuple[int, int] = (640, 360)) -> FrameResult:
    """A flat grey frame with one box."""
    image = np.full((size_wh[1], size_wh[0], 3), grey, np.uint8)
    box = np.array([[100, 100, 300, 300]], np.float32)
    found = Detections(box, np.array([0.9], np.float32), np.array([0]), ("cup",))
    return FrameResult(Frame(image, index, index / 25, 0.0, "a"), found)


def tile_greys(path: Path, count: int, tile_height: int = 180) -> list[int]:
    """The grey at the lower right corner of each tile, where no box is."""
    sheet = cv2.imread(str(path))
    assert sheet is not None
    corners = []
    for i in range(count):
        row, column = divmod(i, min(COLUMNS, count))
        y = GAP_PX + row * (tile_height + GAP_PX) + tile_height - 3
        x = GAP_PX + column * (TILE_WIDTH_PX + GAP_PX) + TILE_WIDTH_PX - 3
        corners.append(int(sheet[y, x, 0]))
    return corners


@pytest.mark.parametrize("frames", [1, 5, TILES, TILES + 1, 2 * TILES, 251])
def test_tiles_are_spread_over_the_whole_run(tmp_path: Path, frames: int) -> None:
    sheet = ContactSheet(tmp_path / "s.png")
    for i in range(frames):
        sheet.write(result(i, i))
    sheet.close()
    greys = tile_greys(sheet.path, min(frames, TILES))
    assert greys[0] == 0
    assert greys == sorted(set(greys))
    assert max(np.diff([*greys, frames - 1]), default=0) <= 2 * max(1, frames // TILES) + 1


def test_sizes_may_differ_and_boxes_are_drawn(tmp_path: Path) -> None:
    sheet = ContactSheet(tmp_path / "s.png")
    sheet.write(result(0, 100))
    sheet.write(result(1, 100, (90, 400)))
    sheet.close()
    picture = cv2.imread(str(sheet.path))
    assert picture is not None
    assert np.ptp(picture[GAP_PX:, GAP_PX : GAP_PX + TILE_WIDTH_PX].reshape(-1, 3), axis=0).max() > 100, (
        "a coloured box"
    )


def test_nothing_comes_of_nothing_and_close_may_be_repeated(tmp_path: Path) -> None:
    sheet = ContactSheet(tmp_path / "s.png")
    sheet.close()
    sheet.close()
    assert not sheet.path.exists()


def test_memory_is_bounded(tmp_path: Path) -> None:
    sheet = contact_sheet.ContactSheet(tmp_path / "s.png")
    for i in range(500):
        sheet.write(result(i, 0, (64, 36)))
        assert len(sheet._tiles) < 2 * TILES
