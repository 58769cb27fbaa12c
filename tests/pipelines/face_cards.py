"""Cards of the face detectors among the shared weights, written out by hand as their own projects document them, and how they are run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detector_app.model_card import InputSpec, ModelCard, OutputSpec, SizeRange, Thresholds
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import default_settings, infer
from detector_app.vision.detections import Detections
from tests.onnx_files import frame_of

YUNET_ROLES = {"cls": "face_class", "obj": "face_object", "bbox": "face_box", "kps": "face_points"}


def yunet_card(*, dynamic: bool = False, size_hw: tuple[int, int] = (640, 640), **changes: Any) -> ModelCard:
    """Of libfacedetection's export: BGR as it is, padded with black; ``changes`` are of the input."""
    spec = InputSpec(
        "input",
        size_hw,
        SizeRange(32, 4096, 32) if dynamic else None,
        dynamic_batch=dynamic,
        channel_order="BGR",
        scale=1.0,
        pad_value=0,
    )
    outputs = tuple(
        OutputSpec(f"{name}_{stride}", f"{role}_{stride}")
        for name, role in YUNET_ROLES.items()
        for stride in (8, 16, 32)
    )
    thresholds = Thresholds(0.6, 0.3)
    return ModelCard("yunet", "faces", "yunet", replace(spec, **changes), outputs, ("face",), thresholds=thresholds)


def ultraface_card(*, finished: bool, softmaxed: bool = True, **changes: Any) -> ModelCard:
    """RGB (x − 127) / 128 stretched to 320×240; ``changes`` are of the input."""
    spec = InputSpec(
        "input", (240, 320), dynamic_batch=False, scale=1.0, mean=(127.0,) * 3, std=(128.0,) * 3, resize="stretch"
    )
    outputs = (
        OutputSpec("scores", "face_scores" if softmaxed else "face_logits"),
        OutputSpec("boxes", "face_corners" if finished else "face_offsets"),
    )
    thresholds = Thresholds(0.7, 0.3)
    return ModelCard(
        "ultraface", "faces", "ultraface", replace(spec, **changes), outputs, ("face",), thresholds=thresholds
    )


def found_with(path: Path | str, card: ModelCard | None, pictures: list[NDArray[np.uint8]]) -> list[Detections]:
    """What the model finds in each picture with the card's own thresholds."""
    pipeline = load_pipeline(path, card=card, threads=1)
    try:
        settings = default_settings(pipeline.card)
        return [pipeline.select(infer(pipeline, [frame_of(p)], settings), settings)[0] for p in pictures]  # type: ignore[misc]
    finally:
        pipeline.close()


def portraits(shared_data: Path, count: int = 12) -> list[NDArray[np.uint8]]:
    """Photographs with clear faces."""
    files = sorted((shared_data / "faces" / "azure_faces").glob("*.jpg"))
    files = [*files[:: max(1, len(files) // count)], shared_data / "media" / "mtcnn_ipazc_images" / "ivan.jpg"]
    pictures = [cv2.imread(str(file)) for file in files]
    return [np.asarray(picture, np.uint8) for picture in pictures if picture is not None]
