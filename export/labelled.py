"""Annotated pictures that a variant is judged on: as they were given, or found beside the pictures of the calibration."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from detector_app.model_card import ModelCard
from export.calibration import SUFFIXES
from export.errors import ExportError

COCO_NAMES = ("annotations_val.json", "val.json", "instances_val.json", "instances_val2017.json")
TODO = "Give annotated pictures with --annotations FILE --images DIR (COCO); of a classifier only --images, a folder for each class."


@dataclass(frozen=True)
class Labelled:
    """Pictures and what is on them.

    Attributes:
        images: the folder of the pictures; of a classifier with a folder in it for each class.
        annotations: COCO JSON; None of a classifier.
        title: names them for people.
    """

    images: Path
    annotations: Path | None
    title: str

    def files(self) -> tuple[Path, ...]:
        """All pictures that are judged on."""
        if self.annotations is None:
            return tuple(sorted(path for path in self.images.rglob("*") if path.suffix.lower() in SUFFIXES))
        listed = json.loads(self.annotations.read_text(encoding="utf-8")).get("images", [])
        return tuple(self.images / str(picture["file_name"]) for picture in listed)


def given(annotations: Path | None, images: Path | None, card: ModelCard) -> Labelled | None:
    """Those that the options name; None if they name none.

    Raises:
        ExportError: one of the two is missing, or not there.
    """
    if annotations is None and images is None:
        return None
    classifies = card.task == "classify"
    if images is None or (annotations is None) != classifies:
        raise ExportError(card.name, what="the annotated pictures are named only in part", todo=TODO)
    if not images.is_dir():
        raise ExportError(str(images), what="there is no such folder of pictures", todo=TODO)
    if annotations is not None:
        _check_coco(annotations)
    return Labelled(images, annotations, images.name if annotations is None else annotations.name)


def sibling(folder: Path, card: ModelCard, temporary: Path) -> Labelled | None:
    """Those beside the pictures in ``folder``: a COCO file for validation, or YOLO's, which is written as COCO into ``temporary``.

    Looked at are ``annotations_val.json`` and the like in ``folder``, the folder around it and their ``annotations``; ``val.txt`` or
    ``images/val`` with ``labels`` in the same places; of a classifier ``val`` beside ``folder``. None if nothing is found.
    """
    places = [folder, folder.parent]
    if card.task == "classify":
        folders = [place / name for place in places for name in ("val", "valid")]
        beside = next((one for one in folders if one.is_dir() and one != folder), None)
        return None if beside is None else Labelled(beside, None, beside.name)
    for place in (*places, *(p / "annotations" for p in places)):
        for name in COCO_NAMES:
            if (place / name).is_file():
                _check_coco(place / name)
                images = _folder_of(
                    place / name, (folder.parent / "val", folder, place, place / "images", place.parent / "images")
                )
                return None if images is None else Labelled(images, place / name, name)
    return next((found for place in places if (found := _yolo(place, card, temporary)) is not None), None)


def _folder_of(annotations: Path, places: Sequence[Path]) -> Path | None:
    """Where all pictures of a COCO file lie."""
    names = [str(picture["file_name"]) for picture in json.loads(annotations.read_text(encoding="utf-8"))["images"]]
    return next((place for place in places if all((place / name).is_file() for name in names)), None)


def _check_coco(path: Path) -> None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        complete = all(data[part] for part in ("images", "annotations", "categories"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ExportError(str(path), what=f"these are no annotations in COCO's form: {error}", todo=TODO) from error
    if not complete:
        raise ExportError(str(path), what="no picture in it, or nothing on them, is annotated", todo=TODO)


def _yolo(place: Path, card: ModelCard, temporary: Path) -> Labelled | None:
    """YOLO's validation part below ``place``: pictures in ``images/val`` or named in ``val.txt``, labels in ``labels``."""
    listing, folder = place / "val.txt", place / "images" / "val"
    if listing.is_file():
        lines = filter(None, map(str.strip, listing.read_text(encoding="utf-8").splitlines()))
        pictures = [path for line in lines if (path := _inside(place, line)) is not None]
    elif folder.is_dir():
        pictures = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    else:
        return None
    coco = _coco([path for path in pictures if _labels_of(path, place) is not None], place, card)
    if not coco["annotations"]:
        return None
    target = temporary / "val.json"
    target.write_text(json.dumps(coco), encoding="utf-8")
    return Labelled(place, target, f"the YOLO labels of {place.name}")


def _inside(place: Path, line: str) -> Path | None:
    """The picture that a line names, from ``place`` or its ``images``; a name that leads out of ``place`` is none."""
    for path in (place / line, place / "images" / Path(line).name):
        if path.is_file() and path.resolve().is_relative_to(place.resolve()):
            return path
    return None


def _labels_of(picture: Path, place: Path) -> Path | None:
    name = picture.with_suffix(".txt").name
    candidates = (place / "labels" / name, place / "labels" / "val" / name)
    return next((path for path in candidates if path.is_file()), None)


def _coco(pictures: Sequence[Path], place: Path, card: ModelCard) -> dict[str, Any]:
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, picture in enumerate(pictures):
        read = cv2.imread(str(picture))
        labels = _labels_of(picture, place)
        if read is None or labels is None:
            continue
        height, width = read.shape[:2]
        images.append({"id": number, "file_name": str(picture.relative_to(place)), "width": width, "height": height})
        for category, box in _boxes(labels, width, height):
            more = {"area": box[2] * box[3], "iscrowd": 0, "id": len(annotations) + 1}
            annotations.append({"image_id": number, "category_id": category, "bbox": box, **more})
    categories = [{"id": number, "name": name} for number, name in enumerate(card.classes)]
    known = [one for one in annotations if one["category_id"] < len(categories)]
    return {"images": images, "annotations": known, "categories": categories}


def _boxes(labels: Path, width: int, height: int) -> Iterator[tuple[int, list[float]]]:
    """Class and left, top, width, height in pixels of each line "class x y w h", whose numbers are parts of the picture's sides.

    Raises:
        ExportError: a line is none of this kind.
    """
    for line in filter(None, map(str.strip, labels.read_text(encoding="utf-8").splitlines())):
        try:
            category, x, y, w, h = line.split()[:5]
            sides = [float(w) * width, float(h) * height]
            yield int(category), [float(x) * width - sides[0] / 2, float(y) * height - sides[1] / 2, *sides]
        except ValueError as error:
            raise ExportError(str(labels), what=f"“{line}” is no label of YOLO's form", todo=TODO) from error
