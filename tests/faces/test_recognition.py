"""Names for faces in frames: matched, remembered for a paused frame, blurred for good."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detector_app.faces.blurring import CELLS, REACH, blur_faces
from detector_app.faces.embedder import Embedder
from detector_app.faces.matching import GallerySnapshot
from detector_app.faces.recognition import Recogniser
from detector_app.vision.detections import Detections
from detector_app.vision.frame_result import FrameResult
from tests.faces.embedders import photo, points_at, tiny_embedder
from tests.onnx_files import frame_of

PLACES = ((40.0, 30.0, 100.0), (180.0, 50.0, 110.0), (60.0, 140.0, 14.0))
"""Left, top and side of three faces; the last one is too small."""


@pytest.fixture
def embedder(tmp_path: Path) -> Any:
    opened = Embedder.open(tiny_embedder(tmp_path / "e.onnx"))
    yield opened
    opened.close()


class Counting:
    """An embedder that counts its faces."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder, self.faces, self.calls = embedder, 0, 0
        self.model_hash, self.align = embedder.model_hash, embedder.align

    def embed(self, crops: Any) -> Any:
        self.faces += len(crops)
        self.calls += len(crops) > 0
        return self._embedder.embed(crops)


def result_of(picture: NDArray[np.uint8], *, with_object: bool = True) -> FrameResult:
    """The three faces of :data:`PLACES`, and an object without landmarks between them."""
    boxes = [(x, y, x + side, y + side) for x, y, side in PLACES]
    points = [points_at(*place) for place in PLACES]
    ids = [1, 1, 1]
    if with_object:
        boxes.insert(1, (5, 5, 60, 60))
        points.insert(1, np.full((5, 2), np.nan, np.float32))
        ids.insert(1, 0)
    found = Detections(
        np.array(boxes, np.float32),
        np.linspace(0.9, 0.6, len(boxes)).astype(np.float32),
        np.array(ids),
        ("cup", "face"),
        np.array(points, np.float32),
    )
    return FrameResult(frame_of(picture), found)


def enrolled(embedder: Embedder, picture: NDArray[np.uint8], names: dict[str, int]) -> GallerySnapshot:
    crops = [embedder.align(picture, points_at(*PLACES[place])) for place in names.values()]
    ids = np.arange(len(names)) + 1
    return GallerySnapshot(embedder.model_hash, embedder.embed(crops), ids, tuple(names))


def test_faces_get_names_and_objects_none(embedder: Embedder) -> None:
    picture = photo(np.random.default_rng(0))
    recogniser = Recogniser(embedder, enrolled(embedder, picture, {"Anna": 0}), 0.1)
    found = recogniser(result_of(picture)).detections
    anna, cup, stranger, small = found.identities or ()
    assert cup is None
    assert anna is not None
    assert (anna.name, anna.known, anna.distance) == ("Anna", True, 0)
    assert stranger is not None
    assert (stranger.name, stranger.known) == ("Anna", False)
    assert stranger.distance > 0.1
    assert small is not None
    assert (small.name, small.known, small.refusal, small.distance) == ("", False, "too small", float("inf"))


def test_nobody_enrolled_nobody_found_and_no_landmarks(embedder: Embedder) -> None:
    picture = photo(np.random.default_rng(1))
    recogniser = Recogniser(embedder, GallerySnapshot.empty(), 0.5)
    identities = recogniser(result_of(picture)).detections.identities or ()
    assert [identity is not None and identity.known for identity in identities] == [False] * 4
    empty = FrameResult(frame_of(picture), Detections.empty(("face",)))
    assert recogniser(empty).detections.identities == ()
    plain = replace(result_of(picture).detections, landmarks_xy=None)
    assert recogniser(FrameResult(frame_of(picture), plain)).detections.identities == (None,) * 4


def test_a_paused_frame_embeds_only_new_faces(embedder: Embedder) -> None:
    picture = photo(np.random.default_rng(2))
    counting: Any = Counting(embedder)
    recogniser = Recogniser(counting, enrolled(embedder, picture, {"Anna": 0}), 0.1)
    whole = result_of(picture)
    fewer = replace(whole, detections=whole.detections.take(np.array([0])))
    recogniser(fewer)
    assert (counting.faces, counting.calls) == (1, 1)
    first = recogniser(whole).detections.identities
    assert (counting.faces, counting.calls) == (2, 2), "one is known, one is refused"
    recogniser.change(threshold=2.0)
    second = recogniser(whole).detections.identities
    assert counting.calls == 2
    assert first is not None
    assert second is not None
    assert (first[2].known, second[2].known) == (False, True)  # type: ignore[union-attr]
    recogniser(result_of(picture.copy()))
    assert counting.calls == 3, "the next frame, though it looks the same"


def test_all_faces_of_a_frame_are_embedded_together(embedder: Embedder) -> None:
    picture = photo(np.random.default_rng(3))
    counting: Any = Counting(embedder)
    Recogniser(counting, GallerySnapshot.empty(), 0.1)(result_of(picture))
    assert (counting.faces, counting.calls) == (2, 1)


