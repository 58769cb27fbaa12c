"""Proposals of whole pictures: degenerate ones, sizes, order, and how many real objects they reach."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector_app.errors import RegionsUnavailableError
from detector_app.vision.boxes import iou_matrix
from detector_app.vision.selective_search import propose
from detector_app.vision.selective_search.proposing import ranked
from detector_app.vision.selective_search.segments import Pixels, shrunk

pytest.importorskip("skimage", reason="segments need scikit-image")


def noise(height: int, width: int, seed: int) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def plain(height: int, width: int, seed: int) -> Pixels:
    return np.full((height, width, 3), seed % 256, np.uint8)


def stripes(height: int, width: int, seed: int) -> Pixels:
    return (
        (np.indices((height, width)).sum(axis=0) // (1 + seed % 5) % 2 * 255).astype(np.uint8)[..., None].repeat(3, 2)
    )


@given(
    draw=st.sampled_from([noise, plain, stripes]),
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    seed=st.integers(0, 2**16),
    side_px=st.sampled_from([1, 7, 32, 100]),
    most=st.sampled_from([1, 5, 1000]),
)
@settings(max_examples=60)
def test_boxes_are_distinct_inside_and_the_same_each_time(
    draw: object, height: int, width: int, seed: int, side_px: int, most: int
) -> None:
    assert callable(draw)
    picture = draw(height, width, seed)
    boxes = propose(picture, side_px=side_px, scales=(5.0, 50.0), most=most)
    assert boxes.dtype == np.float32
    assert 1 <= len(boxes) <= most
    assert len(np.unique(boxes, axis=0)) == len(boxes)
    assert (boxes[:, :2] >= 0).all()
    assert (boxes[:, 2:] <= np.float32((width, height))).all()
    assert (boxes[:, 2:] > boxes[:, :2]).all()
    np.testing.assert_array_equal(boxes[0], np.float32((0, 0, width, height)))
    np.testing.assert_array_equal(boxes, propose(picture.copy(), side_px=side_px, scales=(5.0, 50.0), most=most))


def test_a_picture_of_one_colour_is_one_region() -> None:
    assert propose(plain(30, 50, 200), side_px=100, scales=(20.0, 100.0), most=10).tolist() == [[0, 0, 50, 30]]


def test_one_pixel() -> None:
    assert propose(noise(1, 1, 0), side_px=100, scales=(20.0,), most=10).tolist() == [[0, 0, 1, 1]]


def test_a_thing_on_a_ground_is_found_in_pixels_of_the_picture() -> None:
    picture = np.full((400, 600, 3), (40, 90, 40), np.uint8)
    cv2.rectangle(picture, (150, 100), (349, 259), (200, 30, 220), -1)
    boxes = propose(picture, side_px=300, scales=(100.0,), most=10)
    assert iou_matrix(boxes, np.float32([[150, 100, 350, 260]])).max() > 0.95


def test_the_latest_regions_of_all_hierarchies_come_first() -> None:
    first = np.array([[0, 0, 1, 1], [1, 0, 2, 1], [0, 0, 2, 1]])
    second = np.array([[0, 0, 1, 1], [0, 0, 2, 1]])
    assert ranked([first, second]).tolist() == [[0, 0, 2, 1], [1, 0, 2, 1], [0, 0, 1, 1]]


@pytest.mark.parametrize(("size", "expected"), [((100, 50), (32, 16)), ((20, 30), (20, 30)), ((1000, 3), (32, 1))])
def test_pictures_are_shrunk_only(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert shrunk(noise(*size, 1), 32).shape[:2] == expected


@pytest.mark.parametrize("shape", [(0, 5, 3), (5, 0, 3), (5, 5), (5, 5, 4)])
def test_what_is_no_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="a picture"):
        propose(np.zeros(shape, np.uint8), side_px=10, scales=(10.0,), most=10)


def test_without_scikit_image_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "skimage.segmentation", None)
    with pytest.raises(RegionsUnavailableError, match=r"detector-app\[regions\]"):
        propose(noise(5, 5, 0), side_px=10, scales=(10.0,), most=10)


@pytest.mark.parametrize(("name", "least"), [("bccd364", 0.85), ("playing_cards363", 0.97)])
def test_most_real_objects_are_reached(shared_data: Path, name: str, least: float) -> None:
    """Recall at IoU 0.5 of a thousand proposals on every thirtieth picture."""
    folder = shared_data / "train" / name
    content = json.loads((folder / "annotations_train.json").read_text(encoding="utf-8"))
    reached: list[bool] = []
    for picture in content["images"][::30]:
        boxes = np.float32([one["bbox"] for one in content["annotations"] if one["image_id"] == picture["id"]])
        boxes[:, 2:] += boxes[:, :2]
        image = np.asarray(cv2.imread(str(folder / "images" / picture["file_name"])), np.uint8)
        proposed = propose(image, side_px=240, scales=(20.0, 50.0, 100.0), most=1000)
        reached += (iou_matrix(proposed, boxes).max(axis=0) >= 0.5).tolist()
    assert np.mean(reached) >= least
