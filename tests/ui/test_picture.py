from __future__ import annotations

import gc

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from detector_app.ui.picture import Picture
from detector_app.vision.frame import BgrImage


def painted(
    picture: Picture, size: tuple[int, int], target: QRectF, seen: QRectF, scale: float, *, pixels: bool = True
) -> np.ndarray:
    """H×W×3 BGR of a white canvas of ``size`` after painting."""
    canvas = QImage(*size, QImage.Format.Format_RGB32)
    canvas.fill(Qt.GlobalColor.white)
    painter = QPainter(canvas)
    picture.paint(painter, target, seen, scale, pixels=pixels)
    painter.end()
    return np.frombuffer(canvas.constBits(), np.uint8).reshape(size[1], size[0], 4)[..., :3].copy()


def noise(width: int, height: int) -> BgrImage:
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)


def shown(image_bgr: BgrImage) -> Picture:
    picture = Picture()
    picture.show(image_bgr)
    return picture


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (65, 33), (640, 481)])
def test_actual_size_is_exact(qapp: QApplication, size: tuple[int, int]) -> None:
    image, whole = noise(*size), QRectF(0, 0, *size)
    assert (painted(shown(image), size, whole, whole, 1.0) == image).all()


def test_a_larger_picture_is_averaged_not_skipped(qapp: QApplication) -> None:
    stripes = np.zeros((200, 400, 3), np.uint8)
    stripes[:, ::4] = 255  # a quarter of the columns: skipping would give black or white
    seen = painted(shown(stripes), (100, 50), QRectF(0, 0, 100, 50), QRectF(0, 0, 400, 200), 0.25)
    assert np.abs(seen.astype(int) - 64).max() <= 2


def test_an_odd_size_loses_less_than_a_device_pixel(qapp: QApplication) -> None:
    image = np.full((1079, 1919, 3), 200, np.uint8)
    scale = 100 / 1919
    seen = painted(shown(image), (101, 57), QRectF(0, 0, 100, 1079 * scale), QRectF(0, 0, 1919, 1079), scale)
    assert (seen[:55, :99] == 200).all()


def test_enlarged_pixels_are_sharp_squares(qapp: QApplication) -> None:
    image = noise(8, 8)
    seen = painted(shown(image), (80, 80), QRectF(0, 0, 80, 80), QRectF(0, 0, 8, 8), 10.0)
    assert (seen == image.repeat(10, 0).repeat(10, 1)).all()


def test_a_part_is_drawn_where_the_whole_would_have_it(qapp: QApplication) -> None:
    image = noise(40, 40)
    target = QRectF(-100, -160, 400, 400)
    seen = painted(shown(image), (80, 80), target, QRectF(10, 16, 8, 8), 10.0)
    assert (seen == image.repeat(10, 0).repeat(10, 1)[160:240, 100:180]).all()


def test_a_reduced_part_is_drawn_where_the_whole_would_have_it(qapp: QApplication) -> None:
    image = np.zeros((900, 900, 3), np.uint8)
    image[450:480, 600:660] = 255
    seen = painted(shown(image), (100, 100), QRectF(-150, -100, 300, 300), QRectF(450, 300, 300, 300), 1 / 3)
    assert (seen[50:60, 50:70] == 255).all()
    assert seen.sum() == 3 * 255 * 10 * 20


def test_slightly_enlarged_pixels_are_smooth(qapp: QApplication) -> None:
    image = np.zeros((2, 20, 3), np.uint8)
    image[:, 10:] = 255
    seen = painted(shown(image), (30, 3), QRectF(0, 0, 30, 3), QRectF(0, 0, 20, 2), 1.5)
    assert len(np.unique(seen)) > 2


def test_the_newest_frame_is_shown_also_in_the_same_place(qapp: QApplication) -> None:
    picture, whole = Picture(), QRectF(0, 0, 16, 9)
    for value in (10, 200, 90):
        picture.show(np.full((9, 16, 3), value, np.uint8))
        gc.collect()
        assert (painted(picture, (16, 9), whole, whole, 1.0) == value).all()


def test_nothing_is_drawn_without_a_frame_or_out_of_sight(qapp: QApplication) -> None:
    picture, whole = shown(noise(16, 9)), QRectF(0, 0, 16, 9)
    assert (painted(picture, (16, 9), whole, QRectF(), 1.0) == 255).all()
    picture.show(None)
    assert (painted(picture, (16, 9), whole, whole, 1.0) == 255).all()


def test_a_huge_picture_costs_only_what_is_seen(qapp: QApplication) -> None:
    huge = np.zeros((9000, 12000, 3), np.uint8)
    huge[4000:4010, 6000:6010] = 255
    picture = shown(huge)
    seen = painted(picture, (100, 100), QRectF(-60000, -40000, 120000, 90000), QRectF(6000, 4000, 10, 10), 10.0)
    assert (seen == 255).all()
    assert picture.converted_px <= 12 * 12
    painted(picture, (100, 100), QRectF(-5400, -3600, 10800, 8100), QRectF(6000, 4000, 111, 111), 0.9)
    assert picture.converted_px <= 114 * 114
    painted(picture, (100, 100), QRectF(-2400, -1600, 4800, 3600), QRectF(6000, 4000, 250, 250), 0.4)
    assert picture.converted_px <= 129 * 129
    painted(picture, (120, 90), QRectF(0, 0, 120, 90), QRectF(0, 0, 12000, 9000), 0.01)
    assert picture.converted_px == 120 * 90


def test_a_small_video_that_fills_the_view_is_smooth(qapp: QApplication) -> None:
    halves = np.zeros((8, 8, 3), np.uint8)
    halves[:, 4:] = 255
    whole = QRectF(0, 0, 80, 80)
    seen = painted(shown(halves), (80, 80), whole, QRectF(0, 0, 8, 8), 10.0, pixels=False)
    assert len(np.unique(seen[40, 30:50])) > 4, "a ramp, not a step"
