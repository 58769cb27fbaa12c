"""Objects and faces on the same frames."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from detector_app.errors import ModelError, ModelNotFoundError
from detector_app.pipelines.embedded import embedded_models
from detector_app.pipelines.loader import files_of, load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, default_settings, infer
from detector_app.pipelines.together import TogetherPipeline
from detector_app.vision.detections import Detections
from detector_app.vision.trace import Fate
from tests.onnx_files import frame_of


@pytest.fixture(scope="module")
def pair() -> Iterator[TogetherPipeline]:
    pipeline = load_pipeline("desk-yolo+mtcnn", providers=("cpu",))
    assert isinstance(pipeline, TogetherPipeline)
    yield pipeline
    pipeline.close()


@pytest.fixture(scope="module")
def desk() -> NDArray[np.uint8]:
    """A cup of coffee and an astronaut side by side; both public domain."""
    coffee = cv2.resize(data.coffee()[..., ::-1], (600, 400), interpolation=cv2.INTER_AREA)
    portrait = cv2.resize(data.astronaut()[:, :, ::-1], (400, 400), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(np.concatenate([coffee, portrait], axis=1))


def look(pair: TogetherPipeline, picture: NDArray[np.uint8], settings: DetectSettings) -> Detections:
    (found,) = pair.select(infer(pair, [frame_of(picture)], settings), settings)
    assert isinstance(found, Detections)
    return found


def test_one_card_for_both(pair: TogetherPipeline) -> None:
    assert (pair.card.name, pair.card.decoder, pair.card.task) == ("desk-yolo+mtcnn", "yolo_anchor+mtcnn", "detect")
    assert pair.card.classes[-1] == "face"
    assert "cup" in pair.card.classes
    settings = default_settings(pair.card)
    assert settings.cascade is not None
    assert settings.cascade.score == 0.7
    assert settings.score == pair.card.thresholds.score


def test_both_find_theirs(pair: TogetherPipeline, desk: NDArray[np.uint8]) -> None:
    found = look(pair, desk, replace(default_settings(pair.card), score=0.2))
    names = [found.name(i) for i in range(len(found))]
    assert "face" in names
    assert "cup" in names
    assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)
    assert found.landmarks_xy is not None
    for i, name in enumerate(names):
        assert np.isfinite(found.landmarks_xy[i]).all() == (name == "face")


def test_they_are_what_each_finds_alone(pair: TogetherPipeline, desk: NDArray[np.uint8]) -> None:
    found = look(pair, desk, default_settings(pair.card))
    is_face = np.array([found.name(i) == "face" for i in range(len(found))], bool)
    for name, mask in (("mtcnn", is_face), ("desk-yolo", ~is_face)):
        alone = load_pipeline(name, providers=("cpu",))
        settings = default_settings(alone.card)
        (expected,) = alone.select(infer(alone, [frame_of(desk)], settings), settings)
        np.testing.assert_allclose(found.xyxy[mask], expected.xyxy, atol=1e-3)
        alone.close()


def test_scores_are_chosen_apart(pair: TogetherPipeline, desk: NDArray[np.uint8]) -> None:
    settings = default_settings(pair.card)
    assert settings.cascade is not None
    no_objects = look(pair, desk, replace(settings, score=1.0))
    assert [no_objects.name(i) for i in range(len(no_objects))] == ["face"]
    no_faces = look(pair, desk, replace(settings, cascade=replace(settings.cascade, score=1.1)))
    assert "face" not in [no_faces.name(i) for i in range(len(no_faces))]


@pytest.mark.parametrize(("wanted", "names"), [("face", {"face"}), ("cup", {"cup"})])
def test_a_choice_of_classes_holds_for_both(
    pair: TogetherPipeline, desk: NDArray[np.uint8], wanted: str, names: set[str]
) -> None:
    settings = replace(default_settings(pair.card), score=0.2, classes=frozenset({pair.card.classes.index(wanted)}))
    found = look(pair, desk, settings)
    assert {found.name(i) for i in range(len(found))} == names


def test_it_covers_what_both_cover(pair: TogetherPipeline, desk: NDArray[np.uint8]) -> None:
    settings = default_settings(pair.card)
    assert settings.cascade is not None
    inference = infer(pair, [frame_of(desk)], settings)
    assert pair.covers(inference, replace(settings, score=0.9))
    assert not pair.covers(inference, replace(settings, cascade=replace(settings.cascade, min_face_px=50)))


@pytest.mark.parametrize("name", ["mtcnn+desk-yolo", "desk-yolo+blood-cells", "lenet-digits+mtcnn"])
def test_other_pairs_are_refused(name: str) -> None:
    with pytest.raises(ModelError, match="run together"):
        load_pipeline(name, providers=("cpu",))


@pytest.mark.parametrize("name", ["desk-yolo+nothing", "nothing+mtcnn", "desk-yolo+nothing+mtcnn"])
def test_an_unknown_half_is_named(name: str) -> None:
    with pytest.raises(ModelNotFoundError, match="nothing"):
        load_pipeline(name)


def test_a_path_may_have_the_sign(tmp_path: Path) -> None:
    model = tmp_path / "a+b.onnx"
    shutil.copy(embedded_models()["desk-yolo"], model)
    assert files_of(model) == (model,)
    assert files_of(f"{model}+mtcnn") == (model, embedded_models()["mtcnn"])


@pytest.mark.parametrize("wanted", [None, "face", "cup"])
def test_both_traces_are_what_is_found(pair: TogetherPipeline, desk: NDArray[np.uint8], wanted: str | None) -> None:
    classes = None if wanted is None else frozenset({pair.card.classes.index(wanted)})
    settings = replace(default_settings(pair.card), score=0.2, classes=classes, traced=True)
    inference = infer(pair, [frame_of(desk)], settings)
    (found,) = pair.select(inference, settings)
    trace = pair.trace(inference, settings, floor=0.0)
    assert trace is not None
    (faces,) = trace.also
    assert [look.name for look in faces.looks] == ["P-Net", "R-Net", "O-Net"]
    told = [
        (float(one.last.scores[row]), one.class_names[one.last.class_ids[row]], one.last.xyxy[row].tolist())
        for one in (trace, faces)
        for row in one.last.rows(Fate.KEPT).tolist()
    ]
    told.sort(key=lambda candidate: -candidate[0])
    assert told == [(float(found.scores[i]), found.name(i), found.xyxy[i].tolist()) for i in range(len(found))]
    assert found
