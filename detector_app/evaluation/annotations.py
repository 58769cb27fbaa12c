"""COCO annotations as they are needed to judge a detector: validated, boxes only, categories matched to a model's classes by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detector_app.errors import AnnotationError


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
    data = _load(path)
    known = {plain_name(name): i for i, name in enumerate(class_names)}
    names = {int(c["id"]): str(c["name"]) for c in data["categories"]}
    category_of_class = {known[plain_name(name)]: id_ for id_, name in names.items() if plain_name(name) in known}
    matched = {id_: names[id_] for id_ in category_of_class.values()}
    if not matched:
        detail = f"none of its categories ({_few(list(names.values()))}) is a class of the model ({_few(class_names)})"
        raise AnnotationError(str(path), detail=detail)
    pictures = tuple(AnnotatedPicture(int(p["id"]), str(p["file_name"])) for p in data["images"])
    boxes = [_box(a, i, path) for i, a in enumerate(data["annotations"], 1) if a["category_id"] in matched]
    _check_references(boxes, {p.id for p in pictures}, path)
    reduced = {
        "images": [{"id": p.id, "file_name": p.file_name} for p in pictures],
        "annotations": boxes,
        "categories": [{"id": id_, "name": name} for id_, name in sorted(matched.items())],
    }
    unmatched = tuple(name for id_, name in names.items() if id_ not in matched)
    return Annotations(str(path), pictures, category_of_class, matched, unmatched, reduced)


def _load(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AnnotationError(str(path), detail=str(error)) from error
    needed = {
        "images": ("id", "file_name"),
        "annotations": ("image_id", "category_id", "bbox"),
        "categories": ("id", "name"),
    }
    for key, fields in needed.items():
        rows = data.get(key) if isinstance(data, dict) else None
        if not isinstance(rows, list):
            raise AnnotationError(str(path), detail=f"it has no list “{key}”")
        for i, row in enumerate(rows):
            absent = [f for f in fields if not isinstance(row, dict) or f not in row]
            if absent:
                raise AnnotationError(str(path), detail=f"{key}[{i}] has no “{absent[0]}”")
    return dict(data)


def _box(annotation: dict[str, Any], number: int, path: Path) -> dict[str, Any]:
    try:
        x, y, width, height = (float(v) for v in annotation["bbox"])
    except (TypeError, ValueError) as error:
        raise AnnotationError(
            str(path), detail=f"the box {annotation['bbox']!r} is not [x, y, width, height]"
        ) from error
    return {
        "id": number,
        "image_id": annotation["image_id"],
        "category_id": annotation["category_id"],
        "bbox": [x, y, width, height],
        "area": float(annotation.get("area") or width * height),
        "iscrowd": int(annotation.get("iscrowd", 0)),
    }


def _check_references(boxes: list[dict[str, Any]], picture_ids: set[int], path: Path) -> None:
    lost = next((b["image_id"] for b in boxes if b["image_id"] not in picture_ids), None)
    if lost is not None:
        raise AnnotationError(str(path), detail=f"an annotation refers to image {lost}, which is not in “images”")


def _few(names: list[str] | tuple[str, ...], most: int = 6) -> str:
    return ", ".join(names[:most]) + (", …" if len(names) > most else "")
