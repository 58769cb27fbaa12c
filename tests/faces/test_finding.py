"""Which face of a still picture is meant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detector_app.faces.errors import NoFaceError, NotAFaceModelError, SeveralFacesError
from detector_app.faces.finding import FaceFinder, with_landmarks
from detector_app.faces.refusals import CropTooSmallError
from detector_app.pipelines.loader import load_pipeline
from detector_app.sources.picture_file import read_picture
from detector_app.vision.detections import Detections
from tests.onnx_files import tiny_anchor_model


def test_the_face_of_a_portrait(finder: FaceFinder, astronaut: NDArray[np.uint8]) -> None:
    face = finder.the_face(astronaut, "astronaut")
    left, top, right, bottom = face.xyxy
    assert 130 < left < right < 290
    assert 30 < top < bottom < 220
    assert ((face.landmarks_xy > (left, top)) & (face.landmarks_xy < (right, bottom))).all()
    left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks_xy
    assert left_eye[0] < nose[0] < right_eye[0]
    assert left_mouth[0] < right_mouth[0]
    assert left_eye[1] < nose[1] < left_mouth[1]
    assert face.others == 0


def test_a_face_that_is_cut_close_has_its_landmarks_where_they_were(
    finder: FaceFinder, astronaut: NDArray[np.uint8]
) -> None:
    whole = finder.the_face(astronaut)
    left, top, right, bottom = whole.xyxy.astype(int)
    close = finder.the_face(astronaut[top:bottom, left:right])
    moved = close.landmarks_xy + np.array([left, top])
    assert np.abs(moved - whole.landmarks_xy).max() < 0.12 * (right - left)


def test_no_face_and_no_picture(finder: FaceFinder) -> None:
    wall = np.full((200, 300, 3), 170, np.uint8)
    assert len(finder.find(wall)) == 0
    with pytest.raises(NoFaceError, match=r"wall\.png"):
        finder.the_face(wall, "wall.png")
    with pytest.raises(CropTooSmallError):
        finder.find(np.zeros((0, 0, 3), np.uint8))
    with pytest.raises(NoFaceError):
        finder.the_face(np.zeros((3, 3, 3), np.uint8), "tiny.png")


def test_several_faces_are_not_guessed_at(finder: FaceFinder, astronaut: NDArray[np.uint8]) -> None:
    two = np.hstack([astronaut[:300, 60:360], astronaut[:300, 60:360]])
    with pytest.raises(SeveralFacesError, match="2 faces"):
        finder.the_face(two, "two.png")
    assert finder.the_face(two, largest=True).others == 1


def test_a_face_that_is_clearly_the_largest_is_meant(finder: FaceFinder, astronaut: NDArray[np.uint8]) -> None:
    picture = np.full((512, 700, 3), 90, np.uint8)
    picture[:, :512] = astronaut
    picture[100:228, 560:688] = astronaut[::4, ::4]
    face = finder.the_face(picture)
    assert face.others == 1
    assert face.xyxy[2] < 300


def test_a_photograph_of_a_scene_without_people(finder: FaceFinder, shared_data: Path) -> None:
    picture = read_picture(shared_data / "media" / "mtcnn_ipazc_images" / "no-faces.jpg")
    with pytest.raises(NoFaceError):
        finder.the_face(picture, "no-faces.jpg")


def test_other_models_find_no_faces(tmp_path: Path) -> None:
    pipeline = load_pipeline(tiny_anchor_model(tmp_path / "d.onnx"))
    with pytest.raises(NotAFaceModelError, match="detect"):
        FaceFinder(pipeline)
    pipeline.close()


def test_only_what_has_landmarks_is_a_face() -> None:
    assert with_landmarks(Detections.empty()).shape == (0,)
    points = np.zeros((2, 5, 2), np.float32)
    points[1, 3] = np.nan
    boxes = Detections(np.zeros((2, 4), np.float32), np.zeros(2, np.float32), np.zeros(2, np.int64), ("face",), points)
    assert with_landmarks(boxes).tolist() == [True, False]
