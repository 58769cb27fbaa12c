"""What P-Net saw that R-Net dropped, against the detections and against loops over what the stages said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage import data

from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.mtcnn.cascade import REFINE_IOU, SEEN_FLOOR
from detector_app.pipelines.mtcnn.pipeline import CascadeInference, MtcnnPipeline
from detector_app.pipelines.mtcnn.pyramid import pyramid
from detector_app.pipelines.pipeline import DetectSettings, Inference, default_settings, infer
from detector_app.vision.detections import Detections
from detector_app.vision.trace import Fate, Look, Trace
from tests.onnx_files import frame_of


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
    return pipeline.select(inference, settings)[0], pipeline.trace(inference, settings)


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
    assert [look.name for look in mtcnn.trace(plain, chosen(mtcnn)).looks] == ["O-Net"]


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
    low, high = (mtcnn.trace(ran, chosen(mtcnn, refine_score=score)) for score in (0.7, 0.99))
    assert high.looks[1].count(Fate.BELOW_SCORE) > low.looks[1].count(Fate.BELOW_SCORE)
    assert len(high.last) == high.looks[1].count(Fate.KEPT)


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
    assert [len(look) for look in mtcnn.trace(tiny, chosen(mtcnn)).looks] == [0, 0, 0]


def test_a_followed_face_has_only_the_last_look(mtcnn: MtcnnPipeline, portrait: NDArray[np.uint8]) -> None:
    settings = chosen(mtcnn, scan_every=10)
    frames = [replace(frame_of(portrait), index=index, source="clip") for index in (0, 1)]
    infer(mtcnn, [frames[0]], settings)
    found, trace = both(mtcnn, infer(mtcnn, [frames[1]], settings), settings)
    assert [look.name for look in trace.looks] == ["O-Net"]
    assert trace.stages[0].name == "followed"
    assert trace.last.count(Fate.KEPT) == len(found) == 1
    infer(mtcnn, [frame_of(portrait)], chosen(mtcnn))
