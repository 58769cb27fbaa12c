"""Dense layouts against plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.pipelines.dense_decoder import Dense, DenseWithObjectness
from tests.pipelines.places import place_of


def rows_of(seed: int, places: int, channels: int) -> np.ndarray:
    """(2, places, channels) with boxes of some size and probabilities."""
    rng = np.random.default_rng(seed)
    boxes, rest = rng.uniform(5, 300, (2, places, 4)), rng.uniform(0, 1, (2, places, channels - 4))
    return np.concatenate((boxes, rest), axis=2).astype(np.float32)


def brute_force(rows: np.ndarray, score: float, objectness: bool) -> list[tuple]:
    found = []
    for number, row in enumerate(rows.astype(np.float64)):
        classes = row[5:] * row[4] if objectness else row[4:]
        best = max(range(len(classes)), key=lambda c: classes[c])
        if classes[best] >= score:
            x, y, w, h = row[:4]
            found.append((number, best, classes[best], (x - w / 2, y - h / 2, x + w / 2, y + h / 2)))
    return found


@given(st.integers(0, 999), st.sampled_from([0.0, 0.2, 0.7, 0.95]), st.booleans(), st.integers(1, 4), st.integers(0, 1))
def test_agrees_with_brute_force(seed: int, score: float, objectness: bool, classes: int, image: int) -> None:
    rows = rows_of(seed, 30, classes + (5 if objectness else 4))
    decoder = DenseWithObjectness("out") if objectness else Dense("out")
    outputs = {"out": rows if objectness else np.ascontiguousarray(rows.transpose(0, 2, 1))}
    found = decoder.decode(outputs, image, score)
    expected = brute_force(rows[image], score, objectness)
    assert list(zip(found.ids.tolist(), found.class_ids.tolist(), strict=True)) == [row[:2] for row in expected]
    np.testing.assert_allclose(found.scores, [row[2] for row in expected], atol=1e-6)
    np.testing.assert_allclose(found.xyxy, np.array([row[3] for row in expected]).reshape(-1, 4), atol=1e-4)
    assert found.xyxy.dtype == found.scores.dtype == np.float32


def test_half_precision_outputs() -> None:
    rows = rows_of(1, 20, 6).astype(np.float16)
    found = Dense("out").decode({"out": rows.transpose(0, 2, 1)}, 0, 0.5)
    assert found.xyxy.dtype == found.scores.dtype == np.float32
    assert len(found) == len(brute_force(rows[0], 0.5, objectness=False))


@pytest.mark.parametrize(("anchors", "count"), [(1, 2100), (3, 6300)])
def test_place_on_the_usual_grids(anchors: int, count: int) -> None:
    outputs = {"out": np.zeros((1, 6, count), np.float32)}
    assert place_of(Dense("out"), outputs, 1600 * anchors + 21, (320, 320)) == (1, 16, 1, 1, 0)
    assert place_of(Dense("out"), outputs, count - 1, (320, 320)) == (2, 32, 9, 9, anchors - 1)


def test_place_on_unusual_grids_is_not_told() -> None:
    assert place_of(Dense("out"), {"out": np.zeros((1, 6, 77), np.float32)}, 3, (320, 320)) is None
