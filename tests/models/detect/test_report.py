import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.detect.anchor_picture import anchors_text, draw_anchors, fit_of
from models.detect.duplicates import exact_copies, near_pairs
from models.detect.problems import Problem, ProblemKind
from models.detect.records import LabelledPictures, PictureRecord, read_labelled
from models.detect.report import (
    ClassCount,
    DataReport,
    aligned,
    describe_data,
    letterboxed_sizes,
    report_json,
    report_text,
    write_json,
)
from models.detect.report_pictures import centre_heat, choose_examples, draw_report, draw_samples
from models.detect.spec import YoloSpec
from models.detect.split import Split, split_by_content
from tests.models.detect.drawn import write_coco


def record(name: str, *rows: tuple[int, int, int, int, int], size_wh: tuple[int, int] = (200, 100)) -> PictureRecord:
    """Rows are label, x1, y1, x2, y2; hash and fingerprint are the name's first letter."""
    values = np.array(rows, np.float32).reshape(-1, 5)
    return PictureRecord(
        Path(f"{name}.jpg"), values[:, 1:], values[:, 0].astype(np.int64), name[0], size_wh, name[0].encode() * 32
    )


TRAIN = (record("a", (0, 0, 0, 32, 32), (1, 0, 0, 8, 2)), record("b", (0, 100, 50, 200, 100)), record("d"))
VAL = (record("c1", (0, 10, 10, 110, 90)), record("c2", (0, 10, 10, 110, 90)))
LABELLED = LabelledPictures(("cup", "fork"), (*TRAIN, *VAL), (), unused=("spoon",))


def report(**changes: object) -> DataReport:
    return replace(describe_data(LABELLED, Split(TRAIN, VAL, "x"), 100), **changes)  # type: ignore[arg-type]


def test_counts_by_hand() -> None:
    cup, fork = report().classes
    assert (cup.train_pictures, cup.train_boxes, cup.val_pictures, cup.val_boxes) == (2, 2, 2, 2)
    assert (fork.train_pictures, fork.train_boxes, fork.val_boxes) == (1, 1, 0)
    assert (report().train_empty, report().val_empty) == (1, 0)
    assert report().picture_sizes_wh == ((200, 100, 5),)


def test_sizes_are_those_of_the_networks_input() -> None:
    """200×100 pictures at 100 px are halved: boxes of 16×16, 4×1, 50×25, 50×40 and 50×40."""
    sizes = report().sizes
    assert (sizes.small, sizes.medium, sizes.large) == pytest.approx((0.4, 0.6, 0.0))
    assert sizes.middle_wh == (50, 25)
    assert sizes.tiny == 1
    assert sizes.aspect[1] == pytest.approx(1.25)
    unknown = replace(TRAIN[0], size_wh=None)
    assert letterboxed_sizes([unknown, record("e")], 100).shape == (0, 2)


def test_copies_and_look_alikes() -> None:
    assert exact_copies(LABELLED.records) == (("c1.jpg", 2),)
    assert near_pairs(TRAIN, VAL) == ()  # letters differ in few bits, but 32 times
    almost = replace(TRAIN[1], fingerprint=b"c" * 29 + b"xyz")
    [first, second] = near_pairs([TRAIN[0], almost], VAL)
    assert (first.train, first.val, second.val) == ("b.jpg", "c1.jpg", "c2.jpg")
    assert near_pairs([], VAL) == near_pairs(TRAIN, []) == near_pairs([replace(TRAIN[0], fingerprint=b"")], VAL) == ()


def test_what_to_look_at_comes_first_and_the_worst_of_it_at_the_top() -> None:
    problems = (Problem(ProblemKind.NO_AREA, "x.jpg"), Problem(ProblemKind.MISSING_PICTURE, "y.jpg", "named in a.json"))
    lines = report_text(report(problems=problems)).splitlines()
    assert lines[0] == "Data: 3 pictures to train on, 2 to validate with; 1 of them without objects"
    assert lines[1] == "  ! 1 missing picture, left out: y.jpg (named in a.json)"
    assert lines[2] == "  ! 1 box without area, left out: x.jpg"
    told = "\n".join(lines)
    for words in ("1 picture is listed more than once", "cup (4), fork (1)", "side below 5 px", "without a box: spoon"):
        assert words in told


