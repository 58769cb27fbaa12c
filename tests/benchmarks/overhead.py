"""What the app adds to the bare network: for a frame in memory, and for a whole file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from detector_app.engine.batch_plan import FILE_BATCH, BatchPlan
from detector_app.engine.batch_run import BatchRun
from detector_app.model_card import CARD_KEY, ModelCard
from detector_app.pipelines.detector import DetectorPipeline
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import default_settings
from detector_app.sinks.jsonl import JsonLines
from detector_app.sources.opener import open_source
from detector_app.vision.frame import Frame
from tests.benchmarks.interleaved import interleave
from tests.benchmarks.report import Chapter, timings

THREADS = 2


def frames_of(clip: Path) -> list[Frame]:
    """All frames of the clip, in memory."""
    source = open_source(str(clip))
    try:
        return list(iter(source.read, None))
    finally:
        source.close()


def bare_session(model: Path, threads: int) -> onnxruntime.InferenceSession:
    """A session with nothing around it, set up as the app sets up its own: as many threads, no spinning."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def at_size(model: Path, side_px: int, folder: Path) -> Path:
    """The same model with another default input size in its card."""
    graph = onnx.load(str(model))
    card = ModelCard.from_json({entry.key: entry.value for entry in graph.metadata_props}[CARD_KEY], model.name)
    other = replace(card, input=replace(card.input, size_hw=(side_px, side_px)))
    onnx.helper.set_model_props(graph, {CARD_KEY: other.to_json()})
    path = folder / f"{model.stem}-{side_px}.onnx"
    onnx.save(graph, str(path))
    return path


def frame_in_memory(model: Path, clip: Path, rounds: int) -> Chapter:
    """Prepare + run + select against the session alone, on one frame of the clip."""
    pipeline = load_pipeline(model, providers=("cpu",), threads=THREADS)
    padded = load_pipeline(model, providers=("cpu",), threads=THREADS, rect=False)
    settings = default_settings(pipeline.card)
    frame = frames_of(clip)[30]
    square, own = (np.array(p.prepare([frame]).tensor) for p in (padded, pipeline))
    session = bare_session(model, THREADS)
    name = pipeline.card.input.name

    def whole(with_pipeline: DetectorPipeline) -> None:
        with_pipeline.select(with_pipeline.run(with_pipeline.prepare([frame])), settings)

    try:
        rows = interleave(
            {
                f"session.run alone, {size_of(square)}": lambda: session.run(None, {name: square}),
                f"prepare + run + select, {size_of(square)}": lambda: whole(padded),
                f"session.run alone, {size_of(own)}": lambda: session.run(None, {name: own}),
                f"prepare + run + select, {size_of(own)} (as the app does it)": lambda: whole(pipeline),
            },
            rounds,
        )
    finally:
        pipeline.close()
        padded.close()
    text = (
        f"One {frame.width_px}×{frame.height_px} frame of the demo clip, {pipeline.card.name}, batch 1, {THREADS} threads, CPU, "
        f"{rounds} rounds. The first two rows are the model's own square input, padded; the others the frame's aspect. "
        "Ratios are to the first row; the overhead alone is the second against the first, the fourth against the third."
    )
    return Chapter(
        f"A frame in memory, input {size_of(square)}", text, "as the app does it, ratio ≤ 1.05", (timings(rows),)
    )


def end_to_end(model: Path, clip: Path, out: Path, rounds: int) -> Chapter:
    """A whole file through decode, prepare, run, select and a JSONL, against the session alone as many times."""
    pipeline = load_pipeline(model, providers=("cpu",), threads=THREADS)
    padded = load_pipeline(model, providers=("cpu",), threads=THREADS, rect=False)
    frames = frames_of(clip)
    square, own = (np.array(p.prepare([frames[30]]).tensor) for p in (padded, pipeline))
    session = bare_session(model, THREADS)

    def bare(tensor: NDArray[np.generic]) -> None:
        for _ in frames:
            session.run(None, {pipeline.card.input.name: tensor})

    def whole(with_pipeline: DetectorPipeline) -> None:
        source, sink = open_source(str(clip)), JsonLines(out / "bench.jsonl")
        run = BatchRun(source, with_pipeline, [sink], BatchPlan(default_settings(pipeline.card)))
        if not run.wait(600) or not run.report.complete or run.report.frames != len(frames):
            raise RuntimeError(f"the run did not do what is measured: {run.report}")

    try:
        rows = interleave(
            {
                f"session.run alone, {size_of(square)}": lambda: bare(square),
                f"file → JSONL, {size_of(square)}": lambda: whole(padded),
                f"session.run alone, {size_of(own)}": lambda: bare(own),
                f"file → JSONL, {size_of(own)} (as the app does it)": lambda: whole(pipeline),
            },
            rounds,
            warm_up=1,
        )
    finally:
        pipeline.close()
        padded.close()
    text = (
        f"All {len(frames)} frames of the demo clip, {pipeline.card.name}, {THREADS} threads, CPU, {rounds} rounds; "
        f"the app runs {FILE_BATCH} frames at a time, the session alone one."
    )
    return Chapter("A whole file", text, "as the app does it, ratio ≤ 1.10", (timings(rows),))


def size_of(tensor: NDArray[np.generic]) -> str:
    """Height × width of an NCHW tensor."""
    return "×".join(map(str, tensor.shape[2:]))
