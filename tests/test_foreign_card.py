"""Files of other exporters, read from their own metadata."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from detector_app.errors import CardInvalidError, DecoderUnknownError, ModelMismatchError
from detector_app.model_card import SizeRange
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, default_settings
from tests.onnx_files import frame_of, picture_with_squares, tiny_dense_model, ultralytics_metadata

SQUARES = [(104, 104, "red"), (200, 152, "blue")]


@pytest.mark.parametrize("dynamic", [True, False])
@pytest.mark.parametrize("objectness", [True, False], ids=["v5", "v8"])
def test_finds_the_squares(tmp_path: Path, objectness: bool, dynamic: bool) -> None:
    pipeline = load_pipeline(tiny_dense_model(tmp_path / "m.onnx", objectness=objectness, dynamic=dynamic))
    frames = [frame_of(picture_with_squares(SQUARES)), frame_of(picture_with_squares(SQUARES[1:]))]
    both, one = pipeline.select(pipeline.run(pipeline.prepare(frames)), default_settings(pipeline.card))
    np.testing.assert_allclose(both.xyxy, [[88, 88, 120, 120], [184, 136, 216, 168]], atol=1e-2)
    assert [both.name(i) for i in range(2)] == ["red", "blue"]
    assert [one.name(i) for i in range(len(one))] == ["blue"]
    pipeline.close()


def test_card_of_a_dynamic_file(tmp_path: Path) -> None:
    card = load_pipeline(
        tiny_dense_model(tmp_path / "wide.onnx", metadata=ultralytics_metadata(imgsz="[192, 320]"))
    ).card
    assert (card.name, card.classes, card.licence) == ("wide", ("red", "blue"), "AGPL-3.0")
    assert card.producer == "Ultralytics 8.3.0"
    assert card.input.size_hw == (192, 320)
    assert card.input.dynamic == SizeRange(32, 4096, 32)
    assert card.input.dynamic_batch
    assert card.outputs[0].role == "dense"
    assert (card.thresholds.score, card.thresholds.iou) == (0.25, 0.7)


def test_dynamic_files_get_the_least_padding_as_in_their_own_package(tmp_path: Path) -> None:
    frame = frame_of(picture_with_squares([], (640, 360)))
    path = tiny_dense_model(tmp_path / "m.onnx")
    assert load_pipeline(path).prepare([frame]).tensor.shape == (1, 3, 192, 320)
    assert load_pipeline(path, rect=False).prepare([frame]).tensor.shape == (1, 3, 320, 320)


def test_what_yolov5_writes(tmp_path: Path) -> None:
    metadata = {"stride": "32", "names": "['red', 'blue']"}
    card = load_pipeline(tiny_dense_model(tmp_path / "m.onnx", objectness=True, metadata=metadata)).card
    assert card.classes == ("red", "blue")
    assert card.input.size_hw == (640, 640)
    assert (card.outputs[0].role, card.thresholds.iou) == ("dense_objectness", 0.45)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"task": "segment"}, DecoderUnknownError, "Ultralytics segment"),
        ({"end2end": "True"}, DecoderUnknownError, "NMS inside"),
        ({"args": "{'nms': True}"}, DecoderUnknownError, "NMS inside"),
        ({"names": "__import__('os').abort()"}, CardInvalidError, "names"),
        ({"names": "{1: 'red', 2: 'blue'}"}, CardInvalidError, "numbered from 0"),
        ({"names": "{0: 'red', 'x': 'blue'}"}, CardInvalidError, "numbered from 0"),
        ({"names": "(" * 5000}, CardInvalidError, "names"),
        ({"names": "{}"}, CardInvalidError, "names"),
        ({"stride": "big"}, CardInvalidError, "stride"),
        ({"stride": "0"}, CardInvalidError, "stride"),
        ({"imgsz": "[320]"}, CardInvalidError, "imgsz"),
        ({"imgsz": "[0, 320]"}, CardInvalidError, "imgsz"),
        ({"names": "{0: 'red'}"}, ModelMismatchError, r"\(N, 5, A\) or \(N, A, 6\) for its 1 classes"),
    ],
)
def test_metadata_that_cannot_be_used(
    tmp_path: Path, changes: dict[str, str], error: type[Exception], words: str
) -> None:
    path = tiny_dense_model(tmp_path / "m.onnx", metadata=ultralytics_metadata(**changes))
    with pytest.raises(error, match=words):
        load_pipeline(path)


@pytest.mark.peer
@pytest.mark.parametrize("dynamic", [True, False])
@pytest.mark.parametrize("size", [(320, 320), (640, 427), (333, 517)])
def test_same_boxes_as_the_package_itself(tmp_path: Path, size: tuple[int, int], dynamic: bool) -> None:
    ultralytics = pytest.importorskip("ultralytics")
    args = f"{{'dynamic': {dynamic}}}"
    path = tiny_dense_model(tmp_path / "m.onnx", dynamic=dynamic, metadata=ultralytics_metadata(args=args))
    noise = np.random.default_rng(1).integers(0, 256, (9, 9, 3), np.uint8)
    picture = cv2.resize(noise, size, interpolation=cv2.INTER_CUBIC)
    package = ultralytics.YOLO(str(path), task="detect")
    # Told the size, because for dynamic files the package takes 640 and not what the file was exported with.
    theirs = package.predict(picture, imgsz=320, conf=0.001, iou=0.5, verbose=False)[0].boxes
    pipeline = load_pipeline(path)
    (ours,) = pipeline.select(pipeline.run(pipeline.prepare([frame_of(picture)])), DetectSettings(score=0.001, iou=0.5))
    assert len(ours) == len(theirs) > 5
    np.testing.assert_allclose(ours.scores, theirs.conf.numpy(), atol=1e-5)
    np.testing.assert_array_equal(ours.class_ids, theirs.cls.numpy())
    np.testing.assert_allclose(ours.xyxy, theirs.xyxy.numpy(), atol=1e-2)
    pipeline.close()
