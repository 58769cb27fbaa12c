"""Classifiers: exact probabilities, every number of classes, and refusals that name what is wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detector_app.errors import CardInvalidError, CardMissingError, InferenceError, ModelMismatchError
from detector_app.model_card import ModelCard, OutputSpec
from detector_app.pipelines.classifier import ClassifierPipeline, ClassScores
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, infer
from detector_app.vision.classification import Classification
from tests.onnx_files import classifier_card, frame_of, tiny_classifier


def plain(bgr: tuple[int, int, int], size_wh: tuple[int, int] = (64, 32)) -> NDArray[np.uint8]:
    return np.full((size_wh[1], size_wh[0], 3), bgr, np.uint8)


def classify(path: Path, *pictures: NDArray[np.uint8]) -> list[Classification]:
    pipeline = load_pipeline(path)
    try:
        assert isinstance(pipeline, ClassifierPipeline)
        return pipeline.select(infer(pipeline, [frame_of(picture) for picture in pictures]), DetectSettings(score=1))
    finally:
        pipeline.close()


def test_probabilities_are_those_computed_by_hand(tmp_path: Path) -> None:
    """Mean colour (1, 0.4, 0) → logits (8, 3.2, 0) → e^8 : e^3.2 : 1 = 2980.958 : 24.53253 : 1."""
    path = tiny_classifier(tmp_path / "m.onnx")
    (found,) = classify(path, plain((0, 102, 255)))
    total = 2980.957987 + 24.532530 + 1
    np.testing.assert_allclose(found.probabilities, [2980.957987 / total, 24.532530 / total, 1 / total], rtol=1e-5)
    assert [label.name for label in found.top()] == ["red", "green", "blue"]
    assert found.best.percent == "99.2 %"
    assert found.seen_xyxy == (16, 0, 48, 32)


@pytest.mark.parametrize("dynamic_batch", [True, False])
def test_a_batch_of_different_sizes_gives_each_its_own_answer(tmp_path: Path, dynamic_batch: bool) -> None:
    path = tiny_classifier(tmp_path / "m.onnx", card=classifier_card(dynamic_batch=dynamic_batch))
    found = classify(path, plain((255, 0, 0)), plain((0, 255, 0), (7, 91)), plain((0, 0, 255), (1, 1)))
    assert [one.best.name for one in found] == ["blue", "green", "red"]


def test_only_the_middle_counts_for_a_crop_and_all_of_it_for_the_rest(tmp_path: Path) -> None:
    picture = plain((255, 0, 0), (96, 32))
    picture[:, 32:64] = (0, 0, 255)
    assert classify(tiny_classifier(tmp_path / "crop.onnx"), picture)[0].best.name == "red"
    stretched = tiny_classifier(tmp_path / "stretch.onnx", card=classifier_card(resize="stretch"))
    (found,) = classify(stretched, picture)
    assert found.best.name == "blue"
    assert found.sees_all(96, 32)


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_grey_is_one_channel(tmp_path: Path, layout: str) -> None:
    card = classifier_card(("dark", "bright"), channel_order="GREY", layout=layout)
    path = tiny_classifier(tmp_path / "grey.onnx", card=card, weights=np.array([[0.0], [2.0]]))
    (found,) = classify(path, plain((255, 255, 255)))
    np.testing.assert_allclose(found.probabilities[1], 1 / (1 + np.exp(-2)), rtol=1e-6)
    (green,) = classify(path, plain((0, 255, 0)))
    np.testing.assert_allclose(green.probabilities[1], 1 / (1 + np.exp(-2 * 150 / 255)), rtol=1e-6)  # 0.587 · 255 ≈ 150


@pytest.mark.parametrize("count", [1, 2, 4, 5, 6, 1500])
def test_any_number_of_classes(tmp_path: Path, count: int) -> None:
    names = tuple(f"class {i}" for i in range(count))
    weights = np.linspace(0, 1, count)[:, None] * np.ones(3)
    (found,) = classify(
        tiny_classifier(tmp_path / "m.onnx", card=classifier_card(names), weights=weights), plain((9, 9, 9))
    )
    assert len(found.probabilities) == count
    assert found.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert [label.class_id for label in found.top()] == list(range(count))[::-1][:5]
    if count == 1:
        assert found.best.probability == 1


def test_large_logits_do_not_overflow() -> None:
    logits = {"logits": np.array([[3e38, 0, 3e38], [-3e38, -3e38, -3e38]], np.float32)}
    scores = ClassScores("logits")
    np.testing.assert_array_equal(scores.probabilities(logits, 0), [0.5, 0, 0.5])
    np.testing.assert_allclose(scores.probabilities(logits, 1), [1 / 3] * 3, rtol=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_said(tmp_path: Path, bad: float) -> None:
    with pytest.raises(InferenceError, match="tiny-colours failed while it ran: its scores are not finite numbers"):
        classify(tiny_classifier(tmp_path / "m.onnx", weights=np.full((3, 3), bad)), plain((9, 9, 9)))


def with_role(role: str) -> ModelCard:
    return replace(classifier_card(), outputs=(OutputSpec("logits", role),))


def test_probabilities_from_the_graph_are_taken_as_they_are(tmp_path: Path) -> None:
    path = tiny_classifier(tmp_path / "m.onnx", card=with_role("probabilities"), weights=np.eye(3))
    (found,) = classify(path, plain((51, 102, 153)))
    np.testing.assert_allclose(found.probabilities, [0.6, 0.4, 0.2], rtol=1e-5)
    logits = tiny_classifier(tmp_path / "n.onnx", card=with_role("probabilities"))
    with pytest.raises(InferenceError, match="said to be probabilities, but are not all"):
        classify(logits, plain((0, 0, 255)))


def test_a_foreign_classifier_works_with_a_card_beside_it_and_asks_for_one_without(tmp_path: Path) -> None:
    path = tiny_classifier(tmp_path / "theirs.onnx", metadata={})
    with pytest.raises(CardMissingError, match=r"logits \['batch', 3\].*theirs\.card\.json"):
        load_pipeline(path)
    (tmp_path / "theirs.card.json").write_text(classifier_card().to_json(), encoding="utf-8")
    assert classify(path, plain((0, 255, 0)))[0].best.name == "green"


@pytest.mark.parametrize(
    ("card", "error", "named"),
    [
        (
            replace(classifier_card(), task="detect", input=classifier_card(resize="stretch").input),
            CardInvalidError,
            "classify",
        ),
        (replace(classifier_card(), decoder="yolo_dense"), CardInvalidError, "detect or faces"),
        (with_role("head"), CardInvalidError, "role logits or probabilities"),
        (classifier_card(()), CardInvalidError, "classes"),
        (classifier_card(("one", "two")), ModelMismatchError, r"shape of logits.*\[1, 3\].*\['any', 2\]"),
        (classifier_card(channel_order="GREY"), ModelMismatchError, "shape of picture"),
    ],
)
def test_a_card_that_does_not_fit_is_refused(
    tmp_path: Path, card: ModelCard, error: type[Exception], named: str
) -> None:
    path = tiny_classifier(tmp_path / "m.onnx", metadata={})
    (tmp_path / "m.card.json").write_text(card.to_json(), encoding="utf-8")
    with pytest.raises(error, match=named):
        load_pipeline(path)
