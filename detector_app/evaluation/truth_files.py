"""Ground truth from whatever lies at a path: a COCO JSON, Pascal VOC's .xml files, YOLO's labels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

import numpy as np

from detector_app.errors import AnnotationError, GroundTruthError, SourceError
from detector_app.evaluation.annotations import check_references, coco_box, load_coco
from detector_app.evaluation.truth import GroundTruth, PictureTruth
from detector_app.evaluation.truth_labels import YAML_SUFFIXES, is_labels, labels_at, read_yolo
from detector_app.evaluation.truth_xml import read_voc
from detector_app.sources.listing import list_folder

MOST_JSON_BYTES = 512 * 1024 * 1024
MOST_FILES = 500_000
"""A folder that holds more is not what a person means."""
_MOST_TRIED = 1000
_TRUTH_SUFFIXES = (".json", ".xml", *YAML_SUFFIXES)


def is_truth(path: Path) -> bool:
    """Whether what was dropped is meant as ground truth: by its name, and of a folder by what it holds besides pictures."""
    try:
        if path.is_dir():
            return _voc_folder(path) is not None or labels_at(path) is not None
        return path.suffix.lower() in _TRUTH_SUFFIXES or is_labels(path)
    except OSError:
        return False


def read_truth(path: Path) -> GroundTruth:
    """Read what lies at ``path``.

    A folder may hold .xml files (or have a folder "Annotations" that does), labels (or have a folder "labels"), or one COCO JSON.

    Raises:
        GroundTruthError: there is none, or it is broken.
    """
    try:
        return _read(path)
    except GroundTruthError:
        raise
    except AnnotationError as error:
        raise GroundTruthError(path.name, detail=error.details["detail"]) from error
    except OSError as error:
        raise GroundTruthError(str(path), detail=error.strerror or str(error)) from error


def pictures_folder(truth: GroundTruth) -> Path | None:
    """The folder near a truth that holds its pictures; None if none does. Names that lead elsewhere are not followed."""
    base = truth.where if truth.where.is_dir() else truth.where.parent
    inner = {PurePosixPath(one.name.replace("\\", "/")).parent for one in truth.pictures[:_MOST_TRIED]}
    inside = [folder for folder in sorted(inner) if not folder.is_absolute() and ".." not in folder.parts]
    bases = [base, base.parent] if truth.kind != "COCO" or base.name in ("annotations", "Annotations") else [base]
    usual = [up / name for up in bases for name in ("", "images", "JPEGImages")]
    for folder in dict.fromkeys(up / each for up in usual for each in (*inside, PurePosixPath())):
        try:
            pictures = list_folder(folder).pictures if folder.is_dir() else ()
        except SourceError:
            continue
        if any(truth.of_file(str(path)) is not None for path in pictures):
            return folder
    return None


def _read(path: Path) -> GroundTruth:
    if path.is_dir():
        return _read_folder(path)
    suffix = path.suffix.lower()
    if suffix == ".json":
        return read_coco(path)
    if suffix == ".xml":
        return read_voc(path, [path])
    if suffix in YAML_SUFFIXES or suffix == ".txt":
        labels = labels_at(path)
        if labels is None:
            raise GroundTruthError(path.name, detail="no folder “labels” with .txt files lies beside it")
        return read_yolo(path, labels)
    raise GroundTruthError(path.name, detail="it is none of the known formats")


def _read_folder(folder: Path) -> GroundTruth:
    xml = _voc_folder(folder)
    if xml is not None:
        return read_voc(folder, sorted(islice(xml.glob("*.xml"), MOST_FILES)), _pictures_beside(xml))
    labels = labels_at(folder)
    if labels is not None:
        return read_yolo(folder, labels)
    # Our own results lie beside a journal of the run.
    found = sorted(folder.glob("*.coco.json")) or sorted(folder.glob("*.json"))
    if len(found) > 1:
        raise GroundTruthError(folder.name, detail="it holds several .json files; choose one of them")
    if not found:
        raise GroundTruthError(folder.name, detail="it holds no .json, no .xml and no labels")
    return read_coco(found[0])


def _voc_folder(folder: Path) -> Path | None:
    """The folder of .xml files: this one, or the one that VOC has for them."""
    usual = (folder, folder / "Annotations", folder / "annotations")
    return next((each for each in usual if each.is_dir() and any(each.glob("*.xml"))), None)


def _pictures_beside(xml: Path) -> Iterator[Path]:
    for folder in dict.fromkeys((xml, xml.parent / "JPEGImages", xml.parent / "images")):
        if folder.is_dir():
            yield from islice((path for path in folder.iterdir() if path.is_file()), MOST_FILES)


def read_coco(path: Path) -> GroundTruth:
    """Read a COCO JSON. An image may state a ``frame_index`` (from 0) or ``time_s`` for videos.

    Raises:
        AnnotationError: it is none, or a box is broken.
        OSError: it cannot be opened.
    """
    if path.stat().st_size > MOST_JSON_BYTES:
        raise GroundTruthError(path.name, detail="it is larger than 512 MB")
    data = load_coco(path)
    place = {int(category["id"]): i for i, category in enumerate(data["categories"])}
    boxes = [coco_box(each, i, path) for i, each in enumerate(data["annotations"], 1)]
    check_references(boxes, {image["id"] for image in data["images"]}, path)
    unknown = next((box["id"] for box in boxes if box["category_id"] not in place), None)
    if unknown is not None:
        raise GroundTruthError(f"{path.name}: annotations[{unknown - 1}]", detail="its category is not in “categories”")
    of_image: dict[int, list[dict[str, object]]] = {image["id"]: [] for image in data["images"]}
    for box in boxes:
        of_image[box["image_id"]].append(box)
    pictures = tuple(_coco_picture(image, of_image[image["id"]], place) for image in data["images"])
    return GroundTruth(path, "COCO", tuple(str(c["name"]) for c in data["categories"]), pictures)


def _coco_picture(image: dict[str, object], boxes: list[dict[str, object]], place: dict[int, int]) -> PictureTruth:
    xywh = np.array([box["bbox"] for box in boxes], np.float64).reshape(-1, 4)
    size = (_whole(image.get("width")), _whole(image.get("height")))
    time_s = image.get("time_s")
    return PictureTruth(
        str(image["file_name"]),
        np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1),
        np.array([place[box["category_id"]] for box in boxes], np.int64),  # type: ignore[index]
        np.array([bool(box["iscrowd"]) for box in boxes], np.bool_),
        size_wh=None if size[0] is None or size[1] is None else (size[0], size[1]),
        frame_index=_whole(image.get("frame_index")),
        time_s=float(time_s) if isinstance(time_s, int | float) and abs(time_s) < 1e9 else None,
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
