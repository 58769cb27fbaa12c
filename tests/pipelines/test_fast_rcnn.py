"""Fast R-CNN: pictures and regions that the host proposes."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detector_app.errors import ModelMismatchError, RegionsUnavailableError
from detector_app.model_card import InputSpec
from detector_app.pipelines import host_proposals
from detector_app.pipelines.host_proposals import PICTURE_IDS, PROPOSALS
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, infer
from detector_app.vision.selective_search import propose
from tests.onnx_files import frame_of, picture_with_squares
from tests.region_files import fast_rcnn_card, rcnn_card, tiny_fast_rcnn, tiny_faster_rcnn, tiny_rcnn

SQUARES = [(104, 104, "red"), (200, 152, "blue")]
FIXED = InputSpec("images", (320, 320), dynamic_batch=False)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_fast_rcnn(tmp_path_factory.mktemp("models") / "tiny.onnx")


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph that takes one picture at a time."""
    return tiny_fast_rcnn(tmp_path_factory.mktemp("models") / "fixed.onnx", fast_rcnn_card(input=FIXED))


@pytest.mark.parametrize("kind", ["tiny", "fixed"])
def test_finds_squares_whatever_the_batch(kind: str, request: pytest.FixtureRequest) -> None:
    pipeline = load_pipeline(request.getfixturevalue(kind))
    pictures = [
        picture_with_squares([], (50, 30)),
        picture_with_squares(SQUARES),
        picture_with_squares([(336, 80, "blue")], (640, 320), side_px=64),
    ]
    inference = infer(pipeline, [frame_of(picture) for picture in pictures])
    found = pipeline.select(inference, DetectSettings(score=0.9))
    names = [{one.name(i): one.xyxy[i] for i in range(len(one))} for one in found]
    assert [set(one) for one in names] == [set(), {"red", "blue"}, {"blue"}]
    # Segments of a picture that was shrunk have edges of a few pixels' doubt.
    np.testing.assert_allclose(names[1]["red"], [88, 88, 120, 120], atol=6)
    np.testing.assert_allclose(names[2]["blue"], [304, 48, 368, 112], atol=12)
    for image, picture in enumerate(pictures):
        spec = pipeline.card.regions
        expected = propose(picture, side_px=spec.side_px, scales=spec.scales, most=spec.most)
        trace = pipeline.trace(inference, DetectSettings(), image=image)
        assert trace.stages[0].count == len(expected)
        np.testing.assert_allclose(trace.looks[0].xyxy, expected, atol=1e-2)
        assert trace.looks[0].objectness is None
    pipeline.close()


def test_regions_reach_the_graph_in_pixels_of_its_input(tiny: Path) -> None:
    pipeline = load_pipeline(tiny, rect=False)
    prepared = pipeline.prepare([frame_of(picture_with_squares([(336, 80, "blue")], (640, 320), side_px=64))] * 2)
    regions = prepared.further["regions"]
    assert regions.dtype == np.float32
    assert regions.shape == (2 * (regions[:, 0] == 0).sum(), 5)
    # 640×320 lies as 320×160 below 80 px of padding; the first region is the whole picture.
    assert regions[0].tolist() == [0, 0, 80, 320, 240]
    assert regions[len(regions) // 2].tolist() == [1, 0, 80, 320, 240]
    pipeline.close()


def test_thresholds_act_without_another_search(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = load_pipeline(tiny)
    inference = infer(pipeline, [frame_of(picture_with_squares(SQUARES))])
    pipeline.close()
    monkeypatch.setattr(host_proposals, "propose", None)
    assert pipeline.covers(inference, DetectSettings(score=0.0))
    counts = [len(pipeline.select(inference, DetectSettings(score=score))[0]) for score in (1.0, 0.9, 0.0)]
    assert counts[:2] == [0, 2]
    assert counts[2] > 2
    assert len(inference.outputs[PROPOSALS]) == len(inference.outputs[PICTURE_IDS])


@pytest.mark.parametrize("kind", ["tiny", "fixed"])
def test_no_regions_at_all(kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = load_pipeline(request.getfixturevalue(kind))
    monkeypatch.setattr(host_proposals, "propose", lambda image, **_: np.zeros((0, 4), np.float32))
    inference = infer(pipeline, [frame_of(picture_with_squares(SQUARES))] * 2)
    assert [len(found) for found in pipeline.select(inference, DetectSettings(score=0.0))] == [0, 0]
    assert [len(look) for look in pipeline.trace(inference, DetectSettings(), image=1).looks] == [0, 0]
    pipeline.close()


def test_one_picture_of_a_batch_without_regions(fixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph of one picture at a time is asked with no regions, too."""
    pipeline = load_pipeline(fixed)
    boxes = iter([np.zeros((0, 4), np.float32), np.array([[88, 88, 120, 120]], np.float32)])
    monkeypatch.setattr(host_proposals, "propose", lambda image, **_: next(boxes))
    found = pipeline.select(infer(pipeline, [frame_of(picture_with_squares(SQUARES))] * 2), DetectSettings())
    assert [len(one) for one in found] == [0, 1]
    pipeline.close()


def test_without_scikit_image_opening_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # None in sys.modules is what Python calls a module that cannot be imported.
    for name in [name for name in sys.modules if name.split(".")[0] == "skimage"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "skimage", None)
    for model in (tiny_fast_rcnn(tmp_path / "fast.onnx"), tiny_rcnn(tmp_path / "rcnn.onnx")):
        with pytest.raises(RegionsUnavailableError, match=r'pip install "detector-app\[regions\]"'):
            load_pipeline(model)
    load_pipeline(tiny_faster_rcnn(tmp_path / "faster.onnx")).close()


def test_a_graph_without_its_second_input_is_refused(tmp_path: Path) -> None:
    card = fast_rcnn_card()
    path = tiny_rcnn(tmp_path / "m.onnx", rcnn_card(input=replace(card.input, name="crops")))
    with pytest.raises(ModelMismatchError, match=r"inputs: found \['crops'\], expected \['images', 'regions'\]"):
        load_pipeline(path, card=card)
    other = replace(card, regions=replace(card.regions, input="boxes"))
    path = tiny_fast_rcnn(tmp_path / "n.onnx")
    with pytest.raises(
        ModelMismatchError, match=r"inputs: found \['images', 'regions'\], expected \['images', 'boxes'\]"
    ):
        load_pipeline(path, card=other)


def test_only_its_own_preparation_is_run(tiny: Path) -> None:
    pipeline = load_pipeline(tiny)
    prepared = pipeline.prepare([frame_of(picture_with_squares([]))])
    with pytest.raises(TypeError, match="own prepare"):
        pipeline.run(replace(prepared, proposals=None))
    pipeline.close()
