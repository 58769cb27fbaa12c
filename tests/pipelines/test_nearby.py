"""What is said to show a box does show it when the pipeline selects with it, and a little less does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector_app.pipelines.pipeline import DetectSettings
from detector_app.pipelines.selection import select
from detector_app.vision.detections import Detections
from detector_app.vision.nearby import STEP, Change, Reason, nearby
from detector_app.vision.trace import Fate, Trace
from tests.pipelines.test_trace import DECODER, LETTERBOX, NAMES, random_outputs, trace_of

ALLOWANCE = 2 * STEP


def selected(outputs: dict[str, np.ndarray], asked: DetectSettings) -> Detections:
    return select(DECODER.decode(outputs, 0, asked.score), LETTERBOX, asked, NAMES)


def shown(found: Detections, trace: Trace, reason: Reason) -> bool:
    look = trace.last
    pairs = zip(() if found.candidate_ids is None else found.candidate_ids, found.class_ids, strict=True)
    return (look.ids[reason.row], look.class_ids[reason.row]) in set(pairs)


def changed(asked: DetectSettings, change: Change, by: float = 0.0) -> DetectSettings:
    names = {"score": "score", "overlap": "iou", "most": "max_detections"}
    value = change.value + by
    return replace(asked, **{names[change.threshold]: int(value) if change.threshold == "most" else value})


@settings(max_examples=60)
@given(
    st.integers(0, 500),
    st.sampled_from([0.2, 0.4, 0.7]),
    st.sampled_from([0.1, 0.3, 0.6]),
    st.booleans(),
    st.sampled_from([2, 300]),
    st.tuples(st.integers(0, 639), st.integers(0, 479)),
)
def test_a_change_is_enough_and_not_more_than_enough(
    seed: int, score: float, iou: float, agnostic: bool, most: int, at: tuple[int, int]
) -> None:
    outputs = random_outputs(seed)
    asked = DetectSettings(score=score, iou=iou, class_agnostic=agnostic, max_detections=most)
    trace = trace_of(outputs, asked)
    before = selected(outputs, asked)
    for reason in nearby(trace, *at, limit=8):
        assert shown(before, trace, reason) == (reason.fate is Fate.KEPT)
        change = reason.change
        if reason.fate is Fate.KEPT:
            assert change is None
        elif change is not None and change.sure:
            assert shown(selected(outputs, changed(asked, change)), trace, reason)
            less = {"score": ALLOWANCE, "overlap": -ALLOWANCE, "most": -1}[change.threshold]
            nearer = changed(asked, change, less)
            if (nearer.score, nearer.iou) != (asked.score, asked.iou) and nearer.iou >= asked.iou:
                assert not shown(selected(outputs, nearer), trace, reason)


def test_what_would_be_suppressed_anyway_is_told_so() -> None:
    outputs = {"a": np.full((1, 16, 10, 10), -9, np.float32), "b": np.full((1, 8, 5, 5), -9, np.float32)}
    outputs["b"][0, :, 2, 2] = [0, 0, 0, 0, 9, 9, -9, -9]
    outputs["b"][0, :, 2, 3] = [-9, 0, 0, 0, 9, -1, -9, -9]
    trace = trace_of(outputs, DetectSettings(score=0.5))
    first, second = nearby(trace, 320, 320, limit=2)
    assert (first.fate, second.fate) == (Fate.KEPT, Fate.BELOW_SCORE)
    assert second.change is None
    assert (second.then, second.then_by) == (Fate.SUPPRESSED, first.row)
    assert second.then_iou == pytest.approx(0.58, abs=0.01)


def test_far_from_everything_nothing_is_near() -> None:
    outputs = {"a": np.full((1, 16, 10, 10), -9, np.float32), "b": np.full((1, 8, 5, 5), -9, np.float32)}
    outputs["b"][0, :, 2, 2] = [0, 0, 0, 0, 9, 9, -9, -9]
    trace = trace_of(outputs, DetectSettings(), floor=0.5)
    assert nearby(trace, 5, 5) == ()
    assert len(nearby(trace, 320, 240)) == 1
