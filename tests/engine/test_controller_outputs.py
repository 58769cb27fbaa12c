"""Recordings and exports beside the window: what was shown, playable, and errors told."""

from __future__ import annotations

from pathlib import Path

import av

from detector_app.errors import SinkError
from tests.engine.witness import Engine
from tests.sources.clips import number_of


def test_a_recording_is_a_playable_video_of_what_was_shown(paused: Engine, tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "recording.mp4"
    paused.controller.start_recording(path)
    assert paused.controller.state.recording == path
    for index in (10, 20, 5):
        paused.controller.seek_index(index)
        paused.wait_frame(index)
    paused.controller.stop_recording()
    paused.witness.wait("the file", lambda: paused.witness.states[-1].recording is None)
    with av.open(str(path)) as video:
        numbers = [number_of(frame.to_ndarray(format="bgr24")) for frame in video.decode(video=0)]
    assert numbers == [0, 10, 20, 5]
    assert not paused.witness.errors


def test_another_source_ends_the_recording(paused: Engine, media: Path, tmp_path: Path) -> None:
    paused.controller.start_recording(tmp_path / "a.mp4")
    paused.controller.open(str(media / "short.mp4"))
    paused.witness.wait("its end", lambda: paused.controller.state.recording is None)
    assert (tmp_path / "a.mp4").stat().st_size > 0


def test_a_recording_that_cannot_be_written_is_told(paused: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    paused.controller.start_recording(tmp_path / "file" / "a.mp4")
    paused.wait_error(SinkError)
    paused.witness.wait("its end", lambda: paused.controller.state.recording is None)
    paused.controller.seek_index(7)
    paused.wait_frame(7)


def test_an_export_runs_beside_the_window(paused: Engine, tmp_path: Path) -> None:
    paused.controller.start_export(("jsonl", "csv"), tmp_path)
    paused.controller.seek_index(3)
    paused.wait_frame(3)
    state = paused.witness.wait(
        "the end", lambda: (s := paused.controller.state).export is not None and not s.export.running and s
    )
    assert state.export is not None
    assert (state.export.done, state.export.total) == (45, 45)
    assert len((tmp_path / "video.jsonl").read_text(encoding="utf-8").splitlines()) == 45
    paused.controller.start_export(("jsonl",), tmp_path)
    paused.witness.wait("a second file", lambda: (tmp_path / "video-2.jsonl").exists())
    paused.controller.stop_export()
    paused.witness.wait("its end", lambda: (e := paused.controller.state.export) is not None and not e.running)


def test_an_export_without_a_model_is_refused(engine: Engine, tmp_path: Path) -> None:
    engine.controller.start_export(("jsonl",), tmp_path)
    assert "model" in str(engine.wait_error(SinkError))
