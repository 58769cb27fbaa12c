"""What P-Net saw that R-Net dropped, against the detections and against loops over what the stages said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.mtcnn.cascade import REFINE_IOU, SEEN_FLOOR, bounded
from detector_app.pipelines.mtcnn.pipeline import CascadeInference, MtcnnPipeline
from detector_app.pipelines.mtcnn.pyramid import pyramid
from detector_app.pipelines.mtcnn.summed_area import Bins
from detector_app.pipelines.mtcnn.windows import Windows
from detector_app.pipelines.pipeline import DetectSettings, Inference, default_settings, infer
from detector_app.vision.detections import Detections
from detector_app.vision.nearby import STEP, nearby
from detector_app.vision.trace import Fate, Look, Trace
from tests.onnx_files import frame_of
from tests.pipelines.fates_by_loops import check_fates
from tests.pipelines.fates_by_loops import overlap as iou_by_hand


@pytest.fixture(scope="module")
def mtcnn() -> Iterator[MtcnnPipeline]:
    pipeline = load_pipeline("mtcnn", providers=("cpu",))
    assert isinstance(pipeline, MtcnnPipeline)
    yield pipeline
    pipeline.close()


def chosen(pipeline: MtcnnPipeline, **changes: float) -> DetectSettings:
    settings = default_settings(pipeline.card)
    assert settings.cascade is not None
    return replace(settings, cascade=replace(settings.cascade, **changes), traced=True)


@pytest.fixture(scope="module")
def portrait() -> NDArray[np.uint8]:
    """Eileen Collins, 512×512; public domain."""
    return np.ascontiguousarray(data.astronaut()[..., ::-1])


@pytest.fixture(scope="module")
def ran(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8]) -> CascadeInference:
    inference = infer(mtcnn, [frame_of(portrait)], chosen(mtcnn))
    assert isinstance(inference, CascadeInference)
    return inference


def both(pipeline: MtcnnPipeline, inference: Inference, settings: DetectSettings) -> tuple[Detections, Trace]:
    return pipeline.select(inference, settings)[0], pipeline.trace(inference, settings, floor=0)


def test_keeping_what_was_seen_changes_nothing(
    mtcnn: MtcnnPipeline, ran: CascadeInference, portrait: NDArray[np.uint8]
) -> None:
    plain = infer(mtcnn, [frame_of(portrait)], replace(chosen(mtcnn), traced=False))
    assert isinstance(plain, CascadeInference)
    kept, lean = ran.verdicts[0], plain.verdicts[0]
    assert lean.seen is None
    for name in ("xyxy", "scores", "refine_scores", "landmarks_xy"):
        np.testing.assert_array_equal(getattr(kept, name), getattr(lean, name))
    assert (kept.proposed, kept.refined) == (lean.proposed, lean.refined)
    assert not mtcnn.covers(plain, chosen(mtcnn)), "who wants a trace needs another run"
    assert mtcnn.covers(ran, chosen(mtcnn))
    assert [look.name for look in mtcnn.trace(plain, chosen(mtcnn), floor=0).looks] == ["O-Net"]


@pytest.mark.parametrize("refine", [0.7, 0.95])
@pytest.mark.parametrize("score", [0.0, 0.7, 0.999])
def test_the_last_look_is_the_selection(
    mtcnn: MtcnnPipeline, ran: CascadeInference, score: float, refine: float
) -> None:
    found, trace = both(mtcnn, ran, replace(chosen(mtcnn, refine_score=refine), score=score))
    kept = trace.last.rows(Fate.KEPT)
    assert trace.last.ids[kept].tolist() == found.candidate_ids.tolist()
    np.testing.assert_array_equal(trace.last.xyxy[kept], found.xyxy)
    np.testing.assert_array_equal(trace.last.scores[kept], found.scores)
    assert trace.stages[-1].count == len(found)


def test_each_look_takes_what_the_one_before_let_through(mtcnn: MtcnnPipeline, ran: CascadeInference) -> None:
    _, trace = both(mtcnn, ran, chosen(mtcnn))
    first, second, third = trace.looks
    assert [look.name for look in trace.looks] == ["P-Net", "R-Net", "O-Net"]
    assert len(second) == first.count(Fate.KEPT) == ran.verdicts[0].proposed
    assert len(third) == second.count(Fate.KEPT) == ran.verdicts[0].refined
    assert sorted(second.parents.tolist()) == first.rows(Fate.KEPT).tolist()
    assert sorted(third.parents.tolist()) == second.rows(Fate.KEPT).tolist()
    for look in trace.looks:
        assert (np.diff(look.scores) <= 0).all()
    assert trace.stages[0].count > first.considered / 2 > 0


def test_scores_and_suppressors_are_those_that_decided(mtcnn: MtcnnPipeline, ran: CascadeInference) -> None:
    _, trace = both(mtcnn, ran, chosen(mtcnn))
    for look, floor in zip(trace.looks, (SEEN_FLOOR, 0, 0), strict=True):
        below = look.fates == Fate.BELOW_SCORE
        assert (look.scores[below] < look.least_score).all()
        assert (look.scores[below] >= floor).all()
        assert (look.scores[(look.fates == Fate.KEPT) | (look.fates == Fate.SUPPRESSED)] >= look.least_score).all()
    second = trace.looks[1]
    assert second.count(Fate.SUPPRESSED), "the picture has some"
    check_greedy(second)


def test_of_a_passing_frame_only_what_reaches_the_score(mtcnn: MtcnnPipeline, ran: CascadeInference) -> None:
    held, passing = (mtcnn.trace(ran, chosen(mtcnn), floor=floor) for floor in (0.0, 0.05))
    first, shorter = held.looks[0], passing.looks[0]
    left = first.fates != Fate.BELOW_SCORE
    assert len(shorter) == left.sum() < len(first)
    for name in ("xyxy", "scores", "fates", "by", "iou"):
        np.testing.assert_array_equal(getattr(shorter, name), getattr(first, name)[left])
    assert [stage.count for stage in passing.stages] == [stage.count for stage in held.stages]
    for one, other in zip(held.looks[1:], passing.looks[1:], strict=True):
        np.testing.assert_array_equal(one.parents, other.parents)
        np.testing.assert_array_equal(one.fates, other.fates)


def check_greedy(look: Look) -> None:
    """Greedy suppression again, box by box, on what R-Net was shown."""
    assert look.before_xyxy is not None
    kept: list[int] = []
    for row in np.flatnonzero((look.fates == Fate.KEPT) | (look.fates == Fate.SUPPRESSED)).tolist():
        overlaps = [overlap(look.before_xyxy[k], look.before_xyxy[row]) for k in kept]
        winner = next((k for k, shared in zip(kept, overlaps, strict=True) if shared > REFINE_IOU), None)
        if winner is None:
            kept.append(row)
            assert look.fates[row] == Fate.KEPT
        else:
            assert look.fates[row] == Fate.SUPPRESSED
            assert look.by[row] == winner
            assert look.iou[row] == pytest.approx(overlap(look.before_xyxy[winner], look.before_xyxy[row]), abs=1e-4)


def overlap(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    width = max(0.0, float(min(one[2], other[2]) - max(one[0], other[0])))
    height = max(0.0, float(min(one[3], other[3]) - max(one[1], other[1])))
    areas = [float((box[2] - box[0]) * (box[3] - box[1])) for box in (one, other)]
    return width * height / (sum(areas) - width * height)


def test_a_higher_score_of_the_second_stage_needs_no_run(mtcnn: MtcnnPipeline, ran: CascadeInference) -> None:
    low, high = (mtcnn.trace(ran, chosen(mtcnn, refine_score=score), floor=0) for score in (0.7, 0.99))
    assert high.looks[1].count(Fate.BELOW_SCORE) > low.looks[1].count(Fate.BELOW_SCORE)
    assert len(high.last) == high.looks[1].count(Fate.KEPT)


def test_the_first_look_by_loops_over_what_the_network_said(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8]) -> None:
    """Zhang et al. 2016, section II: windows of each level, suppressed there, then between levels; box by box."""
    small = np.ascontiguousarray(portrait[:200, 120:320])
    settings = chosen(mtcnn)
    look = mtcnn.trace(infer(mtcnn, [frame_of(small)], settings), settings, floor=0).looks[0]
    seen = every_window(mtcnn, small)
    level_of = look.places.head.tolist()
    boxes = look.before_xyxy.astype(float).tolist()
    told = sorted(zip(level_of, look.scores.astype(float).tolist(), boxes, look.xyxy.tolist(), strict=True))
    assert len(told) == len(seen)
    for (level, score, box, moved), (level_, score_, box_, moved_) in zip(told, sorted(seen), strict=True):
        assert (level, score) == (level_, pytest.approx(score_, abs=1e-5))
        np.testing.assert_allclose(box, np.clip(box_, 0, 200), atol=1e-3)
        np.testing.assert_allclose(moved, np.clip(moved_, 0, 200), atol=1e-2)
    kept, lost = [], {}
    passing = [row for row in range(len(look)) if look.scores[row] >= np.float32(0.6)]
    full = {(level, score): box for level, score, box, _ in seen}
    whole = [full[level, float(score)] for level, score in zip(level_of, look.scores, strict=True)]
    for level in set(level_of):
        kept += greedy([row for row in passing if level_of[row] == level], whole, 0.5, lost)
    kept = greedy(sorted(kept), whole, 0.7, lost)
    assert look.rows(Fate.KEPT).tolist() == kept
    assert {row: int(look.by[row]) for row in look.rows(Fate.SUPPRESSED).tolist()} == lost
    assert lost


def every_window(mtcnn: MtcnnPipeline, picture: NDArray[np.uint8]) -> list[tuple[int, float, list[float], list[float]]]:
    """Level, score, window and regressed window of all that P-Net gives some score, by loops over its maps."""
    area = mtcnn.prepare([frame_of(picture)], chosen(mtcnn)).areas[0]
    windows = []
    for number, level in enumerate(pyramid(*picture.shape[:2], chosen(mtcnn).cascade.min_face_px, 0.709)):
        bins = Bins.of(area.height_px, level.height_px), Bins.of(area.width_px, level.width_px)
        scores, regression = mtcnn._cascade._maps(area.window(*bins))
        for row, column in np.ndindex(scores[1].shape):
            if scores[1, row, column] >= np.float32(SEEN_FLOOR):
                ends = [2 * column, 2 * row, 2 * column + 11, 2 * row + 11]
                box = [float(np.floor((end + 1) / level.scale)) for end in ends]
                sides = [box[2] - box[0], box[3] - box[1]] * 2
                moved = [b + float(r) * side for b, r, side in zip(box, regression[:, row, column], sides, strict=True)]
                windows.append((number, float(scores[1, row, column]), box, moved))
    return windows


def greedy(rows: list[int], boxes: list[list[float]], most: float, lost: dict[int, int]) -> list[int]:
    """Those kept of rows in order of priority; who took the others is put into ``lost``."""
    kept: list[int] = []
    for row in rows:
        winner = next((k for k in kept if iou_by_hand(boxes[k], boxes[row]) > most), None)
        if winner is None:
            kept.append(row)
        else:
            lost[row] = winner
    return kept


@pytest.mark.parametrize("overlap_allowed", [0.05, 0.3, 0.7])
def test_the_last_look_by_loops(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8], overlap_allowed: float) -> None:
    crowd = np.ascontiguousarray(np.tile(portrait[:260, 100:360], (1, 2, 1)))
    settings = replace(chosen(mtcnn, proposal_score=0.3, refine_score=0.1), iou=overlap_allowed, score=0.1)
    inference = infer(mtcnn, [frame_of(crowd)], settings)
    look = mtcnn.trace(inference, settings, floor=0).last
    assert len(look) > 10
    boxes = inference.verdicts[0].xyxy[look.ids].astype(float).tolist()
    check_fates(look, boxes, settings, 0.1, smaller=True)


def test_what_would_let_a_window_through_lets_it_through(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8]) -> None:
    """The change of a stage's score, tried with a run: the stage no longer drops the window for its score; a little more, and it does."""
    small = np.ascontiguousarray(portrait[:200, 120:320])
    settings = chosen(mtcnn, proposal_score=0.99, refine_score=0.99)
    trace = mtcnn.trace(infer(mtcnn, [frame_of(small)], settings), settings, floor=0)
    reasons = [r for at in ((100, 100), (20, 180), (150, 60)) for r in nearby(trace, *at, limit=4)]
    tried = [r for r in reasons if r.change is not None and r.change.threshold == "proposal_score"]
    assert tried
    for reason in tried[:4]:
        look = trace.looks[0]
        for more, dropped in ((0.0, False), (2 * STEP, True)):
            asked = chosen(mtcnn, proposal_score=reason.change.value + more, refine_score=0.99)
            again = mtcnn.trace(infer(mtcnn, [frame_of(small)], asked), asked, floor=0).looks[0]
            (row,) = np.flatnonzero(
                (again.scores == look.scores[reason.row]) & (again.xyxy == look.xyxy[reason.row]).all(axis=1)
            )
            assert (again.fates[row] == Fate.BELOW_SCORE) == dropped