def test_the_file_holds_what_is_told(tmp_path: Path) -> None:
    write_json(tmp_path / "report.json", report_json(report(problems=(Problem(ProblemKind.TWICE, "é.jpg"),))))
    content = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert content["problems"] == [{"kind": "twice", "where": "é.jpg", "detail": ""}]
    assert content["warnings"][0].startswith("1 box that is there twice")
    assert content["classes"][0]["name"] == "cup"


def test_examples_show_every_class_and_no_picture_twice() -> None:
    labels = [0, 0, 0, 0, 0, 0, 1]
    records = [record(letter, (label, 0, 0, 50, 50)) for letter, label in zip("abcdefg", labels, strict=True)]
    chosen = choose_examples(records, 2, 4)
    assert [int(one.labels[0]) for one in chosen] == [1, 0, 0, 0]
    assert len({one.path for one in chosen}) == 4
    assert choose_examples([], 2, 4) == []


def test_centres_are_counted_where_they_lie() -> None:
    heat = centre_heat(TRAIN)
    assert heat.sum() == 3
    assert heat[18, 18] == 1  # the middle of b's box, (150, 75) of 200×100


def test_anchors_fit_by_hand() -> None:
    fit = fit_of(np.array([[4.0, 2.0], [8.0, 8.0]]), (((4.0, 4.0),), ((8.0, 8.0),)))
    assert fit.mean_iou == pytest.approx((0.5 + 1) / 2)
    assert fit.recall == 1
    assert fit.nearest.tolist() == [0, 1]


def test_pictures_are_drawn_of_any_names(tmp_path: Path) -> None:
    path = write_coco(tmp_path / "set", 6)
    path.write_text(path.read_text().replace('"red"', '"红色"'))
    labelled = read_labelled([path])
    split = split_by_content(labelled.records, labelled.classes, 0.3)
    draw_report(describe_data(labelled, split, 64), split, tmp_path / "report.png")
    draw_samples(split.train, labelled.classes, tmp_path / "samples.png")
    sizes = letterboxed_sizes(split.train, 64)
    spec = YoloSpec(labelled.classes, (((15.0, 16.0),), ((20.0, 20.0),)))
    assert "15×16" in anchors_text(sizes, spec)
    draw_anchors(sizes, spec, tmp_path / "anchors.png")
    for name in ("report", "samples", "anchors"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_the_table_is_aligned_for_wide_letters() -> None:
    rows = aligned([("class", "boxes"), ("叉子", "1"), ("fork", "20"), ("e\u0301", "3")])
    assert rows == ["class  boxes", "叉子       1", "fork      20", "e\u0301          3"]


def test_long_lists_are_cut_short() -> None:
    many = tuple(ClassCount(f"c{index}", 1, 1, 0, 0) for index in range(80))
    told = report_text(report(classes=many, unused=tuple(f"u{index}" for index in range(9))))
    assert "c7 (1) and 72 more" in told
    assert "no box to validate with, so no figure will tell of: c0, c1, c2, c3, c4, c5, c6, c7 and 72 more" in told
    assert "u7 and 1 more" in told


def test_pictures_on_another_side_than_their_owner_has_them_are_counted() -> None:
    split = Split(
        (replace(TRAIN[0], part="train"), replace(TRAIN[1], part="val")), (*VAL, replace(TRAIN[0], part="train")), "x"
    )
    found = describe_data(LABELLED, split, 100)
    assert found.moved == 2
    assert any(words.endswith("but 2 pictures are on the other side here") for words in found.warnings)
    assert report().moved == 0
