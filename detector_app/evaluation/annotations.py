"""COCO annotations as they are needed to judge a detector: validated, boxes only, categories matched to a model's classes by name."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detector_app.errors import AnnotationError

_NEEDED = {
    "images": {"id": int, "file_name": str},
    "annotations": {"image_id": int, "category_id": int, "bbox": list},
    "categories": {"id": int, "name": str},
}


@dataclass(frozen=True)
class AnnotatedPicture:
    """One picture of the set: its COCO id, and its file name relative to the pictures' folder."""

    id: int
    file_name: str


@dataclass(frozen=True)
class Annotations:
    """The part of a COCO data set that can be judged with a given model.

    Attributes:
        where: the file, for messages.
        pictures: all pictures, those without objects too.
        category_of_class: COCO category id by class id of the model.
        category_names: name by COCO category id, matched categories only.
        unmatched: categories that the model does not have; their objects are not judged.
        dataset: the COCO dictionary reduced to the matched categories.
    """

    where: str
    pictures: tuple[AnnotatedPicture, ...]
    category_of_class: dict[int, int]
    category_names: dict[int, str]
    unmatched: tuple[str, ...]
    dataset: dict[str, Any]


def plain_name(name: str) -> str:
    """Names are equal whatever their case, underscores, hyphens and spaces: ``Raspberry_Pi 3`` is ``raspberry pi 3``."""
    return " ".join(name.replace("_", " ").replace("-", " ").split()).casefold()


def read_annotations(path: Path, class_names: tuple[str, ...]) -> Annotations:
    """Read a COCO JSON and match its categories to ``class_names``.

    Raises:
        AnnotationError: not a COCO data set, a box or reference is broken, or no category is a class of the model.
    """
    data = load_coco(path)
    known = {plain_name(name): i for i, name in enumerate(class_names)}
    names = {int(c["id"]): str(c["name"]) for c in data["categories"]}
    category_of_class = {known[plain_name(name)]: id_ for id_, name in names.items() if plain_name(name) in known}
    matched = {id_: names[id_] for id_ in category_of_class.values()}
    if not matched:
        detail = f"none of its categories ({_few(list(names.values()))}) is a class of the model ({_few(class_names)})"
        raise AnnotationError(str(path), detail=detail)
    pictures = tuple(AnnotatedPicture(int(p["id"]), str(p["file_name"])) for p in data["images"])
    boxes = [coco_box(a, i, path) for i, a in enumerate(data["annotations"], 1) if a["category_id"] in matched]
    check_references(boxes, {p.id for p in pictures}, path)
    reduced = {
        "images": [{"id": p.id, "file_name": p.file_name} for p in pictures],
        "annotations": boxes,
        "categories": [{"id": id_, "name": name} for id_, name in sorted(matched.items())],
    }
    unmatched = tuple(name for id_, name in names.items() if id_ not in matched)
    return Annotations(str(path), pictures, category_of_class, matched, unmatched, reduced)


def load_coco(path: Path) -> dict[str, Any]:
    """The three lists of a COCO data set, whose rows have what is needed, of the right kind.

    Raises:
        AnnotationError: it is no such file.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise AnnotationError(str(path), detail=str(error)) from error
    for key, fields in _NEEDED.items():
        rows = data.get(key) if isinstance(data, dict) else None
        if not isinstance(rows, list):
            raise AnnotationError(str(path), detail=f"it has no list “{key}”")
        for i, row in enumerate(rows):
            absent = [f for f in fields if not isinstance(row, dict) or f not in row]
            if absent:
                raise AnnotationError(str(path), detail=f"{key}[{i}] has no “{absent[0]}”")
            wrong = [f for f, kind in fields.items() if not isinstance(row[f], kind)]
            if wrong:
                detail = f"“{wrong[0]}” of {key}[{i}] cannot be {row[wrong[0]]!r}"
                raise AnnotationError(str(path), detail=detail)
    for key in ("images", "categories"):
        _check_unique(key, [row["id"] for row in data[key]], path)
    return dict(data)


def _check_unique(key: str, ids: list[int], path: Path) -> None:
    twice = [id_ for id_, count in Counter(ids).items() if count > 1]
    if twice:
        raise AnnotationError(str(path), detail=f"several entries of “{key}” have the id {twice[0]}")


def coco_box(annotation: dict[str, Any], number: int, path: Path) -> dict[str, Any]:
    """Annotation ``number`` (from 1) with a box and an area that are numbers.

    Raises:
        AnnotationError: they are none.
    """
    try:
        x, y, width, height = (_finite(v) for v in annotation["bbox"])
        area = _finite(annotation.get("area") or width * height)
    except (TypeError, ValueError) as error:
        what = "a box that is not [x, y, width, height], or an area that is no number"
        detail = f"annotations[{number - 1}] has {what}: {annotation['bbox']!r}"
        raise AnnotationError(str(path), detail=detail) from error
    return {
        "id": number,
        "image_id": annotation["image_id"],
        "category_id": annotation["category_id"],
        "bbox": [x, y, width, height],
        "area": area,
        "iscrowd": int(bool(annotation.get("iscrowd"))),
    }


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is no measure")
    return number


def check_references(boxes: list[dict[str, Any]], picture_ids: set[int], path: Path) -> None:
    """See that every box is of a picture that there is.

    Raises:
        AnnotationError: one is not.
    """
    lost = next((b["image_id"] for b in boxes if b["image_id"] not in picture_ids), None)
    if lost is not None:
        raise AnnotationError(str(path), detail=f"an annotation refers to image {lost}, which is not in “images”")


def _few(names: list[str] | tuple[str, ...], most: int = 6) -> str:
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
