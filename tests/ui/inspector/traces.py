"""Traces made by hand, small enough to know every number."""

from __future__ import annotations

import numpy as np

from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.trace import Fate, Look, Places, Stage, Trace
from tests.ui.results import CLASSES, plain

Row = tuple[str, float, tuple[float, float, float, float], Fate]
"""Class, score, xyxy, fate."""


def look(*rows: Row, name: str = "candidates", by: dict[int, tuple[int, float]] | None = None) -> Look:
    """A look of ``rows``, best first; ``by``: row → (suppressor, IoU)."""
    n = len(rows)
    suppressor, iou = np.full(n, -1), np.zeros(n, np.float32)
    for row, (other, overlap) in (by or {}).items():
        suppressor[row], iou[row] = other, overlap
    boxes = np.array([box for _, _, box, _ in rows], np.float32).reshape(-1, 4)
    scores = np.array([score for _, score, _, _ in rows], np.float32)
    numbers = np.arange(n)
    return Look(
        name,
        boxes,
        scores,
        np.array([CLASSES.index(one) for one, _, _, _ in rows], np.int64),
        numbers + 100,
        np.array([fate for _, _, _, fate in rows], np.uint8),
        suppressor,
        iou,
        np.full(n, -1),
        boxes + np.float32(4),
        np.minimum(scores * np.float32(1.25), 1),
        Places.in_grids(np.zeros(n, int), np.full(n, 32), numbers // 10, numbers % 10, numbers % 3),
        0.4,
        0.5,
        n,
    )


def trace(of: Look, places: int = 25200) -> Trace:
    """A trace of one look."""
    left, stages = len(of), [Stage("places", 0, places)]
    steps = (
        ("score", Fate.BELOW_SCORE),
        ("classes", Fate.NOT_WANTED),
        ("top_k", Fate.BEYOND_TOP_K),
        ("suppression", Fate.SUPPRESSED),
        ("most", Fate.BEYOND_MOST),
    )
    for name, fate in steps:
        left -= of.count(fate)
        stages.append(Stage(name, 0, left, fate))
    return Trace(tuple(stages), (of,), CLASSES)


def desk() -> Trace:
    """Two cups kept, one suppressed, a bottle below the score, a fork not wanted."""
    return trace(
        look(
            ("cup", 0.9, (20, 20, 120, 120), Fate.KEPT),
            ("cup", 0.8, (200, 50, 300, 150), Fate.KEPT),
            ("cup", 0.7, (30, 30, 130, 130), Fate.SUPPRESSED),
            ("fork", 0.5, (10, 200, 60, 280), Fate.NOT_WANTED),
            ("bottle", 0.3, (320, 200, 380, 290), Fate.BELOW_SCORE),
            by={2: (0, 0.68)},
        )
    )


def result(of: Trace, index: int = 0, source: str = "test") -> FrameResult:
    """A result with that trace, whose kept rows are the detections."""
    last = of.last
    rows = last.rows(Fate.KEPT)
    found = Detections(last.xyxy[rows], last.scores[rows], last.class_ids[rows], of.class_names)
    return FrameResult(Frame(plain(), index, 0.0, 0.0, source), found, trace=of)


def many(n: int = 25200) -> Trace:
    """``n`` candidates all over the picture, most of them below the score."""
    rng = np.random.default_rng(6)
    scores = np.sort(rng.beta(0.4, 6, n).astype(np.float32))[::-1]
    corner = rng.uniform(0, (360, 260), (n, 2))
    xyxy = np.concatenate([corner, corner + rng.uniform(8, 40, (n, 2))], axis=1).astype(np.float32)
    fates = np.where(scores < 0.4, Fate.BELOW_SCORE, Fate.KEPT).astype(np.uint8)
    none = np.full(n, -1)
    numbers = np.arange(n)
    places = Places.in_grids(none * 0, np.full(n, 8), numbers // 40 % 40, numbers % 40, numbers % 3)
    ids = rng.permutation(n)
    return trace(
        Look(
            "candidates", xyxy, scores, ids % 3, ids, fates, none, np.zeros(n, np.float32), none, xyxy, scores, places
        ),
        n,
    )
