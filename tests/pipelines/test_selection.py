"""Filter, top-k and limits."""

from __future__ import annotations

import numpy as np

from detector_app.pipelines.candidates import Candidates
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.pipelines.selection import select, strongest
from detector_app.vision.letterbox import Letterbox

SAME = Letterbox.stretch((100, 100), (100, 100))
NAMES = ("a", "b")


def apart(scores: list[float], class_ids: list[int] | None = None) -> Candidates:
    """Boxes that do not touch."""
    left = np.arange(len(scores), dtype=np.float32) * 5
    boxes = np.stack((left, left, left + 4, left + 4), axis=1)
    ids = np.arange(len(scores))
    classes = np.zeros(len(scores), np.int64) if class_ids is None else np.array(class_ids)
    return Candidates(boxes, np.array(scores, np.float32), classes, ids)


def test_strongest_is_a_stable_sort_cut_off() -> None:
    rng = np.random.default_rng(0)
    for top_k in (1, 7, 50, 200, 500):
        candidates = apart((rng.integers(0, 9, 200) / 10).tolist())
        expected = sorted(range(200), key=lambda i: (-candidates.scores[i], i))[:top_k]
        assert strongest(candidates, top_k).tolist() == expected


def test_best_first_with_ids_and_names() -> None:
    found = select(apart([0.5, 0.9, 0.7], [0, 1, 0]), SAME, DetectSettings(), NAMES)
    assert found.candidate_ids is not None
    assert found.candidate_ids.tolist() == [1, 2, 0]
    assert [found.name(i) for i in range(3)] == ["b", "a", "a"]


def test_wanted_classes_only() -> None:
    candidates = apart([0.5, 0.9, 0.7], [0, 1, 0])
    assert len(select(candidates, SAME, DetectSettings(classes=frozenset({1})), NAMES)) == 1
    assert len(select(candidates, SAME, DetectSettings(classes=frozenset()), NAMES)) == 0


def test_limits() -> None:
    candidates = apart([0.5, 0.9, 0.7, 0.6])
    assert len(select(candidates, SAME, DetectSettings(max_detections=2), NAMES)) == 2
    assert select(candidates, SAME, DetectSettings(top_k=3), NAMES).scores.min() > 0.55


def test_classes_suppress_each_other_only_if_asked() -> None:
    two = Candidates(
        np.array([[0, 0, 10, 10], [1, 0, 11, 10]], np.float32),
        np.array([0.9, 0.8], np.float32),
        np.array([0, 1]),
        np.array([4, 5]),
    )
    assert len(select(two, SAME, DetectSettings(), NAMES)) == 2
    assert len(select(two, SAME, DetectSettings(class_agnostic=True), NAMES)) == 1


def test_nothing_found() -> None:
    found = select(Candidates.empty(), SAME, DetectSettings(), NAMES)
    assert len(found) == 0
    assert found.class_names == NAMES
