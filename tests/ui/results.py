"""Small real values for the widgets' tests: pictures, detections, results, cards, states."""

from __future__ import annotations

import numpy as np

from detector_app.engine.state import EngineState, Phase
from detector_app.model_card import InputSpec, ModelCard, OutputSpec, Thresholds
from detector_app.sources.source import SourceInfo
from detector_app.vision.detections import Detections
from detector_app.vision.frame import BgrImage, Frame
from detector_app.vision.frame_result import FrameResult

CLASSES = ("cup", "bottle", "fork")
Found = tuple[str, float, tuple[float, float, float, float]]


def detections(*found: Found, classes: tuple[str, ...] = CLASSES) -> Detections:
    """Detections from (class, score, xyxy)."""
    return Detections(
        np.array([box for _, _, box in found], np.float32).reshape(-1, 4),
        np.array([score for _, score, _ in found], np.float32),
        np.array([classes.index(name) for name, _, _ in found], np.int64),
        classes,
    )


def plain(width: int = 400, height: int = 300, bgr: tuple[int, int, int] = (40, 80, 120)) -> BgrImage:
    """A picture of one colour."""
    return np.full((height, width, 3), bgr, np.uint8)


def result(*found: Found, image_bgr: BgrImage | None = None, time_s: float = 0.0, index: int = 0) -> FrameResult:
    """A result of one frame."""
    image = plain() if image_bgr is None else image_bgr
    return FrameResult(Frame(image, index, time_s, 0.0, "test"), detections(*found))


def card(classes: tuple[str, ...] = CLASSES) -> ModelCard:
    """A card of a model with these classes."""
    thresholds = Thresholds(score=0.35, iou=0.45)
    spec = InputSpec("images", (320, 320))
    return ModelCard(
        "test", "detect", "yolo_anchor", spec, (OutputSpec("head", "head"),), classes, thresholds=thresholds
    )


VIDEO = SourceInfo("a.mp4", "video", False, True, 400, 300, 30.0, 900, 30.0)
STREAM = SourceInfo("rtsp://host/a", "stream", True, False, 400, 300)
FOLDER = SourceInfo("pictures", "pictures", False, True, 400, 300, 0.0, 12, None)


def state(source: SourceInfo | None = VIDEO, phase: Phase = Phase.PLAYING) -> EngineState:
    """The engine with ``source``."""
    return EngineState(phase=phase, source=source)
