from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from models.detect import outcome_pictures
from models.detect.evaluation import Found, Truth, mean_average_precision
from models.detect.failures import best_score, judge_picture
from models.detect.loading import LetterboxedPictures
from models.detect.marked_sheet import CAPTION_PX, GAP_PX, HEAD_PX, TILE_PX, Mark, Tile, _font, fitted, save_sheet
from models.detect.outcome import Outcome, load_outcome, save_outcome
from models.detect.outcome_pictures import outcome_text
from models.detect.pictures import Sample
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


@pytest.mark.parametrize("text", ["cup", "a very long name of a class, number 12", "很长的类别名称" * 6, "W" * 80])
def test_labels_are_fitted_and_keep_both_ends(text: str) -> None:
    short = fitted(text, 12, 150)
    assert ImageDraw.Draw(Image.new("L", (1, 1))).textlength(short, font=_font(text, 12)) <= 150
    assert short == text or (short.count("…") == 1 and text.startswith(short[0]) and text.endswith(short[-1]))
    assert fitted(text, 12, 0) in ("", "…")


def test_a_long_label_leaves_the_picture_to_be_seen(tmp_path: Path) -> None:
    mark = Mark((0, 40, 100, 100), "#ff0000", "a class with a name that is much longer than a picture is wide")
    save_sheet([Tile(np.zeros((100, 100, 3), np.uint8), "", (mark,))], "", (), tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        row = np.asarray(sheet.convert("RGB"))[HEAD_PX + CAPTION_PX + 40 * 3 - 4, GAP_PX : GAP_PX + TILE_PX]
    assert (row == [255, 0, 0]).all(axis=1).sum() < TILE_PX / 2 + 10
    assert (row[-TILE_PX // 3 :] == 0).all()


def test_the_errors_come_before_the_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A long name is cut, and what is wrong is what the sheet is for."""
    tiles: list[Tile] = []
    monkeypatch.setattr(outcome_pictures, "save_sheet", lambda given, *_rest: tiles.extend(given))
    there = truth((0, 0, 9, 9, 0))
    outcome = Outcome(1, {"mAP50": 0.0}, (found(),), (there,))
    pictures = LetterboxedPictures([Sample(np.zeros((32, 32, 3), np.uint8), there.boxes_xyxy, there.labels)], 32, 114)
    outcome_pictures.draw_failures(outcome, pictures, ["n.jpg"], ["cup"], tmp_path / "f.png")
    assert tiles[0].caption == "1 missed: n.jpg"
