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
from models.detect.own_division import TEST, part_of_folders, part_of_name
from models.detect.problems import ProblemKind

LOOKED_FOR = 20
"""How many pictures are looked for in a folder to see whether it is theirs."""


def coco_files(path: Path) -> list[Path]:
    """The files with boxes at a path: the file itself, or those of a folder but not of its test split.

    In a folder they are `*annotations*.json` in it, COCO's own `annotations/instances*.json`, or else `*annotations*.json` in
    folders named after a split (`train`, `valid`).
    """
    if path.suffix == ".json":
        return [path]
    # COCO itself keeps captions and keypoints beside the boxes.
    inside = sorted(path.glob("annotations/instances*.json")) or sorted(path.glob("annotations/*.json"))
    found = sorted(path.glob("*annotations*.json")) + inside
    found = found or [file for file in sorted(path.glob("*/*annotations*.json")) if part_of_folders([file.parent.name])]
    return [file for file in found if _part(file) != TEST]


def _part(file: Path) -> str:
    """Of a file named after its split, or in a folder that is."""
    return part_of_name(file.stem) or part_of_folders([file.parent.name])


def parse_coco(file: Path) -> Annotations:
    """Reads one file; crowds are no boxes, and outlines without a box get their bounds. Classes are in the order of their ids.

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
    pictures = tuple(_picture(image, found[image["id"]], folder, _part(file)) for image in listed)
    return Annotations(file, tuple(str(one["name"]) for one in categories), pictures, tuple(gathered.problems))


def _row(entry: Mapping[str, Any], place_of: Mapping[Any, int], where: str, gathered: Gathered) -> Row | None:
    if entry.get("category_id") not in place_of:
        gathered.add(ProblemKind.UNKNOWN_CLASS, where, f"category {entry.get('category_id')}")
        return None
    if not entry.get("bbox") and (bounds := _bounds(entry.get("segmentation"))):
        return place_of[entry["category_id"]], *bounds
    box = finite_numbers(entry.get("bbox"), 4)
    if box is None:
        gathered.add(ProblemKind.UNREADABLE, where, f"bbox {entry.get('bbox')}")
        return None
    x, y, width, height = box
    return place_of[entry["category_id"]], x, y, x + width, y + height


def _bounds(outline: Any) -> tuple[float, float, float, float] | None:
    """Of all polygons of one object; None where there are none (a mask in run lengths, for one)."""
    polygons = [finite_numbers(polygon) for polygon in outline] if isinstance(outline, list) else []
    xs = [x for polygon in polygons if polygon for x in polygon[::2]]
    ys = [y for polygon in polygons if polygon for y in polygon[1::2]]
    return (min(xs), min(ys), max(xs), max(ys)) if xs and ys else None


def _picture(image: Mapping[str, Any], found: Sequence[Row | None], folder: Path, part: str) -> AnnotatedPicture:
    path = place_inside(folder, str(image["file_name"]))
    rows = tuple(row for row in found if row is not None)
    return AnnotatedPicture(
        path, rows, stated_size(image.get("width"), image.get("height")), listed=len(found), part=part
    )


def _picture_folder(file: Path, names: Sequence[str]) -> Path:
    """Where the pictures lie: beside the file, in `images` or `JPEGImages`, or in whichever folder holds most of the first names."""
    beside = file.parent.parent if file.parent.name == "annotations" else file.parent
    usual = [folder for folder in (beside / "images", beside / "JPEGImages") if folder.is_dir()]
    below = [child for child in sorted(beside.iterdir()) if child.is_dir()]
    looked_for = names[:LOOKED_FOR]
    return max(
        [*usual, beside, *below], key=lambda folder: sum(place_inside(folder, name).is_file() for name in looked_for)
    )