def test_what_would_show_a_face_shows_it(mtcnn: MtcnnPipeline, ran: CascadeInference) -> None:
    settings = replace(chosen(mtcnn), score=0.9999999)
    trace = mtcnn.trace(ran, settings, floor=0)
    reasons = [r for r in nearby(trace, 220, 110, limit=3) if r.look == 2 and r.change is not None]
    assert reasons
    for reason in reasons:
        assert reason.change.threshold == "score"
        found = mtcnn.select(ran, replace(settings, score=reason.change.value))[0]
        assert trace.last.ids[reason.row] in found.candidate_ids


def test_the_overlap_that_would_show_a_face_shows_it(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8]) -> None:
    crowd = np.ascontiguousarray(np.tile(portrait[:260, 100:360], (1, 2, 1)))
    settings = replace(chosen(mtcnn, proposal_score=0.3, refine_score=0.1), iou=0.3, score=0.1)
    inference = infer(mtcnn, [frame_of(crowd)], settings)
    trace = mtcnn.trace(inference, settings, floor=0)
    reasons = [r for x in range(20, 520, 40) for r in nearby(trace, x, 120, limit=10) if r.fate is Fate.SUPPRESSED]
    tried = {r.row: r.change.value for r in reasons if r.look == 2 and r.change is not None}
    assert tried
    for row, value in tried.items():
        for less, shown in ((0.0, True), (2 * STEP, False)):
            found = mtcnn.select(inference, replace(settings, iou=value - less))[0]
            assert (trace.last.ids[row] in found.candidate_ids) == shown


