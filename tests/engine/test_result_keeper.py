"""Results kept while playing and by analysis are those of a run, at any score; nothing is lost, nothing holds playing up."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detector_app.engine.analysis import gaps
from detector_app.engine.kept_export import export_kept
from detector_app.engine.kept_settings import FLOOR, kept_settings, selected_again
from detector_app.pipelines.pipeline import DetectSettings, Pipeline, default_settings, infer
from detector_app.result_store.keys import content_key
from detector_app.result_store.place import SUFFIX, Keep
from detector_app.result_store.store import ResultStore
from detector_app.sources.opener import open_source
from detector_app.vision.frame_result import FrameResult
from tests.engine.keeping import DEMO, Desk, analyse, load_closing, subject_of
from tests.engine.scenes import write_video
from tests.engine.witness import Engine


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
    with ResultStore(kept.path, content_key(video)) as store:
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


def lines_of(path: Path) -> list[dict]:
    records = [json.loads(line) for line in path.read_text().splitlines()]
    return [{name: value for name, value in record.items() if name != "timings_ms"} for record in records]


def without_timings(text: str) -> object:
    if not text.startswith("{"):
        return text
    return {name: value for name, value in json.loads(text).items() if name != "info"}


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
