"""Regions and what a second stage says of them, against plain loops."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detector_app.pipelines.candidates import RegionalDecoder
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.pipelines.rcnn import DeltaDecoder, regressed
from detector_app.pipelines.region_decoder import RegionDecoder
from detector_app.pipelines.selection import select
from detector_app.pipelines.trace import Subject, explain
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.trace import Fate
from tests.pipelines.fates_by_loops import check_fates
from tests.region_files import faster_rcnn_card

DECODER = RegionDecoder("scores", "boxes", "pictures", "proposals", "objectness")
DELTAS = DeltaDecoder("scores", "boxes", "pictures", "proposals")
LETTERBOX = Letterbox.fit((640, 480), (160, 160))


def random_outputs(seed: int, regions: int, classes: int, dtype: type = np.float32) -> dict[str, np.ndarray]:
    """Regions of three pictures, in any order; some boxes without area, some outside of the input."""
    rng = np.random.default_rng(seed)
    corners = rng.uniform(-20, 180, (regions, 2, 2)).astype(np.float32)
    proposals = np.concatenate((corners.min(axis=1), corners.max(axis=1)), axis=1)
    proposals[rng.random(regions) < 0.1, 2:] = 40
    return {
        "scores": rng.beta(0.5, 2, (regions, classes)).astype(dtype),
        "boxes": rng.normal(0, 1, (regions, classes, 4)).astype(dtype),
        "pictures": rng.integers(0, 3, regions),
        "proposals": proposals,
        "objectness": (rng.integers(0, 5, regions) / 4).astype(np.float32),
    }


def brute_force(outputs: dict[str, np.ndarray], image: int, score: float) -> list[tuple[int, int, float]]:
    """(row, class, score) of every pair that passes."""
    return [
        (row, class_id, float(value))
        for row, picture in enumerate(outputs["pictures"])
        if picture == image
        for class_id, value in enumerate(outputs["scores"][row])
        if np.float32(value) >= np.float32(score)
    ]


def moved(proposal: np.ndarray, delta: np.ndarray) -> tuple[float, ...]:
    """Girshick et al. 2014, appendix C, equations 1 to 4."""
    left, top, right, bottom = map(float, proposal)
    width, height = right - left, bottom - top
    dx, dy, dw, dh = map(float, delta)
    x, y = width * dx + (left + right) / 2, height * dy + (top + bottom) / 2
    w, h = width * math.exp(min(dw, math.log(1000 / 16))), height * math.exp(min(dh, math.log(1000 / 16)))
    return x - w / 2, y - h / 2, x + w / 2, y + h / 2


cases = {
    "seed": st.integers(0, 999),
    "regions": st.integers(0, 12),
    "classes": st.integers(1, 4),
    "score": st.sampled_from([0.0, 0.05, 0.4, 0.9]),
    "image": st.integers(0, 2),
    "dtype": st.sampled_from([np.float32, np.float16]),
}


@settings(max_examples=60)
@given(**cases)
def test_agrees_with_brute_force(seed: int, regions: int, classes: int, score: float, image: int, dtype: type) -> None:
    outputs = random_outputs(seed, regions, classes, dtype)
    expected = brute_force(outputs, image, score)
    for decoder in (DECODER, DELTAS):
        found = decoder.decode(outputs, image, score)
        rows = zip(found.ids.tolist(), found.class_ids.tolist(), found.scores.tolist(), strict=True)
        assert list(rows) == expected
        assert found.xyxy.dtype == found.scores.dtype == np.float32
    boxes = [outputs["boxes"][row, class_id] for row, class_id, _ in expected]
    np.testing.assert_array_equal(DECODER.decode(outputs, image, score).xyxy, np.reshape(boxes, (-1, 4)))
    corrected = [moved(outputs["proposals"][row], outputs["boxes"][row, class_id]) for row, class_id, _ in expected]
    np.testing.assert_allclose(
        DELTAS.decode(outputs, image, score).xyxy, np.reshape(corrected, (-1, 4)), rtol=1e-4, atol=1e-2
    )


def test_wild_regression_overflows_nothing() -> None:
    box = np.array([[10, 10, 30, 50]], np.float32)
    found = regressed(box, np.array([[0, 0, 1e30, 88]], np.float32))
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found[0, 2:] - found[0, :2], [20 * 62.5, 40 * 62.5], rtol=1e-5)
    np.testing.assert_allclose(regressed(box, np.zeros((1, 4), np.float32)), box)
    degenerate = regressed(np.array([[5, 5, 5, 5]], np.float32), np.ones((1, 4), np.float32))
    np.testing.assert_allclose(degenerate, [[5, 5, 5, 5]])


@given(seed=st.integers(0, 99), regions=st.integers(0, 12))
def test_ranks_count_the_regions_of_each_picture(seed: int, regions: int) -> None:
    outputs = random_outputs(seed, regions, 2)
    assert isinstance(DECODER, RegionalDecoder)
    for image in range(3):
        rows = [row for row in range(regions) if outputs["pictures"][row] == image]
        for decoder in (DECODER, DELTAS):
            if decoder.objectness:  # what a graph puts out is in no promised order
                rows.sort(key=lambda row: (-outputs["objectness"][row], row))
            else:
                rows.sort()
            found = decoder.proposed(outputs, image)
            assert found is not None
            assert found.ids.tolist() == rows
            np.testing.assert_array_equal(found.xyxy, outputs["proposals"][rows])
            known = decoder.evidence(outputs, image, np.array(rows[::-1], np.int64), (160, 160))
            assert known.places is not None
            assert known.places.rank.tolist() == list(range(len(rows)))[::-1]
            if decoder.objectness:
                np.testing.assert_allclose(found.objectness, outputs["objectness"][rows])
            else:
                assert found.objectness is None


def test_what_nobody_tells_is_none() -> None:
    outputs = random_outputs(0, 5, 2)
    silent = RegionDecoder("scores", "boxes", "pictures")
    assert silent.evidence(outputs, 0, np.array([3]), (160, 160)).places is None
    assert silent.proposed(outputs, 0) is None


def test_sizes_are_asked_only_of_outputs_of_the_graph() -> None:
    card = faster_rcnn_card()
    decoder = RegionDecoder("region_scores", "region_boxes", "host.picture_ids", "host.proposals")
    assert decoder.axes(card) == {"region_scores": (0, 2), "region_boxes": (0, 2, 4)}


@given(
    seed=st.integers(0, 99),
    image=st.integers(0, 2),
    score=st.sampled_from([0.0, 0.1, 0.5]),
    iou=st.sampled_from([0.0, 0.4, 1.0]),
    agnostic=st.booleans(),
)
def test_the_trace_tells_what_the_selection_does(
    seed: int, image: int, score: float, iou: float, agnostic: bool
) -> None:
    outputs = random_outputs(seed, 40, 3)
    chosen = DetectSettings(score=score, iou=iou, class_agnostic=agnostic, max_detections=10)
    for decoder in (DECODER, DELTAS):
        found = select(decoder.decode(outputs, image, score), LETTERBOX, chosen, ())
        subject = Subject(decoder, outputs, image, LETTERBOX, ())
        trace = explain(subject, subject.below(0.0), chosen, 0.0)
        proposals, look = trace.looks
        ids = [] if found.candidate_ids is None else found.candidate_ids.tolist()
        assert look.ids[look.rows(Fate.KEPT)].tolist() == ids
        assert trace.stages[0].name == "proposals"
        assert trace.stages[0].count == len(proposals) == (outputs["pictures"] == image).sum()
        np.testing.assert_array_equal(proposals.ids[look.parents], look.ids)
        boxes = LETTERBOX.inverse_boxes(outputs["proposals"][look.ids])
        np.testing.assert_allclose(look.before_xyxy, boxes, atol=1e-3)
        np.testing.assert_array_equal(proposals.xyxy[look.parents], look.before_xyxy)
        boxes = [
            outputs["boxes"][number, class_id]
            if decoder is DECODER
            else moved(outputs["proposals"][number], outputs["boxes"][number, class_id])
            for number, class_id in zip(look.ids, look.class_ids, strict=True)
        ]
        check_fates(look, [tuple(map(float, box)) for box in boxes], chosen, score)
        promising = set(look.ids[look.fates != Fate.BELOW_SCORE].tolist())
        assert set(proposals.ids[proposals.rows(Fate.KEPT)].tolist()) == promising
        lost = look.rows(Fate.SUPPRESSED)
        assert (look.scores[look.by[lost]] >= look.scores[lost]).all()