def test_of_very_many_windows_the_best_are_kept() -> None:
    rng = np.random.default_rng(0)
    levels = [
        Windows(np.zeros((n, 4), np.float32), rng.random(n).astype(np.float32), np.zeros((n, 4), np.float32))
        for n in (70, 0, 30)
    ]
    scores = np.concatenate([found.scores for found in levels])
    left = np.concatenate([found.scores for found in bounded(levels, 0.6, most=10)])
    assert sorted(left) == sorted([*scores[scores >= 0.6], *np.sort(scores[scores < 0.6])[-10:]])
    assert bounded(levels, 0.6, most=1000) is levels
    assert bounded([], 0.6) == []


@pytest.mark.parametrize(("height_px", "width_px"), [(48, 200), (333, 517)])
def test_windows_are_counted_as_the_network_has_them(mtcnn: MtcnnPipeline, height_px: int, width_px: int) -> None:
    for level in pyramid(height_px, width_px, 24, 0.709):
        tensor = np.zeros((1, 3, level.height_px, level.width_px), np.float32)
        session = mtcnn._sessions[0]
        maps = session.run({session.graph.inputs[0].name: tensor})
        assert level.places == np.prod(next(iter(maps.values())).shape[2:])


def test_a_picture_without_faces(mtcnn: MtcnnPipeline) -> None:
    inference = infer(mtcnn, [frame_of(np.full((80, 90, 3), 128, np.uint8))], chosen(mtcnn))
    found, trace = both(mtcnn, inference, chosen(mtcnn))
    assert len(found) == trace.stages[-1].count == 0
    tiny = infer(mtcnn, [frame_of(np.zeros((8, 8, 3), np.uint8))], chosen(mtcnn))
    assert [len(look) for look in mtcnn.trace(tiny, chosen(mtcnn), floor=0).looks] == [0, 0, 0]


def test_a_followed_face_has_only_the_last_look(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8]) -> None:
    settings = chosen(mtcnn, scan_every=10)
    frames = [replace(frame_of(portrait), index=index, source="clip") for index in (0, 1)]
    infer(mtcnn, [frames[0]], settings)
    found, trace = both(mtcnn, infer(mtcnn, [frames[1]], settings), settings)
    assert [look.name for look in trace.looks] == ["O-Net"]
    assert trace.stages[0].name == "followed"
    assert trace.last.count(Fate.KEPT) == len(found) == 1
    infer(mtcnn, [frame_of(portrait)], chosen(mtcnn))
