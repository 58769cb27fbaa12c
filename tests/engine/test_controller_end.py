"""How the engine ends: at any moment, with nothing left open, running or told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from detector_app.engine.state import Phase
from detector_app.pipelines.pipeline import DetectSettings
from tests.engine.witness import Engine, engine_threads


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files can be counted on Linux only")
def test_no_file_stays_open(media: Path) -> None:
    def open_files() -> list[str]:
        targets = (os.path.realpath(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd"))
        return [target for target in targets if str(media) in target]

    with Engine() as engine:
        for _ in range(5):
            engine.controller.open(str(media / "video.mp4"))
            engine.wait_frame(0)
        assert open_files() == [str(media / "video.mp4")]
    assert open_files() == []


MOMENTS = ("at once", "opening", "loading", "first frame", "seeking", "recording", "exporting", "ended", "failed")


@pytest.mark.parametrize("moment", MOMENTS)
def test_it_can_be_closed_at_any_moment(moment: str, media: Path, tmp_path: Path) -> None:
    with Engine() as engine:
        controller = engine.controller
        if moment in ("loading", "first frame", "exporting"):
            controller.load_model(str(media / "squares.onnx"))
        if moment not in ("at once", "loading"):
            controller.open(str(media / ("missing.mp4" if moment == "failed" else "video.mp4")))
        if moment in ("first frame", "seeking", "recording", "exporting"):
            engine.witness.wait("a frame", controller.latest)
        if moment == "exporting":
            engine.wait_model(media / "squares.onnx")
            controller.start_export(("jsonl", "video"), tmp_path)
        if moment == "seeking":
            controller.seek_index(40)
        if moment == "recording":
            controller.start_recording(tmp_path / "a.mp4")
        if moment in ("ended", "failed"):
            controller.set_speed(4)
            engine.wait_phase(Phase.ENDED if moment == "ended" else Phase.FAILED)
    assert controller.state.phase is Phase.CLOSED
    assert engine.witness.states[-1].phase is Phase.CLOSED


def test_after_the_end_nothing_happens_any_more(media: Path, tmp_path: Path) -> None:
    with Engine() as engine:
        pass
    controller, told = engine.controller, len(engine.witness.states)
    controller.open(str(media / "video.mp4"))
    controller.load_model(str(media / "squares.onnx"))
    controller.play()
    controller.pause()
    controller.toggle()
    controller.step(1)
    controller.seek(1)
    controller.set_speed(2)
    controller.set_loop(True)
    controller.change_settings(DetectSettings())
    controller.start_recording(tmp_path / "a.mp4")
    controller.stop_recording()
    controller.close_source()
    controller.close()
    assert controller.latest() is None
    assert controller.state.phase is Phase.CLOSED
    assert len(engine.witness.states) == told
    assert engine_threads() == []
