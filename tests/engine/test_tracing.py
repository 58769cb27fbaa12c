"""Results that say what became of every candidate, while they are asked for."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np

from detector_app.engine.stages import PASSING_FLOOR
from detector_app.engine.state import Phase
from detector_app.pipelines.embedded import assets_folder, embedded_models
from detector_app.vision.trace import Fate, Trace
from tests.engine.witness import Engine


def traced(engine: Engine) -> Trace:
    engine.controller.set_tracing(True)
    return engine.witness.wait("a trace", lambda: getattr(engine.controller.latest(), "trace", None))


def test_nothing_is_traced_unless_it_is_asked_for(paused: Engine) -> None:
    assert paused.wait_frame(0).trace is None
    trace = traced(paused)
    found = paused.wait_frame(0).detections
    assert trace.last.ids[trace.last.rows(Fate.KEPT)].tolist() == found.candidate_ids.tolist()
    assert len(set(trace.last.ids.tolist())) == trace.last.considered == trace.stages[0].count
    paused.controller.set_tracing(False)
    paused.witness.wait("no trace", lambda: paused.wait_frame(0).trace is None)
    assert paused.controller.inference_count == 1


def test_a_threshold_changes_the_trace_without_an_inference(paused: Engine) -> None:
    before = traced(paused)
    paused.controller.change_settings(replace(paused.controller.settings, score=0.999999))
    after = paused.witness.wait(
        "another trace", lambda: (t := paused.wait_frame(0).trace) and t.last.least_score > 0.9 and t
    )
    assert after.last.count(Fate.KEPT) == len(paused.wait_frame(0).detections)
    assert len(after.last) == len(before.last)
    np.testing.assert_array_equal(after.last.scores, before.last.scores)
    assert paused.controller.inference_count == 1


def test_passing_frames_tell_of_the_better_candidates_and_a_held_one_of_all(paused: Engine) -> None:
    traced(paused)
    paused.controller.play()
    passing = paused.witness.wait(
        "a passing trace",
        lambda: (r := paused.controller.latest()) and r.frame.index > 2 and r.trace is not None and r.trace,
    )
    assert passing.floor == PASSING_FLOOR
    paused.controller.pause()
    held = paused.witness.wait(
        "a held trace", lambda: (r := paused.controller.latest()) and r.trace is not None and r.trace.floor == 0 and r
    )
    assert len(set(held.trace.last.ids.tolist())) == held.trace.last.considered


def test_a_cascade_looks_once_more_to_tell_of_its_earlier_stages(engine: Engine) -> None:
    """The run before kept nothing of them; from then on thresholds of the last stage need no run."""
    engine.controller.load_model("mtcnn")
    engine.wait_model("mtcnn")
    engine.controller.open(str(assets_folder() / "demo.mp4"), autoplay=False)
    assert engine.wait_frame(0).trace is None
    first = traced(engine)
    assert [look.name for look in first.looks] == ["P-Net", "R-Net", "O-Net"]
    assert engine.controller.inference_count == 2
    engine.controller.change_settings(replace(engine.controller.settings, score=0.123))
    after = engine.witness.wait("another", lambda: (t := engine.wait_frame(0).trace) and t.last.least_score < 0.2 and t)
    assert len(after.looks) == 3
    assert engine.controller.inference_count == 2


def test_a_classifier_has_no_trace(engine: Engine, media: Path) -> None:
    engine.controller.load_model(str(embedded_models()["lenet-digits"]))
    engine.wait_model(embedded_models()["lenet-digits"])
    engine.controller.set_tracing(True)
    engine.controller.open(str(media / "video.mp4"), autoplay=False)
    result = engine.wait_frame(0)
    assert result.trace is None
    assert result.classification is not None


def test_the_last_frame_of_a_file_is_held(engine: Engine, media: Path) -> None:
    engine.controller.load_model(str(media / "squares.onnx"))
    engine.wait_model(media / "squares.onnx")
    engine.controller.set_tracing(True)
    engine.controller.open(str(media / "short.mp4"))
    engine.wait_phase(Phase.ENDED)
    engine.witness.wait("every candidate of it", lambda: (t := engine.wait_frame(5).trace) and t.floor == 0)


def test_a_frame_under_way_when_a_pause_is_asked_for_is_held(engine: Engine, media: Path) -> None:
    """Wherever in its way the frame is: the pause comes a little later each time."""
    engine.controller.load_model(str(media / "squares.onnx"))
    engine.wait_model(media / "squares.onnx")
    engine.controller.set_tracing(True)
    engine.controller.set_loop(True)
    engine.controller.open(str(media / "video.mp4"), autoplay=False)
    engine.wait_frame(0)
    for turn in range(12):
        seen = engine.controller.inference_count
        engine.controller.play()
        engine.witness.wait("frames", lambda seen=seen: engine.controller.inference_count > seen + 1)
        threading.Event().wait(turn / 1000)
        engine.controller.pause()
        engine.witness.wait("every candidate", lambda: (r := engine.controller.latest()).trace.floor == 0 and r)
