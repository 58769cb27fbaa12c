"""Annotations: matched by name, and everything broken is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detector_app.errors import AnnotationError
from detector_app.evaluation.annotations import plain_name, read_annotations


def write(path: Path, **changes: Any) -> Path:
    """A small valid COCO file with parts replaced."""
    data = {
        "images": [{"id": 7, "file_name": "a.jpg"}, {"id": 8, "file_name": "b.jpg"}],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 3, "bbox": [1, 2, 30, 40]},
            {"id": 2, "image_id": 7, "category_id": 4, "bbox": [5, 5, 10, 10], "iscrowd": 1},
        ],
        "categories": [{"id": 3, "name": "Raspberry_Pi_3"}, {"id": 4, "name": "zebra"}],
    }
    path.write_text(json.dumps(data | changes), encoding="utf-8")
    return path


def test_categories_are_matched_by_name(tmp_path: Path) -> None:
    found = read_annotations(write(tmp_path / "a.json"), ("cup", "raspberry pi 3"))
    assert found.category_of_class == {1: 3}
    assert found.unmatched == ("zebra",)
    assert [p.id for p in found.pictures] == [7, 8], "pictures without objects count"
    assert [(b["bbox"], b["area"]) for b in found.dataset["annotations"]] == [([1, 2, 30, 40], 1200)]


@pytest.mark.parametrize("name", ["Raspberry_Pi_3", "raspberry-pi 3", " RASPBERRY  PI 3 "])
def test_plain_names(name: str) -> None:
    assert plain_name(name) == "raspberry pi 3"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"images": None}, "images"),
        ({"categories": [{"id": 1}]}, r"categories\[0\]"),
        ({"annotations": [{"image_id": 7, "category_id": 3, "bbox": [1, 2]}]}, "width, height"),
        ({"annotations": [{"image_id": 7, "category_id": 3, "bbox": [1, 2, float("nan"), 4]}]}, "width, height"),
        ({"annotations": [{"image_id": 7, "category_id": 3, "bbox": [1, 2, 3, 4], "area": "big"}]}, "area"),
        ({"annotations": [{"image_id": 7, "category_id": [3], "bbox": []}]}, r"“category_id” of annotations\[0\]"),
        ({"images": [{"id": "seven", "file_name": "a.jpg"}]}, r"“id” of images\[0\] cannot be 'seven'"),
        ({"images": [{"id": 7, "file_name": "a.jpg"}, {"id": 7, "file_name": "b.jpg"}]}, "“images” have the id 7"),
        ({"categories": [{"id": None, "name": "zebra"}]}, r"“id” of categories\[0\]"),
        ({"annotations": [{"image_id": 9, "category_id": 3, "bbox": [1, 2, 3, 4]}]}, "image 9"),
        ({"categories": [{"id": 3, "name": "zebra"}]}, "none of its categories"),
    ],
)
def test_what_is_broken_is_named(tmp_path: Path, changes: dict[str, Any], named: str) -> None:
    with pytest.raises(AnnotationError, match=named):
        read_annotations(write(tmp_path / "a.json", **changes), ("raspberry pi 3",))


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00"])
def test_no_coco_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(AnnotationError, match=r"a\.json"):
        read_annotations(path, ("cup",))


def test_no_file_at_all(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match=r"nowhere\.json"):
        read_annotations(tmp_path / "nowhere.json", ("cup",))
