"""What it costs to say why: while frames pass, and while thresholds change on a frame that is held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np

from detector_app.engine.stages import PASSING_FLOOR
from detector_app.model_card import AnchorHead
from detector_app.pipelines.anchor_decoder import AnchorDecoder
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, Pipeline, default_settings, infer
from detector_app.pipelines.trace import Subject, explain
from detector_app.vision.frame import Frame
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.nearby import nearby
from tests.benchmarks.interleaved import interleave
from tests.benchmarks.overhead import frames_of
from tests.benchmarks.report import Chapter, Table, timings

MODELS = ("desk-yolo", "mtcnn", "blood-faster-rcnn")
ANCHORS = ((30.0, 40.0), (60.0, 50.0), (120.0, 90.0))
CLASSES = 80


def what_it_costs(clip: Path, blood: Path, rounds: int) -> Chapter:
    """A frame with and without its trace for each kind of detector, then thresholds on one synthetic frame of 25,200 places."""
    tables = [_passing(name, _frame(name, clip, blood), rounds) for name in MODELS]
    text = (
        "From a frame in memory to boxes as the app does it, one thread, CPU, medians of "
        f"{rounds} interleaved rounds. While frames pass, a trace tells of candidates down to {PASSING_FLOOR}; of a frame that is held it "
        f"tells of every place. The last table: 25,200 places with {CLASSES} classes (640×640, three anchors), of which some hundred "
        "reach the score; thresholds change each round, nothing is inferred."
    )
    return Chapter("Why a box is there", text, "passing ≤ 1.15; thresholds ≤ 16 ms", (*tables, _thresholds(rounds)))


def _frame(name: str, clip: Path, blood: Path) -> Frame:
    """What the model is for, where it is to be had: a frame of the clip else."""
    pictures = sorted(blood.glob("*.jpg")) if name.startswith("blood") and blood.is_dir() else []
    return frames_of(pictures[0])[0] if pictures else frames_of(clip)[30]


def _passing(name: str, frame: Frame, rounds: int) -> Table:
    pipeline = load_pipeline(name, providers=("cpu",), threads=1)
    settings = default_settings(pipeline.card)
    try:
        rows = interleave(
            {
                "without": partial(_whole, pipeline, frame, settings, None),
                "with the trace of a passing frame": partial(_whole, pipeline, frame, settings, PASSING_FLOOR),
                "with the trace of a held frame": partial(_whole, pipeline, frame, settings, 0.0),
            },
            rounds,
        )
    finally:
        pipeline.close()
    return replace(timings(rows), caption=f"{name}, {frame.width_px}×{frame.height_px}:")


def _whole(pipeline: Pipeline, frame: Frame, settings: DetectSettings, floor: float | None) -> None:
    asked = replace(settings, traced=floor is not None)
    inference = infer(pipeline, [frame], asked)
    pipeline.select(inference, asked)
    if floor is not None:
        pipeline.trace(inference, asked, floor=floor)


def _thresholds(rounds: int) -> Table:
    subject = _synthetic()
    below = subject.below(0.0)
    number = count()

    def again(score: float) -> None:
        explain(subject, below, DetectSettings(score=score + next(number) % 50 * 1e-4), 0.0)

    trace = explain(subject, below, DetectSettings(score=0.3), 0.0)
    candidates: dict[str, Callable[[], object]] = {
        f"score about {score}": partial(again, score) for score in (0.3, 0.05, 0.1, 0.6)
    }
    candidates["why is nothing here, five candidates"] = lambda: nearby(trace, 960, 540)
    candidates["the first trace of a frame that is held"] = lambda: explain(
        subject, subject.below(0.0), DetectSettings(), 0.0
    )
    found = timings(interleave(candidates, rounds))
    return replace(found, caption=f"Other thresholds, {len(trace.last):,} candidates:")


def _synthetic() -> Subject:
    """Raw heads with few sure places among many, as those of a trained network."""
    rng = np.random.default_rng(0)
    heads = (AnchorHead("a", 8, ANCHORS), AnchorHead("b", 16, ANCHORS), AnchorHead("c", 32, ANCHORS))
    outputs = {}
    for head, side in zip(heads, (80, 40, 20), strict=True):
        raw = rng.normal(0, 1, (1, 3, 5 + CLASSES, side, side)).astype(np.float32)
        raw[:, :, 4] -= 6
        raw[:, :, 4][rng.random((1, 3, side, side)) < 0.02] += 8
        raw[:, :, 5:] -= 6
        likely = rng.integers(0, CLASSES, (1, 3, 1, side, side))
        np.put_along_axis(raw[:, :, 5:], likely, rng.normal(2, 2, likely.shape).astype(np.float32), axis=2)
        outputs[head.output] = raw.reshape(1, 3 * (5 + CLASSES), side, side)
    letterbox = Letterbox.fit((1920, 1080), (640, 640))
    return Subject(AnchorDecoder(heads), outputs, 0, letterbox, tuple(map(str, range(CLASSES))))
