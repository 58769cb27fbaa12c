"""Whole sources through a real detector into real files: nothing is lost, whatever happens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from detector_app.engine.batch_plan import FILE_BATCH, BatchPlan
from detector_app.engine.batch_run import BatchReport, BatchRun
from detector_app.errors import DiskFullError, InferenceError, SinkError, SourceError, TruncatedError
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, Inference, Pipeline, Prepared
from detector_app.sinks.opener import KINDS, open_sinks
from detector_app.sinks.sink import Sink
from detector_app.sources.opener import open_source
from detector_app.sources.video_file import VideoFile
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.zones import Layout
from tests.engine.scenes import squares_in
from tests.engine.witness import engine_threads
from tests.sinks.conftest import tiny_disk as tiny_disk
from tests.sources.clips import number_of

DEADLINE_S = 60
PLAN = BatchPlan(DetectSettings())


@pytest.fixture(scope="module")
def pipeline(media: Path) -> Iterator[Pipeline]:
    pipeline = load_pipeline(media / "squares.onnx")
    yield pipeline
    pipeline.close()


class Collector:
    """Keeps what it gets; stands for any receiver."""

    def __init__(self) -> None:
        self.results: list[FrameResult] = []
        self.closed = 0

    @property
    def path(self) -> Path:
        return Path("nowhere")

    def write(self, result: FrameResult) -> None:
        self.results.append(result)

    def close(self) -> None:
        self.closed += 1

    @property
    def numbers(self) -> list[int]:
        """Frame numbers as they came."""
        return [result.frame.index for result in self.results]


class Refusing(Collector):
    """Cannot take the frame of a certain number, nor be closed."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def write(self, result: FrameResult) -> None:
        if result.frame.index == self._number:
            raise SinkError("here", detail="a test")
        super().write(result)

    def close(self) -> None:
        super().close()
        raise SinkError("here", detail="cannot be closed either")


def run_to_end(run: BatchRun) -> BatchReport:
    assert run.wait(DEADLINE_S)
    assert engine_threads() == []
    return run.report


@pytest.mark.parametrize("batch", [1, 4, 100])
def test_every_frame_once_in_order(media: Path, pipeline: Pipeline, batch: int) -> None:
    sink = Collector()
    source = open_source(str(media / "video.mp4"))
    report = run_to_end(BatchRun(source, pipeline, [sink], BatchPlan(DetectSettings(), batch=batch)))
    assert report == BatchReport(frames=45, detections=sum(squares_in(i) for i in range(45)))
    assert report.complete
    assert [number_of(result.frame.image_bgr) for result in sink.results] == list(range(45))
    assert [len(result.detections) for result in sink.results] == [squares_in(i) for i in range(45)]
    assert all(r.timings.decode_ms > 0 and r.timings.run_ms > 0 for r in sink.results)
    assert sink.closed == 1


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (BatchPlan(DetectSettings(), every=10), [0, 10, 20, 30, 40]),
        (BatchPlan(DetectSettings(), start_s=1.0), list(range(30, 45))),
        (BatchPlan(DetectSettings(), end_s=0.2), list(range(6))),
        (BatchPlan(DetectSettings(), start_s=0.5, end_s=1.0, every=4), [15, 19, 23, 27]),
        (BatchPlan(DetectSettings(), start_s=0.999, end_s=1.01), [29, 30]),
        (BatchPlan(DetectSettings(), start_s=1.49), [44]),
        (BatchPlan(DetectSettings(), start_s=1.5), []),
    ],
)
def test_a_part_of_a_video(media: Path, pipeline: Pipeline, plan: BatchPlan, expected: list[int]) -> None:
    sink = Collector()
    source = open_source(str(media / "video.mp4"))
    assert plan.total(source.info) == pytest.approx(len(expected), abs=2)
    run_to_end(BatchRun(source, pipeline, [sink], plan))
    assert sink.numbers == expected


