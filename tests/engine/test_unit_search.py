"""What excites a unit most: the same as looking at every map of every frame."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from detector_app.engine.unit_search import (
    PATCH_PX,
    BestPatches,
    Patch,
    SearchProgress,
    UnitQuery,
    UnitSearch,
    UnitSearchJob,
)
from detector_app.errors import DetectorError, InferenceError, SourceError
from detector_app.pipelines.inside.layers import Layer
from detector_app.pipelines.inside.network import Inside, networks_of
from detector_app.sources.opener import open_source
from tests.onnx_files import tiny_anchor_model
from tests.ui.films import squares_film

UNIT = 1


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A detector of red and blue squares."""
    return str(tiny_anchor_model(tmp_path_factory.mktemp("model") / "squares.onnx"))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a red square that moves."""
    return squares_film(tmp_path_factory.mktemp("film") / "squares.mp4")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fourteen pictures of noise around a square of some brightness, and a broken one among them."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(7)
    for number in range(14):
        image = rng.integers(0, 60, (96, 128, 3), np.uint8)
        x, y = (int(v) for v in rng.integers(0, 60, 2))
        image[y : y + 20, x : x + 20] = (60, 50, int(rng.integers(90, 255)))
        cv2.imwrite(str(folder / f"{number:02}.png"), image)
    (folder / "05x.png").write_bytes(b"no picture")
    return folder


def layer_of(model: str, source: Path) -> Layer:
    """A layer that the first frame excites."""
    inside = Inside(networks_of(model)[0])
    opened = open_source(str(source))
    try:
        frame = opened.read()
    finally:
        opened.close()
    assert frame is not None
    tensor, _ = inside.see(frame)
    return inside.anatomy(tensor.shape).layers[0]


def by_brute_force(model: str, layer: str, source: Path) -> list[tuple[float, int, float, int, int]]:
    """Value, index, time, row and column of the strongest activation of every frame."""
    inside, opened = Inside(networks_of(model)[0]), open_source(str(source))
    found = []
    try:
        while True:
            try:
                frame = opened.read()
            except SourceError:
                continue
            if frame is None:
                return found
            maps = inside.look(*inside.see(frame), layer)
            assert maps is not None
            best = max(
                (float(maps.values[UNIT, row, column]), -row, -column)
                for row in range(maps.layer.height)
                for column in range(maps.layer.width)
            )
            found.append((best[0], frame.index, frame.time_s, -best[1], -best[2]))
    finally:
        opened.close()


def test_a_video_gives_one_patch_a_span(model: str, film: Path) -> None:
    """The best of each fifth of a second, best first; of equal ones the earlier."""
    layer = layer_of(model, film)
    span_s = 0.2
    frames = by_brute_force(model, layer.tensor, film)
    best: dict[int, tuple[float, int, float, int, int]] = {}
    for frame in frames:
        span = int(frame[2] // span_s)
        if span not in best or frame[0] > best[span][0]:
            best[span] = frame
    expected = sorted(best.values(), key=lambda frame: (-frame[0], frame[1]))[:9]
    last = UnitSearch(UnitQuery(model, None, layer.tensor, UNIT, str(film), apart_s=span_s)).run()
    assert last.complete
    assert last.done == len(frames)
    assert [patch.value for patch in last.patches] == [frame[0] for frame in expected]
    assert {(p.index, p.row, p.column) for p in last.patches} <= {(f[1], f[3], f[4]) for f in frames}


def test_a_folder_gives_one_patch_a_picture(model: str, pictures: Path) -> None:
    """The nine best pictures; the broken one is counted and left out."""
    layer = layer_of(model, pictures)
    expected = sorted(by_brute_force(model, layer.tensor, pictures), key=lambda frame: (-frame[0], frame[1]))[:9]
    told: list[SearchProgress] = []
    last = UnitSearch(UnitQuery(model, None, layer.tensor, UNIT, str(pictures)), told.append).run()
    found = [(patch.value, patch.index, patch.row, patch.column) for patch in last.patches]
    assert found == [(value, index, row, column) for value, index, _, row, column in expected]
    assert (last.skipped, last.complete, last.running, last.done) == (1, True, False, 14)
    assert told[-1] is last


def test_a_patch_is_the_receptive_field_of_its_frame(model: str, pictures: Path) -> None:
    """Cut out of the picture itself, shrunk if it is large."""
    layer = layer_of(model, pictures)
    for patch in UnitSearch(UnitQuery(model, None, layer.tensor, UNIT, str(pictures))).run().patches:
        image = cv2.imread(patch.source)
        left, top = (int(np.floor(v)) for v in patch.box[:2])
        right, bottom = (int(np.ceil(v)) for v in patch.box[2:])
        part = image[top:bottom, left:right]
        assert part.size
        assert max(part.shape[:2]) <= PATCH_PX
        np.testing.assert_array_equal(patch.image_bgr, part)


def test_fewer_pictures_than_patches(model: str, pictures: Path) -> None:
    """One picture gives one patch."""
    layer = layer_of(model, pictures)
    last = UnitSearch(UnitQuery(model, None, layer.tensor, 0, str(pictures / "03.png"))).run()
    assert len(last.patches) == 1


@pytest.mark.parametrize(("layer", "unit"), [("nowhere", 0), ("", 100_000)])
def test_no_such_unit(model: str, pictures: Path, layer: str, unit: int) -> None:
    """One clear error."""
    tensor = layer or layer_of(model, pictures).tensor
    with pytest.raises(InferenceError, match="no such layer or unit"):
        UnitSearch(UnitQuery(model, None, tensor, unit, str(pictures))).run()


def test_the_job_is_stopped(model: str, film: Path) -> None:
    """It ends soon, and says that it is not complete."""
    layer, told, begun = layer_of(model, film), [], threading.Event()

    def tell(progress: SearchProgress) -> None:
        told.append(progress)
        begun.set()
        job.stop()

    errors: list[DetectorError] = []
    ready = threading.Event()
    query = UnitQuery(model, None, layer.tensor, UNIT, str(film))
    job = UnitSearchJob(query, lambda progress: (ready.wait(10), tell(progress))[1], errors.append)
    ready.set()
    job.thread.join(20)
    assert not job.thread.is_alive()
    assert begun.is_set()
    assert not told[-1].running
    assert not told[-1].complete
    assert not errors


def test_the_job_tells_of_failure(model: str, tmp_path: Path) -> None:
    """A source that is not there is one error, and an end."""
    errors: list[DetectorError] = []
    told: list[SearchProgress] = []
    job = UnitSearchJob(UnitQuery(model, None, "x", 0, str(tmp_path / "absent.mp4")), told.append, errors.append)
    job.thread.join(20)
    assert len(errors) == 1
    assert isinstance(errors[0], SourceError)
    assert [progress.running for progress in told] == [False]


def test_best_patches_in_any_order() -> None:
    """The same nine, whatever comes first."""
    rng = np.random.default_rng(3)
    offers = [
        (int(span), float(value), i)
        for i, (span, value) in enumerate(zip(rng.integers(0, 30, 400), rng.normal(size=400), strict=True))
    ]
    most: dict[int, float] = {}
    for span, value, _ in offers:
        most[span] = max(value, most.get(span, -np.inf))
    kept = BestPatches(9)
    for span, value, i in offers:
        if kept.wants(span, value):
            kept.keep(span, Patch(value, 0, 0, i, 0.0, "", (0, 0, 1, 1), np.zeros((1, 1, 3), np.uint8)))
    assert [patch.value for patch in kept.patches] == sorted(most.values(), reverse=True)[:9]
