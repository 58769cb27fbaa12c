"""The cascade on real faces; weights and pictures are beside the checkout."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from models.faces.crops import open_cascade
from models.faces.finding import Cascade, find_landmarks


@pytest.fixture(scope="module")
def cascade(shared_data: Path) -> Cascade:
    return open_cascade(shared_data / "weights" / "mtcnn_facenet_pytorch")


@pytest.fixture(scope="module")
def portrait(shared_data: Path) -> np.ndarray:
    return np.asarray(cv2.imread(str(shared_data / "faces" / "azure_faces" / "Family1-Dad1.jpg"))[:, :, ::-1], np.uint8)


def test_landmarks_lie_as_in_a_face(cascade: Cascade, shared_data: Path):
    picture = cv2.imread(str(shared_data / "faces" / "orl_faces400" / "s1" / "1.pgm"))
    found = find_landmarks(picture, cascade)
    assert found is not None
    left, right, nose, left_mouth, right_mouth = found.tolist()
    assert left[0] < nose[0] < right[0]
    assert left_mouth[0] < right_mouth[0]
    assert max(left[1], right[1]) < nose[1] < min(left_mouth[1], right_mouth[1])
    assert (found > 0).all()
    assert (found < (92, 112)).all()


def test_they_follow_the_size_and_the_mirror(cascade: Cascade, portrait: np.ndarray):
    here = find_landmarks(portrait, cascade)
    assert here is not None
    between = np.linalg.norm(here[0] - here[1])
    half = find_landmarks(cv2.resize(portrait, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), cascade)
    assert half is not None
    np.testing.assert_allclose(half * 2, here, atol=0.08 * between)
    mirrored = find_landmarks(np.ascontiguousarray(portrait[:, ::-1]), cascade)
    assert mirrored is not None
    back = np.column_stack([portrait.shape[1] - 1 - mirrored[:, 0], mirrored[:, 1]])[[1, 0, 2, 4, 3]]
    np.testing.assert_allclose(back, here, atol=0.08 * between)


@pytest.mark.parametrize("shape", [(1, 1, 3), (40, 7, 3), (120, 160, 3)])
def test_where_no_face_is_none_is_found(cascade: Cascade, shape: tuple[int, int, int]):
    assert find_landmarks(np.full(shape, 128, np.uint8), cascade) is None
