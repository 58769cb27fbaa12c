from pathlib import Path

import cv2
import numpy as np
import pytest

from models.detect.backgrounds import background_sources, read_backgrounds, with_backgrounds
from models.detect.records import read_labelled
from models.detect.split import split_by_content
from models.errors import TrainingDataError
from tests.models.detect.drawn import draw, write_coco


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    """A folder of six pictures, one in a folder below, one twice, and a text."""
    folder = tmp_path / "ground"
    (folder / "below").mkdir(parents=True)
    for seed in range(6):
        place = folder / "below" if seed == 5 else folder
        cv2.imwrite(str(place / f"empty_{seed}.png"), draw((32, 24), [], 100 + seed))
    (folder / "again.png").write_bytes((folder / "empty_0.png").read_bytes())
    (folder / "LICENSE").write_text("MIT\n")
    return folder


def test_each_picture_once_none_that_is_labelled_none_left_out(tmp_path: Path, ground: Path) -> None:
    labelled = read_labelled([write_coco(tmp_path / "set", 4)])
    (ground / "labelled.png").write_bytes(labelled.records[0].path.read_bytes())
    records = read_backgrounds([ground, ground / "empty_1.png"], labelled.records, ["empty_2"])
    assert sorted(record.path.stem for record in records) == ["again", "empty_1", "empty_3", "empty_4", "empty_5"]
    assert all(record.boxes_xyxy.shape == (0, 4) for record in records)
    (source,) = background_sources([ground], records, {})
    assert (source.name, source.pictures, source.boxes, source.licence) == ("ground", 5, 0, "MIT")


def test_backgrounds_are_dealt_by_content_and_rename_the_split(tmp_path: Path, ground: Path) -> None:
    labelled = read_labelled([write_coco(tmp_path / "set", 8)])
    split = split_by_content(labelled.records, labelled.classes, 0.25)
    records = read_backgrounds([ground], labelled.records)
    dealt = with_backgrounds(split, records, 0.34)
    assert len(dealt.val) - len(split.val) == 2
    assert len(dealt.train) - len(split.train) == 4
    assert dealt.sha256 != split.sha256
    assert dealt == with_backgrounds(split, records[::-1], 0.34)
    assert with_backgrounds(split, [], 0.34) is split


def test_missing_and_empty_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match="nowhere: no such picture"):
        read_backgrounds([tmp_path / "nowhere"], [])
    (tmp_path / "text.jpg").write_text("no picture")
    with pytest.raises(TrainingDataError, match="holds no picture"):
        read_backgrounds([tmp_path], [])


def test_a_split_without_backgrounds_has_no_false_box_figure() -> None:
    from models.detect.evaluation import Found, Truth, false_boxes

    scores = np.array([0.9, 0.4, 0.39], np.float32)
    found = Found(np.zeros((3, 4), np.float32), scores, np.zeros(3, np.int64))
    none = Truth(np.zeros((0, 4), np.float32), np.zeros(0, np.int64))
    one = Truth(np.zeros((1, 4), np.float32), np.zeros(1, np.int64))
    assert false_boxes([found], [one]) == {}
    assert false_boxes([found, found, Found(np.zeros((0, 4), np.float32), scores[:0], np.zeros(0, np.int64))],
                       [one, none, none]) == {"false_boxes_per_background": 1.0}  # fmt: skip
