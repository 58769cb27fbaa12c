"""A Darknet model, exported here, gives the detections that OpenCV's Darknet importer gave."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np

from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.vision.boxes import iou_matrix
from tests.onnx_files import frame_of

PICTURES = ("dog", "person", "horses", "giraffe", "eagle")
MODEL = "yolo-fastest-1.1-xl"


def test_same_detections(yolo_fastest: Path, shared_data: Path) -> None:
    goldens = json.loads((shared_data / "reference/goldens/yolo_fastest_detections.json").read_text())[MODEL]
    pipeline = load_pipeline(yolo_fastest)
    for name in PICTURES:
        picture = cv2.imread(str(shared_data / f"media/darknet_images/{name}.jpg"))
        (found,) = pipeline.select(pipeline.run(pipeline.prepare([frame_of(picture)])), DetectSettings(0.25, 0.45))
        golden = goldens[f"{name}.jpg"]
        assert [found.name(i) for i in range(len(found))] == [item["class"] for item in golden], name
        np.testing.assert_allclose(found.scores, [item["score"] for item in golden], atol=1e-4)
        boxes = np.array([item["box_xywh"] for item in golden], np.float32)
        boxes[:, 2:] += boxes[:, :2]
        clipped = boxes.clip(0, [picture.shape[1], picture.shape[0]] * 2).astype(np.float32)
        assert np.diag(iou_matrix(found.xyxy, clipped)).min() > 0.99, name
    pipeline.close()
