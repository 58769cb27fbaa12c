"""Differences from what was kept of two models, against those of the boxes themselves, at thresholds that change."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detector_app.engine.kept_comparison import KeptRun, compare_kept
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.result_store.keys import RunKey, content_key
from detector_app.result_store.store import ResultStore, StoredFrame
from detector_app.vision.agreement import agree
from detector_app.vision.detections import Detections
from detector_app.vision.differences import Differences

NAMES = ("cup", "bottle")
KEYS = RunKey("1" * 64, "c" * 64, "{}"), RunKey("2" * 64, "c" * 64, "{}")


def scene(seed: int) -> Detections:
    """Some boxes on a coarse grid, so that many of two seeds fall together."""
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 3, (6, 2)) * 40.0
    scores = np.sort(rng.uniform(0.05, 1, 6))[::-1].astype(np.float32)
    return Detections(np.hstack([corners, corners + 35]).astype(np.float32), scores, rng.integers(0, 2, 6), NAMES)


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, Path]:
    """A sidecar with two runs that have only some frames in common, and its video, of which nothing is read but the bytes."""
    video, sidecar = tmp_path / "film.mp4", tmp_path / "film.results"
    video.write_bytes(b"film" * 1000)
    with ResultStore(sidecar, content_key(video)) as store:
        for number, (key, indices) in enumerate(zip(KEYS, (range(0, 40), range(10, 60, 2)), strict=True)):
            run = store.run(key, "model", NAMES)
            store.add(run, [StoredFrame(i, i / 10, 160, 160, scene(100 * number + i)) for i in indices])
    return sidecar, video


@pytest.mark.parametrize("scores", [(0.05, 0.05), (0.5, 0.5), (0.2, 0.8)])
def test_as_if_both_had_been_seen_together(kept: tuple[Path, Path], scores: tuple[float, float]) -> None:
    there = Differences()
    runs = [KeptRun(i + 1, DetectSettings(score=score)) for i, score in enumerate(scores)]
    assert compare_kept(*kept, *runs, there)
    expected = Differences()
    for index in range(10, 40, 2):
        pair = [scene(100 * number + index) for number in range(2)]
        found = [one.take(one.scores >= np.float32(score)) for one, score in zip(pair, scores, strict=True)]
        expected.add(index, index / 10, agree(*found))
    assert there.frames == expected.frames == 15
    assert there.by_class == expected.by_class
    assert there.worst(99) == expected.worst(99)


def test_it_can_be_cancelled(kept: tuple[Path, Path]) -> None:
    into = Differences()
    run = KeptRun(1, DetectSettings())
    assert not compare_kept(*kept, run, run, into, lambda: into.frames == 3)
    assert into.frames == 3
