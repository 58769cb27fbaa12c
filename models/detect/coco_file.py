"""COCO's JSON (Lin et al., arXiv 1405.0312): pictures, categories and boxes as x, y, width, height in pixels."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from models.detect.annotations import (
    AnnotatedPicture,
    Annotations,
    Gathered,
    Row,
    finite_numbers,
    place_inside,
    stated_size,
)
from models.detect.problems import ProblemKind


def coco_files(path: Path) -> list[Path]:
    """The files with boxes at a path: the file itself, `*annotations*.json`, or COCO's own `annotations/instances*.json`."""
    if path.suffix == ".json":
        return [path]
    # COCO itself keeps captions and keypoints beside the boxes.
    inside = sorted(path.glob("annotations/instances*.json")) or sorted(path.glob("annotations/*.json"))
    return sorted(path.glob("*annotations*.json")) + inside


def parse_coco(file: Path) -> Annotations:
    """Reads one file; crowds are no boxes. Classes are in the order of their ids.

    Raises:
        ValueError, KeyError, TypeError, AttributeError, OSError: it is no such file.
    """
    content = json.loads(file.read_text(encoding="utf-8-sig"))
    listed, categories = content["images"], sorted(content["categories"], key=lambda one: one["id"])
    names = {image["id"]: str(image["file_name"]) for image in listed}
    gathered = Gathered()
    found: dict[Any, list[Row | None]] = {id_: [] for id_ in names}
    place_of = {one["id"]: index for index, one in enumerate(categories)}
    for entry in content["annotations"]:
        if entry.get("image_id") not in names:
            gathered.add(ProblemKind.UNREADABLE, file.name, f"box {entry.get('id')} is on no listed picture")
        elif not entry.get("iscrowd"):
            where = f"{names[entry['image_id']]} in {file.name}"
            found[entry["image_id"]].append(_row(entry, place_of, where, gathered))
    folder = _picture_folder(file, list(names.values()))
    pictures = tuple(_picture(image, found[image["id"]], folder) for image in listed)
    return Annotations(file, tuple(str(one["name"]) for one in categories), pictures, tuple(gathered.problems))


def _row(entry: Mapping[str, Any], place_of: Mapping[Any, int], where: str, gathered: Gathered) -> Row | None:
    if entry.get("category_id") not in place_of:
        gathered.add(ProblemKind.UNKNOWN_CLASS, where, f"category {entry.get('category_id')}")
        return None
    box = finite_numbers(entry.get("bbox"), 4)
    if box is None:
        gathered.add(ProblemKind.UNREADABLE, where, f"bbox {entry.get('bbox')}")
        return None
    x, y, width, height = box
    return place_of[entry["category_id"]], x, y, x + width, y + height


def _picture(image: Mapping[str, Any], found: Sequence[Row | None], folder: Path) -> AnnotatedPicture:
    path = place_inside(folder, str(image["file_name"]))
    rows = tuple(row for row in found if row is not None)
    return AnnotatedPicture(path, rows, stated_size(image.get("width"), image.get("height")), listed=len(found))


def _picture_folder(file: Path, names: Sequence[str]) -> Path:
    """Where the pictures lie: beside the file or in `images` or `JPEGImages`, else in whichever folder holds the first name."""
    beside = file.parent.parent if file.parent.name == "annotations" else file.parent
    usual = [folder for folder in (beside / "images", beside / "JPEGImages") if folder.is_dir()]
    below = [child for child in sorted(beside.iterdir()) if child.is_dir()]
    for folder in (*usual, beside, *below):
        if any(place_inside(folder, name).is_file() for name in names[:1]):
            return folder
    return [*usual, beside][0]
