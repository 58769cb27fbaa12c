"""Matching against a literal reading of COCO's loop, and precision over recall against faster-coco-eval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector_app.evaluation.annotations import AnnotatedPicture, Annotations
from detector_app.evaluation.average_precision import coco_rows, judge
from detector_app.evaluation.matching import Verdict, match
from detector_app.evaluation.misses import Stopped, explain_miss
from detector_app.evaluation.precision_recall import JudgedSet, SeenFrame
from detector_app.evaluation.truth import ClassMap, PictureTruth
from detector_app.vision.detections import Detections
from detector_app.vision.trace import Fate, Look, Trace
from tests.evaluation.truths import Box, found, picture

NAMES = ("cup", "fork", "plate")
CLASSES = ClassMap.between(("cup", "fork"), NAMES)
SIZE = (200, 200)


def iou(a: Box, b: Box, crowd: bool) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0.0, width) * max(0.0, height)
    area_a, area_b = (a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1])
    union = area_a if crowd else area_a + area_b - shared
    return shared / union if union > 0 else 0.0


def coco_loop(detections: Detections, truth: PictureTruth, least: float) -> list[tuple[int, bool]]:
    """For each detection the object that it takes, and whether that is ignored; as cocoeval.py's evaluateImg has it."""
    answers = [(-1, False)] * len(detections)
    for class_id in (0, 1):
        objects = [g for g in range(len(truth)) if truth.class_ids[g] == class_id]
        objects.sort(key=lambda g: bool(truth.ignored[g]))
        rows = [d for d in range(len(detections)) if detections.class_ids[d] == class_id]
        rows.sort(key=lambda d: -float(detections.scores[d]))
        taken: set[int] = set()
        for d in rows:
            best, m = min(least, 1 - 1e-10), -1
            for g in objects:
                if g in taken and not truth.ignored[g]:
                    continue
                if m > -1 and not truth.ignored[m] and truth.ignored[g]:
                    break
                value = iou(
                    tuple(map(float, detections.xyxy[d])), tuple(map(float, truth.edges[g])), bool(truth.ignored[g])
                )
                if value < best:
                    continue
                best, m = value, g
            if m >= 0:
                taken.add(m)
                answers[d] = (m, bool(truth.ignored[m]))
    return answers


sides = st.integers(1, 6)
boxes = st.tuples(st.integers(0, 8), st.integers(0, 8), sides, sides).map(
    lambda b: (10.0 * b[0], 10.0 * b[1], 10.0 * (b[0] + b[2]), 10.0 * (b[1] + b[3]))
)
truths = st.lists(st.tuples(st.integers(0, 1), boxes, st.booleans()), max_size=7).map(
    lambda rows: picture(*((c, b) for c, b, _ in rows), ignored=tuple(i for i, row in enumerate(rows) if row[2]))
)
# Scores that differ: among equal ones the sets' order decides, which is nobody's business.
findings = st.lists(st.tuples(st.integers(0, 2), boxes), max_size=9).map(
    lambda rows: found(*((c, 0.9 - 0.05 * i, b) for i, (c, b) in enumerate(rows)))
)


@given(truths, findings, st.sampled_from([0.1, 0.5, 0.75, 1.0]))
def test_like_cocos_own_loop(truth: PictureTruth, detections: Detections, least: float) -> None:
    result = match(detections, truth, CLASSES, SIZE, least)
    for d, (taken, ignored) in enumerate(coco_loop(detections, truth, least)):
        if detections.class_ids[d] > 1:
            assert result.verdicts[d] == Verdict.NOT_JUDGED
            continue
        assert result.truth_of[d] == taken
        wanted = Verdict.NOT_JUDGED if ignored else Verdict.RIGHT if taken >= 0 else Verdict.WRONG
        assert result.verdicts[d] == wanted
    assert result.right + result.missing == int((~truth.ignored).sum())
    assert set(result.detection_of[result.detection_of >= 0]) <= set(np.flatnonzero(result.truth_of >= 0))


def as_coco(frames: list[tuple[PictureTruth, Detections]]) -> tuple[Annotations, list[dict[str, object]]]:
    names = {1: "cup", 2: "fork"}
    annotations: list[dict[str, object]] = []
    for i, (truth, _) in enumerate(frames):
        for (left, top, right, bottom), c, ignored in zip(truth.edges, truth.class_ids, truth.ignored, strict=True):
            width, height = right - left, bottom - top
            row = {"id": len(annotations) + 1, "image_id": i, "category_id": int(c) + 1, "iscrowd": int(ignored)}
            annotations.append({**row, "bbox": [left, top, width, height], "area": width * height})
    shown = tuple(AnnotatedPicture(i, f"{i}.jpg") for i in range(len(frames)))
    dataset = {
        "images": [{"id": p.id, "file_name": p.file_name} for p in shown],
        "annotations": annotations,
        "categories": [{"id": i, "name": n} for i, n in names.items()],
    }
    rows = [row for i, (_, one) in enumerate(frames) for row in coco_rows(one, i, {0: 1, 1: 2})]
    return Annotations("a.json", shown, {0: 1, 1: 2}, names, (), dataset), rows


def seen(frames: list[tuple[PictureTruth, Detections]]) -> list[SeenFrame]:
    return [SeenFrame(i, f"{i}.jpg", float(i), SIZE, one, truth) for i, (truth, one) in enumerate(frames)]


