"""What a face must be to be enrolled, each failure with its own reason."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from detector_app.faces import refusals as reasons
from detector_app.faces.pose import HEAD_MM, estimate_pose, rotation
from detector_app.faces.quality import COMPARISON, ENROLMENT, Quality, measure, refusals, require
from tests.faces.embedders import photo, points_at

GOOD = Quality(60, 200, 120, 45, 3, -5, 2, 0.04)


def head(yaw: float, pitch: float, roll: float, scale: float = 1.5) -> NDArray[np.float64]:
    return np.asarray((HEAD_MM @ rotation(yaw, pitch, roll).T)[:, :2] * scale + (200, 150), np.float64)


@given(st.floats(-70, 70), st.floats(-70, 70), st.floats(-170, 170), st.floats(0.1, 20))
def test_the_pose_of_the_head_itself_is_found(yaw: float, pitch: float, roll: float, scale: float) -> None:
    pose = estimate_pose(head(yaw, pitch, roll, scale))
    np.testing.assert_allclose((pose.yaw_deg, pose.pitch_deg, pose.roll_deg), (yaw, pitch, roll), atol=1e-6)
    assert pose.misfit < 1e-9


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"eyes_px": 10}, reasons.FaceTooSmallError),
        ({"sharpness": 5}, reasons.FaceBlurredError),
        ({"brightness": 20}, reasons.FaceTooDarkError),
        ({"brightness": 240}, reasons.FaceTooBrightError),
        ({"contrast": 5}, reasons.FaceFlatError),
        ({"yaw_deg": -50}, reasons.FaceTurnedError),
        ({"pitch_deg": 50}, reasons.FaceNoddedError),
        ({"roll_deg": -45}, reasons.FaceTiltedError),
        ({"misfit": 0.5}, reasons.NotAFaceError),
        ({"inside": False}, reasons.FaceCutOffError),
    ],
)
def test_each_reason_is_told_with_how_to_do_better(
    change: dict[str, float], kind: type[reasons.FaceRefusedError]
) -> None:
    assert refusals(GOOD, ENROLMENT) == ()
    (error,) = refusals(replace(GOOD, **change), ENROLMENT, "me.jpg")  # type: ignore[arg-type]
    assert type(error) is kind
    assert "me.jpg" in str(error)
    assert "{" not in str(error)
    assert len(error.remedy) > 15
    assert error.short
    with pytest.raises(kind):
        require(replace(GOOD, **change), ENROLMENT)  # type: ignore[arg-type]


def test_all_reasons_are_told_the_gravest_first() -> None:
    found = refusals(replace(GOOD, eyes_px=5, sharpness=1, misfit=0.9), ENROLMENT)
    assert [type(error).__name__ for error in found] == ["NotAFaceError", "FaceTooSmallError", "FaceBlurredError"]


@pytest.mark.parametrize("size", [(3, 3), (0, 0), (0, 50), (50, 3)])
def test_an_empty_picture_and_one_of_3_pixels_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(reasons.CropTooSmallError, match="too small"):
        measure(np.zeros((*size, 3), np.uint8), points_at(0, 0, 3), "tiny.png")


@pytest.mark.parametrize("limits", [ENROLMENT, COMPARISON])
def test_a_wall_is_refused(limits: object) -> None:
    rng = np.random.default_rng(0)
    wall = np.clip(rng.normal(170, 3, (300, 300, 1)) + np.zeros(3), 0, 255).astype(np.uint8)
    with pytest.raises(reasons.FaceFlatError, match="contrast"):
        require(measure(wall, points_at(80, 80, 150)), limits)  # type: ignore[arg-type]


@pytest.mark.parametrize("points", [np.full((5, 2), np.nan), np.full((5, 2), 20.0)])
def test_points_that_are_none_are_no_face(points: NDArray[np.float64]) -> None:
    with pytest.raises(reasons.NotAFaceError):
        measure(photo(np.random.default_rng(1)), points)


def test_points_in_another_order_are_no_face_from_the_front() -> None:
    points = points_at(80, 60, 120)
    picture = photo(np.random.default_rng(2))
    for wrong in (points[[1, 0, 2, 4, 3]], points[[3, 4, 2, 0, 1]], points[[2, 0, 1, 3, 4]]):
        assert refusals(measure(picture, wrong), COMPARISON)


def test_blur_is_measured_whatever_the_size() -> None:
    picture = photo(np.random.default_rng(3), 600, 600)
    fine = np.random.default_rng(4).normal(0, 12, (600, 600, 1))
    picture = np.clip(picture + cv2.GaussianBlur(fine, (0, 0), 2)[..., None] * 4, 0, 255).astype(np.uint8)
    sharp = [measure(cv2.resize(picture, (s, s), interpolation=cv2.INTER_AREA), points_at(0, 0, s)) for s in (224, 600)]
    soft = measure(cv2.GaussianBlur(picture, (0, 0), 20), points_at(0, 0, 600))
    assert sharp[0].sharpness == pytest.approx(sharp[1].sharpness, rel=0.5)
    assert soft.sharpness < sharp[1].sharpness / 10
