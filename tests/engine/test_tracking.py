"""Ids of boxes that move as one knows, of squares in a real engine, and of real bottles."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from detector_app.engine.batch_plan import BatchPlan
from detector_app.engine.batch_run import BatchRun
from detector_app.engine.state import Phase
from detector_app.engine.tracked_frames import MOST_FRAMES, SeenFrame, SeenFrames
from detector_app.engine.tracking import Tracker, TrackOptions, sought
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import DetectSettings, default_settings, infer
from detector_app.sinks.opener import open_sinks
from detector_app.sources.opener import open_source
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.zones import CountingLine, Layout
from tests.engine.witness import DEADLINE_S, Engine

FPS = 30
SETTINGS = DetectSettings(score=0.4)
PICTURE = np.zeros((400, 800, 3), np.uint8)
BOTTLES = Path(__file__).parents[3] / "shared/data/media/intel_sample_videos/bottle-detection.mp4"


def result(index: int, boxes: dict[str, float], *, score: float = 0.9, time_s: float | None = None) -> FrameResult:
    """``boxes``: class letter and row of a thing ("a0") → its middle from the left; 40 px wide, 60 apart downwards."""
    xyxy = [(x - 20, 60 * int(key[1]), x + 20, 60 * int(key[1]) + 40) for key, x in boxes.items()]
    ids = np.array([ord(key[0]) - ord("a") for key in boxes], np.int64)
    found = Detections(
        np.array(xyxy, np.float32).reshape(-1, 4), np.full(len(boxes), score, np.float32), ids, ("a", "b")
    )
    return FrameResult(Frame(PICTURE, index, index / FPS if time_s is None else time_s, 0.0, "x"), found)


def ids(tracker: Tracker, index: int, boxes: dict[str, float], score: float = 0.9) -> list[int]:
    """Ids after one more frame."""
    found = tracker.step(result(index, boxes, score=score), SETTINGS).detections.track_ids
    assert found is not None
    return found.tolist()


def moving(index: int) -> dict[str, float]:
    return {"a0": 100 + 4 * index, "a1": 700 - 4 * index, "b0": 100 + 4 * index}


def test_the_second_frame_gives_ids_and_they_stay() -> None:
    tracker = Tracker()
    assert ids(tracker, 0, moving(0)) == [-1, -1, -1]
    first = ids(tracker, 1, moving(1))
    assert sorted(first) == [1, 2, 3]
    assert all(ids(tracker, i, moving(i)) == first for i in range(2, 60))


def test_classes_do_not_exchange_ids() -> None:
    tracker = Tracker()
    for i in range(3):
        ids(tracker, i, {"a0": 100})
    assert ids(tracker, 3, {"b0": 100}) == [-1]
    assert ids(tracker, 4, {"b0": 100}) == [2]


def test_hidden_for_ten_frames_is_the_same_and_for_two_seconds_is_not() -> None:
    tracker = Tracker()
    for i in range(20):
        ids(tracker, i, {"a0": 100 + 2 * i})
    for i in range(20, 30):
        ids(tracker, i, {})
    assert ids(tracker, 30, {"a0": 160}) == [1]
    for i in range(31, 95):
        ids(tracker, i, {})
    ids(tracker, 95, {"a0": 290})
    assert ids(tracker, 96, {"a0": 292}) == [2]


def test_frames_that_were_left_out_are_longer_steps() -> None:
    tracker = Tracker()
    for i in (*range(0, 10), 13, 17, 19, 24):
        last = ids(tracker, i, {"a0": 100 + 6 * i})
    assert last == [1]


def test_weak_boxes_keep_a_track_and_are_not_shown() -> None:
    tracker = Tracker()
    for i in range(10):
        ids(tracker, i, {"a0": 100 + 4 * i})
    for i in range(10, 60):
        assert ids(tracker, i, {"a0": 100 + 4 * i}, score=0.25) == []
    assert ids(tracker, 60, {"a0": 340}) == [1]


def test_the_same_frame_again_changes_nothing() -> None:
    tracker, other = Tracker(), Tracker()
    for i in range(30):
        once = ids(tracker, i, moving(i))
        assert [ids(tracker, i, moving(i)) for _ in range(3)] == [once] * 3
        assert ids(other, i, moving(i)) == once
    assert ids(tracker, 29, {"b0": 216}) == [once[2]]


def test_going_back_shows_the_ids_of_then_and_going_on_goes_on() -> None:
    tracker = Tracker()
    before = [ids(tracker, i, moving(i)) for i in range(40)]
    assert [ids(tracker, i, moving(i)) for i in range(5, 40)] == before[5:]
    assert ids(tracker, 40, moving(40)) == before[-1]


def test_going_on_where_one_was_before_a_jump_keeps_ids() -> None:
    tracker = Tracker()
    before = [ids(tracker, i, moving(i)) for i in range(40)]
    far = [ids(tracker, i, {"a0": 400}) for i in range(300, 310)]
    assert far[-1] == [4]
    assert ids(tracker, 40, moving(40)) == before[-1]
    assert ids(tracker, 305, {"a0": 400}) == [4]


def test_a_frame_left_out_between_seen_ones_borrows_their_ids() -> None:
    tracker = Tracker()
    for i in range(0, 40, 2):
        last = ids(tracker, i, moving(i))
    assert ids(tracker, 21, moving(21)) == last
    assert ids(tracker, 40, moving(40)) == last


def test_a_jump_ends_tracks_and_a_restart_begins_at_one() -> None:
    tracker = Tracker()
    for i in range(5):
        ids(tracker, i, {"a0": 100})
    ids(tracker, 100, {"a0": 100})
    assert ids(tracker, 101, {"a0": 100}) == [2]
    tracker.restart()
    ids(tracker, 0, {"a0": 100})
    assert ids(tracker, 1, {"a0": 100}) == [1]


def test_nothing_to_follow() -> None:
    tracker = Tracker()
    assert ids(tracker, 0, {}) == []
    assert tracker.trails(result(0, {})) == ()


def test_trails_and_counts() -> None:
    tracker = Tracker(TrackOptions(Layout((CountingLine("door", (0.25, 1.0), (0.25, 0.0)),))))
    for i in range(80):
        shown = tracker.step(result(i, {"a0": 100 + 4 * i}), SETTINGS)
    (trail,) = tracker.trails(shown)
    assert trail.track_id == 1
    assert trail.points_xy[:, 0].tolist() == [100 + 4 * i for i in range(19, 80)]
    assert trail.ages_s[-1] == 0
    assert tracker.counts().lines[0].into == {"a": 1}
    for i in range(10, 60):
        ids(tracker, i, {"a0": 100 + 4 * i})
    assert tracker.counts().lines[0].into == {"a": 1}
    tracker.reset_counts()
    assert tracker.counts().lines[0].into == {}


def test_what_is_kept_is_bounded() -> None:
    seen = SeenFrames()
    empty = Detections.empty()
    for i in range(MOST_FRAMES + 10):
        seen.add(SeenFrame(i, i / FPS, 0.4, empty.xyxy, empty.scores, empty.class_ids, empty.class_ids))
    assert len(seen) == MOST_FRAMES
    assert seen.like(5, 5 / FPS, 1.0) is None
    assert seen.like(50, 50 / FPS, 1.0) is not None


@pytest.mark.parametrize("name", ["desk-yolo", "mtcnn"])
def test_selecting_lower_changes_nothing_that_is_shown(name: str) -> None:
    pipeline, source = load_pipeline(name), open_source(str(Path(__file__).parents[2] / "assets/demo.mp4"))
    settings, tracker = default_settings(pipeline.card), Tracker()
    try:
        for _ in range(3):
            frame = source.read()
            assert frame is not None
            inference = infer(pipeline, [frame], sought(settings))
            plain = pipeline.select(inference, settings)[0]
            wide = pipeline.select(inference, sought(settings))[0]
            assert isinstance(plain, Detections)
            shown = tracker.step(FrameResult.of(frame, wide, result(0, {}).timings), settings).detections
            assert np.array_equal(shown.xyxy, plain.xyxy)
            assert np.array_equal(shown.scores, plain.scores)
    finally:
        source.close()
        pipeline.close()


def run(
    video: Path, model: str, folder: Path, end_s: float | None = None
) -> list[list[tuple[int | None, list[float]]]]:
    """Ids and boxes of each frame, as ``run --track`` writes them."""
    source, pipeline = open_source(str(video)), load_pipeline(model)
    sinks = open_sinks(("jsonl",), folder, "x", source.info, layout=Layout())
    plan = BatchPlan(default_settings(pipeline.card), end_s=end_s)
    batch = BatchRun(source, pipeline, sinks, plan, tracker=Tracker())
    assert batch.wait(DEADLINE_S)
    pipeline.close()
    assert batch.report.complete
    lines = [json.loads(line) for line in (folder / "x.jsonl").read_text(encoding="utf-8").splitlines()]
    return [[(one["track_id"], one["xyxy"]) for one in line["detections"]] for line in lines]


def test_what_is_shown_has_the_ids_of_a_run(media: Path, tmp_path: Path) -> None:
    written = run(media / "video.mp4", str(media / "squares.onnx"), tmp_path / "one")
    assert written == run(media / "video.mp4", str(media / "squares.onnx"), tmp_path / "two")
    # The red square stays; the blue one is in every second frame, never twice running, and so is not followed.
    assert [sorted({number or 0 for number, _ in frame}) for frame in written[1:3]] == [[1], [0, 1]]
    with Engine() as engine:
        engine.controller.load_model(str(media / "squares.onnx"))
        engine.wait_model(media / "squares.onnx")
        engine.controller.set_tracker(TrackOptions())
        engine.controller.open(str(media / "video.mp4"), autoplay=False)
        engine.wait_frame(0)
        for index in range(45):
            shown = engine.wait_frame(index).detections
            assert shown.track_ids is not None
            known = [number if number > 0 else None for number in shown.track_ids.tolist()]
            assert known == [number for number, _ in written[index]]
            engine.controller.step(1)


def test_another_source_begins_at_one_and_off_is_off(paused: Engine, media: Path) -> None:
    controller = paused.controller
    controller.set_tracker(TrackOptions())
    controller.play()
    paused.wait_phase(Phase.ENDED)
    controller.open(str(media / "short.mp4"))
    paused.wait_phase(Phase.ENDED)

    def numbers(tracked: bool) -> list[int] | None:
        latest = controller.latest()
        found = None if latest is None else latest.detections.track_ids
        return [0] if found is None and not tracked else None if found is None else found.tolist()

    assert 1 in (paused.witness.wait("ids", lambda: numbers(tracked=True)) or [])
    controller.set_tracker(None)
    paused.witness.wait("no ids", lambda: numbers(tracked=False) == [0])
    assert controller.tracker is None


@pytest.mark.skipif(not BOTTLES.exists(), reason="the shared sample videos are not here")
def test_real_bottles_keep_their_ids(tmp_path: Path) -> None:
    frames = run(BOTTLES, "desk-yolo", tmp_path, end_s=5.0)
    counts = Counter(number for frame in frames for number, _ in frame)
    assert {number for number, n in counts.items() if number is not None and n > 100} == {1, 2, 3}
    assert len(counts) <= 5
