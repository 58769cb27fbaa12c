"""Levels and their strips."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.pipelines.mtcnn.pyramid import OVERLAP_PX, STRIDE_PX, STRIP_PX, WINDOW_PX, Level, pyramid


def places(rows: int) -> int:
    """Rows of P-Net's output: convolution 3, pooling 2 rounded up, two convolutions 3."""
    return -(-(rows - 2) // 2) - 4


def test_the_first_level_shows_the_smallest_face_at_twelve_pixels() -> None:
    first, second, *_ = pyramid(720, 1280, 20, 0.709)
    assert (first.scale, first.height_px, first.width_px) == (0.6, 433, 769)
    assert second.scale == pytest.approx(0.6 * 0.709)


@given(st.integers(1, 3000), st.integers(1, 3000), st.floats(12, 500), st.floats(0.1, 0.95))
def test_every_level_holds_a_window(height: int, width: int, min_face_px: float, factor: float) -> None:
    levels = pyramid(height, width, min_face_px, factor)
    assert bool(levels) == (min(height, width) * (WINDOW_PX / min_face_px) >= WINDOW_PX)
    assert all(min(level.height_px, level.width_px) >= WINDOW_PX for level in levels)
    assert [level.scale for level in levels] == sorted((level.scale for level in levels), reverse=True)


@pytest.mark.parametrize("size", [(1, 1), (19, 400), (400, 19)])
def test_a_picture_smaller_than_a_face_has_none(size: tuple[int, int]) -> None:
    assert pyramid(*size, 20, 0.709) == ()


@given(st.integers(12, 5000), st.integers(12, 5000))
def test_strips_hold_every_place_once(height: int, width: int) -> None:
    strips = list(Level(1.0, height, width).strips())
    assert strips[0][0] == 0
    assert strips[-1][1] == height
    row = 0
    for top, bottom in strips:
        assert top == row * STRIDE_PX
        assert bottom - top >= WINDOW_PX
        row += places(bottom - top)
    assert row == places(height)


@given(st.integers(12, 5000), st.integers(12, 40000))
def test_strips_are_small(height: int, width: int) -> None:
    least = STRIDE_PX + 2 * OVERLAP_PX + 1
    for top, bottom in Level(1.0, height, width).strips():
        assert (bottom - top) * width <= max(STRIP_PX + 2 * OVERLAP_PX * width, least * width)
