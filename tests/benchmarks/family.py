"""The detectors of the textbook side by side on one data set: how good, how long to train, how fast, and where the time goes.

``python -m tests.benchmarks --only family`` reads the files that training has left in ``runs/family-blood``: ``NAME.onnx`` by the names of
:data:`MODELS`, and ``NAME.json`` with ``train_minutes``. What is not there is left out.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import onnxruntime

from detector_app.pipelines.fast_rcnn import FastRcnnPipeline
from detector_app.pipelines.host_proposals import search
from detector_app.pipelines.loader import AnyPipeline, load_pipeline
from detector_app.pipelines.pipeline import default_settings, infer
from detector_app.pipelines.profile import read_profile
from detector_app.pipelines.providers import default_threads
from detector_app.pipelines.rcnn import RcnnPipeline
from detector_app.sources.opener import open_source
from detector_app.vision.frame import Frame
from tests.benchmarks.interleaved import interleave
from tests.benchmarks.report import Chapter, Table

MODELS = {
    "rcnn": "R-CNN",
    "fast-rcnn": "Fast R-CNN",
    "faster-rcnn": "Faster R-CNN",
    "yolo-v1": "YOLOv1",
    "yolo": "YOLO with anchors",
}
"""Name of the file → of the model, in the textbook's order."""
GROUPS = {
    "Conv": "convolutions",
    "FusedConv": "convolutions",
    "Gemm": "dense layers",
    "FusedGemm": "dense layers",
    "MatMul": "dense layers",
    "FusedMatMul": "dense layers",
    "RoiAlign": "RoI operation",
    "MaxRoiPool": "RoI operation",
    "NonMaxSuppression": "suppression of proposals",
    "TopK": "suppression of proposals",
}
OTHER = "other nodes"
SEARCH, PREPARE, CUT, SELECT = "selective search", "prepare the pixels", "cut and warp", "select"
COLUMNS = (
    SEARCH,
    PREPARE,
    CUT,
    "convolutions",
    "dense layers",
    "RoI operation",
    "suppression of proposals",
    OTHER,
    SELECT,
)
PROFILED = 5
"""Runs that a profile is the mean of."""
SUFFIXES = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True)
class Spent:
    """Milliseconds of one picture by :data:`COLUMNS`, and how many regions were judged (0 without any)."""

    parts: Mapping[str, float]
    regions: int


