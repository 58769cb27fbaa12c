"""The whole way of a frame through a real graph."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector_app.pipelines.detector import DetectorPipeline
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, Inference
from detector_app.vision.trace import Fate
from tests.onnx_files import frame_of, picture_with_squares, tiny_anchor_model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_anchor_model(tmp_path_factory.mktemp("models") / "tiny.onnx")


def test_finds_squares_where_they_are(tiny: Path) -> None:
    pipeline = load_pipeline(tiny)
    frame = frame_of(picture_with_squares([(104, 104, "red"), (200, 152, "blue")]))
    (found,) = pipeline.select(pipeline.run(pipeline.prepare([frame])), DetectSettings())
    np.testing.assert_allclose(found.xyxy, [[88, 88, 120, 120], [184, 136, 216, 168]], atol=1e-3)
    assert [found.name(i) for i in range(len(found))] == ["red", "blue"]
    assert (found.scores > 0.99).all()
    pipeline.close()


def test_boxes_come_back_to_the_frame(tiny: Path) -> None:
    pipeline = load_pipeline(tiny)
    # 640×480 becomes 320×240 with 40 px above: (208, 208) lies at (104, 144), which is not on a cell's centre, but near one.
    frame = frame_of(picture_with_squares([(208, 208, "red")], (640, 480), side_px=64))
    (found,) = pipeline.select(pipeline.run(pipeline.prepare([frame])), DetectSettings(score=0.2))
    assert len(found) == 2
    assert np.abs(found.xyxy - [176, 176, 240, 240]).max() <= 16 + 1e-3
    pipeline.close()


def test_frames_of_different_sizes_in_one_batch(tiny: Path) -> None:
    pipeline = load_pipeline(tiny)
    frames = [
        frame_of(picture_with_squares([(104, 104, "red")])),
        frame_of(picture_with_squares([], (50, 30))),
        frame_of(picture_with_squares([(336, 80, "blue")], (640, 320), side_px=64)),
    ]
    found = pipeline.select(pipeline.run(pipeline.prepare(frames)), DetectSettings())
    assert [len(one) for one in found] == [1, 0, 1]
    np.testing.assert_allclose(found[0].xyxy, [[88, 88, 120, 120]], atol=1e-3)
    np.testing.assert_allclose(found[2].xyxy, [[304, 48, 368, 112]], atol=1e-3)
    pipeline.close()


def test_the_nearest_input_to_the_frames_aspect_gives_the_same_boxes(tiny: Path) -> None:
    frame = frame_of(picture_with_squares([(336, 80, "blue")], (640, 320), side_px=64))
    boxes = []
    for rect in (False, True):
        pipeline = load_pipeline(tiny, rect=rect)
        prepared = pipeline.prepare([frame])
        assert prepared.tensor.shape[2] == (160 if rect else 320)
        boxes.append(pipeline.select(pipeline.run(prepared), DetectSettings())[0].xyxy)
        pipeline.close()
    np.testing.assert_allclose(*boxes, atol=1e-3)


def test_other_settings_need_no_other_inference(tiny: Path) -> None:
    pipeline = load_pipeline(tiny)
    squares = [(104, 104, "red"), (200, 152, "blue"), (60, 250, "red")]
    inference = pipeline.run(pipeline.prepare([frame_of(picture_with_squares(squares))]))
    pipeline.close()  # nothing below touches the session
    counts = [
        len(pipeline.select(inference, settings)[0])
        for settings in (
            DetectSettings(score=0.95),
            DetectSettings(score=0.5),
            DetectSettings(score=0.5, classes=frozenset({0})),
            DetectSettings(score=0.5, max_detections=1),
        )
    ]
    assert counts == [2, 3, 2, 1]
    trace = pipeline.trace(inference, DetectSettings(score=0.95))
    assert trace.last.fates[:3].tolist() == [Fate.KEPT, Fate.KEPT, Fate.BELOW_SCORE]


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.sampled_from([0.0, 0.05]), st.sampled_from([0.0, 0.01, 0.3, 0.95])), max_size=6
    )
)
def test_what_a_trace_keeps_from_the_last_changes_nothing(
    looked_at: tuple[DetectorPipeline, tuple[Inference, Inference]], asked: list[tuple[int, float, float]]
) -> None:
    pipeline, inferences = looked_at
    for image, floor, score in asked:
        for inference in inferences:
            chosen = DetectSettings(score=score)
            found = pipeline.select(inference, chosen)[image]
            look = pipeline.trace(inference, chosen, image=image, floor=floor).last
            kept = look.rows(Fate.KEPT)
            assert look.ids[kept].tolist() == ([] if found.candidate_ids is None else found.candidate_ids.tolist())
            np.testing.assert_array_equal(look.xyxy[kept], found.xyxy)
            pipeline._below = None
            fresh = pipeline.trace(inference, chosen, image=image, floor=floor).last
            for name in ("xyxy", "measured_xyxy", "before_xyxy", "scores", "class_ids", "ids", "fates", "by", "iou"):
                np.testing.assert_array_equal(getattr(look, name), getattr(fresh, name))
            assert look.considered == fresh.considered == len(np.unique(fresh.ids)) or floor > 0


@pytest.fixture(scope="module")
def looked_at(tiny: Path) -> tuple[DetectorPipeline, tuple[Inference, Inference]]:
    """A pipeline, and two inferences of two pictures each; its session is closed."""
    pipeline = load_pipeline(tiny)
    places = ([(104, 104, "red"), (200, 152, "blue")], [(60, 250, "red")], [])
    pictures = [frame_of(picture_with_squares(at)) for at in places]
    pairs = ((pictures[0], pictures[1]), (pictures[2], pictures[0]))
    first, second = (pipeline.run(pipeline.prepare(pair)) for pair in pairs)
    pipeline.close()
    return pipeline, (first, second)