def test_all_kinds_of_files(media: Path, pipeline: Pipeline, tmp_path: Path) -> None:
    source = open_source(str(media / "video.mp4"))
    sinks = open_sinks(KINDS, tmp_path, "video", source.info, layout=Layout())
    assert run_to_end(BatchRun(source, pipeline, sinks, PLAN)).complete
    lines = [json.loads(line) for line in (tmp_path / "video.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["index"] for line in lines] == list(range(45))
    assert {d["class_name"] for line in lines for d in line["detections"]} == {"red", "blue"}
    assert decoded(tmp_path / "video.mp4") == 45
    assert all(sink.path.exists() for sink in sinks)


def decoded(path: Path) -> int:
    """How many frames a video has."""
    with av.open(str(path)) as video:
        return sum(1 for _ in video.decode(video=0))


def test_a_broken_picture_is_told_and_skipped(media: Path, pipeline: Pipeline) -> None:
    sink = Collector()
    report = run_to_end(BatchRun(open_source(str(media / "pictures")), pipeline, [sink], PLAN))
    assert sink.numbers == [0, 1, 3, 4]
    assert [Path(error.where).name for error in report.skipped] == ["2.png"]
    assert report.error is None
    assert not report.complete


def test_a_truncated_video_is_done_as_far_as_it_goes(media: Path, pipeline: Pipeline, tmp_path: Path) -> None:
    short = tmp_path / "cut.mkv"
    with av.open(str(media / "video.mp4")) as source, av.open(str(short), "w") as copy:
        stream = copy.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                copy.mux(packet)
    data = short.read_bytes()
    short.write_bytes(data[: len(data) // 2])
    sink = Collector()
    report = run_to_end(BatchRun(open_source(str(short)), pipeline, [sink], PLAN))
    assert isinstance(report.error, TruncatedError)
    assert sink.numbers == list(range(report.frames))
    assert 0 < report.frames < 45
    assert sink.closed == 1


def test_a_receiver_that_fails_ends_the_run_and_all_are_closed(media: Path, pipeline: Pipeline) -> None:
    good, bad = Collector(), Refusing(7)
    report = run_to_end(BatchRun(open_source(str(media / "video.mp4")), pipeline, [good, bad], PLAN))
    assert isinstance(report.error, SinkError)
    assert "a test" in str(report.error), "the first error is the cause"
    assert good.numbers == list(range(8))
    assert (good.closed, bad.closed) == (1, 1)


def test_a_full_disk_leaves_what_was_written(media: Path, pipeline: Pipeline, tiny_disk: Path) -> None:
    source = open_source(str(media / "video.mp4"))
    (tiny_disk / "ballast").write_bytes(b"0" * 200_000)
    sinks = open_sinks(("jsonl", "frames"), tiny_disk, "video", source.info)
    report = run_to_end(BatchRun(source, pipeline, sinks, PLAN))
    assert isinstance(report.error, DiskFullError)
    assert 0 < report.frames < 45
    lines = (tiny_disk / "video.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["index"] for line in lines[: report.frames]] == list(range(report.frames))


class FailingLate:
    """The real pipeline, whose session breaks at the tenth run."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._runs = 0
        self.card, self.placement = pipeline.card, pipeline.placement
        self.prepare, self.select, self.close = pipeline.prepare, pipeline.select, pipeline.close

    def run(self, prepared: Prepared) -> Inference:
        self._runs += 1
        if self._runs == 10:
            raise InferenceError("tiny", detail="a test")
        return self._pipeline.run(prepared)


def test_what_was_inferred_before_a_failure_is_still_written(media: Path, pipeline: Pipeline) -> None:
    sink = Collector()
    report = run_to_end(BatchRun(open_source(str(media / "video.mp4")), FailingLate(pipeline), [sink], PLAN))
    assert isinstance(report.error, InferenceError)
    assert sink.numbers == list(range(9 * FILE_BATCH))


def test_files_go_in_batches_and_live_sources_do_not(media: Path) -> None:
    source = open_source(str(media / "video.mp4"))
    source.close()
    assert PLAN.batch_for(source.info) == FILE_BATCH > 1
    assert PLAN.batch_for(replace(source.info, live=True)) == 1
    assert BatchPlan(DetectSettings(), batch=3).batch_for(source.info) == 3


def test_cancelled_it_ends_in_order(media: Path, pipeline: Pipeline, tmp_path: Path) -> None:
    source = open_source(str(media / "video.mp4"))
    sinks: list[Sink] = open_sinks(("video", "jsonl"), tmp_path, "video", source.info)
    run = BatchRun(source, pipeline, sinks, PLAN)
    run.cancel()
    report = run_to_end(run)
    assert report.cancelled
    assert not report.complete
    lines = (tmp_path / "video.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["index"] for line in lines] == list(range(report.frames))
    assert report.frames == 0 or decoded(tmp_path / "video.mp4") == report.frames


def test_cancelling_after_the_end_changes_nothing(media: Path, pipeline: Pipeline) -> None:
    run = BatchRun(open_source(str(media / "short.mp4")), pipeline, [], PLAN)
    before = run_to_end(run)
    run.cancel()
    assert run.report == before
    assert before.complete


def test_the_source_is_closed(media: Path, pipeline: Pipeline) -> None:
    source = VideoFile(media / "short.mp4")
    run_to_end(BatchRun(source, pipeline, [], PLAN))
    assert source.read() is None


def test_pictures_larger_than_the_budget_go_through_in_batches(
    media: Path, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detector_app.engine.batch_run.MOST_BYTES", 1)
    sink = Collector()
    source = open_source(str(media / "video.mp4"))
    assert run_to_end(BatchRun(source, pipeline, [sink], BatchPlan(DetectSettings(), batch=8))).frames == 45


def test_the_total_of_a_part_is_known(media: Path) -> None:
    source = open_source(str(media / "video.mp4"))
    assert PLAN.total(source.info) == 45
    assert BatchPlan(DetectSettings(), every=2).total(source.info) == 23
    assert BatchPlan(DetectSettings(), start_s=100.0).total(source.info) == 0
    source.close()


def test_a_folder_without_good_pictures_says_so(tmp_path: Path) -> None:
    (tmp_path / "0.png").write_bytes(b"nothing")
    with pytest.raises(SourceError):
        open_source(str(tmp_path))


def test_results_are_finished_before_they_are_counted_and_written(pipeline: Pipeline, media: Path) -> None:
    sink = Collector()

    def first_only(result: FrameResult) -> FrameResult:
        return replace(result, detections=result.detections.take(np.arange(min(1, len(result.detections)))))

    run = BatchRun(open_source(str(media / "video.mp4")), pipeline, [sink], PLAN, first_only)
    assert run.wait(DEADLINE_S)
    assert run.report.complete
    assert run.report.detections == sum(len(result.detections) for result in sink.results)
    assert {len(result.detections) for result in sink.results} == {min(1, squares_in(i)) for i in range(20)}


def test_a_run_whose_finish_fails_writes_nothing_unfinished(pipeline: Pipeline, media: Path) -> None:
    sink = Collector()

    def failing(result: FrameResult) -> FrameResult:
        if result.frame.index == 3:
            raise InferenceError("names", detail="a test")
        return result

    run = BatchRun(open_source(str(media / "video.mp4")), pipeline, [sink], PLAN, failing)
    assert run.wait(DEADLINE_S)
    assert isinstance(run.report.error, InferenceError)
    assert sink.numbers == [0, 1, 2]
