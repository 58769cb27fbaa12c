"""Annotated faces: boxes as the detectors' training reads them, and the five landmarks that COCO files may have as keypoints."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.detect.annotations import finite_numbers
from models.detect.coco_file import coco_files, parse_coco
from models.detect.records import PictureRecord, read_labelled
from models.detect.split import split_as_given
from models.errors import TrainingDataError
from models.provenance import DataSource

POINTS = 5
SAME = 0.9  # least overlap of a box as annotated with the same one after it was cut to its picture


@dataclass(frozen=True)
class FacePicture:
    """One picture and its faces.

    Attributes:
        record: the file and the boxes, (n, 4).
        landmarks_xy: (n, 5, 2) float32 pixels: left eye, right eye, nose, left and right mouth corner, "left" as seen in the
            picture; NaN for faces without them.
    """

    record: PictureRecord
    landmarks_xy: NDArray[np.float32]


@dataclass(frozen=True)
class FaceSet:
    """Some sets of faces, divided.

    Attributes:
        train: to learn from.
        val: to judge by; no picture is in both.
        sources: what each set's licence asks to be said.
        split_sha256: names the division.
    """

    train: tuple[FacePicture, ...]
    val: tuple[FacePicture, ...]
    sources: tuple[DataSource, ...]
    split_sha256: str


def read_faces(paths: Sequence[Path], classes: Sequence[str], notes: Mapping[str, str], val_fraction: float) -> FaceSet:
    """Reads data sets of any format that detector-train detect reads; landmarks come from COCO files only.

    Args:
        paths: see `models.detect.records.read_labelled`.
        classes: the names that mean a face, such as "face".
        notes: licence and attribution by set name.
        val_fraction: share for validation of sets that their owners did not divide.

    Raises:
        TrainingDataError: a set cannot be read, or has no faces.
    """
    labelled = read_labelled(paths, classes, dict(notes))
    split = split_as_given(labelled.records, labelled.classes, val_fraction)
    marked: dict[Path, list[MarkedBox]] = {}
    for path in paths:
        marked |= read_keypoints(path)
    train, val = (
        tuple(FacePicture(record, _landmarks(record, marked.get(record.path, []))) for record in part)
        for part in (split.train, split.val)
    )
    return FaceSet(train, val, labelled.sources, split.sha256)


MarkedBox = tuple[NDArray[np.float64], NDArray[np.float64]]


def read_keypoints(path: Path) -> dict[Path, list[MarkedBox]]:
    """By picture the boxes, (4,) x1 y1 x2 y2, that have all five keypoints, with these, (5, 2), in pixels; {} for other formats.

    Raises:
        TrainingDataError: a file has another number of keypoints.
    """
    found: dict[Path, list[MarkedBox]] = {}
    for file in coco_files(path) if path.exists() else []:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
        if not any(entry.get("keypoints") for entry in content["annotations"]):
            continue
        pictures = parse_coco(file).pictures
        place = {image["id"]: picture.path for image, picture in zip(content["images"], pictures, strict=True)}
        for entry in content["annotations"]:
            marked = _marked(entry, file)
            if marked is not None and entry.get("image_id") in place:
                found.setdefault(place[entry["image_id"]], []).append(marked)
    return found


def _marked(entry: Mapping[str, Any], file: Path) -> MarkedBox | None:
    """COCO writes x, y, v for each; v = 0 says that it was not annotated."""
    values, box = finite_numbers(entry.get("keypoints") or ()), finite_numbers(entry.get("bbox"), 4)
    if not values or box is None:
        return None
    if len(values) != 3 * POINTS:
        raise TrainingDataError(
            f"{file}: annotation {entry.get('id')} has {len(values) / 3:g} keypoints, not {POINTS} "
            "(left eye, right eye, nose, left and right mouth corner); remove them or give another set"
        )
    points = np.array(values).reshape(POINTS, 3)
    x, y, width, height = box
    return None if (points[:, 2] <= 0).any() else (np.array([x, y, x + width, y + height]), points[:, :2])


def _landmarks(record: PictureRecord, marked: Sequence[MarkedBox]) -> NDArray[np.float32]:
    """The landmarks of a record's boxes, which were checked and cut to the picture since they were read."""
    landmarks = np.full((len(record.labels), POINTS, 2), np.nan, np.float32)
    for box, points in marked:
        overlaps = overlaps_of(np.clip(box, 0, [*(record.size_wh or (np.inf, np.inf))] * 2), record.boxes_xyxy)
        if len(overlaps) and overlaps.max() > SAME:
            landmarks[overlaps.argmax()] = points
    return landmarks


def overlaps_of(box_xyxy: NDArray[np.float64], boxes_xyxy: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Intersection over union of one box, (4,), with (n, 4) others: (n,) float64 in 0 to 1."""
    overlaps: NDArray[np.float64] = overlaps_between(box_xyxy[None], boxes_xyxy)[0]
    return overlaps


def overlaps_between(ones_xyxy: NDArray[np.float64], others_xyxy: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Intersection over union of each of (k, 4) boxes with each of (n, 4) others: (k, n) float64 in 0 to 1."""
    ones, others = ones_xyxy[:, None], others_xyxy[None].astype(np.float64)
    sides = np.minimum(ones[..., 2:], others[..., 2:]) - np.maximum(ones[..., :2], others[..., :2])
    both = np.maximum(sides, 0.0).prod(axis=2)
    areas = (ones[..., 2:] - ones[..., :2]).prod(axis=2) + (others[..., 2:] - others[..., :2]).prod(axis=2)
    overlaps: NDArray[np.float64] = both / np.maximum(areas - both, 1e-12)
    return overlaps
