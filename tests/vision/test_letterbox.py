"""The transform and its inverse, on sizes of every kind."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.vision.letterbox import Letterbox

source = st.tuples(st.integers(1, 5000), st.integers(1, 5000))
target = st.tuples(st.integers(1, 41), st.integers(1, 41)).map(lambda s: (s[0] * 32, s[1] * 32))
unit = st.floats(0, 1, width=32)


@given(source, target, unit, unit, st.sampled_from([Letterbox.fit, Letterbox.stretch]))
def test_inverse_undoes_forward(source_wh, target_wh, u, v, make) -> None:  # type: ignore[no-untyped-def]
    letterbox = make(source_wh, target_wh)
    point = np.array([[u * source_wh[0], v * source_wh[1]]], np.float32)
    back = letterbox.inverse(letterbox.forward(point))
    # One float32 step at the size of the input, seen through the scale.
    allowed = 2e-6 * max(target_wh) / np.array(letterbox.scale_xy) + 1e-3
    assert (np.abs(back - point) <= allowed).all()


@given(source, target)
def test_fit_keeps_aspect_and_centre(source_wh: tuple[int, int], target_wh: tuple[int, int]) -> None:
    letterbox = Letterbox.fit(source_wh, target_wh)
    (width, height), (left, top) = letterbox.scaled_wh, (letterbox.left_px, letterbox.top_px)
    assert 1 <= width <= target_wh[0]
    assert 1 <= height <= target_wh[1]
    assert width == target_wh[0] or height == target_wh[1]
    assert 0 <= (target_wh[0] - width) - 2 * left <= 1
    assert 0 <= (target_wh[1] - height) - 2 * top <= 1
    exact = min(target_wh[0] / source_wh[0], target_wh[1] / source_wh[1])
    assert abs(width - max(1, exact * source_wh[0])) <= 0.5
    assert abs(height - max(1, exact * source_wh[1])) <= 0.5


@given(source, target, st.lists(st.floats(-1e5, 1e5, width=32), min_size=4, max_size=4))
def test_boxes_are_clipped_to_the_source(source_wh, target_wh, edges) -> None:  # type: ignore[no-untyped-def]
    box = Letterbox.fit(source_wh, target_wh).inverse_boxes(np.array([edges], np.float32))
    assert (box >= 0).all()
    assert (box <= np.array([*source_wh, *source_wh])).all()


def test_corners_of_the_picture_meet_the_corners_of_the_window() -> None:
    letterbox = Letterbox.fit((1279, 717), (320, 320))
    assert letterbox.scaled_wh == (320, 179)
    corners = letterbox.forward(np.array([[0, 0], [1279, 717]], np.float32))
    np.testing.assert_allclose(corners, [[0, 70], [320, 249]], atol=1e-3)


def test_no_boxes() -> None:
    assert Letterbox.fit((10, 10), (32, 32)).inverse_boxes(np.zeros((0, 4), np.float32)).shape == (0, 4)


@pytest.mark.parametrize("source_wh", [(1, 1), (12000, 9000), (1, 9000)])
def test_extreme_pictures(source_wh: tuple[int, int]) -> None:
    letterbox = Letterbox.fit(source_wh, (320, 320))
    whole = np.array([[letterbox.left_px, letterbox.top_px]], np.float32) + np.array([[0, 0], letterbox.scaled_wh])
    np.testing.assert_allclose(letterbox.inverse(whole.astype(np.float32)), [[0, 0], source_wh], rtol=1e-6)


@given(source, target, unit, unit, st.floats(0.05, 1))
def test_a_crop_lies_in_the_middle_has_the_inputs_aspect_and_an_inverse(source_wh, target_wh, u, v, fraction) -> None:  # type: ignore[no-untyped-def]
    crop = Letterbox.crop(source_wh, target_wh, fraction)
    left, top, right, bottom = crop.seen_xyxy
    for low, high, side, wanted in zip((left, top), (right, bottom), source_wh, target_wh, strict=True):
        assert 0 <= low < high <= side
        assert abs(low - (side - high)) <= 1
        factor = min(source_wh[0] / target_wh[0], source_wh[1] / target_wh[1]) * fraction
        assert abs(high - low - max(1, wanted * factor)) <= 0.5 + 1e-6
    edges = np.array([[left, top], [right, bottom]], np.float32)
    np.testing.assert_allclose(crop.forward(edges), [(0, 0), target_wh], atol=max(target_wh) * 2e-3)
    np.testing.assert_array_equal(
        crop.inverse_boxes(np.array([[-9, -9, 9999, 9999]], np.float32))[0], np.float32(crop.seen_xyxy)
    )
    point = np.array([[left + u * (right - left), top + v * (bottom - top)]], np.float32)
    allowed = 2e-6 * np.array(source_wh) * 8 + 1e-2
    assert (np.abs(crop.inverse(crop.forward(point)) - point) <= allowed).all()
