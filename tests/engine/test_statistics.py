"""Medians over a window."""

from __future__ import annotations

import numpy as np
import pytest

from detector_app.engine.statistics import Meter, Statistics
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult, Timings


def result(captured_s: float, run_ms: float = 10.0) -> FrameResult:
    frame = Frame(np.zeros((2, 2, 3), np.uint8), 0, 0.0, captured_s, "test")
    return FrameResult(frame, Detections.empty(), Timings(1.0, 2.0, run_ms, 3.0))


def test_before_the_first_result_all_is_zero() -> None:
    assert Meter().read() == Statistics()


def test_medians_rate_and_age() -> None:
    meter = Meter()
    for i, run_ms in enumerate((10.0, 10.0, 500.0, 12.0, 10.0)):
        meter.add(result(captured_s=i * 0.04, run_ms=run_ms), now_s=i * 0.04 + 0.02)
    meter.add_dropped(3)
    figures = meter.read()
    assert figures.fps == pytest.approx(25)
    assert (figures.decode_ms, figures.prepare_ms, figures.run_ms, figures.select_ms) == (1, 2, 10, 3)
    assert figures.age_ms == pytest.approx(20)
    assert (figures.frames, figures.dropped) == (5, 3)


def test_a_pause_does_not_spoil_the_rate() -> None:
    meter = Meter()
    for now_s in (0.0, 0.1, 0.2, 0.3, 60.0, 60.1, 60.2):
        meter.add(result(now_s), now_s)
    assert meter.read().fps == pytest.approx(10)


def test_only_the_window_counts_but_all_frames_are_counted() -> None:
    meter = Meter(window=3)
    for i in range(10):
        meter.add(result(i, run_ms=float(i)), now_s=float(i))
    assert meter.read().run_ms == 8
    assert meter.read().frames == 10


def test_another_source_begins_at_zero() -> None:
    meter = Meter()
    meter.add(result(0.0), 1.0)
    meter.add_dropped(1)
    meter.restart()
    assert meter.read() == Statistics()