def side_by_side(title: str, folder: Path, pictures: Path, rounds: int) -> Chapter:
    """One chapter for the models in ``folder``, timed on the first of ``pictures``."""
    files = {name: folder / f"{name}.onnx" for name in MODELS if (folder / f"{name}.onnx").is_file()}
    shown = sorted(path for path in pictures.iterdir() if path.suffix in SUFFIXES) if pictures.is_dir() else []
    if not files or not shown:
        return Chapter(title, "Not measured here: the trained models, or the pictures to time them on, are not there.")
    frame = _frame(shown[0])
    pipelines = {name: load_pipeline(path, providers=("cpu",)) for name, path in files.items()}
    try:
        rows = interleave(
            {name: partial(_whole, pipeline, frame) for name, pipeline in pipelines.items()}, rounds, warm_up=1
        )
        spent = {
            name: _spent(pipeline, files[name], frame, max(1, rounds // 3)) for name, pipeline in pipelines.items()
        }
        first = tuple(
            (
                MODELS[row.name],
                f"{pipelines[row.name].card.metrics.get('mAP50', float('nan')):.3f}",
                f"{pipelines[row.name].card.metrics.get('mAP50_95', float('nan')):.3f}",
                _minutes(folder / f"{row.name}.json"),
                f"{files[row.name].stat().st_size / 1e6:.1f} MB",
                str(spent[row.name].regions or "–"),
                f"{row.median_ms:.0f} ms",
                f"{row.ratio:.3f}",
            )
            for row in rows
        )
    finally:
        for pipeline in pipelines.values():
            pipeline.close()
    head = ("", "mAP50", "mAP50-95", "training", "file", "regions", "a picture", "ratio")
    goes = tuple((MODELS[name], *(_cell(one.parts.get(part, 0.0)) for part in COLUMNS)) for name, one in spent.items())
    tables = (
        Table(head, first, "How good, how long to train, how fast:"),
        Table(("", *COLUMNS), goes, "Where the milliseconds of a picture go:"),
    )
    text = (
        f"One photograph of {frame.width_px}×{frame.height_px} from memory to boxes by the app's own pipelines, CPU, medians of {rounds} "
        "interleaved rounds; ratios are to the first row. mAP is that of the validation side, as the cards tell it. Training times are "
        "of two processor cores that other work shared, so they say little more than minutes or hours. Operators are counted in ONNX "
        "Runtime's own profile, as shares of the run."
    )
    return Chapter(title, text, tables=tables)


def _frame(path: Path) -> Frame:
    source = open_source(str(path))
    try:
        frame = source.read()
    finally:
        source.close()
    assert frame is not None
    return frame


def _whole(pipeline: AnyPipeline, frame: Frame) -> object:
    settings = default_settings(pipeline.card)
    return pipeline.select(infer(pipeline, [frame], settings), settings)


def _spent(pipeline: AnyPipeline, path: Path, frame: Frame, rounds: int) -> Spent:
    settings, card = default_settings(pipeline.card), pipeline.card
    on_host = isinstance(pipeline, FastRcnnPipeline | RcnnPipeline)
    found: list[dict[str, float]] = []
    regions = 0
    for _ in range(rounds):
        parts = dict.fromkeys((SEARCH, PREPARE, SELECT), 0.0)
        if on_host and card.regions is not None:
            parts[SEARCH] = _timed(partial(search, card.regions, frame.image_bgr))
        inference = infer(pipeline, [frame], settings)
        parts[PREPARE] = max(0.0, inference.prepare_ms - parts[SEARCH])
        parts[SELECT] = _timed(partial(pipeline.select, inference, settings))
        parts["run"] = inference.run_ms
        scores = next((o.name for o in card.outputs if o.role == "region_scores"), None)
        regions = len(inference.outputs[scores]) if scores else 0
        found.append(parts)
    parts = {part: statistics.median(one[part] for one in found) for part in found[0]}
    if isinstance(pipeline, RcnnPipeline):  # its preparation is nothing but crops
        parts[CUT], parts[PREPARE] = parts[PREPARE], 0.0
    graph = _by_group(path, frame)
    # The session profiles itself in other runs than those that were timed: only the shares of its operators count.
    run_ms, profiled_ms = parts.pop("run"), sum(graph.values())
    graph = {group: ms * run_ms / profiled_ms for group, ms in graph.items()}
    return Spent({**parts, **graph}, regions)


def _by_group(path: Path, frame: Frame) -> dict[str, float]:
    """Milliseconds of each group of operators, from a profile of runs on the frame."""
    with tempfile.TemporaryDirectory() as folder:
        profiled = _profiling(path, frame, Path(folder))
        spent: dict[str, float] = {}
        for kernel in read_profile(profiled):
            group = GROUPS.get(kernel.operator, OTHER)
            spent[group] = spent.get(group, 0.0) + kernel.ms / PROFILED
    return spent


def _profiling(path: Path, frame: Frame, folder: Path) -> Path:
    """Run the frame through a session that profiles itself; the app's own session has ended its profile after the first run."""
    pipeline = load_pipeline(path, providers=("cpu",))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = default_threads()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_profiling, options.profile_file_prefix = True, str(folder / "run")
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    own = pipeline._session  # the pipeline runs as it is, only its session tells more
    run = own.run
    try:
        own.run = lambda feed: dict(
            zip([o.name for o in session.get_outputs()], session.run(None, dict(feed)), strict=True)
        )
        for _ in range(PROFILED):
            _whole(pipeline, frame)
    finally:
        own.run = run
        pipeline.close()
    return Path(session.end_profiling())


def _timed(work: object) -> float:
    started = time.perf_counter()
    assert callable(work)
    work()
    return 1000 * (time.perf_counter() - started)


def _minutes(path: Path) -> str:
    return f"{json.loads(path.read_text())['train_minutes']:.0f} min" if path.is_file() else "–"


def _cell(ms: float) -> str:
    return f"{ms:.1f} ms" if ms >= 0.05 else "–"
