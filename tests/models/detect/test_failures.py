from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from models.detect.evaluation import Found, Truth, mean_average_precision
from models.detect.failures import best_score, judge_picture
from models.detect.marked_sheet import Mark, Tile, save_sheet
from models.detect.outcome import Outcome, load_outcome, save_outcome
from models.detect.outcome_pictures import outcome_text
from tests.models.detect.test_evaluation import found, truth


def test_every_kind_of_error() -> None:
    there = truth((0, 0, 10, 10, 0), (20, 0, 30, 10, 1), (40, 0, 50, 10, 0), (60, 0, 70, 10, 0))
    seen = found(
        (0, 0, 10, 9, 0, 0.9),  # right
        (0, 1, 10, 10, 0, 0.8),  # the same object again: false
        (20, 0, 30, 10, 0, 0.7),  # an object of class 1: wrong class
        (80, 0, 90, 10, 1, 0.6),  # nothing there: false
        (40, 0, 50, 10, 0, 0.1),  # right, but below the score: missed
    )
    verdict = judge_picture(seen, there, 0.5)
    assert verdict.shown.tolist() == [0, 1, 2, 3]
    assert verdict.kinds == ("right", "false", "wrong class", "false")
    assert verdict.missed.tolist() == [2, 3]
    assert verdict.errors == 5


def test_nothing_there_and_nothing_seen() -> None:
    assert judge_picture(found(), truth(), 0.5).errors == 0
    assert judge_picture(found((0, 0, 5, 5, 0, 0.9)), truth(), 0.5).kinds == ("false",)
    assert judge_picture(found(), truth((0, 0, 5, 5, 0)), 0.5).missed.tolist() == [0]


boxes = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda corner: (*corner, corner[0] + 10, corner[1] + 10))


@given(
    st.lists(st.tuples(boxes, st.integers(0, 1), st.floats(0.01, 1)), max_size=6),
    st.lists(st.tuples(boxes, st.integers(0, 1)), max_size=6),
)
def test_objects_and_detections_are_each_counted_once(seen: list, there: list) -> None:  # type: ignore[type-arg]
    detections = found(*((*box, label, score) for box, label, score in seen))
    objects = truth(*((*box, label) for box, label in there))
    verdict = judge_picture(detections, objects, 0.3)
    matched = sum(kind != "false" for kind in verdict.kinds)
    assert matched + len(verdict.missed) == len(there)
    assert len(verdict.kinds) == sum(score >= np.float32(0.3) for score in detections.scores)


def test_the_score_that_serves_best_lies_between_right_and_false() -> None:
    founds = [found((0, 0, 10, 10, 0, 0.62), (50, 50, 60, 60, 0, 0.31))] * 3
    assert 0.31 < best_score(founds, [truth((0, 0, 10, 10, 0))] * 3) <= 0.62


def test_an_outcome_comes_back_as_it_was_and_is_told_by_class(tmp_path: Path) -> None:
    founds = (found((0, 0, 10, 10, 0, 0.5)), found())
    truths = (truth((0, 0, 10, 10, 0), (5, 5, 9, 9, 1)), truth())
    metrics = mean_average_precision(founds, truths, ("cup", "fork", "spoon"))
    outcome = Outcome(7, metrics, founds, truths)
    save_outcome(tmp_path / "outcome.json", outcome)
    again = load_outcome(tmp_path / "outcome.json")
    assert (again.epoch, again.metrics) == (7, metrics)
    for one, other in zip((*again.found, *again.truths), (*founds, *truths), strict=True):
        assert_same(one, other)
    assert outcome_text(again, ("cup", "fork", "spoon")).splitlines() == [
        "Best validation (epoch 7): mAP50 0.500, mAP50-95 0.500",
        "  class  boxes   AP50  AP50-95",
        "  cup        1  1.000    1.000",
        "  fork       1  0.000    0.000",
    ]


def assert_same(one: Found | Truth, other: Found | Truth) -> None:
    for name, values in vars(one).items():
        np.testing.assert_allclose(values, getattr(other, name), atol=0.01)


@pytest.mark.parametrize("tiles", [0, 1, 7])
def test_a_sheet_has_room_for_all_and_shows_marks_in_their_colour(tmp_path: Path, tiles: int) -> None:
    grey = np.full((40, 80, 3), 128, np.uint8)
    marks = (Mark((10, 10, 60, 30), "#ff0000", "a 0.5"), Mark((5, 5, 5, 5), "#00ff00", "长" * 40, dashed=True))
    path = tmp_path / "sheet.png"
    save_sheet([Tile(grey, "very " * 40, marks)] * tiles, "title", [("right", "#0000ff")], path)
    with Image.open(path) as sheet:
        pixels = np.asarray(sheet)
    assert (pixels == [255, 0, 0]).all(axis=2).any() == (tiles > 0)
    assert [one.name for one in tmp_path.iterdir()] == ["sheet.png"]
