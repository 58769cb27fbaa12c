"""Results as the engine would hand them on, and a disk that is nearly full."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from detector_app.sinks.sink import Sink
from detector_app.vision.classification import Classification
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult, Timings
from tests.sources.clips import numbered

NAMES = ("cup", "bottle", "剪刀")


def result_of(
    index: int,
    *,
    found: int = 1,
    size_wh: tuple[int, int] = (96, 64),
    time_s: float | None = None,
    source: str = "clip.mp4",
) -> FrameResult:
    """Frame ``index``, its number in its pixels, with ``found`` detections low in the picture."""
    width, height = size_wh
    image = (
        numbered(index, width, height) if width >= 64 and height >= 24 else np.full((height, width, 3), 90, np.uint8)
    )
    frame = Frame(image, index, index / 30 if time_s is None else time_s, time.monotonic(), source)
    xyxy = np.array([[4.25 + i, 40.0, 30.5 + i, 60.0] for i in range(found)], np.float32).reshape(-1, 4)
    scores = np.linspace(0.9, 0.5, found).astype(np.float32)
    return FrameResult(frame, Detections(xyxy, scores, np.arange(found) % 3, NAMES), Timings(1.0, 0.5, 10.25, 0.25))


def noisy_result(index: int, side_px: int = 128) -> FrameResult:
    """A frame that cannot be compressed."""
    image = np.random.default_rng(index).integers(0, 255, (side_px, side_px, 3), np.uint8)
    frame = Frame(image, index, index / 30, time.monotonic(), "noise.mp4")
    return FrameResult(frame, result_of(index, found=3).detections)


def write_noise(sink: Sink, frames: int = 20_000) -> None:
    """Write more than the tiny disk holds."""
    for i in range(frames):
        sink.write(noisy_result(i))


def files_in(folder: Path) -> list[str]:
    """Names of all files below ``folder``, hidden ones too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def classified(
    index: int, *, best: int = 1, size_wh: tuple[int, int] = (640, 360), source: str = "clip.mp4"
) -> FrameResult:
    """Frame ``index`` as a classifier sees it: class ``best`` 0.75, the others 0.125; its centre was seen."""
    width, height = size_wh
    frame = Frame(np.full((height, width, 3), 90, np.uint8), index, index / 30, time.monotonic(), source)
    probabilities = np.full(len(NAMES), 0.125, np.float32)
    probabilities[best] = 0.75
    left = float((width - height) // 2)
    seen = Classification(probabilities, NAMES, (left, 0.0, left + height, float(height)))
    return FrameResult.of(frame, seen, Timings(1.0, 0.5, 10.25, 0.25))