def test_another_models_gallery_is_refused(embedder: Embedder) -> None:
    picture = photo(np.random.default_rng(4))
    foreign = replace(enrolled(embedder, picture, {"Anna": 0}), model_hash="b" * 64)
    with pytest.raises(ValueError, match="another model"):
        Recogniser(embedder, foreign, 0.1)
    recogniser = Recogniser(embedder, GallerySnapshot.empty(), 0.1)
    with pytest.raises(ValueError, match="another model"):
        recogniser.change(snapshot=foreign)
    assert len(recogniser.snapshot) == 0


def test_who_is_not_known_is_blurred_and_who_is_known_is_not(embedder: Embedder) -> None:
    picture = photo(np.random.default_rng(5))
    recogniser = Recogniser(embedder, enrolled(embedder, picture, {"Anna": 0}), 0.1, blur_unknown=True)
    result = result_of(picture)
    shown = recogniser(result)
    difference = np.abs(shown.frame.image_bgr.astype(int) - picture).max(axis=2)
    for (x, y, side), known in zip(PLACES, (True, False, False), strict=True):
        part = difference[int(y + 0.2 * side) : int(y + 0.8 * side), int(x + 0.2 * side) : int(x + 0.8 * side)]
        assert (part.max() == 0) if known else (np.median(part) > 2)
    assert result.frame.image_bgr is picture, "the frame itself is never written to"
    recogniser.change(blur_unknown=False)
    assert recogniser(result).frame.image_bgr is picture


def test_a_face_without_landmarks_is_blurred_too(embedder: Embedder) -> None:
    picture = photo(np.random.default_rng(6))
    plain = replace(result_of(picture).detections, landmarks_xy=None)
    shown = Recogniser(embedder, GallerySnapshot.empty(), 2.0, blur_unknown=True)(FrameResult(frame_of(picture), plain))
    difference = np.abs(shown.frame.image_bgr.astype(int) - picture).max(axis=2)
    x, y, side = (int(value) for value in PLACES[1])
    assert np.median(difference[y : y + side, x : x + side]) > 2
    assert difference[8:20, 8:20].max() == 0, "the cup is no face"


def test_what_is_blurred_depends_on_a_few_mean_colours_alone() -> None:
    """Two faces with the same means in each cell become the same pixels: no filter can tell which it was."""
    rng = np.random.default_rng(7)
    side, cell = 80, 20
    box = np.array([[60, 60, 60 + side, 60 + side]], np.float32)
    first = photo(rng, 240, 240)
    top = int(100 - REACH * side)
    size = int(2 * REACH * side) + 1
    noise = rng.integers(-20, 21, (size, size, 1))
    second = first.copy()
    part = slice(top, top + size)
    means = cv2.resize(first[part, part], (CELLS, CELLS), interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(means, (size, size), interpolation=cv2.INTER_NEAREST)
    second[part, part] = np.clip(coarse.astype(int) + noise, 0, 255)
    one, two = (blur_faces(picture, box) for picture in (first, second))
    inside = np.zeros((240, 240), np.uint8)
    cv2.ellipse(inside, (100, 100), (int(REACH * side) - 1, int(REACH * side) - 1), 0, 0, 360, 1, cv2.FILLED)
    assert np.abs(one.astype(int) - two)[inside > 0].max() <= cell / 2
    assert np.abs(first.astype(int) - second)[inside > 0].mean() > 8


def test_the_whole_box_is_covered_and_edges_are_no_trouble() -> None:
    picture = photo(np.random.default_rng(8), 200, 300)
    for box in ((50, 60, 110, 150), (-30, -20, 40, 50), (250, 150, 400, 400), (0, 0, 300, 200), (10, 10, 12, 11)):
        shown = blur_faces(picture, [np.array(box, np.float32)])
        left, top, right, bottom = np.clip(box, 0, (300, 200, 300, 200))
        same = (shown == picture).all(axis=2)[top:bottom, left:right]
        assert same.mean() < 0.1, box
    assert blur_faces(picture, []) is picture
    outside = blur_faces(picture, [np.array((900, 900, 950, 950), np.float32)])
    np.testing.assert_array_equal(outside, picture)


def test_threshold_and_gallery_change_while_frames_flow(embedder: Embedder) -> None:
    picture = photo(np.random.default_rng(9))
    snapshots = [enrolled(embedder, picture, names) for names in ({"Anna": 0}, {"Bert": 0, "Clara": 1})]
    recogniser = Recogniser(embedder, snapshots[0], 0.1)
    stop = threading.Event()

    def change() -> None:
        while not stop.is_set():
            for snapshot in snapshots:
                recogniser.change(snapshot=snapshot, threshold=0.1)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        for _ in range(100):
            identities = recogniser(result_of(picture)).detections.identities or ()
            names = tuple(identity.name for identity in identities if identity is not None and identity.known)
            assert names in (("Anna",), ("Bert", "Clara"))
    finally:
        stop.set()
        thread.join()
