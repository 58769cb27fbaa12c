"""Faster R-CNN as one graph, from frames to detections and back to the proposals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detector_app.errors import CardInvalidError, ModelMismatchError
from detector_app.model_card import InputSpec
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, default_settings, infer
from tests.onnx_files import frame_of, picture_with_squares
from tests.region_files import faster_rcnn_card, tiny_faster_rcnn

SQUARES = [(104, 104, "red"), (200, 152, "blue")]
FIXED = InputSpec("images", (320, 320), dynamic_batch=False)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_faster_rcnn(tmp_path_factory.mktemp("models") / "tiny.onnx")


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph that takes one picture at a time."""
    return tiny_faster_rcnn(tmp_path_factory.mktemp("models") / "fixed.onnx", faster_rcnn_card(input=FIXED))


@pytest.mark.parametrize("kind", ["tiny", "fixed"])
def test_finds_squares_whatever_the_batch(kind: str, request: pytest.FixtureRequest) -> None:
    pipeline = load_pipeline(request.getfixturevalue(kind))
    frames = [
        frame_of(picture_with_squares([], (50, 30))),
        frame_of(picture_with_squares(SQUARES)),
        frame_of(picture_with_squares([])),
        frame_of(picture_with_squares([(336, 80, "blue")], (640, 320), side_px=64)),
    ]
    inference = infer(pipeline, frames)
    assert inference.outputs["picture_ids"].tolist() == [1, 1, 3]
    found = pipeline.select(inference, default_settings(pipeline.card))
    assert [[one.name(i) for i in range(len(one))] for one in found] == [[], ["red", "blue"], [], ["blue"]]
    np.testing.assert_allclose(found[1].xyxy, [[88, 88, 120, 120], [184, 136, 216, 168]], atol=1e-3)
    np.testing.assert_allclose(found[3].xyxy, [[304, 48, 368, 112]], atol=1e-3)
    trace = pipeline.trace(inference, DetectSettings(), image=3)
    proposals, candidates = trace.looks
    assert (len(proposals), len(candidates)) == (1, 1)
    assert candidates.parents.tolist() == candidates.places.rank.tolist() == [0]
    assert candidates.objectness == pytest.approx(candidates.scores)
    np.testing.assert_allclose(candidates.before_xyxy, [[304, 48, 368, 112]], atol=1e-3)
    np.testing.assert_array_equal(proposals.xyxy, candidates.before_xyxy)
    pipeline.close()


def test_no_proposals_at_all(tiny: Path) -> None:
    pipeline = load_pipeline(tiny)
    inference = infer(pipeline, [frame_of(picture_with_squares([]))])
    assert inference.outputs["region_scores"].shape == (0, 2)
    (found,) = pipeline.select(inference, DetectSettings(score=0.0))
    assert len(found) == 0
    trace = pipeline.trace(inference, DetectSettings())
    assert [len(look) for look in trace.looks] == [0, 0]
    assert trace.stages[0].count == 0
    pipeline.close()


def test_other_settings_need_no_other_inference(tiny: Path) -> None:
    pipeline = load_pipeline(tiny)
    inference = infer(pipeline, [frame_of(picture_with_squares(SQUARES))])
    pipeline.close()  # nothing below touches the session
    for chosen, count in (
        (DetectSettings(classes=frozenset({0})), 1),
        (DetectSettings(max_detections=1), 1),
        (DetectSettings(score=1.0), 0),
    ):
        assert pipeline.covers(inference, chosen)
        assert len(pipeline.select(inference, chosen)[0]) == count
    everything = pipeline.select(inference, DetectSettings(score=0.0, iou=1.0))[0]
    assert len(everything) == 2 * len(inference.outputs["region_scores"])


def test_inputs_of_the_frames_aspect_give_the_same_boxes(tiny: Path) -> None:
    frame = frame_of(picture_with_squares([(336, 80, "blue")], (640, 320), side_px=64))
    boxes = []
    for rect in (False, True):
        pipeline = load_pipeline(tiny, rect=rect)
        prepared = pipeline.prepare([frame])
        assert prepared.tensor.shape[2] == (160 if rect else 320)
        boxes.append(pipeline.select(pipeline.run(prepared), DetectSettings())[0].xyxy)
        pipeline.close()
    np.testing.assert_allclose(*boxes, atol=1e-3)


def test_proposals_need_not_be_told(tmp_path: Path) -> None:
    card = faster_rcnn_card()
    silent = replace(card, outputs=card.outputs[:3])
    pipeline = load_pipeline(tiny_faster_rcnn(tmp_path / "silent.onnx", silent))
    inference = infer(pipeline, [frame_of(picture_with_squares(SQUARES))])
    assert len(pipeline.select(inference, DetectSettings())[0]) == 2
    trace = pipeline.trace(inference, DetectSettings())
    (look,) = trace.looks
    assert look.places is None
    assert look.before_xyxy is None
    pipeline.close()


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    card = faster_rcnn_card()
    with pytest.raises(CardInvalidError, match="region_boxes and picture_ids"):
        load_pipeline(tiny_faster_rcnn(tmp_path / "m.onnx", replace(card, outputs=card.outputs[:2])))
    with pytest.raises(ModelMismatchError, match=r"shape of region_scores: found \[0, 2\], expected \['any', 3\]"):
        load_pipeline(tiny_faster_rcnn(tmp_path / "m.onnx", replace(card, classes=("a", "b", "c"))))
