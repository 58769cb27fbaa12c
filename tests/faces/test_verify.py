"""Two pictures, one person or not: with the models that come with the app."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detector_app.faces.embedder import Embedder
from detector_app.faces.enrolment import prepare_picture
from detector_app.faces.errors import NoFaceError
from detector_app.faces.finding import FaceFinder
from detector_app.faces.refusals import FaceBlurredError, FaceRefusedError, FaceTooDarkError, FaceTooSmallError
from detector_app.faces.verify import verify
from detector_app.sources.picture_file import read_picture


def test_two_equal_pictures_have_distance_0(
    finder: FaceFinder, shipped: Embedder, astronaut: NDArray[np.uint8]
) -> None:
    found = verify((astronaut, "a"), (astronaut.copy(), "b"), finder, shipped)
    assert found.distance == 0
    assert found.same
    assert found.threshold == shipped.threshold
    assert found.doubts == ()


def test_a_mirrored_picture_is_the_same_person(
    finder: FaceFinder, shipped: Embedder, astronaut: NDArray[np.uint8]
) -> None:
    mirrored = np.ascontiguousarray(astronaut[:, ::-1])
    assert verify((astronaut, "a"), (mirrored, "b"), finder, shipped).same


@pytest.mark.parametrize("number", [1, 6])
def test_mirrored_pictures_of_forty_people_are_the_same_persons(
    finder: FaceFinder, shipped: Embedder, faces_data: Path, number: int
) -> None:
    paths = [*faces_data.glob(f"orl_faces400/*/{number}.pgm"), *faces_data.glob(f"azure_faces/Family*{number}.jpg")]
    assert len(paths) >= 30
    for path in paths:
        picture = read_picture(path)
        found = verify((picture, str(path)), (np.ascontiguousarray(picture[:, ::-1]), "m"), finder, shipped)
        assert found.same, path


def test_a_given_threshold_decides(finder: FaceFinder, shipped: Embedder, astronaut: NDArray[np.uint8]) -> None:
    softer = cv2.GaussianBlur(astronaut, (0, 0), 3).astype(np.uint8)
    found = verify((astronaut, "a"), (softer, "b"), finder, shipped, threshold=0.0)
    assert found.distance > 0
    assert not found.same


def test_a_picture_without_a_face_is_named(finder: FaceFinder, shipped: Embedder, astronaut: NDArray[np.uint8]) -> None:
    with pytest.raises(NoFaceError, match=r"wall\.png"):
        verify((astronaut, "a"), (np.full((200, 200, 3), 170, np.uint8), "wall.png"), finder, shipped)


def test_what_speaks_against_a_picture_is_told(
    finder: FaceFinder, shipped: Embedder, astronaut: NDArray[np.uint8]
) -> None:
    dark = (astronaut * 0.22).astype(np.uint8)
    doubts = verify((astronaut, "a"), (dark, "dark.png"), finder, shipped).doubts
    assert FaceTooDarkError in [type(doubt) for doubt in doubts]
    assert all("dark.png" in str(doubt) for doubt in doubts)


def test_a_good_picture_is_prepared_for_enrolment(
    finder: FaceFinder, shipped: Embedder, astronaut: NDArray[np.uint8]
) -> None:
    face = finder.the_face(astronaut, "astronaut.png")
    plain, kept = (prepare_picture(face, shipped, keep_crop=keep) for keep in (False, True))
    assert plain.crop is None
    assert kept.crop is not None
    assert (plain.source, plain.model.model_hash) == ("astronaut.png", shipped.model_hash)
    np.testing.assert_array_equal(plain.embedding, kept.embedding)
    again = shipped.embed([shipped.align(kept.crop.image_bgr, kept.crop.landmarks_xy)])[0]
    assert 1 - again @ plain.embedding < 0.02, "what is kept gives nearly the same embedding"


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (lambda picture: cv2.GaussianBlur(picture, (0, 0), 5), FaceBlurredError),
        (lambda picture: cv2.resize(picture, (150, 150), interpolation=cv2.INTER_AREA), FaceTooSmallError),
        (lambda picture: (picture * 0.15).astype(np.uint8), FaceTooDarkError),
    ],
    ids=["blurred", "small", "dark"],
)
def test_a_bad_picture_is_refused_with_its_reason(
    finder: FaceFinder, shipped: Embedder, astronaut: NDArray[np.uint8], spoil: object, kind: type[FaceRefusedError]
) -> None:
    face = finder.the_face(np.asarray(spoil(astronaut), np.uint8), "bad.png")  # type: ignore[operator]
    with pytest.raises(kind, match=r"bad\.png"):
        prepare_picture(face, shipped)
