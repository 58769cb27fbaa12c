"""The similarity transform against a search of least squares in float64, and the pixels that it lays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector_app.faces.alignment import STANDARD_XY_PX, align, moved, similarity
from detector_app.faces.face_crop import MOST_EYES_PX, FaceCrop
from tests.faces.embedders import photo, points_at

coordinates = st.floats(-2000, 2000, allow_subnormal=False)
five_points = st.lists(st.tuples(coordinates, coordinates), min_size=5, max_size=5).map(np.array)


def brute_force(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least squares over a, b, tx, ty of x' = ax − by + tx, y' = bx + ay + ty, by the normal equations of numpy."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [(x, -y, 1, 0), (y, x, 0, 1)]
        values += [u, v]
    a, b, tx, ty = np.linalg.lstsq(np.array(rows), np.array(values), rcond=None)[0]
    return np.array([(a, -b, tx), (b, a, ty)])


@given(five_points, five_points)
def test_the_transform_is_the_one_of_least_squares(source: NDArray[np.float64], target: NDArray[np.float64]) -> None:
    if np.ptp(source, axis=0).max() < 1:
        return
    matrix, expected = similarity(source, target), brute_force(source, target)
    reach = max(1.0, float(np.abs(target).max()))
    np.testing.assert_allclose(moved(matrix, source), moved(expected, source), atol=1e-7 * reach)


@given(st.floats(-3.1, 3.1), st.floats(0.01, 50), coordinates, coordinates, five_points)
def test_an_exact_similarity_is_found_again(
    angle: float, scale: float, x: float, y: float, source: NDArray[np.float64]
) -> None:
    if np.ptp(source, axis=0).max() < 1:
        return
    turn = scale * np.array([(np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))])
    target = source @ turn.T + (x, y)
    matrix = similarity(source, target)
    np.testing.assert_allclose(matrix[:, :2], turn, atol=1e-7 * scale)
    np.testing.assert_allclose(moved(matrix, source), target, atol=1e-6 * max(1, scale))


@given(five_points, five_points)
def test_it_never_mirrors(source: NDArray[np.float64], target: NDArray[np.float64]) -> None:
    if np.ptp(source, axis=0).max() < 1:
        return
    assert np.linalg.det(similarity(source, target)[:, :2]) >= 0


@pytest.mark.parametrize("points", [np.full((5, 2), 7.0), np.full((5, 2), np.nan), np.array([(0, np.inf)] * 5)])
def test_points_that_tell_nothing_are_refused(points: NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match="landmarks"):
        similarity(points, STANDARD_XY_PX)


def test_a_face_that_lies_right_comes_out_as_it_is() -> None:
    picture = photo(np.random.default_rng(0), 112, 112)
    np.testing.assert_array_equal(align(picture, STANDARD_XY_PX, STANDARD_XY_PX, (112, 112)), picture)


def test_it_is_what_a_warp_of_the_whole_picture_gives() -> None:
    picture, points = photo(np.random.default_rng(1)), points_at(60, 40, 130)
    turn = cv2.getRotationMatrix2D((150, 120), 17, 1.0)
    turned = moved(turn, points)
    expected = cv2.warpAffine(picture, similarity(turned, STANDARD_XY_PX), (112, 112), borderMode=cv2.BORDER_REPLICATE)
    found = align(picture, turned, STANDARD_XY_PX, (112, 112))
    assert np.abs(found.astype(int) - expected).max() <= 1


def test_a_large_face_is_averaged_not_skipped() -> None:
    stripes = np.zeros((1120, 1120, 3), np.uint8)
    stripes[:, ::2] = 255
    found = align(stripes, np.array(STANDARD_XY_PX) * 10, STANDARD_XY_PX, (112, 112))
    assert np.abs(found[5:-5, 5:-5].astype(int) - 127).max() <= 10


def test_a_face_at_the_edge_repeats_it() -> None:
    picture = np.full((50, 50, 3), 200, np.uint8)
    assert (align(picture, points_at(-30, -30, 80), STANDARD_XY_PX, (112, 112)) == 200).all()
    assert (align(picture, points_at(500, 500, 80), STANDARD_XY_PX, (112, 112)) == 200).all()


def test_another_size_of_input_is_filled() -> None:
    template = np.array(STANDARD_XY_PX) * (64 / 112)
    assert align(photo(np.random.default_rng(2)), points_at(60, 40, 130), template, (64, 80)).shape == (80, 64, 3)


@pytest.mark.parametrize("side", [60, 150, 900])
def test_a_kept_crop_is_aligned_as_its_picture(side: int) -> None:
    picture, points = photo(np.random.default_rng(3), 1400, 1600), points_at(300, 200, side)
    crop = FaceCrop.of(picture, points)
    assert max(crop.image_bgr.shape) <= 5 * MOST_EYES_PX + 2
    direct, again = (
        align(image, landmarks, STANDARD_XY_PX, (112, 112)).astype(int)
        for image, landmarks in ((picture, points), (crop.image_bgr, crop.landmarks_xy))
    )
    assert np.abs(direct - again).mean() < 2.5


def test_a_crop_of_a_face_outside_of_the_picture_is_refused() -> None:
    picture = photo(np.random.default_rng(4))
    with pytest.raises(ValueError, match="outside"):
        FaceCrop.of(picture, points_at(2000, 0, 80))
    with pytest.raises(ValueError, match="finite"):
        FaceCrop.of(picture, np.full((5, 2), np.nan))
    assert FaceCrop.from_png(b"no picture", np.zeros((5, 2), np.float32)) is None
    assert FaceCrop.from_png(b"", np.zeros((5, 2), np.float32)) is None
