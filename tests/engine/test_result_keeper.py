"""Results kept while playing and by analysis are those of a run, at any score; nothing is lost, nothing holds playing up."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from detector_app.engine.analysis import Analysis, AnalysisJob, AnalysisProgress, gaps
from detector_app.engine.kept import Kept, Subject
from detector_app.engine.kept_export import export_kept
from detector_app.engine.kept_settings import FLOOR, kept_settings, selected_again
from detector_app.engine.model_loader import ProcessorChoice
from detector_app.engine.result_keeper import ResultKeeper
from detector_app.engine.threads import step_back
from detector_app.errors import DetectorError, TruncatedError
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, Pipeline, default_settings, infer
from detector_app.result_store.errors import StoreDamagedError, StoreFullError, StoreFutureError
from detector_app.result_store.place import SUFFIX, Keep
from detector_app.result_store.store import ResultStore, StoredFrame
from detector_app.sources.opener import open_source
from detector_app.vision.detections import Detections
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.identity import Identity
from tests.engine.scenes import write_video
from tests.engine.witness import DEADLINE_S, Engine

DEMO = Path(__file__).parents[2] / "assets" / "demo.mp4"
CHOICE = ProcessorChoice(providers=("cpu",))


class Desk:
    """A keeper with what it tells."""

    def __init__(self) -> None:
        self.errors: list[DetectorError] = []
        self._changed = threading.Condition()
        self.keeper = ResultKeeper(self._wake, self.errors.append)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def wait(self, condition) -> None:  # type: ignore[no-untyped-def]
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self.kept()), DEADLINE_S)

    def kept(self) -> Kept | None:
        seen: list[Kept] = []
        self.keeper.look(seen.append)
        return seen[0] if seen else None

    def open(self, subject: Subject) -> Kept:
        self.keeper.open(subject)
        self.wait(lambda kept: kept is not None and kept.loaded)
        kept = self.kept()
        assert kept is not None
        return kept


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.keeper.close()
    desk.keeper.thread.join(DEADLINE_S)
    assert not desk.keeper.thread.is_alive()


@pytest.fixture(scope="module")
def squares(media: Path) -> Iterator[Pipeline]:
    pipeline = load_pipeline(media / "squares.onnx")
    yield pipeline
    pipeline.close()


@pytest.fixture
def video(tmp_path: Path) -> Path:
    write_video(tmp_path / "clip.mp4", 12)
    return tmp_path / "clip.mp4"


def subject_of(video: Path, pipeline: Pipeline, model: Path | str, settings: DetectSettings | None = None) -> Subject:
    chosen = kept_settings(pipeline.card, settings or default_settings(pipeline.card))
    source = open_source(str(video))
    info = source.info
    source.close()
    return Subject(video, str(video), info.duration_s or 1.0, info.frame_count, str(model), pipeline.card, chosen)


def analyse(desk: Desk, subject: Subject, stop_after: int | None = None) -> AnalysisProgress:
    told: list[AnalysisProgress] = []
    kept = desk.kept()
    assert kept is not None
    job = AnalysisJob(
        Analysis(subject, None, kept.covered.copy()), desk.keeper, CHOICE, told.append, desk.errors.append
    )
    if stop_after is not None:
        desk.wait(lambda kept: np.count_nonzero(kept.covered) >= stop_after)
        job.stop()
    job.thread.join(DEADLINE_S)
    return told[-1]


def test_analysis_fills_the_sidecar_and_opening_again_needs_no_model(
    desk: Desk, video: Path, squares: Pipeline, media: Path
) -> None:
    subject = subject_of(video, squares, media / "squares.onnx")
    assert not desk.open(subject).complete
    end = analyse(desk, subject)
    assert (end.done, end.total, end.running, end.complete) == (12, 12, False, True)
    assert desk.kept().complete
    counts = {name: desk.kept().levels.counts(name, 0.5).copy() for name in desk.kept().levels.rows(0.5)}
    assert counts
    desk.keeper.open(None)
    again = desk.open(subject)
    assert again.complete
    assert again.path == video.with_name(video.name + SUFFIX)
    for name, before in counts.items():
        np.testing.assert_array_equal(again.levels.counts(name, 0.5), before)
    assert analyse(desk, subject).done == 0
    assert desk.errors == []


def test_a_stopped_analysis_goes_on_where_it_was(desk: Desk, video: Path, squares: Pipeline, media: Path) -> None:
    write_video(video, 150)
    subject = subject_of(video, squares, media / "squares.onnx")
    desk.open(subject)
    first = analyse(desk, subject, stop_after=5)
    assert not first.complete
    assert 5 <= first.done < 150
    kept = int(np.count_nonzero(desk.kept().covered))
    assert analyse(desk, subject).done == 150 - kept
    assert desk.kept().complete


def test_what_was_played_is_kept(engine: Engine, desk: Desk, video: Path, media: Path) -> None:
    engine.controller.add_witness(desk.keeper.witness)
    engine.controller.load_model(str(media / "squares.onnx"))
    engine.wait_model(media / "squares.onnx")
    with load_closing(media / "squares.onnx") as pipeline:
        desk.open(subject_of(video, pipeline, media / "squares.onnx"))
    engine.controller.open(str(video))
    desk.wait(lambda kept: np.count_nonzero(kept.covered) >= 3)
    assert desk.keeper.flush()
    assert desk.kept().levels.rows(0.5)


class load_closing:  # noqa: N801
    def __init__(self, path: Path) -> None:
        self.pipeline = load_pipeline(path)

    def __enter__(self) -> Pipeline:
        return self.pipeline

    def __exit__(self, *_: object) -> None:
        self.pipeline.close()


@pytest.mark.parametrize("model", ["desk-yolo", "mtcnn", "desk-yolo+mtcnn", "blood-faster-rcnn"])
def test_kept_results_are_those_of_a_selection_at_any_score(model: str) -> None:
    source = open_source(str(DEMO))
    source.seek_index(60)
    frame = source.read()
    source.close()
    with load_closing(model) as pipeline:
        base = default_settings(pipeline.card)
        for asked in (
            base,
            replace(base, score=0.1),
            replace(base, score=0.77),
            replace(base, score=0.1, max_detections=2),
            replace(base, classes=frozenset({0, 3})),
            replace(base, score=0.1, class_agnostic=True, classes=frozenset({0})),
            replace(base, score=0.02),
        ):
            kept = kept_settings(pipeline.card, asked)
            assert kept.floor <= max(FLOOR, asked.score)
            inference = infer(pipeline, [frame], asked)
            stored = pipeline.select(inference, kept.select)[0]
            found, again = pipeline.select(inference, asked)[0], selected_again(stored, asked)
            np.testing.assert_array_equal(again.xyxy, found.xyxy)
            np.testing.assert_array_equal(again.scores, found.scores)
            np.testing.assert_array_equal(again.class_ids, found.class_ids)


def test_exports_from_what_was_kept_are_those_of_a_run(
    desk: Desk, video: Path, squares: Pipeline, media: Path, tmp_path: Path
) -> None:
    from detector_app.cli import main

    subject = subject_of(video, squares, media / "squares.onnx")
    kept = desk.open(subject)
    analyse(desk, subject)
    settings = replace(default_settings(squares.card), score=0.6)
    source = open_source(str(video))
    info = source.info
    source.close()
    with ResultStore(kept.path, _content(video)) as store:
        written = export_kept(
            store.frames(kept.run), settings, ("jsonl", "csv", "coco"), tmp_path / "kept", info, str(video)
        )
    assert written == 12
    words = ["run", str(video), "--model", str(media / "squares.onnx"), "--score", "0.6", "--save", "jsonl,csv,coco"]
    assert main([*words, "--out", str(tmp_path / "run")]) == 0
    assert lines_of(tmp_path / "kept" / "clip.jsonl") == lines_of(tmp_path / "run" / "clip.jsonl")
    for name in ("clip.csv", "clip.coco.json"):
        mine, theirs = ((tmp_path / folder / name).read_text() for folder in ("kept", "run"))
        assert without_timings(mine) == without_timings(theirs)


def _content(video: Path) -> str:
    from detector_app.result_store.keys import content_key

    return content_key(video)


def lines_of(path: Path) -> list[dict]:
    records = [json.loads(line) for line in path.read_text().splitlines()]
    return [{name: value for name, value in record.items() if name != "timings_ms"} for record in records]


def without_timings(text: str) -> object:
    if not text.startswith("{"):
        return text
    return {name: value for name, value in json.loads(text).items() if name != "info"}


def test_a_sidecar_from_the_future_is_told_once_and_the_strip_goes_on(
    desk: Desk, video: Path, squares: Pipeline, media: Path
) -> None:
    path = video.with_name(video.name + SUFFIX)
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE later (x)")
    db.execute("PRAGMA user_version = 9")
    db.commit()
    db.close()
    subject = subject_of(video, squares, media / "squares.onnx")
    desk.open(subject)
    analyse(desk, subject)
    assert [type(error) for error in desk.errors] == [StoreFutureError]
    assert desk.kept().complete
    assert desk.kept().path is None


def test_results_of_another_video_or_model_are_not_taken(
    desk: Desk, video: Path, squares: Pipeline, media: Path
) -> None:
    subject = replace(subject_of(video, squares, media / "squares.onnx"), keep=Keep.NOWHERE)
    desk.open(subject)
    source = open_source(str(video))
    frame = source.read()
    source.close()
    inference = infer(squares, [frame], default_settings(squares.card))
    result = FrameResult(replace(frame, source="another.mp4"), squares.select(inference, DetectSettings())[0])
    desk.keeper.witness(result, squares, inference)
    desk.keeper.witness(result, None, None)
    desk.keeper.take(replace(subject, model_name="other"), [])
    assert desk.keeper.flush()
    assert not desk.kept().covered.any()
    assert not list(video.parent.glob(f"*{SUFFIX}"))


def test_gaps_between_what_was_seen() -> None:
    seen = np.array([1, 0, 0, 1, 0], bool)
    assert list(gaps(seen, 5)) == [(1, 3), (4, 5)]
    assert list(gaps(seen, 7)) == [(1, 3), (4, 7)]
    assert list(gaps(seen, None)) == [(1, 3), (4, 5), (5, None)]
    assert list(gaps(np.ones(3, bool), 3)) == []
    assert list(gaps(np.zeros(0, bool), 2)) == [(0, 2)]


def test_results_go_to_the_apps_folder_where_the_folder_cannot_be_written(
    desk: Desk, video: Path, squares: Pipeline, media: Path, tmp_path: Path
) -> None:
    video.with_name(video.name + SUFFIX).mkdir()  # so not even an administrator can open it
    subject = replace(subject_of(video, squares, media / "squares.onnx"), folder=tmp_path / "app")
    kept = desk.open(subject)
    analyse(desk, subject)
    assert kept.path is not None
    assert kept.path.parent == tmp_path / "app"
    assert desk.errors == []


def test_results_that_lie_beside_are_brought_along(
    desk: Desk, video: Path, squares: Pipeline, media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = replace(subject_of(video, squares, media / "squares.onnx"), folder=tmp_path / "app")
    desk.open(subject)
    analyse(desk, subject)
    desk.keeper.open(None)
    monkeypatch.setattr("os.access", lambda *_: False)
    kept = desk.open(subject)
    assert kept.complete
    assert kept.path is not None
    assert kept.path.parent == tmp_path / "app"


def test_a_full_disk_ends_the_analysis_and_the_next_one_goes_on(
    desk: Desk, video: Path, squares: Pipeline, media: Path
) -> None:
    write_video(video, 150)
    subject = subject_of(video, squares, media / "squares.onnx")
    desk.open(subject)
    store = desk.keeper._store
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages + 1}")
    end = analyse(desk, subject)
    assert not end.complete
    assert end.done < 150
    assert [type(error) for error in desk.errors] == [StoreFullError]
    assert desk.kept().failed
    assert desk.kept().path is None
    desk.keeper.open(None)
    kept = desk.open(subject)
    assert 0 < kept.frame_total < 150, "what was written before is there"
    assert analyse(desk, subject).complete
    with ResultStore(kept.path, _content(video)) as reopened:
        assert reopened.indices(kept.run).tolist() == list(range(150))


def test_a_frame_that_is_damaged_within_sets_the_file_aside(
    desk: Desk, video: Path, squares: Pipeline, media: Path
) -> None:
    subject = subject_of(video, squares, media / "squares.onnx")
    path = desk.open(subject).path
    analyse(desk, subject)
    desk.keeper.open(None)
    assert desk.keeper.flush()
    desk.keeper.open(replace(subject, keep=Keep.NOWHERE))
    assert desk.keeper.flush()
    db = sqlite3.connect(path)
    db.execute("UPDATE frame SET boxes = x'00' WHERE idx = 7")
    db.commit()
    db.close()
    kept = desk.open(subject)
    assert [type(error) for error in desk.errors] == [StoreDamagedError]
    assert kept.frame_total == 0
    assert kept.levels.rows(0.0) == []
    assert analyse(desk, subject).done == 12
    assert path.with_name(path.name + ".damaged").is_file()


def test_a_file_that_does_not_say_how_long_it_is_is_complete_after_analysis(
    desk: Desk, tmp_path: Path, squares: Pipeline, media: Path
) -> None:
    video = write_video(tmp_path / "clip.mkv", 12)
    subject = replace(subject_of(video, squares, media / "squares.onnx"), frame_count=None)
    assert not desk.open(subject).complete
    assert analyse(desk, subject).complete
    assert desk.kept().complete
    desk.keeper.open(None)
    assert desk.open(subject).complete, "it is noted in the file"


def test_a_file_that_is_cut_off_is_told_and_then_complete(
    desk: Desk, video: Path, squares: Pipeline, media: Path
) -> None:
    write_video(video, 90)
    subject = subject_of(video, squares, media / "squares.onnx")
    cut = video.with_name("cut.mkv")
    remux(video, cut)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size * 2 // 3])
    subject = replace(subject, video=cut, source=str(cut))
    desk.open(subject)
    end = analyse(desk, subject)
    assert end.complete
    assert 10 < end.done < 90
    assert [type(error) for error in desk.errors] == [TruncatedError]
    assert desk.kept().complete


def remux(source: Path, target: Path) -> None:
    with av.open(str(source)) as given, av.open(str(target), "w") as container:
        stream = container.add_stream_from_template(given.streams.video[0])
        for packet in given.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                container.mux(packet)


def test_a_result_of_former_settings_is_not_kept_under_those_of_now(desk: Desk) -> None:
    with load_closing("mtcnn") as pipeline:
        asked = default_settings(pipeline.card)
        other = replace(asked, cascade=replace(asked.cascade, min_face_px=80.0))
        source = open_source(str(DEMO))
        frame = source.read()
        info = source.info
        source.close()
        subject = Subject(
            DEMO,
            str(DEMO),
            info.duration_s,
            info.frame_count,
            "mtcnn",
            pipeline.card,
            kept_settings(pipeline.card, other),
            Keep.NOWHERE,
        )
        desk.open(subject)
        for settings, seen in ((asked, False), (other, True)):
            inference = infer(pipeline, [frame], settings)
            result = FrameResult(frame, pipeline.select(inference, settings)[0])
            desk.keeper.witness(result, pipeline, inference)
            assert desk.keeper.flush()
            assert desk.kept().covered[0] == seen


def test_analysis_steps_back_for_what_plays() -> None:
    if sys.platform != "linux":
        pytest.skip("threads have a niceness of their own on Linux alone")
    found: list[int] = []

    def look() -> None:
        assert step_back()
        inner = threading.Thread(
            target=lambda: found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        )
        inner.start()
        inner.join()

    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [max(10, own)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == own


def test_people_are_on_the_strip_while_it_is_open_and_never_in_the_file(
    desk: Desk, video: Path, squares: Pipeline, media: Path
) -> None:
    subject = subject_of(video, squares, media / "squares.onnx")
    path = desk.open(subject).path
    source = open_source(str(video))
    frame = source.read()
    source.close()
    inference = infer(squares, [frame], default_settings(squares.card))
    found = squares.select(inference, DetectSettings())[0]
    who = (Identity("Ada Lovelace", 0.2, known=True), Identity("Somebody", 1.2))[: len(found)]
    desk.keeper.witness(FrameResult(frame, replace(found, identities=who)), squares, inference)
    assert desk.keeper.flush()
    assert desk.kept().people.rows(0.5) == ["Ada Lovelace"]
    assert desk.kept().covered[0]
    desk.keeper.open(None)
    assert desk.keeper.flush()
    assert desk.open(subject).people.rows(0.0) == []
    assert b"Lovelace" not in path.read_bytes()


def test_two_programs_may_analyse_the_same_video_at_once(
    desk: Desk, video: Path, squares: Pipeline, media: Path
) -> None:
    write_video(video, 100)
    subject = subject_of(video, squares, media / "squares.onnx")
    other = Desk()
    try:
        jobs, told = [], []
        for one in (desk, other):
            kept = one.open(subject)
            analysis = Analysis(subject, None, kept.covered.copy())
            jobs.append(AnalysisJob(analysis, one.keeper, CHOICE, told.append, one.errors.append))
        for job in jobs:
            job.thread.join(DEADLINE_S)
        assert desk.errors == other.errors == []
        assert desk.kept().complete
        assert other.kept().complete
    finally:
        other.keeper.close()
        other.keeper.thread.join(DEADLINE_S)
    with ResultStore(kept.path, _content(video)) as store:
        assert store.indices(kept.run).tolist() == list(range(100))


def test_another_stage_is_another_model(desk: Desk, video: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DEMO.parent / "models" / "mtcnn", tmp_path / "mtcnn"))
    with load_closing(folder) as pipeline:
        subject = subject_of(video, pipeline, folder)
    desk.open(subject)
    nothing = Detections.empty(subject.card.classes)
    assert desk.keeper.take(subject, [StoredFrame(0, 0.0, 320, 320, nothing)])
    assert desk.keeper.flush()
    desk.keeper.open(None)
    assert desk.open(subject).frame_total == 1
    desk.keeper.open(None)
    with (folder / "onet.onnx").open("ab") as file:
        file.write(b" ")
    assert desk.open(subject).frame_total == 0
