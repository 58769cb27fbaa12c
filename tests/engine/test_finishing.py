"""What is to be hidden is looked for whatever a person has chosen to see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detector_app.engine.finishing import careful, narrowed
from detector_app.pipelines.pipeline import CascadeSettings, DetectSettings
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult

CHOSEN = DetectSettings(classes=frozenset({0}), max_detections=1, cascade=CascadeSettings(scan_every=5))


class Hider:
    """Turns the whole picture black, and remembers what it was given."""

    hides = True
    seen = 0

    def __call__(self, result: FrameResult) -> FrameResult:
        self.seen = len(result.detections)
        return replace(result, frame=replace(result.frame, image_bgr=np.zeros_like(result.frame.image_bgr)))


def result() -> FrameResult:
    """A cup, a face and another cup."""
    boxes = np.tile(np.array([[0, 0, 5, 5]], np.float32), (3, 1))
    found = Detections(boxes, np.array([0.9, 0.8, 0.7], np.float32), np.array([0, 1, 0]), ("cup", "face"))
    return FrameResult(Frame(np.full((8, 8, 3), 9, np.uint8), 0, 0.0, 0.0, "x"), found)


def test_all_is_looked_for_and_then_narrowed() -> None:
    hider = Hider()
    settings, finish = careful(CHOSEN, hider)
    assert settings.classes is None
    assert settings.max_detections > 10**6
    assert settings.cascade is not None
    assert settings.cascade.scan_every == 1
    assert finish is not None
    done = finish(result())
    assert hider.seen == 3
    assert done.frame.image_bgr.max() == 0
    assert [done.detections.name(i) for i in range(len(done.detections))] == ["cup"]


@pytest.mark.parametrize("finish", [None, lambda given: given])
def test_without_hiding_nothing_changes(finish: object) -> None:
    assert careful(CHOSEN, finish) == (CHOSEN, finish)  # type: ignore[arg-type]


def test_all_classes_are_all() -> None:
    assert len(narrowed(result(), DetectSettings()).detections) == 3
    assert len(narrowed(result(), DetectSettings(classes=frozenset())).detections) == 0
