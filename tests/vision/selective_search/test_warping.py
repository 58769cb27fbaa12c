"""Crops of regions against a pixel by pixel reference."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.vision.selective_search import warp
from detector_app.vision.selective_search.warping import widened

FILL = 7


def noise(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(width).integers(8, 256, (height, width, 3), np.uint8)


def region(*edges: float) -> np.ndarray:
    return np.array(edges, np.float32)


def test_a_region_of_the_crops_own_size_is_cut_out() -> None:
    picture = noise(50, 40)
    crop = warp(picture, region(10, 5, 30, 20), (15, 20), context=0, fill=FILL)
    np.testing.assert_array_equal(crop, picture[5:20, 10:30])
    crop[:] = 0
    assert picture.min() > 0


def test_the_surroundings_take_their_part_of_the_crop() -> None:
    # 211 of 227 pixels show the region, as in the paper: 16 on each side do not.
    np.testing.assert_allclose(widened(region(100, 200, 295, 395), 16 / 227), [84, 184, 311, 411], atol=1e-4)
    picture = noise(500, 500)
    crop = warp(picture, region(100, 200, 295, 395), (227, 227), context=16 / 227, fill=FILL)
    np.testing.assert_array_equal(crop, picture[184:411, 84:311])


@pytest.mark.parametrize(("size", "how"), [((10, 12), cv2.INTER_AREA), ((90, 100), cv2.INTER_LINEAR)])
def test_what_shrinks_is_averaged_and_the_rest_bilinear(size: tuple[int, int], how: int) -> None:
    picture = noise(50, 40)
    crop = warp(picture, region(0, 0, 50, 40), size, context=0, fill=FILL)
    np.testing.assert_array_equal(crop, cv2.resize(picture, size[::-1], interpolation=how))


def test_there_is_no_picture_outside_of_it() -> None:
    picture = noise(20, 20)
    crop = warp(picture, region(-10, -5, 10, 15), (20, 20), context=0, fill=FILL)
    assert (crop[:5] == FILL).all()
    assert (crop[:, :10] == FILL).all()
    np.testing.assert_array_equal(crop[5:, 10:], picture[:15, :10])


@given(
    edges=st.tuples(*[st.floats(-1e4, 1e4, width=32)] * 4),
    size=st.tuples(st.integers(1, 30), st.integers(1, 30)),
    context=st.floats(0, 0.49),
)
def test_any_region_gives_a_crop(edges: tuple[float, ...], size: tuple[int, int], context: float) -> None:
    picture = np.full((30, 40, 3), 200, np.uint8)
    crop = warp(picture, region(*edges), size, context=context, fill=FILL)
    assert crop.shape == (*size, 3)
    assert np.isin(crop, (FILL, 200)).all()
