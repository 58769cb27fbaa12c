from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication

from detector_app.ui.chips import ChipCache, place_chips

BOUNDS = (0.0, 0.0, 800.0, 600.0)
coordinate = st.floats(-100, 900)
boxes = st.lists(st.tuples(coordinate, coordinate, st.floats(0, 500), st.floats(0, 500)), max_size=20).map(
    lambda rows: np.array([(x, y, x + w, y + h) for x, y, w, h in rows]).reshape(-1, 4)
)


@given(boxes, st.floats(10, 200), st.floats(8, 30))
def test_chips_never_leave_the_picture(boxes_xyxy: np.ndarray, width: float, height: float) -> None:
    corners = place_chips(boxes_xyxy, np.tile((width, height), (len(boxes_xyxy), 1)), BOUNDS)
    assert corners.shape == (len(boxes_xyxy), 2)
    assert (corners >= 0).all()
    assert (corners + np.array((width, height)) <= np.array((800, 600)) + 1e-9).all()


def test_a_chip_sits_on_its_box_and_inside_at_the_top_edge() -> None:
    boxes_xyxy = np.array([(100.0, 100.0, 200.0, 200.0), (300.0, 0.0, 400.0, 90.0)])
    corners = place_chips(boxes_xyxy, np.array([(60.0, 20.0)] * 2), BOUNDS)
    assert corners.tolist() == [[99.0, 80.0], [299.0, 0.0]]


def test_two_boxes_in_one_place_get_chips_apart() -> None:
    box = (100.0, 100.0, 300.0, 300.0)
    corners = place_chips(np.array([box] * 4), np.array([(60.0, 20.0)] * 4), BOUNDS)
    for i in range(4):
        for j in range(i):
            assert (np.abs(corners[i] - corners[j]) >= (60, 20)).any()


def test_a_chip_wider_than_the_picture_begins_at_its_left_edge() -> None:
    assert place_chips(np.array([(5.0, 30.0, 20.0, 40.0)]), np.array([(900.0, 20.0)]), BOUNDS)[0, 0] == 0


@pytest.mark.parametrize(("back", "front"), [("#FFFF66", "#000000"), ("#220066", "#ffffff")])
def test_text_is_black_or_white_by_the_chip(qapp: QApplication, back: str, front: str) -> None:
    chip = ChipCache(QFont("DejaVu Sans", 20), 1.0).chip("H", QColor(back).rgb()).toImage()
    seen = {chip.pixelColor(x, y).name() for x in range(chip.width()) for y in range(chip.height())}
    assert front in seen
    assert QColor(back).name() in seen


def test_a_chip_is_drawn_once_and_in_device_pixels(qapp: QApplication) -> None:
    once, twice = ChipCache(QFont(), 1.0), ChipCache(QFont(), 2.0)
    red = QColor("#FF0000").rgb()
    assert once.chip("cup 0.93", red) is once.chip("cup 0.93", red)
    assert twice.chip("cup 0.93", red).size() == once.chip("cup 0.93", red).size() * 2


def test_the_width_does_not_depend_on_the_figures(qapp: QApplication) -> None:
    cache = ChipCache(QFont(), 1.0)
    assert len({cache.chip(f"cup 0.{n:02}", 0).width() for n in range(100)}) == 1
