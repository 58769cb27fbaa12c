"""Detectors that search a picture for regions first, and graphs that select for themselves, in the engine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detector_app.engine.batch_plan import FILE_BATCH, BatchPlan
from detector_app.engine.batch_run import BatchRun
from detector_app.engine.state import Phase
from detector_app.pipelines import host_proposals, rcnn
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.sinks.opener import open_sinks
from detector_app.sources.opener import open_source
from detector_app.vision.selective_search import propose
from tests.engine.witness import DEADLINE_S, Engine, engine_threads
from tests.region_files import tiny_fast_rcnn, tiny_faster_rcnn, tiny_rcnn, tiny_selected

MAKERS = {"fast": tiny_fast_rcnn, "faster": tiny_faster_rcnn, "rcnn": tiny_rcnn, "selected": tiny_selected}


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("two-stages")
    return {name: make(folder / f"{name}.onnx") for name, make in MAKERS.items()}


def open_paused(engine: Engine, model: Path, media: Path) -> None:
    engine.controller.load_model(str(model))
    engine.wait_model(model)
    engine.controller.open(str(media / "video.mp4"), autoplay=False)
    engine.witness.wait("squares", lambda: len(engine.wait_frame(0).detections))


def change(engine: Engine, settings: DetectSettings, expected: int) -> None:
    engine.controller.change_settings(settings)
    engine.witness.wait(f"{expected} boxes", lambda: len(engine.wait_frame(0).detections) == expected)


@pytest.mark.parametrize("name", ["fast", "faster", "rcnn"])
def test_sliders_search_nothing_again(
    engine: Engine, models: dict[str, Path], media: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_paused(engine, models[name], media)
    monkeypatch.setattr(host_proposals, "propose", None)
    settings = replace(engine.controller.settings, iou=0.1)
    change(engine, replace(settings, score=1.0), 0)
    change(engine, replace(settings, score=0.6), 2)
    change(engine, replace(settings, score=0.6, classes=frozenset({1})), 1)
    assert engine.controller.inference_count == 1
    timings = engine.wait_frame(0).timings
    assert timings.prepare_ms > 0
    assert timings.run_ms > 0


def test_a_graph_that_selects_for_itself_runs_again_only_for_more(
    engine: Engine, models: dict[str, Path], media: Path
) -> None:
    open_paused(engine, models["selected"], media)
    settings = engine.controller.settings
    change(engine, replace(settings, score=1.0), 0)
    change(engine, settings, 2)
    change(engine, replace(settings, classes=frozenset({0})), 1)
    assert engine.controller.inference_count == 1
    engine.controller.change_settings(replace(settings, score=0.0, iou=0.0))
    engine.witness.wait("more boxes", lambda: len(engine.wait_frame(0).detections) > 2)
    assert engine.controller.inference_count == 2
    assert engine.controller.statistics().frames == 1, "a second look is no second frame"


class Gate:
    """Stands in a function and holds whoever calls it from a moment on, until it is opened."""

    def __init__(self, function: Any) -> None:
        self._function = function
        self.reached, self.opened = threading.Event(), threading.Event()
        self.calls = 0

    def __call__(self, *args: Any, **options: Any) -> Any:
        self.calls += 1
        self.reached.set()
        assert self.opened.wait(DEADLINE_S)
        return self._function(*args, **options)


@pytest.fixture
def held_search(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """The search for regions of whole frames is held; that of the small picture when a model is opened is not."""
    gate = Gate(propose)
    monkeypatch.setattr(
        host_proposals, "propose", lambda image, **how: (propose if len(image) < 100 else gate)(image, **how)
    )
    yield gate
    gate.opened.set()


def test_a_slow_search_leaves_frames_out_and_never_holds_the_player(
    engine: Engine, models: dict[str, Path], media: Path, held_search: Gate
) -> None:
    engine.controller.load_model(str(models["fast"]))
    engine.wait_model(models["fast"])
    engine.controller.open(str(media / "video.mp4"))
    assert held_search.reached.wait(DEADLINE_S)
    engine.wait_phase(Phase.ENDED)
    held_search.opened.set()
    assert len(engine.wait_frame(44).detections) == 2
    assert engine.witness.shown[-1] == 44
    assert len(engine.witness.shown) <= 3, "the newest frame wins"
    figures = engine.controller.statistics()
    assert figures.frames + figures.dropped == 45


@pytest.fixture
def held_crops(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Crops go through one by one, and the first is held until the run is interrupted."""
    gate = Gate(rcnn.CropWriter.cut)
    interrupt = rcnn.RcnnPipeline.interrupt

    def interrupt_and_open(pipeline: rcnn.RcnnPipeline) -> None:
        interrupt(pipeline)
        gate.opened.set()

    monkeypatch.setattr(rcnn, "MOST_CROPS", 1)
    monkeypatch.setattr(rcnn.CropWriter, "cut", lambda *args: gate(*args))
    monkeypatch.setattr(rcnn.RcnnPipeline, "interrupt", interrupt_and_open)
    yield gate
    gate.opened.set()


