"""R-CNN: crops of regions that the host proposes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detector_app.errors import CardInvalidError, ModelMismatchError
from detector_app.model_card import InputSpec
from detector_app.pipelines import host_proposals, rcnn
from detector_app.pipelines.host_proposals import PROPOSALS, Proposals
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, Interrupted, infer
from detector_app.pipelines.rcnn import CropWriter
from detector_app.vision.selective_search import warp
from tests.onnx_files import frame_of, picture_with_squares
from tests.region_files import MOVED, WIDENED, rcnn_card, tiny_rcnn

SQUARES = [(104, 104, "red"), (200, 152, "blue")]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_rcnn(tmp_path_factory.mktemp("models") / "tiny.onnx")


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph that takes one crop at a time."""
    card = rcnn_card()
    card = replace(card, input=replace(card.input, dynamic_batch=False))
    return tiny_rcnn(tmp_path_factory.mktemp("models") / "fixed.onnx", card)


@pytest.mark.parametrize("kind", ["tiny", "fixed"])
def test_finds_squares_and_corrects_them(kind: str, request: pytest.FixtureRequest) -> None:
    pipeline = load_pipeline(request.getfixturevalue(kind))
    frames = [
        frame_of(picture_with_squares([], (50, 30))),
        frame_of(picture_with_squares(SQUARES)),
        frame_of(picture_with_squares([(336, 80, "blue")], (640, 320), side_px=64)),
    ]
    inference = infer(pipeline, frames)
    found = pipeline.select(inference, DetectSettings(score=0.5, iou=0.2))
    assert [sorted(one.name(i) for i in range(len(one))) for one in found] == [[], ["blue", "red"], ["blue"]]
    for image in (1, 2):
        look = pipeline.trace(inference, DetectSettings(iou=0.2), image=image).last
        assert len(look)
        for before, after, class_id in zip(look.before_xyxy, look.xyxy, look.class_ids, strict=True):
            left, top, right, bottom = before
            width, red = right - left, class_id == 0
            centre = (left + right) / 2 + (MOVED * width if red else 0)
            half = width / 2 * (WIDENED if red else 1)
            expected = np.clip([centre - half, top, centre + half, bottom], 0, [640, 320] * 2)
            np.testing.assert_allclose(after, expected, atol=1e-2)
    pipeline.close()


@pytest.mark.parametrize("share", [1, 3, 64, 1000])
def test_crops_go_through_in_shares(tiny: Path, share: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = load_pipeline(tiny)
    frames = [frame_of(picture_with_squares(SQUARES)), frame_of(picture_with_squares([]))]
    expected = infer(whole, frames)
    whole.close()
    monkeypatch.setattr(rcnn, "MOST_CROPS", share)
    pipeline = load_pipeline(tiny)
    inference = infer(pipeline, frames)
    for name, array in expected.outputs.items():
        np.testing.assert_array_equal(inference.outputs[name], array)
    pipeline.close()


def test_cutting_out_counts_as_preparation(tiny: Path) -> None:
    pipeline = load_pipeline(tiny)
    prepared = pipeline.prepare([frame_of(picture_with_squares(SQUARES))])
    inference = pipeline.run(prepared)
    assert inference.prepare_ms > 0
    assert infer(pipeline, prepared.frames).prepare_ms > inference.prepare_ms
    pipeline.close()


def test_thresholds_act_without_another_search_or_run(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = load_pipeline(tiny)
    inference = infer(pipeline, [frame_of(picture_with_squares(SQUARES))])
    pipeline.close()
    monkeypatch.setattr(host_proposals, "propose", None)
    assert pipeline.covers(inference, DetectSettings(score=0.0))
    assert len(pipeline.select(inference, DetectSettings(score=0.0, iou=1.0))[0]) == 2 * len(
        inference.outputs[PROPOSALS]
    )
    assert len(pipeline.select(inference, DetectSettings(score=1.0))[0]) == 0


def test_no_regions_at_all(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = load_pipeline(tiny)
    monkeypatch.setattr(host_proposals, "propose", lambda image, **_: np.zeros((0, 4), np.float32))
    inference = infer(pipeline, [frame_of(picture_with_squares(SQUARES))] * 2)
    assert [len(found) for found in pipeline.select(inference, DetectSettings(score=0.0))] == [0, 0]
    assert [len(look) for look in pipeline.trace(inference, DetectSettings()).looks] == [0, 0]
    pipeline.close()


def test_interrupted_it_ends_between_two_shares(tiny: Path) -> None:
    pipeline = load_pipeline(tiny)
    prepared = pipeline.prepare([frame_of(picture_with_squares(SQUARES))])
    pipeline.interrupt()
    with pytest.raises(Interrupted):
        pipeline.run(prepared)
    pipeline.close()


SPECS = {
    "plain": InputSpec("crops", (9, 12)),
    "channels last": InputSpec("crops", (9, 12), layout="NHWC"),
    "BGR": InputSpec("crops", (9, 12), channel_order="BGR", scale=1.0, mean=(104.0, 117.0, 123.0)),
    "bytes": InputSpec("crops", (9, 12), layout="NHWC", dtype="uint8"),
    "half": InputSpec("crops", (9, 12), dtype="float16"),
    "mean and std": InputSpec("crops", (9, 12), mean=(0.4, 0.5, 0.6), std=(0.2, 0.3, 0.4)),
}


@pytest.mark.parametrize("spec", SPECS.values(), ids=list(SPECS))
def test_crops_are_what_the_card_says(spec: InputSpec) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    boxes = np.array([[0, 0, 50, 40], [10, 5, 20, 30], [45, 30, 60, 50]], np.float32)
    found = CropWriter(spec, 0.1).cut([frame_of(picture)], Proposals(boxes, np.zeros(3, np.int64)), slice(0, 3))
    assert found.dtype == spec.dtype
    assert found.shape == ((3, 3, 9, 12) if spec.layout == "NCHW" else (3, 9, 12, 3))
    for crop, box in zip(found, boxes, strict=True):
        warped = warp(picture, box, (9, 12), context=0.1, fill=spec.pad_value)
        ordered = warped[..., ::-1] if spec.channel_order == "RGB" else warped
        expected = ordered if spec.dtype == "uint8" else (ordered * spec.scale - spec.mean) / spec.std
        seen = crop.transpose(1, 2, 0) if spec.layout == "NCHW" else crop
        np.testing.assert_allclose(seen, expected, atol=1e-3 if spec.dtype == "float16" else 1e-4)


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    card = rcnn_card()
    with pytest.raises(CardInvalidError, match="region_scores and region_deltas"):
        load_pipeline(tiny_rcnn(tmp_path / "m.onnx", replace(card, outputs=card.outputs[:1])))
    with pytest.raises(ModelMismatchError, match=r"shape of region_scores"):
        load_pipeline(tiny_rcnn(tmp_path / "m.onnx", replace(card, classes=("a", "b", "c"))))
