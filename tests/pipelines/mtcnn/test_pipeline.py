"""The embedded MTCNN in its pipeline: known results, hard pictures, live settings, and faces followed from frame to frame."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.mtcnn.pipeline import MtcnnPipeline
from detector_app.pipelines.pipeline import CascadeSettings, DetectSettings, default_settings, infer
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from tests.onnx_files import frame_of


@pytest.fixture(scope="module")
def mtcnn() -> Iterator[MtcnnPipeline]:
    pipeline = load_pipeline("mtcnn", providers=("cpu",))
    assert isinstance(pipeline, MtcnnPipeline)
    yield pipeline
    pipeline.close()


@pytest.fixture(scope="module")
def portrait() -> NDArray[np.uint8]:
    """Eileen Collins, 512×512; public domain."""
    return np.ascontiguousarray(data.astronaut()[..., ::-1])


def look(pipeline: MtcnnPipeline, picture: NDArray[np.uint8], settings: DetectSettings | None = None) -> Detections:
    chosen = settings or default_settings(pipeline.card)
    (found,) = pipeline.select(infer(pipeline, [frame_of(picture)], chosen), chosen)
    return found


def with_cascade(pipeline: MtcnnPipeline, **changes: float) -> DetectSettings:
    settings = default_settings(pipeline.card)
    assert settings.cascade is not None
    return replace(settings, cascade=replace(settings.cascade, **changes))


# --- known results ------------------------------------------------------------------------------------------------------------


def test_the_same_faces_as_the_reference(mtcnn: MtcnnPipeline, shared_data: Path) -> None:
    """Boxes and landmarks of facenet-pytorch; asked for are 3 pixels, and it is a hundredth of one."""
    goldens = json.loads((shared_data / "reference/goldens/mtcnn_facenet_pytorch.json").read_text())
    seen = 0
    for name, faces in goldens.items():
        path = shared_data / name
        if not path.is_file():
            continue
        picture = cv2.imread(str(path))
        found = look(mtcnn, picture)
        assert len(found) == len(faces), name
        for face in faces:
            box = np.clip(face["box"], 0, [picture.shape[1], picture.shape[0]] * 2)
            nearest = int(np.abs(found.xyxy - box).max(axis=1).argmin())
            assert np.abs(found.xyxy[nearest] - box).max() < 0.05, name
            assert found.landmarks_xy is not None
            assert np.abs(found.landmarks_xy[nearest] - face["landmarks"]).max() < 0.05, name
            assert found.scores[nearest] == pytest.approx(face["prob"], abs=1e-4)
            seen += 1
    assert seen > 30


def test_a_face_has_its_landmarks_in_their_order(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8]) -> None:
    found = look(mtcnn, portrait)
    assert [found.name(i) for i in range(len(found))] == ["face"]
    assert found.landmarks_xy is not None
    left_eye, right_eye, nose, left_mouth, right_mouth = found.landmarks_xy[0]
    assert left_eye[0] < nose[0] < right_eye[0]
    assert left_mouth[0] < right_mouth[0]
    assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])
    left, top, right, bottom = found.xyxy[0]
    assert (found.landmarks_xy[0] > (left, top)).all()
    assert (found.landmarks_xy[0] < (right, bottom)).all()


# --- hard pictures ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (19, 19), (20, 20), (12, 700), (33, 47), (201, 333)])
def test_odd_pictures_without_a_face(mtcnn: MtcnnPipeline, size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    found = look(mtcnn, noise)
    assert len(found) == 0
    assert found.landmarks_xy is not None
    assert found.landmarks_xy.shape == (0, 5, 2)


def test_a_wall_has_no_face(mtcnn: MtcnnPipeline) -> None:
    assert len(look(mtcnn, np.full((240, 320, 3), 180, np.uint8))) == 0


@pytest.mark.parametrize("side", ["left", "right", "top"])
def test_a_face_at_the_border_is_clipped_to_the_picture(
    mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8], side: str
) -> None:
    left, top, right, bottom = look(mtcnn, portrait).xyxy[0].round().astype(int)
    width, height = right - left, bottom - top
    cut = {
        "left": portrait[:, left + width // 5 :],
        "right": portrait[:, : right - width // 5],
        "top": portrait[top + height // 8 :],
    }[side]
    found = look(mtcnn, np.ascontiguousarray(cut))
    assert len(found) == 1
    assert (found.xyxy >= 0).all()
    assert (found.xyxy[:, 2:] <= (cut.shape[1], cut.shape[0])).all()


def test_a_face_larger_than_the_picture(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8]) -> None:
    left, top, right, bottom = look(mtcnn, portrait).xyxy[0].round().astype(int)
    inner = cv2.resize(portrait[top + 4 : bottom - 4, left + 4 : right - 4], None, fx=3, fy=3)
    found = look(mtcnn, inner)
    assert len(found) == 1
    assert (found.xyxy[0, 2:] - found.xyxy[0, :2] > 0.6 * np.array([inner.shape[1], inner.shape[0]])).all()


def test_a_large_picture_in_strips_gives_what_it_gives_whole(
    mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = np.ascontiguousarray(np.tile(portrait, (2, 2, 1))[:, :941])
    strips = look(mtcnn, whole)
    monkeypatch.setattr("detector_app.pipelines.mtcnn.pyramid.STRIP_PX", 10**9)
    at_once = look(mtcnn, whole)
    assert len(strips) == len(at_once) >= 3
    np.testing.assert_allclose(strips.xyxy, at_once.xyxy, atol=0.01)


# --- settings -----------------------------------------------------------------------------------------------------------------


def test_small_faces_are_left_out(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8]) -> None:
    small = cv2.resize(portrait, (128, 128), interpolation=cv2.INTER_AREA)
    assert len(look(mtcnn, small, with_cascade(mtcnn, min_face_px=16))) == 1
    assert len(look(mtcnn, small, with_cascade(mtcnn, min_face_px=60))) == 0


@pytest.mark.parametrize("stage", ["proposal_score", "refine_score", "score"])
def test_each_stage_obeys_its_score(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8], stage: str) -> None:
    assert len(look(mtcnn, portrait, with_cascade(mtcnn, **{stage: 1.0}))) == 0


def test_the_common_score_is_that_of_the_last_stage(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8]) -> None:
    settings = default_settings(mtcnn.card)
    inference = infer(mtcnn, [frame_of(portrait)], settings)
    assert len(mtcnn.select(inference, replace(settings, score=0.0))[0]) >= 1
    assert len(mtcnn.select(inference, replace(settings, score=1.1))[0]) == 0
    assert len(mtcnn.select(inference, replace(settings, classes=frozenset()))[0]) == 0


@pytest.mark.parametrize("refine", [0.75, 0.9, 0.99])
def test_what_is_covered_is_what_a_new_inference_gives(
    mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8], refine: float
) -> None:
    loose = with_cascade(mtcnn, refine_score=0.3, proposal_score=0.3)
    strict = with_cascade(mtcnn, refine_score=refine, proposal_score=0.3)
    crowd = np.ascontiguousarray(np.concatenate([portrait, portrait[::-1], portrait[:, ::-1]], axis=1))
    inference = infer(mtcnn, [frame_of(crowd)], loose)
    assert mtcnn.covers(inference, strict)
    kept = mtcnn.select(inference, strict)[0]
    again = look(mtcnn, crowd, strict)
    np.testing.assert_allclose(kept.xyxy, again.xyxy, atol=1e-4)
    np.testing.assert_allclose(kept.scores, again.scores, atol=1e-6)


@pytest.mark.parametrize(
    ("changes", "covered"),
    [
        ({}, True),
        ({"score": 0.1}, True),
        ({"refine_score": 0.8}, True),
        ({"refine_score": 0.6}, False),
        ({"proposal_score": 0.7}, False),
        ({"min_face_px": 30.0}, False),
        ({"scale_factor": 0.6}, False),
    ],
)
def test_what_needs_another_inference(
    mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8], changes: dict[str, float], covered: bool
) -> None:
    inference = infer(mtcnn, [frame_of(portrait)], default_settings(mtcnn.card))
    assert mtcnn.covers(inference, with_cascade(mtcnn, **changes)) == covered


# --- following ----------------------------------------------------------------------------------------------------------------


def film(portrait: NDArray[np.uint8], count: int, source: str = "clip") -> list[Frame]:
    """The portrait moving 3 pixels to the right a frame."""
    wide = cv2.copyMakeBorder(portrait, 0, 0, 64, 64, cv2.BORDER_REPLICATE)
    views = [np.ascontiguousarray(wide[:, 60 - 3 * i : 60 - 3 * i + 512]) for i in range(count)]
    return [Frame(view, i, i / 25, 0.0, source) for i, view in enumerate(views)]


def test_followed_faces_are_found_where_they_went(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8]) -> None:
    settings = with_cascade(mtcnn, scan_every=4)
    for frame in film(portrait, 8):
        inference = infer(mtcnn, [frame], settings)
        assert inference.verdicts[0].scanned == (frame.index % 4 == 0)  # type: ignore[attr-defined]
        (followed,) = mtcnn.select(inference, settings)
        searched = look(mtcnn, frame.image_bgr)
        assert len(followed) == len(searched) == 1
        side = searched.xyxy[0, 2:] - searched.xyxy[0, :2]
        assert (np.abs(followed.xyxy - searched.xyxy).reshape(2, 2) < 0.15 * side).all()


@pytest.mark.parametrize("other", ["source", "back", "far"])
def test_another_place_is_searched(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8], other: str) -> None:
    settings = with_cascade(mtcnn, scan_every=10)
    first, second, *_ = film(portrait, 8)
    infer(mtcnn, [replace(first, index=20), replace(second, index=21)], settings)
    place = {"source": ("else", 22), "back": ("clip", 5), "far": ("clip", 300)}[other]
    inference = infer(mtcnn, [replace(second, source=place[0], index=place[1])], settings)
    assert inference.verdicts[0].scanned  # type: ignore[attr-defined]


@pytest.mark.parametrize(("every", "searched"), [(8, [0, 4]), (3, [0, 3, 6]), (2, [0, 2, 4, 6, 8])])
def test_after_a_face_is_lost_the_search_comes_earlier(
    mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8], every: int, searched: list[int]
) -> None:
    """It is there in frames 0 and 1, and from frame 4 on: every eighth frame would be the eighth, and is the fourth."""
    settings = with_cascade(mtcnn, scan_every=every)
    empty = np.full_like(portrait, 90)
    views = [replace(f, image_bgr=empty) if f.index in (2, 3) else f for f in film(portrait, 9, f"lost {every}")]
    inferences = [infer(mtcnn, [frame], settings) for frame in views]
    found = [inference.verdicts[0].scanned for inference in inferences]  # type: ignore[attr-defined]
    assert [i for i, one in enumerate(found) if one] == searched


def test_with_no_face_to_follow_nothing_is_run(mtcnn: MtcnnPipeline) -> None:
    settings = with_cascade(mtcnn, scan_every=3)
    blank = np.full((100, 100, 3), 90, np.uint8)
    frames = [Frame(blank, i, 0.0, 0.0, "blank") for i in range(4)]
    inference = infer(mtcnn, frames, settings)
    assert [v.scanned for v in inference.verdicts] == [True, False, False, True]  # type: ignore[attr-defined]
    assert all(len(found) == 0 for found in mtcnn.select(inference, settings))


def test_settings_without_a_cascade_are_the_cards(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8]) -> None:
    prepared = mtcnn.prepare([frame_of(portrait)], DetectSettings())
    assert prepared.settings == CascadeSettings()
