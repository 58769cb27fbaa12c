"""Average precision against a brute-force reading of COCO's definition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector_app.evaluation.annotations import AnnotatedPicture, Annotations
from detector_app.evaluation.average_precision import coco_rows, judge
from detector_app.evaluation.curves import save_curves
from detector_app.vision.detections import Detections

Box = tuple[float, float, float, float]


def annotations(boxes: list[tuple[int, int, Box]], pictures: int = 3) -> Annotations:
    """Two categories, 1 and 2; ``boxes`` are (picture, category, xywh)."""
    names = {1: "cup", 2: "fork"}
    rows = [
        {"id": i, "image_id": p, "category_id": c, "bbox": list(b), "area": b[2] * b[3], "iscrowd": 0}
        for i, (p, c, b) in enumerate(boxes, 1)
    ]
    shown = tuple(AnnotatedPicture(i, f"{i}.jpg") for i in range(pictures))
    dataset = {
        "images": [{"id": p.id, "file_name": p.file_name} for p in shown],
        "annotations": rows,
        "categories": [{"id": i, "name": n} for i, n in names.items()],
    }
    return Annotations("a.json", shown, {0: 1, 1: 2}, names, (), dataset)


def row(picture: int, category: int, box: Box, score: float) -> dict[str, Any]:
    return {"image_id": picture, "category_id": category, "bbox": list(box), "score": score}


def test_perfect_detections_are_one() -> None:
    boxes = [(0, 1, (10.0, 10.0, 20.0, 20.0)), (1, 2, (5.0, 5.0, 50.0, 10.0))]
    found = judge(annotations(boxes), [row(p, c, b, 0.9) for p, c, b in boxes])
    assert found.map_50_95 == pytest.approx(1)
    assert found.per_class_50 == pytest.approx({"cup": 1, "fork": 1})
    assert found.pictures == 3


def test_no_detections_are_zero_and_absent_classes_are_left_out() -> None:
    found = judge(annotations([(0, 1, (10.0, 10.0, 20.0, 20.0))]), [])
    assert found.map_50 == 0
    assert found.per_class == {"cup": 0}


def overlap(a: Box, b: Box) -> float:
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    shared = max(0.0, width) * max(0.0, height)
    return shared / (a[2] * a[3] + b[2] * b[3] - shared)


def brute_force_ap_50(truth: list[tuple[int, Box]], found: list[tuple[int, Box, float]]) -> float:
    """COCO: greedy matching by score, precision made monotone, mean over 101 recall levels."""
    taken: set[int] = set()
    hits = []
    for picture, box, _ in sorted(found, key=lambda f: -f[2]):
        free = [(overlap(box, t), i) for i, (p, t) in enumerate(truth) if p == picture and i not in taken]
        best = max(free, default=(0.0, -1))
        hits.append(best[0] >= 0.5)
        if hits[-1]:
            taken.add(best[1])
    true = np.cumsum(hits)
    precision = true / np.arange(1, len(hits) + 1) if hits else np.zeros(0)
    recall = true / len(truth)
    levels = [precision[recall >= r - 1e-9].max(initial=0.0) for r in np.linspace(0, 1, 101)]
    return float(np.mean(levels))


boxes_on_grid = st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 3))


@settings(max_examples=40, deadline=None)
@given(
    truth=st.sets(boxes_on_grid, min_size=1, max_size=6),
    found=st.lists(st.tuples(boxes_on_grid, st.integers(0, 12)), max_size=8),
)
def test_like_brute_force(truth: set[tuple[int, int, int]], found: list[tuple[tuple[int, int, int], int]]) -> None:
    def box(cell: tuple[int, int, int], shift: float = 0.0) -> Box:
        return (cell[1] * 40.0 + shift, cell[2] * 40.0, 30.0, 30.0)

    true = [(cell[0], box(cell)) for cell in sorted(truth)]
    detected = [(cell[0], box(cell, shift), 1 - i / 10) for i, (cell, shift) in enumerate(found)]
    result = judge(annotations([(p, 1, b) for p, b in true]), [row(p, 1, b, s) for p, b, s in detected])
    assert result.map_50 == pytest.approx(brute_force_ap_50(true, detected), abs=1e-6)


def test_rows_keep_only_classes_with_a_category() -> None:
    xyxy = np.array([[1, 2, 11, 22], [0, 0, 5, 5]], np.float32)
    detections = Detections(xyxy, np.array([0.9, 0.8], np.float32), np.array([1, 5]), ("a", "b"))
    assert coco_rows(detections, 4, {1: 2}) == [row(4, 2, (1, 2, 10, 20), pytest.approx(0.9))]


def test_curves_are_a_picture(tmp_path: Path) -> None:
    boxes = [(0, 1, (10.0, 10.0, 20.0, 20.0))]
    path = tmp_path / "new" / "pr.png"
    save_curves(judge(annotations(boxes), [row(0, 1, boxes[0][2], 0.9)]), path, "t")
    assert path.read_bytes().startswith(b"\x89PNG")
    assert [p.name for p in path.parent.iterdir()] == ["pr.png"], "no partial file is left"