def begin_crops(engine: Engine, model: Path, media: Path, gate: Gate) -> None:
    engine.controller.load_model(str(model))
    engine.wait_model(model)
    engine.controller.open(str(media / "video.mp4"), autoplay=False)
    assert gate.reached.wait(DEADLINE_S)


def test_another_model_does_not_wait_for_hundreds_of_crops(
    engine: Engine, models: dict[str, Path], media: Path, held_crops: Gate
) -> None:
    begin_crops(engine, models["rcnn"], media, held_crops)
    engine.controller.load_model(str(models["faster"]))
    engine.wait_model(models["faster"])
    result = engine.witness.wait("the other model", engine.controller.latest)
    assert len(result.detections) == 2
    assert held_crops.calls == 1, "the first model went on with its crops"
    assert engine.controller.statistics().frames == 1
    assert not engine.witness.errors


def test_closing_does_not_wait_for_hundreds_of_crops(
    engine: Engine, models: dict[str, Path], media: Path, held_crops: Gate
) -> None:
    begin_crops(engine, models["rcnn"], media, held_crops)
    engine.controller.close(DEADLINE_S)
    assert engine_threads() == []
    assert held_crops.calls == 1
    assert not engine.witness.errors


def test_a_cancelled_run_begins_no_other_search(
    models: dict[str, Path], media: Path, tmp_path: Path, held_search: Gate
) -> None:
    pipeline = load_pipeline(models["fast"])
    source = open_source(str(media / "video.mp4"))
    plan = BatchPlan(DetectSettings())
    assert plan.batch_for(source.info, pipeline.card) == 1 < FILE_BATCH == plan.batch_for(source.info)
    run = BatchRun(source, pipeline, open_sinks(("jsonl",), tmp_path, "video", source.info), plan)
    assert held_search.reached.wait(DEADLINE_S)
    run.cancel()
    held_search.opened.set()
    assert run.wait(DEADLINE_S)
    assert run.report.cancelled
    assert run.report.frames == held_search.calls == 1, "the frame under way is still written, no other is begun"
    (line,) = (tmp_path / "video.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(json.loads(line)["detections"]) == 2
    pipeline.close()


@pytest.mark.parametrize("name", list(MAKERS))
def test_a_whole_video_is_the_same_in_batches_and_frame_by_frame(
    models: dict[str, Path], media: Path, tmp_path: Path, name: str
) -> None:
    pipeline = load_pipeline(models[name])
    found = []
    for batch in (1, 3):
        source = open_source(str(media / "short.mp4"))
        sinks = open_sinks(("jsonl",), tmp_path, f"{name}-{batch}", source.info)
        run = BatchRun(source, pipeline, sinks, BatchPlan(DetectSettings(score=0.6, iou=0.1), batch=batch))
        assert run.wait(DEADLINE_S)
        assert run.report.complete
        lines = (tmp_path / f"{name}-{batch}.jsonl").read_text(encoding="utf-8").splitlines()
        found.append([[d["xyxy"] for d in json.loads(line)["detections"]] for line in lines])
    assert [len(one) for one in found[0]] == [2, 1, 2, 1, 2, 1]
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, atol=0.02)
    pipeline.close()
