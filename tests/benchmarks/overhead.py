"""What the app adds to the bare network: for a frame in memory, and for a whole file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from detector_app.engine.batch_plan import BatchPlan
from detector_app.engine.batch_run import BatchRun
from detector_app.model_card import CARD_KEY, ModelCard
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import default_settings
from detector_app.sinks.jsonl import JsonLines
from detector_app.sources.opener import open_source
from detector_app.vision.frame import Frame
from tests.benchmarks.interleaved import interleave
from tests.benchmarks.report import Chapter

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
    settings = default_settings(pipeline.card)
    frame = frames_of(clip)[30]
    tensor = np.array(pipeline.prepare([frame]).tensor)
    session = bare_session(model, THREADS)

    def whole() -> None:
        pipeline.select(pipeline.run(pipeline.prepare([frame])), settings)

    names = [output.name for output in session.get_outputs()]
    feed = {pipeline.card.input.name: tensor}
    try:
        rows = interleave(
            {"session.run alone": lambda: session.run(names, feed), "prepare + run + select": whole}, rounds
        )
    finally:
        pipeline.close()
    size = "×".join(map(str, tensor.shape[2:]))
    text = (
        f"One {frame.width_px}×{frame.height_px} frame of the demo clip, {pipeline.card.name} at {size}, batch 1, "
        f"{THREADS} threads, CPU, {rounds} rounds."
    )
    return Chapter(f"A frame in memory, input {size}", text, "ratio ≤ 1.05", rows)


def end_to_end(model: Path, clip: Path, out: Path, rounds: int) -> Chapter:
    """A whole file through decode, prepare, run, select and a JSONL, against the session alone as many times."""
    pipeline = load_pipeline(model, providers=("cpu",), threads=THREADS)
    frames = frames_of(clip)
    tensor = np.array(pipeline.prepare([frames[30]]).tensor)
    session = bare_session(model, THREADS)
    feed = {pipeline.card.input.name: tensor}

    def bare() -> None:
        for _ in frames:
            session.run(None, feed)

    def whole() -> None:
        source, sink = open_source(str(clip)), JsonLines(out / "bench.jsonl")
        run = BatchRun(source, pipeline, [sink], BatchPlan(default_settings(pipeline.card)))
        if not run.wait(600) or not run.report.complete or run.report.frames != len(frames):
            raise RuntimeError(f"the run did not do what is measured: {run.report}")

    try:
        rows = interleave({"session.run alone": bare, "file → JSONL": whole}, rounds, warm_up=1)
    finally:
        pipeline.close()
    text = f"All {len(frames)} frames of the demo clip, {pipeline.card.name}, {THREADS} threads, CPU, {rounds} rounds."
    return Chapter("A whole file", text, "ratio ≤ 1.10", rows)
