"""Boxes and labels in pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from detector_app.vision import drawing
from detector_app.vision.detections import Detections
from detector_app.vision.identity import Identity
from detector_app.vision.palette import class_color

NAMES = ("cup", "杯子", "Schlüssel")


def grey(height: int = 200, width: int = 300) -> np.ndarray:
    return np.full((height, width, 3), 90, np.uint8)


def one(xyxy: list[float], class_id: int = 0, landmarks: np.ndarray | None = None) -> Detections:
    return Detections(
        np.array([xyxy], np.float32), np.array([0.93], np.float32), np.array([class_id]), NAMES, landmarks_xy=landmarks
    )


def changed(picture: np.ndarray) -> np.ndarray:
    return (picture != 90).any(axis=2)


def test_line_of_two_pixels_in_the_class_colour_and_source_untouched() -> None:
    picture = grey()
    drawn = drawing.draw(picture, one([100, 80, 180, 160]))
    assert not changed(picture).any()
    assert tuple(drawn[120, 100]) == class_color("cup")[::-1]
    in_colour = (drawn[120, 90:110] == class_color("cup")[::-1]).all(axis=1)
    assert np.flatnonzero(in_colour).tolist() == [10, 11]
    assert np.flatnonzero(changed(drawn)[120, 90:110]).tolist() == [9, 10, 11, 12]
    assert not changed(drawn)[100:150, 110:170].any()


@pytest.mark.parametrize("class_id", range(len(NAMES)))
def test_a_box_is_seen_on_a_picture_of_its_own_colour(class_id: int) -> None:
    own = class_color(NAMES[class_id])[::-1]
    drawn = drawing.draw(np.full((200, 300, 3), own, np.uint8), one([100, 80, 180, 160], class_id))
    difference = np.abs(drawn.astype(int) - own).max(axis=2)
    for line in (difference[120, 95:105], difference[155:165, 140]):
        assert (line > 90).sum() == 2


def test_a_box_that_leaves_the_picture_is_cut_off() -> None:
    drawn = drawing.draw(grey(), one([-10, -10, 400, 120]))
    assert np.flatnonzero(changed(drawn)[100]).size == 0
    assert np.flatnonzero(changed(drawn)[40:, 150]).tolist() == [77, 78, 79, 80]


def test_nothing_found_changes_nothing() -> None:
    assert not changed(drawing.draw(grey(), Detections.empty(NAMES))).any()


def test_chip_stands_above_the_box_in_the_class_colour() -> None:
    drawn = drawing.draw(grey(), one([100, 80, 180, 160]))
    chip = drawn[62:78, 100:180]
    assert (chip == class_color("cup")[::-1]).all(axis=2).mean() > 0.4
    assert (chip == 255).all(axis=2).any()  # white text on the dark red of "cup"


@pytest.mark.parametrize("xyxy", [[100, 0, 180, 160], [290, 3, 300, 20], [0, 0, 300, 200]])
def test_chip_stays_inside_the_picture(xyxy: list[float]) -> None:
    drawn = drawing.draw(grey(), one(xyxy))
    filled = (drawn == class_color("cup")[::-1]).all(axis=2)
    # The chip's padding below the text, 3 px high, is the widest band of the class colour that is not the box's line.
    top = int(xyxy[1]) + 15
    assert filled[top : top + 3].sum(axis=1).min() > 50


@pytest.mark.skipif(not drawing.has_unicode(), reason="OpenCV 4 writes ASCII alone")
def test_chinese_is_written_and_not_as_question_marks() -> None:
    def ink(text: str) -> np.ndarray:
        canvas = grey(60, 200)
        drawing.write(canvas, (5, 40), text, (255, 255, 255), 24)
        return changed(canvas)

    assert ink("杯").sum() > 60
    assert (ink("杯") != ink("?")).any()
    assert (ink("杯") != ink("子")).any()


def test_names_that_cannot_be_written_are_given_by_number() -> None:
    assert drawing.label_text(one([0, 0, 1, 1], 1), 0, unicode=False) == "#1 0.93"
    assert drawing.label_text(one([0, 0, 1, 1], 0), 0, unicode=False) == "cup 0.93"
    assert drawing.label_text(one([0, 0, 1, 1], 1), 0, unicode=True) == "杯子 0.93"


def test_stroke_font_of_opencv_4(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "has_unicode", lambda: False)
    drawn = drawing.draw(grey(), one([100, 80, 180, 160], 1))
    assert (drawn[62:78, 100:180] != class_color("杯子")[::-1]).any(axis=2).sum() > 20


def test_landmarks_are_dots_with_a_dark_ring() -> None:
    points = np.array([[[140, 120], [160, 130]]], np.float32)
    drawn = drawing.draw(grey(), one([100, 80, 180, 160], landmarks=points))
    assert tuple(drawn[120, 140]) == tuple(drawn[130, 160]) == class_color("cup")[::-1]
    assert drawn[120, 144].max() < 80


def test_smallest_picture() -> None:
    assert drawing.draw(np.zeros((1, 1, 3), np.uint8), one([0, 0, 1, 1])).shape == (1, 1, 3)


def test_a_face_is_labelled_with_the_persons_name_and_distance() -> None:
    face = one([100, 80, 180, 160])
    labels = {
        Identity("Zoë", 0.312, known=True): ("Zoë 0.31", "known 0.31"),
        Identity("Anna", 0.31, known=True): ("Anna 0.31", "Anna 0.31"),
        Identity("Anna", 0.9, known=False): ("unknown", "unknown"),
        Identity(): ("unknown", "unknown"),
        Identity(refusal="too small"): ("cup 0.93", "cup 0.93"),
    }
    for identity, expected in labels.items():
        known = replace(face, identities=(identity,))
        assert (drawing.label_text(known, 0, True), drawing.label_text(known, 0, False)) == expected
    assert drawing.label_text(replace(face, identities=(None,)), 0, True) == "cup 0.93"


def test_an_object_among_faces_has_no_landmarks_to_draw() -> None:
    box = [100.0, 80.0, 180.0, 160.0]
    plain = drawing.draw(grey(), one(box))
    none = drawing.draw(grey(), one(box, landmarks=np.full((1, 5, 2), np.nan, np.float32)))
    np.testing.assert_array_equal(none, plain)