@settings(max_examples=60)
@given(st.lists(st.tuples(truths, findings), min_size=1, max_size=4))
def test_average_precision_is_that_of_faster_coco_eval(frames: list[tuple[PictureTruth, Detections]]) -> None:
    # Different scores in different pictures, too.
    frames = [
        (
            truth,
            found(
                *(
                    (int(c), float(s) + 0.003 * i, tuple(map(float, b)))
                    for c, s, b in zip(one.class_ids, one.scores, one.xyxy, strict=True)
                )
            ),
        )  # type: ignore[arg-type]
        for i, (truth, one) in enumerate(frames)
    ]
    theirs = judge(*as_coco(frames))
    ours = JudgedSet.of(seen(frames), CLASSES, 0.5)
    assert {NAMES[c]: ap for c, ap in ours.per_class.items()} == pytest.approx(theirs.per_class_50)
    for c in ours.per_class:
        assert ours.curve(c).interpolated == pytest.approx(theirs.curves_50[NAMES[c]])
    if ours.per_class:
        assert ours.mean_average_precision == pytest.approx(theirs.map_50)


@settings(max_examples=60)
@given(st.lists(st.tuples(truths, findings), min_size=1, max_size=3), st.floats(0, 1))
def test_a_threshold_gives_what_matching_under_it_gives(
    frames: list[tuple[PictureTruth, Detections]], score: float
) -> None:
    judged = JudgedSet.of(seen(frames), CLASSES, 0.5)
    point = judged.curve().at(score)
    errors = judged.errors(score)
    for (truth, one), counted in zip(frames, errors, strict=True):
        again = match(one.take(one.scores >= np.float32(score)), truth, CLASSES, SIZE)
        assert (counted.right, counted.wrong, counted.missed) == (again.right, again.wrong, again.missing)
    assert point.right == sum(e.right for e in errors)
    assert (point.wrong, point.missed) == (sum(e.wrong for e in errors), sum(e.missed for e in errors))
    best = judged.curve().best
    assert best.f1 == pytest.approx(max(judged.curve().at(k / 100).f1 for k in range(101)))


def test_nothing_at_all() -> None:
    empty = match(Detections.empty(NAMES), picture(), CLASSES, SIZE)
    assert (empty.right, empty.wrong, empty.missing) == (0, 0, 0)
    judged = JudgedSet.of([], CLASSES, 0.5)
    assert np.isnan(judged.mean_average_precision)
    assert judged.curve().at(0.5).f1 == 0
    assert judged.curve().nearest(0.5, 0.5) is None
    only = JudgedSet.of(seen([(picture(), found((0, 0.5, (0, 0, 10, 10))))]), CLASSES, 0.5)
    assert (only.curve().at(0.4).wrong, only.per_class) == (1, {})


A: Box = (0, 0, 100, 100)


@pytest.mark.parametrize(
    ("box", "score", "class_id", "least", "stopped"),
    [
        (A, 0.3, 0, 0.4, Stopped.BELOW_SCORE),
        ((0, 0, 100, 40), 0.9, 0, 0.4, Stopped.TOO_LITTLE_OVERLAP),
        (A, 0.9, 2, 0.4, Stopped.OTHER_CLASS),
        ((150, 150, 160, 160), 0.9, 0, 0.4, Stopped.NOTHING_THERE),
    ],
)
def test_why_it_was_missed(box: Box, score: float, class_id: int, least: float, stopped: Stopped) -> None:
    low = found((class_id, score, box))
    result = match(low.take(low.scores >= least), picture((0, A)), CLASSES, SIZE)
    miss = explain_miss(0, result, low, 0.5, least, None)
    assert miss.stopped is stopped
    if stopped is not Stopped.NOTHING_THERE:
        assert (miss.class_id, miss.score) == (class_id, pytest.approx(score))
        assert miss.iou == pytest.approx(iou(box, A, False))


def test_a_box_that_two_objects_want_is_taken() -> None:
    low = found((0, 0.9, A))
    result = match(low, picture((0, A), (0, (0, 0, 100, 90))), CLASSES, SIZE)
    assert result.missed.tolist() == [False, True]
    assert explain_miss(1, result, low, 0.5, 0.4, None).stopped is Stopped.TAKEN


@pytest.mark.parametrize(
    ("fate", "stopped"),
    [
        (Fate.SUPPRESSED, Stopped.SUPPRESSED),
        (Fate.BEYOND_TOP_K, Stopped.NOT_CONSIDERED),
        (Fate.BELOW_SCORE, Stopped.BELOW_SCORE),
    ],
)
def test_a_trace_knows_what_stopped_a_candidate(fate: Fate, stopped: Stopped) -> None:
    shown = found((0, 0.9, (60, 0, 160, 100)))
    both = found((0, 0.9, (60, 0, 160, 100)), (0, 0.8, A))
    nowhere = np.full(2, -1, np.int64)
    fates = np.array([Fate.KEPT, fate], np.uint8)
    look = Look(
        "candidates", both.xyxy, both.scores, both.class_ids, nowhere, fates, nowhere, np.zeros(2, np.float32), nowhere
    )
    result = match(shown, picture((0, A)), CLASSES, SIZE)
    miss = explain_miss(0, result, shown, 0.5, 0.85, Trace((), (look,), NAMES))
    assert (miss.stopped, miss.score) == (stopped, pytest.approx(0.8))


def test_a_sure_box_beside_the_object_tells_more_than_a_faint_one_on_it() -> None:
    low = found((0, 0.9, (0, 0, 100, 40)), (0, 0.02, A))
    result = match(low.take(low.scores >= 0.4), picture((0, A)), CLASSES, SIZE)
    miss = explain_miss(0, result, low, 0.5, 0.4, None)
    assert (miss.stopped, miss.score) == (Stopped.TOO_LITTLE_OVERLAP, pytest.approx(0.9))
    faint = found((0, 0.02, A))
    assert (
        explain_miss(
            0, match(faint.take(faint.scores > 1), picture((0, A)), CLASSES, SIZE), faint, 0.5, 0.4, None
        ).stopped
        is Stopped.BELOW_SCORE
    )
