"""Graphs that filter and suppress for themselves: what their result still holds for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector_app.errors import CardInvalidError, ModelMismatchError
from detector_app.model_card import InputSpec, InsideSelection, Thresholds
from detector_app.pipelines.detector import DetectorPipeline
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, Inference, default_settings, infer
from detector_app.vision.detections import Detections
from detector_app.vision.trace import Fate
from tests.onnx_files import frame_of, picture_with_squares
from tests.region_files import faster_rcnn_card, selected_card, tiny_selected

SQUARES = [(104, 104, "red"), (200, 152, "blue")]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_selected(tmp_path_factory.mktemp("models") / "tiny.onnx")


def blurred(seed: int) -> np.ndarray:
    """Colours that run into each other: boxes of all scores, which overlap."""
    rng = np.random.default_rng(seed)
    squares = [(*rng.integers(40, 120, 2).tolist(), "red" if rng.random() < 0.6 else "blue") for _ in range(7)]
    return picture_with_squares(squares, (160, 160))


def same(one: Detections, other: Detections) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("xyxy", "scores", "class_ids")
    )


def test_finds_squares_in_a_batch(model: Path) -> None:
    pipeline = load_pipeline(model)
    frames = [
        frame_of(picture_with_squares([])),
        frame_of(picture_with_squares(SQUARES)),
        frame_of(picture_with_squares([(336, 80, "blue")], (640, 320), side_px=64)),
    ]
    inference = infer(pipeline, frames)
    found = pipeline.select(inference, default_settings(pipeline.card))
    assert [[one.name(i) for i in range(len(one))] for one in found] == [[], ["red", "blue"], ["blue"]]
    np.testing.assert_allclose(found[1].xyxy, [[88, 88, 120, 120], [184, 136, 216, 168]], atol=1e-3)
    np.testing.assert_allclose(found[2].xyxy, [[304, 48, 368, 112]], atol=1e-3)
    pipeline.close()


def test_a_graph_of_one_picture_at_a_time(tmp_path: Path) -> None:
    card = selected_card(input=InputSpec("images", (320, 320), dynamic_batch=False))
    pipeline = load_pipeline(tiny_selected(tmp_path / "one.onnx", card))
    frames = [frame_of(picture_with_squares(squares)) for squares in ([], SQUARES, SQUARES[:1])]
    found = pipeline.select(infer(pipeline, frames), DetectSettings())
    assert [len(one) for one in found] == [0, 2, 1]
    pipeline.close()


@pytest.fixture(scope="module")
def pipeline(model: Path) -> DetectorPipeline:
    return load_pipeline(model)


limits = st.sampled_from([0.0, 0.1, 0.25, 0.4, 0.5, 0.75, 0.9, 1.0])
chosen = st.builds(
    DetectSettings,
    score=limits,
    iou=limits,
    classes=st.sampled_from([None, frozenset({0}), frozenset({1}), frozenset()]),
    class_agnostic=st.booleans(),
    max_detections=st.sampled_from([1, 3, 300]),
)


@settings(max_examples=150)
@given(seed=st.integers(0, 20), before=chosen, after=chosen, raised=st.booleans())
def test_covers_tells_the_truth(
    pipeline: DetectorPipeline, seed: int, before: DetectSettings, after: DetectSettings, raised: bool
) -> None:
    """Where it says yes, the kept outputs give what a new run would."""
    if raised:  # else hardly any pair is covered
        after = replace(after, iou=before.iou, score=max(before.score, after.score))
    frame = frame_of(blurred(seed))
    inference, again = infer(pipeline, [frame], before), infer(pipeline, [frame], after)
    assert pipeline.covers(again, after)
    if pipeline.covers(inference, after):
        assert same(pipeline.select(inference, after)[0], pipeline.select(again, after)[0])
    assert not raised or pipeline.covers(inference, after)


def test_neither_less_score_nor_another_overlap_is_covered(pipeline: DetectorPipeline) -> None:
    def differ(before: DetectSettings, after: DetectSettings) -> bool:
        """Whether any picture shows that a new run is needed; it must be said of all."""
        found = []
        for seed in range(20):
            frame = frame_of(blurred(seed))
            inference = infer(pipeline, [frame], before)
            assert not pipeline.covers(inference, after)
            again = infer(pipeline, [frame], after)
            found.append(not same(pipeline.select(inference, after)[0], pipeline.select(again, after)[0]))
        return any(found)

    assert differ(DetectSettings(score=0.5), DetectSettings(score=0.1))
    assert differ(DetectSettings(iou=0.2, score=0.1), DetectSettings(iou=0.6, score=0.1))
    assert differ(DetectSettings(iou=0.6, score=0.1), DetectSettings(iou=0.2, score=0.1))


def test_what_acts_on_the_host_is_covered(pipeline: DetectorPipeline) -> None:
    inference = infer(pipeline, [frame_of(picture_with_squares(SQUARES))], DetectSettings())
    for after, count in (
        (DetectSettings(classes=frozenset({1})), 1),
        (DetectSettings(max_detections=1), 1),
        (DetectSettings(class_agnostic=True), 2),
        (DetectSettings(score=1.0), 0),
    ):
        assert pipeline.covers(inference, after)
        assert len(pipeline.select(inference, after)[0]) == count


def test_boxes_of_two_classes_suppress_each_other_on_the_host(pipeline: DetectorPipeline) -> None:
    picture = picture_with_squares([(104, 104, "red")])
    picture[88:104, 88:120] = (255, 0, 0)
    loose = DetectSettings(score=0.0, iou=0.3)
    inference = infer(pipeline, [frame_of(picture)], loose)
    apart = pipeline.select(inference, loose)[0]
    together = pipeline.select(inference, replace(loose, class_agnostic=True))[0]
    assert len(together) < len(apart)


def test_without_settings_the_cards_own_count(tmp_path: Path) -> None:
    card = selected_card(thresholds=Thresholds(0.3, 0.6))
    pipeline = load_pipeline(tiny_selected(tmp_path / "own.onnx", card))
    inference = pipeline.run(pipeline.prepare([frame_of(picture_with_squares(SQUARES))]))
    assert (inference.score, inference.iou) == (np.float32(0.3), np.float32(0.6))
    assert pipeline.covers(inference, default_settings(card))
    assert not pipeline.covers(Inference({}, ()), default_settings(card))
    pipeline.close()


def test_the_trace_knows_only_what_the_graph_left(pipeline: DetectorPipeline) -> None:
    inference = infer(pipeline, [frame_of(picture_with_squares(SQUARES))], DetectSettings(score=0.0))
    asked = DetectSettings(score=0.5, classes=frozenset({0}))
    trace = pipeline.trace(inference, asked)
    assert trace.stages[0].name == "graph"
    assert set(trace.last.fates.tolist()) <= {Fate.KEPT, Fate.NOT_WANTED, Fate.BELOW_SCORE}
    kept = trace.last.ids[trace.last.rows(Fate.KEPT)]
    assert kept.tolist() == pipeline.select(inference, asked)[0].candidate_ids.tolist()
    assert trace.last.places is None


def test_what_cannot_be_read_is_refused(model: Path, tmp_path: Path) -> None:
    card = selected_card()
    with pytest.raises(CardInvalidError, match="boxes, scores, class_ids and picture_ids"):
        load_pipeline(model, card=replace(card, outputs=card.outputs[:3]))
    with pytest.raises(CardInvalidError, match="boxes, scores, class_ids and picture_ids"):
        load_pipeline(model, card=replace(card, inside=None))
    other = replace(card, inside=InsideSelection(score_input="least"))
    with pytest.raises(ModelMismatchError, match=r"expected \['images', 'least', 'iou_threshold'\]"):
        load_pipeline(model, card=other)
    with pytest.raises(ModelMismatchError, match="inputs: found"):
        load_pipeline(model, card=faster_rcnn_card())
