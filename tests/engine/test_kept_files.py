"""Sidecars that are damaged, full, of the future or elsewhere, films that end early, and programs side by side."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import threading
from dataclasses import replace
from pathlib import Path

import av
import pytest

from detector_app.engine.analysis import Analysis, AnalysisJob
from detector_app.engine.kept import Subject
from detector_app.engine.kept_settings import kept_settings
from detector_app.engine.threads import step_back
from detector_app.errors import TruncatedError
from detector_app.pipelines.pipeline import DetectSettings, Pipeline, default_settings, infer
from detector_app.result_store.errors import StoreDamagedError, StoreFullError, StoreFutureError
from detector_app.result_store.keys import content_key
from detector_app.result_store.place import SUFFIX, Keep
from detector_app.result_store.store import ResultStore, StoredFrame
from detector_app.sources.opener import open_source
from detector_app.vision.detections import Detections
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.identity import Identity
from tests.engine.keeping import CHOICE, DEMO, Desk, analyse, load_closing, subject_of
from tests.engine.scenes import write_video
from tests.engine.witness import DEADLINE_S


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
    with ResultStore(kept.path, content_key(video)) as reopened:
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
    with ResultStore(kept.path, content_key(video)) as store:
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
