"""The engine with real files and a real model, from the outside."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import av
import pytest

from detector_app.engine.state import Phase
from detector_app.errors import (
    ModelNotFoundError,
    NotAnOnnxFileError,
    NotAVideoError,
    SourceNotFoundError,
    TruncatedError,
)
from detector_app.pipelines.pipeline import DetectSettings
from tests.engine.scenes import squares_in, write_pictures
from tests.engine.witness import Engine, engine_threads
from tests.sources.clips import cut, number_of


def test_a_video_plays_to_its_end(engine: Engine, media: Path) -> None:
    engine.controller.load_model(str(media / "squares.onnx"))
    engine.wait_model(media / "squares.onnx")
    engine.controller.open(str(media / "video.mp4"))
    engine.wait_phase(Phase.ENDED)
    last = engine.wait_frame(44)
    assert engine.witness.phases[-3:] == [Phase.OPENING, Phase.PLAYING, Phase.ENDED]
    assert engine.witness.shown == sorted(set(engine.witness.shown))
    assert len(last.detections) == squares_in(44)
    figures = engine.controller.statistics()
    assert figures.frames + figures.dropped == 45
    assert figures.run_ms > 0
    assert not engine.witness.errors


def test_without_a_model_a_video_plays_with_no_detections(engine: Engine, media: Path) -> None:
    engine.controller.open(str(media / "short.mp4"))
    assert len(engine.wait_frame(5).detections) == 0
    assert engine.controller.inference_count == 0


def test_the_state_tells_source_and_model(paused: Engine, media: Path) -> None:
    state = paused.wait_phase(Phase.PAUSED)
    assert state.source is not None
    assert (state.source.name, state.source.width_px, state.spec) == ("video.mp4", 320, str(media / "video.mp4"))
    assert state.model is not None
    assert state.model.name == "tiny-squares"
    assert state.placement is not None
    assert state.placement.main == "CPU"


def test_other_settings_on_a_paused_frame_need_no_inference(paused: Engine) -> None:
    paused.witness.wait("two squares", lambda: len(paused.wait_frame(0).detections) == 2)
    runs = paused.controller.inference_count

    def found(settings: DetectSettings, expected: set[int]) -> None:
        paused.controller.change_settings(settings)
        paused.witness.wait(
            f"classes {expected}",
            lambda: (r := paused.controller.latest()) and set(r.detections.class_ids.tolist()) == expected,
        )

    settings = paused.controller.settings
    found(replace(settings, classes=frozenset({1})), {1})
    found(replace(settings, classes=frozenset({0})), {0})
    found(replace(settings, score=1.0), set())
    found(settings, {0, 1})
    assert paused.controller.inference_count == runs
    assert paused.controller.statistics().frames == 1, "a second look is no second frame"


@pytest.mark.parametrize("index", [0, 44, 13, 14, 15, 16, 1, 43])
def test_a_seek_shows_exactly_that_frame(paused: Engine, index: int) -> None:
    paused.controller.seek_index(index)
    result = paused.wait_frame(index)
    assert number_of(result.frame.image_bgr) == index
    assert len(result.detections) == squares_in(index)
    paused.controller.seek((index + 0.5) / 30)
    assert number_of(paused.wait_frame(index).frame.image_bgr) == index
    assert paused.controller.state.phase is Phase.PAUSED


def test_of_wild_seeks_the_last_one_counts(paused: Engine) -> None:
    for i in range(200):
        paused.controller.seek_index(i * 7 % 45)
    paused.controller.seek_index(20)
    assert number_of(paused.wait_frame(20).frame.image_bgr) == 20
    assert len(paused.witness.shown) < 200


def test_seeking_while_it_plays_goes_on_from_there(engine: Engine, media: Path) -> None:
    engine.controller.open(str(media / "video.mp4"))
    engine.wait_phase(Phase.PLAYING)
    engine.controller.seek_index(40)
    engine.wait_phase(Phase.ENDED)
    engine.wait_frame(44)
    assert len(engine.witness.shown) < 45


def test_steps_add_up_and_pause(engine: Engine, media: Path) -> None:
    engine.controller.open(str(media / "video.mp4"), autoplay=False)
    engine.wait_frame(0)
    for frames in (1, 1, 5, -3):
        engine.controller.step(frames)
    engine.wait_frame(4)
    engine.controller.step(-1)
    engine.wait_frame(3)
    engine.controller.step(-100)
    engine.wait_frame(0)
    engine.controller.play()
    engine.wait_phase(Phase.PLAYING)
    engine.controller.step(1)
    engine.wait_phase(Phase.PAUSED)


def test_from_the_end_one_can_step_back_or_play_again(engine: Engine, media: Path) -> None:
    engine.controller.open(str(media / "short.mp4"))
    engine.wait_phase(Phase.ENDED)
    engine.wait_frame(5)
    engine.controller.step(-1)
    engine.wait_frame(4)
    engine.wait_phase(Phase.PAUSED)
    engine.controller.step(9)
    engine.wait_frame(5)
    engine.controller.step(1)
    engine.wait_phase(Phase.ENDED)
    engine.controller.toggle()
    engine.wait_frame(0)
    engine.wait_phase(Phase.ENDED)
    engine.controller.seek_index(2)
    engine.wait_frame(2)
    engine.wait_phase(Phase.PAUSED)


def test_a_loop_begins_again(engine: Engine, media: Path) -> None:
    engine.controller.set_loop(True)
    engine.controller.set_speed(4)
    engine.controller.open(str(media / "short.mp4"))
    engine.witness.wait("the third round", lambda: engine.witness.shown.count(0) >= 3)
    engine.controller.set_loop(False)
    engine.wait_phase(Phase.ENDED)
    assert engine.controller.state.speed == 4


def test_a_loop_over_one_picture_ends(engine: Engine, media: Path) -> None:
    engine.controller.set_loop(True)
    engine.controller.open(str(media / "pictures" / "0.png"))
    engine.wait_phase(Phase.ENDED)
    engine.wait_frame(0)


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_a_speed_that_makes_no_sense_is_ignored(engine: Engine, speed: float) -> None:
    engine.controller.set_speed(speed)
    assert engine.controller.state.speed == 1.0


def test_pause_and_play_before_the_source_is_open(engine: Engine, media: Path) -> None:
    engine.controller.open(str(media / "short.mp4"))
    engine.controller.pause()
    engine.wait_phase(Phase.PAUSED)
    engine.controller.toggle()
    engine.wait_phase(Phase.ENDED)


def test_another_model_looks_at_the_shown_frame_again(paused: Engine, media: Path) -> None:
    before = paused.controller.inference_count
    paused.controller.load_model(str(media / "other.onnx"))
    state = paused.wait_model(media / "other.onnx")
    assert state.model is not None
    assert state.model.name == "other"
    paused.witness.wait("another look", lambda: paused.controller.inference_count == before + 1)
    assert paused.wait_frame(0).frame.index == 0


def test_a_model_that_fails_leaves_the_present_one(paused: Engine, media: Path) -> None:
    paused.controller.load_model(str(media / "text.onnx"))
    paused.wait_error(NotAnOnnxFileError)
    paused.controller.load_model("no-such-model")
    paused.wait_error(ModelNotFoundError)
    assert paused.wait_model(media / "squares.onnx").model is not None
    paused.controller.seek_index(8)
    assert len(paused.wait_frame(8).detections) == 2


def test_bad_sources_fail_with_a_message_and_the_engine_goes_on(engine: Engine, media: Path) -> None:
    engine.controller.open(str(media / "missing.mp4"))
    engine.wait_error(SourceNotFoundError)
    engine.wait_phase(Phase.FAILED)
    engine.controller.open(str(media / "text.mp4"))
    engine.wait_error(NotAVideoError)
    engine.wait_phase(Phase.FAILED)
    engine.controller.seek(1.0)
    engine.controller.play()
    engine.controller.step(-1)
    engine.controller.open(str(media / "short.mp4"))
    engine.wait_phase(Phase.ENDED)


def test_a_truncated_video_shows_what_it_has(engine: Engine, media: Path, tmp_path: Path) -> None:
    whole = tmp_path / "cut.mp4"
    with (
        av.open(str(media / "video.mp4")) as source,
        av.open(str(whole), "w", options={"movflags": "faststart"}) as copy,
    ):
        stream = copy.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                copy.mux(packet)
    engine.controller.open(str(cut(whole, 0.6)))
    error = engine.wait_error(TruncatedError)
    engine.wait_phase(Phase.ENDED)
    frames = int(str(error.details["found"]))
    assert 5 < frames < 45
    engine.controller.seek_index(3)
    engine.wait_frame(3)
    assert len(engine.witness.errors) == 1


def test_a_broken_picture_is_told_once_and_passed_over_both_ways(engine: Engine, media: Path) -> None:
    engine.controller.set_speed(4)
    engine.controller.open(str(media / "pictures"))
    engine.wait_phase(Phase.ENDED)
    engine.wait_frame(4)
    assert engine.witness.shown == [0, 1, 3, 4]
    for index in (3, 1, 0):
        engine.controller.step(-1)
        engine.wait_frame(index)
    for index in (1, 3):
        engine.controller.step(1)
        engine.wait_frame(index)
    engine.controller.seek_index(2)
    engine.wait_frame(3)
    assert [error.where for error in engine.witness.errors] == [str(media / "pictures" / "2.png")]


def test_stepping_back_onto_a_broken_first_picture_comes_back(engine: Engine, tmp_path: Path) -> None:
    engine.controller.open(str(write_pictures(tmp_path / "p", 3, broken=(0,))), autoplay=False)
    engine.wait_frame(1)
    engine.controller.step(-1)
    engine.witness.wait("picture 1 again", lambda: engine.witness.shown == [1, 1])


def test_closing_the_source_leaves_nothing_to_show(paused: Engine) -> None:
    paused.controller.close_source()
    paused.wait_phase(Phase.EMPTY)
    assert paused.controller.latest() is None
    assert paused.controller.state.source is None
    assert paused.controller.state.model is not None


def test_fifty_switches_of_sources_and_models(engine: Engine, media: Path) -> None:
    sources = ["video.mp4", "pictures", "short.mp4", "missing.mp4", "text.mp4"]
    models = ["squares.onnx", "other.onnx", "text.onnx"]
    for i in range(50):
        engine.controller.open(str(media / sources[i % len(sources)]))
        engine.controller.load_model(str(media / models[i % len(models)]))
        if i % 4 == 0:
            engine.witness.wait("a result or an end", lambda: engine.controller.state.phase is not Phase.OPENING)
        engine.controller.seek_index(i)
    engine.controller.load_model(str(media / "squares.onnx"))
    engine.wait_model(media / "squares.onnx")
    engine.controller.open(str(media / "short.mp4"), autoplay=False)
    engine.wait_frame(0)
    engine.controller.seek_index(4)
    assert len(engine.wait_frame(4).detections) == 2
    players = [name for name in engine_threads() if name == "detector-player"]
    assert len(players) == 1


def test_a_source_that_is_replaced_while_it_plays_shows_nothing_of_itself_any_more(engine: Engine, media: Path) -> None:
    engine.controller.open(str(media / "video.mp4"))
    engine.wait_frame(2)
    engine.controller.open(str(media / "pictures"), autoplay=False)
    assert all(result is None or result.frame.source.endswith("0.png") for result in [engine.controller.latest()])
    assert Path(engine.wait_frame(0).frame.source).name == "0.png"


def test_a_file_can_be_deleted_while_it_plays(engine: Engine, media: Path, tmp_path: Path) -> None:
    copy = shutil.copy(media / "video.mp4", tmp_path / "copy.mp4")
    engine.controller.open(str(copy))
    engine.wait_frame(1)
    if os.name == "posix":
        Path(copy).unlink()
    engine.wait_phase(Phase.ENDED)
