"""The trace tells what the selection does: against the detections, and against a reckoning of its own with loops."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector_app.model_card import AnchorHead
from detector_app.pipelines.anchor_decoder import AnchorDecoder
from detector_app.pipelines.dense_decoder import Dense, DenseWithObjectness
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.pipelines.selection import select
from detector_app.pipelines.trace import PAIRS_FLOOR, Subject, explain
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.trace import Fate, Look, Trace
from tests.pipelines.fates_by_loops import check_fates

DECODER = AnchorDecoder((AnchorHead("a", 16, ((30.0, 40.0), (40.0, 30.0))), AnchorHead("b", 32, ((60.0, 60.0),))))
LETTERBOX = Letterbox.fit((640, 480), (160, 160))
NAMES = ("a", "b", "c")
PLACES = 2 * 100 + 25


def random_outputs(seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {
        "a": rng.normal(0, 1.2, (1, 16, 10, 10)).astype(np.float32),
        "b": rng.normal(0, 1.2, (1, 8, 5, 5)).astype(np.float32),
    }


def trace_of(outputs: dict[str, np.ndarray], settings: DetectSettings, floor: float = 0.0) -> Trace:
    subject = Subject(DECODER, outputs, 0, LETTERBOX, NAMES)
    return explain(subject, subject.below(floor), settings, floor)


many_settings = st.builds(
    DetectSettings,
    score=st.sampled_from([0.0, 0.02, 0.2, 0.5]),
    iou=st.sampled_from([0.0, 0.3, 0.6, 1.0]),
    classes=st.sampled_from([None, frozenset({0, 2}), frozenset()]),
    class_agnostic=st.booleans(),
    max_detections=st.sampled_from([3, 300]),
    top_k=st.sampled_from([10, 1000]),
)


@given(st.integers(0, 99), many_settings, st.sampled_from([0.0, 0.05]))
def test_kept_candidates_are_the_detections(seed: int, chosen: DetectSettings, floor: float) -> None:
    outputs = random_outputs(seed)
    found = select(DECODER.decode(outputs, 0, chosen.score), LETTERBOX, chosen, NAMES)
    trace = trace_of(outputs, chosen, floor)
    kept = trace.last.rows(Fate.KEPT)
    assert trace.last.ids[kept].tolist() == ([] if found.candidate_ids is None else found.candidate_ids.tolist())
    np.testing.assert_array_equal(trace.last.xyxy[kept], found.xyxy)
    np.testing.assert_array_equal(trace.last.scores[kept], found.scores)
    assert (np.diff(trace.last.scores) <= 0).all()
    assert trace.stages[-1].count == len(found)
    if chosen.score >= floor:
        counts = [stage.count for stage in trace.stages[1:]]
        assert counts == sorted(counts, reverse=True)
    check_reasons(trace.last, chosen)


def check_reasons(look: Look, settings: DetectSettings) -> None:
    """Each fate has its reason in the numbers."""
    limit = np.float32(settings.score)
    assert (look.scores[look.fates == Fate.BELOW_SCORE] < limit).all()
    assert (look.scores[look.fates != Fate.BELOW_SCORE] >= limit).all()
    for row in look.rows(Fate.NOT_WANTED).tolist():
        assert settings.classes is not None
        assert look.class_ids[row] not in settings.classes
    for row in look.rows(Fate.SUPPRESSED).tolist():
        winner = look.by[row]
        assert look.fates[winner] in (Fate.KEPT, Fate.BEYOND_MOST)
        assert winner < row
        assert settings.class_agnostic or look.class_ids[winner] == look.class_ids[row]
        assert look.iou[row] > settings.iou - 1e-6


def sigmoid(value: float) -> float:
    return float(1 / (1 + np.exp(-np.float64(value))))


Pair = tuple[float, float, tuple[int, ...], tuple[float, ...]]


def every_pair(outputs: dict[str, np.ndarray]) -> dict[tuple[int, int], Pair]:
    """(place, class) → score, objectness, (head, stride, row, column, anchor) and box, by loops over the raw heads."""
    pairs, number = {}, 0
    for head, (spec, classes) in enumerate(zip(DECODER.heads, (3, 3), strict=True)):
        raw = outputs[spec.output][0].astype(np.float64)
        rows, columns = raw.shape[1:]
        for anchor, sides in enumerate(spec.anchors_wh_px):
            own = raw[anchor * (5 + classes) : (anchor + 1) * (5 + classes)]
            for row in range(rows):
                for column in range(columns):
                    powers = np.exp(own[5:, row, column])
                    for class_id in range(classes):
                        factor = sigmoid(own[5 + class_id, row, column])
                        if spec.class_activation == "softmax":
                            factor = powers[class_id] / powers.sum()
                        sure = sigmoid(own[4, row, column])
                        place = (head, spec.stride, row, column, anchor)
                        x, y, w, h = own[:4, row, column]
                        x, y = (sigmoid(x) + column) * spec.stride, (sigmoid(y) + row) * spec.stride
                        w, h = sides[0] * np.exp(w) / 2, sides[1] * np.exp(h) / 2
                        pairs[number, class_id] = sure * factor, sure, place, (x - w, y - h, x + w, y + h)
                    number += 1
    return pairs


@pytest.mark.parametrize("seed", [0, 7])
def test_every_number_is_that_of_the_raw_outputs(seed: int) -> None:
    outputs = random_outputs(seed)
    trace, expected = trace_of(outputs, DetectSettings(score=0.3)), every_pair(outputs)
    look = trace.last
    assert look.considered == trace.stages[0].count == PLACES
    told = {}
    for row in range(len(look)):
        pair = int(look.ids[row]), int(look.class_ids[row])
        places = look.places
        place = tuple(int(c[row]) for c in (places.head, places.stride_px, places.row, places.column, places.anchor))
        score, sure, where, box = expected[pair]
        assert place == where
        assert look.scores[row] == pytest.approx(score, abs=1e-5)
        assert look.objectness[row] == pytest.approx(sure, abs=1e-5)
        np.testing.assert_allclose(look.measured_xyxy[row], box, rtol=1e-4, atol=1e-2)
        told[pair] = row
    assert len(told) == len(look), "no pair is told of twice"
    assert {number for number, _ in told} == set(range(PLACES)), "every place is told of"
    for pair, (score, *_) in expected.items():
        assert pair in told or score < PAIRS_FLOOR + 1e-5


@settings(max_examples=30)
@given(st.integers(0, 99), many_settings)
def test_fates_are_those_of_loops_over_the_raw_outputs(seed: int, chosen: DetectSettings) -> None:
    outputs = random_outputs(seed)
    look, expected = trace_of(outputs, chosen, floor=0.05).last, pairs_of(seed)
    boxes = [expected[int(i), int(c)][3] for i, c in zip(look.ids, look.class_ids, strict=True)]
    check_fates(look, boxes, chosen, chosen.score)


@functools.cache
def pairs_of(seed: int) -> dict[tuple[int, int], Pair]:
    return every_pair(random_outputs(seed))


@settings(max_examples=30)
@given(st.integers(0, 99), many_settings, st.sampled_from([0.0, 0.05]), st.booleans())
def test_a_head_without_anchors(seed: int, chosen: DetectSettings, floor: float, objectness: bool) -> None:
    """(8 + 4 + 2) × (6 + 3 + 2) cells of 64×48 pixels; every place has its best class alone."""
    places, rng = 8 * 6 + 4 * 3 + 2 * 2, np.random.default_rng(seed)
    centres, sides = rng.uniform(0, 60, (2, places, 2)), rng.uniform(4, 30, (2, places, 2))
    pictures = np.concatenate([centres, sides, rng.uniform(0, 1, (2, places, 1)), rng.beta(0.5, 2, (2, places, 3))], 2)
    pictures = pictures.astype(np.float32)
    raw = pictures if objectness else np.delete(pictures, 4, axis=2).transpose(0, 2, 1)
    decoder = DenseWithObjectness("d") if objectness else Dense("d")
    subject = Subject(decoder, {"d": raw}, 1, Letterbox.fit((64, 48), (64, 48)), NAMES)
    trace = explain(subject, subject.below(floor), chosen, floor)
    look = trace.last
    boxes = []
    for row, number in enumerate(look.ids.tolist()):
        x, y, w, h, sure, *classes = map(float, pictures[1, number])
        assert look.scores[row] == pytest.approx(max(classes) * (sure if objectness else 1), abs=1e-6)
        assert look.class_ids[row] == int(np.argmax(classes))
        boxes.append((x - w / 2, y - h / 2, x + w / 2, y + h / 2))
        np.testing.assert_allclose(look.measured_xyxy[row], boxes[-1], atol=1e-3)
    assert trace.stages[0].count == look.considered == places
    if floor == 0:
        assert sorted(look.ids.tolist()) == list(range(places))
    check_fates(look, boxes, chosen, chosen.score)


def test_a_floor_leaves_out_what_is_below_it() -> None:
    trace = trace_of(random_outputs(1), DetectSettings(score=0.4), floor=0.2)
    assert trace.last.scores.min() >= np.float32(0.2)
    assert trace.last.considered == PLACES


def test_what_a_box_was_before_it_was_regressed() -> None:
    """A candidate whose raw values are zero is its anchor, around the middle of its cell."""
    outputs = {"a": np.full((1, 16, 10, 10), -9, np.float32), "b": np.full((1, 8, 5, 5), -9, np.float32)}
    outputs["b"][0, :, 2, 2] = [0, 0, 0, 0, 9, 9, -9, -9]
    outputs["b"][0, :, 2, 3] = [-9, 0, 0, 0, 9, 4, -9, -9]
    look = trace_of(outputs, DetectSettings()).last
    assert look.fates[:2].tolist() == [Fate.KEPT, Fate.SUPPRESSED]
    assert look.by[:2].tolist() == [-1, 0]
    assert look.iou[1] == pytest.approx(0.58, abs=0.01)
    np.testing.assert_allclose(look.xyxy[0], look.before_xyxy[0], atol=1e-3)
    assert look.places.column[:2].tolist() == [2, 3]


def test_nothing_at_all() -> None:
    outputs = {"a": np.full((1, 16, 1, 1), np.nan, np.float32), "b": np.full((1, 8, 1, 1), np.nan, np.float32)}
    trace = trace_of(outputs, DetectSettings())
    assert len(trace.last) == trace.stages[-1].count == 0


def test_higher_score_moves_candidates_below() -> None:
    outputs = random_outputs(3)
    low, high = (trace_of(outputs, replace(DetectSettings(), score=score)) for score in (0.1, 0.5))
    assert high.last.count(Fate.BELOW_SCORE) > low.last.count(Fate.BELOW_SCORE)
    assert len(high.last) == len(low.last)
