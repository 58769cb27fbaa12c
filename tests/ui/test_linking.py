from __future__ import annotations

from detector_app.ui.linking import follow
from tests.ui.results import detections

CUP = ("cup", 0.9, (10.0, 10.0, 50.0, 50.0))
MOVED = ("cup", 0.5, (14.0, 12.0, 54.0, 52.0))
FAR = ("cup", 0.8, (200.0, 200.0, 240.0, 240.0))
BOTTLE = ("bottle", 0.7, (10.0, 10.0, 50.0, 50.0))


def test_the_thing_is_found_at_its_new_index() -> None:
    assert follow(detections(CUP, FAR), 0, detections(FAR, BOTTLE, MOVED)) == 2


def test_another_class_in_the_same_place_is_another_thing() -> None:
    assert follow(detections(CUP), 0, detections(BOTTLE)) == -1


def test_a_thing_that_jumped_is_lost() -> None:
    assert follow(detections(CUP), 0, detections(FAR)) == -1


def test_nothing_follows_from_nothing() -> None:
    assert follow(detections(), -1, detections(CUP)) == -1
    assert follow(detections(CUP), -1, detections(CUP)) == -1
    assert follow(detections(CUP), 5, detections(CUP)) == -1
    assert follow(detections(CUP), 0, detections()) == -1


def test_a_box_without_area_follows_only_itself() -> None:
    flat = detections(("cup", 0.9, (10.0, 10.0, 10.0, 50.0)))
    assert follow(flat, 0, flat) == 0
    assert follow(flat, 0, detections(CUP)) == -1
