"""The panel of best classes in the pixels of a picture."""

from __future__ import annotations

import numpy as np
import pytest

from detector_app.vision import drawing
from detector_app.vision.classification import Classification
from detector_app.vision.detections import Detections
from detector_app.vision.drawing import text_height_px
from detector_app.vision.result_drawing import BEST, PANEL_TEXTS, TRACK, draw_result

NAMES = ("cup", "杯子", "a name that is much longer than the panel is wide", "d", "e", "f")


def plain(width: int, height: int, value: int = 90) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


def of(
    picture: np.ndarray, *probabilities: float, seen: tuple[float, float, float, float] | None = None
) -> Classification:
    whole = (0.0, 0.0, float(picture.shape[1]), float(picture.shape[0]))
    return Classification(np.array(probabilities, np.float32), NAMES, seen or whole)


def nothing() -> Detections:
    return Detections.empty(NAMES)


def test_bars_are_as_long_as_the_probabilities() -> None:
    picture = plain(1280, 720)
    drawn = draw_result(picture, nothing(), of(picture, 0.75, 0.25, 0, 0, 0, 0))
    assert (picture == 90).all()
    text_px = text_height_px(720, 1280)
    inner = PANEL_TEXTS * text_px - 2 * round(0.7 * text_px)
    lengths = [int((drawn[row] == BEST[::-1]).all(axis=1).sum()) for row in range(720)]
    assert max(lengths) == round(0.75 * inner)
    tracks = [int((drawn[row] == TRACK[::-1]).all(axis=1).sum()) for row in range(720)]
    assert {inner - round(0.75 * inner), inner - round(0.25 * inner), inner} <= set(tracks)


def test_the_panel_keeps_its_place_whatever_it_says() -> None:
    picture = plain(640, 360)
    shapes = []
    for probabilities in ((1.0, 0, 0, 0, 0, 0), (0, 0, 0.4, 0.2, 0.2, 0.2)):
        changed = (draw_result(picture, nothing(), of(picture, *probabilities)) != 90).any(axis=2)
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        shapes.append((rows[0], rows[-1], columns[0], columns[-1]))
    assert shapes[0] == shapes[1]
    assert shapes[0][3] < 320


@pytest.mark.parametrize("value", [0, 255])
def test_the_words_stand_out_on_black_and_on_white(value: int) -> None:
    picture = plain(640, 360, value)
    panel = draw_result(picture, nothing(), of(picture, 0.9, 0.1))[8:30, 8:180].max(axis=2)
    assert int(panel.max()) - int(np.median(panel)) > 130


def test_a_line_goes_around_what_was_seen_unless_that_is_all() -> None:
    picture = plain(640, 360)
    part = draw_result(picture, nothing(), of(picture, 1.0, seen=(140.0, 0.0, 500.0, 360.0)))
    assert (part[300, 140:143] != 90).all()
    assert part[300, 141].min() > 200
    assert (part[300, 150:490] == 90).all()
    assert (draw_result(picture, nothing(), of(picture, 1.0))[300] == 90).all()


@pytest.mark.parametrize("size", [(1, 1), (32, 32), (64, 20), (150, 150), (3000, 40)])
@pytest.mark.parametrize("unicode", [True, False])
def test_small_pictures_have_at_most_a_label(
    size: tuple[int, int], unicode: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detector_app.vision.result_drawing.has_unicode", lambda: unicode)
    picture = plain(*size)
    drawn = draw_result(picture, nothing(), of(picture, 0.1, 0.5, 0.4))
    assert drawn.shape == picture.shape
    assert (drawn != 90).any()
    assert (drawn[20:] == 90).all()


def test_one_row_is_a_label() -> None:
    picture = plain(1280, 720)
    drawn = draw_result(picture, nothing(), of(picture, 0.5, 0.5), rows=1)
    assert (drawn[60:] == 90).all()


def test_detections_are_drawn_as_ever() -> None:
    picture = plain(300, 200)
    found = Detections(np.array([[50, 50, 90, 90]], np.float32), np.array([0.9], np.float32), np.array([0]), NAMES)
    np.testing.assert_array_equal(draw_result(picture, found), drawing.draw(picture, found))
