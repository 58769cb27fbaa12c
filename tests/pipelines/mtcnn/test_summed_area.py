"""Means from the table against means of the pixels themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector_app.model_card import InputSpec
from detector_app.pipelines.mtcnn.summed_area import Bins, SummedArea

PLAIN = InputSpec("pictures", (12, 12), scale=1.0)
MTCNN = InputSpec("pictures", (12, 12), scale=1.0, mean=(127.5,) * 3, std=(128.0,) * 3)


def picture(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def averaged(image: NDArray[np.uint8], height: int, width: int) -> NDArray[np.float64]:
    """(3, height, width) RGB in float64, pixel by pixel."""
    planes = image[..., ::-1].astype(np.float64).transpose(2, 0, 1)
    rows = [(i * image.shape[0] // height, -(-(i + 1) * image.shape[0] // height)) for i in range(height)]
    columns = [(i * image.shape[1] // width, -(-(i + 1) * image.shape[1] // width)) for i in range(width)]
    return np.array([[[plane[a:b, c:d].mean() for c, d in columns] for a, b in rows] for plane in planes])


sides = st.integers(1, 30)


@given(sides, sides, sides, sides)
def test_a_window_is_the_mean_of_its_pixels(height: int, width: int, rows: int, columns: int) -> None:
    image = picture(height, width)
    found = SummedArea(PLAIN).fill(image).window(Bins.of(height, rows), Bins.of(width, columns))
    np.testing.assert_allclose(found[0], averaged(image, rows, columns), rtol=1e-6)


@given(st.data())
def test_crops_are_windows_of_the_crop_alone(data: st.DataObject) -> None:
    image = picture(25, 31, 1)
    left, top = data.draw(st.integers(0, 30)), data.draw(st.integers(0, 24))
    right, bottom = data.draw(st.integers(left + 1, 31)), data.draw(st.integers(top + 1, 25))
    edges = np.array([[left, top, right, bottom], [0, 0, 31, 25]])
    found = SummedArea(PLAIN).fill(image).crops(edges, 12)
    np.testing.assert_allclose(found[0], averaged(image[top:bottom, left:right], 12, 12), rtol=1e-6)
    np.testing.assert_allclose(found[1], averaged(image, 12, 12), rtol=1e-6)


def test_pixels_become_what_the_card_says() -> None:
    image = picture(9, 9)
    found = SummedArea(MTCNN).fill(image).window(Bins.of(9, 9), Bins.of(9, 9))[0]
    np.testing.assert_allclose(found, (image[..., ::-1].transpose(2, 0, 1).astype(float) - 127.5) / 128, atol=1e-6)


def test_the_order_of_channels_is_the_cards() -> None:
    image = picture(4, 4)
    bgr = InputSpec("pictures", (12, 12), scale=1.0, channel_order="BGR")
    same = SummedArea(bgr).fill(image).window(Bins.of(4, 4), Bins.of(4, 4))[0]
    assert (same.transpose(1, 2, 0) == image).all()


def test_sums_beyond_32_bits_do_no_harm() -> None:
    """Nine million white pixels add up to more than an int32 holds."""
    image = np.full((3000, 3100, 3), 255, np.uint8)
    image[-40:, -40:] = 7
    found = SummedArea(PLAIN).fill(image).window(Bins.of(3000, 75), Bins.of(3100, 155))
    assert found[0, :, -1, -1] == pytest.approx(7, abs=1e-4)
    assert found[0, :, 0, 0] == pytest.approx(255, abs=1e-4)
    assert found[0, 0, 40:74, 100:153] == pytest.approx(255, abs=1e-4)


def test_no_crops_are_none() -> None:
    assert SummedArea(PLAIN).fill(picture(5, 5)).crops(np.zeros((0, 4), np.int64), 24).shape == (0, 3, 24, 24)


def test_another_picture_leaves_nothing_of_the_one_before() -> None:
    area = SummedArea(PLAIN)
    for seed, (height, width) in enumerate([(40, 30), (20, 50), (20, 50), (7, 9)]):
        image = picture(height, width, seed)
        found = area.fill(image).window(Bins.of(height, 5), Bins.of(width, 4))
        np.testing.assert_allclose(found[0], averaged(image, 5, 4), rtol=1e-6)
