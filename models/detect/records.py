"""Labelled pictures from COCO JSON, YOLO txt and Pascal VOC XML, as one frozen record type.

supervision parses the formats; what users get wrong is checked here, because a missing picture or class should be
named before an hour of training and not after it.
"""

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import supervision as sv
import yaml
from numpy.typing import NDArray

from models.detect.spec import DataSource
from models.errors import TrainingDataError


@dataclass(frozen=True)
class PictureRecord:
    """One picture and its boxes; the pixels stay on disk.

    Attributes:
        path: the picture file.
        boxes_xyxy: (n, 4) float32, pixels of the picture as its annotations see it.
        labels: (n,) int64 ids into the classes of its `LabelledPictures`.
        sha256: of the file's bytes: two records with one hash show the same picture.
        size_wh: (width, height) that the annotations state, or None where the format has none.
    """

    path: Path
    boxes_xyxy: NDArray[np.float32]
    labels: NDArray[np.int64]
    sha256: str
    size_wh: tuple[int, int] | None = None


@dataclass(frozen=True)
class LabelledPictures:
    """Some sets merged: classes in id order, records, and what each set's licence asks to be said."""

    classes: tuple[str, ...]
    records: tuple[PictureRecord, ...]
    sources: tuple[DataSource, ...]


@dataclass(frozen=True)
class _ParsedFile:
    """One annotation file or folder as its parser saw it; class ids are local to it."""

    classes: list[str]
    boxes: dict[str, sv.Detections]
    sizes_wh: dict[str, tuple[int, int]]


def read_labelled(
    paths: Sequence[Path], classes: Sequence[str] = (), notes: dict[str, str] | None = None
) -> LabelledPictures:
    """Reads and merges data sets by class name.

    Args:
        paths: each a COCO .json, a YOLO data .yaml, or a folder: with `annotations*.json` (COCO, all of them), with a
            data .yaml or a `classes.txt` beside `labels/` (YOLO), or with .xml files (VOC).
        classes: names to keep, in id order; empty keeps all that have a box, in order of appearance.
        notes: licence and attribution text by set name, replacing what is read from the set's own files.

    Raises:
        TrainingDataError: a path or picture is missing, a file cannot be parsed, nothing is labelled, or a class is
            unknown or has no box.
    """
    parsed = [(path, file) for path in paths for file in _parse(path)]
    found = list(dict.fromkeys(name for _, file in parsed for name in _named(file)))
    wanted = [name.replace("_", " ") for name in classes] or [
        name for name in found if any(_holds(file, name) for _, file in parsed)
    ]
    if unknown := [name for name in wanted if name not in found]:
        raise TrainingDataError(f"classes {unknown} are in none of the sets, which hold {found}; mend --classes")
    per_set = {
        path: [record for own, file in parsed if own == path for record in _records(file, wanted)] for path in paths
    }
    records = tuple(record for own in per_set.values() for record in own)
    labels = np.concatenate([np.zeros(0, np.int64), *(record.labels for record in records)])
    if not wanted:
        raise TrainingDataError(f"no labelled picture in {_names(paths)}; give a set with boxes")
    if empty := [name for index, name in enumerate(wanted) if not (labels == index).any()]:
        raise TrainingDataError(f"classes {empty} have no box in {_names(paths)}; leave them out or add pictures")
    sources = tuple(_describe(path, own, notes or {}) for path, own in per_set.items())
    return LabelledPictures(tuple(wanted), records, sources)


def _named(file: _ParsedFile) -> list[str]:
    return [name.replace("_", " ") for name in file.classes]


def _holds(file: _ParsedFile, name: str) -> bool:
    """Whether any box has this class: exports often list a parent class that none has."""
    wanted = [index for index, own in enumerate(_named(file)) if own == name]
    return any(np.isin(own.class_id, wanted).any() for own in file.boxes.values() if own.class_id is not None)


def _names(paths: Sequence[Path]) -> str:
    return ", ".join(str(path) for path in paths)


def _parse(path: Path) -> list[_ParsedFile]:
    """Chooses the format by what lies at the path."""
    if not path.exists():
        raise TrainingDataError(f"{path}: no such data set; give a folder, a COCO .json or a YOLO .yaml")
    for matches, parse in _FORMATS:
        if files := matches(path):
            return [_guarded(parse, file) for file in files]
    raise TrainingDataError(f"{path}: holds no annotations.json, data .yaml, classes.txt with labels/, nor .xml files")


def _guarded(parse: Callable[[Path], _ParsedFile], file: Path) -> _ParsedFile:
    """Parsers fail in many ways on damaged files; the user needs one message that names the file."""
    try:
        return parse(file)
    except TrainingDataError:
        raise
    except (ValueError, KeyError, TypeError, IndexError, OSError, SyntaxError, yaml.YAMLError) as error:
        raise TrainingDataError(f"{file}: cannot be read as annotations ({type(error).__name__}: {error})") from error


def _coco_files(path: Path) -> list[Path]:
    if path.suffix == ".json":
        return [path]
    # COCO itself keeps captions and keypoints beside the boxes.
    inside = sorted(path.glob("annotations/instances*.json")) or sorted(path.glob("annotations/*.json"))
    return sorted(path.glob("*annotations*.json")) + inside


def _yolo_files(path: Path) -> list[Path]:
    if path.suffix in (".yaml", ".yml"):
        return [path]
    described = sorted(path.glob("*.y*ml"))[:1] or [file for file in [path / "classes.txt"] if file.is_file()]
    return described if _label_folders(path) else []


def _label_folders(root: Path) -> list[Path]:
    """`labels`, `labels/train`, `train/labels` and the like; those of a test split are not for training."""
    holding = {text.parent for text in root.rglob("*.txt")}
    parts = {folder: folder.relative_to(root).parts for folder in holding}
    return sorted(folder for folder in holding if "labels" in parts[folder] and "test" not in parts[folder])


def _voc_files(path: Path) -> list[Path]:
    folders = [path, *(child for child in sorted(path.glob("*")) if child.is_dir())] if path.is_dir() else []
    return [folder for folder in folders if any(folder.glob("*.xml"))]


def _picture_folder(beside: Path, names: Sequence[str] = ()) -> Path:
    """Where the pictures lie: `images` or `JPEGImages` if there is one, else whichever folder holds the first name."""
    for usual in ("images", "JPEGImages"):
        if (beside / usual).is_dir():
            return beside / usual
    below = [child for child in sorted(beside.iterdir()) if child.is_dir()]
    return next((folder for folder in (beside, *below) for name in names[:1] if (folder / name).is_file()), beside)


def _parse_coco(file: Path) -> _ParsedFile:
    listed = json.loads(file.read_text(encoding="utf-8"))["images"]
    beside = file.parent if file.parent.name != "annotations" else file.parent.parent
    folder = _picture_folder(beside, [image["file_name"] for image in listed])
    _require_pictures([folder / image["file_name"] for image in listed], file)
    data = sv.DetectionDataset.from_coco(str(folder), str(file))
    sizes = {str((folder / image["file_name"]).resolve()): (image["width"], image["height"]) for image in listed}
    return _ParsedFile(data.classes, dict(data.annotations), sizes)


def _parse_yolo(file: Path) -> _ParsedFile:
    if file.suffix != ".txt":
        return _with_yolo_names(file.parent, file)
    names = [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    with tempfile.TemporaryDirectory() as scratch:
        described = Path(scratch) / "data.yaml"
        described.write_text(json.dumps({"names": names}), encoding="utf-8")
        return _with_yolo_names(file.parent, described)


def _with_yolo_names(root: Path, names: Path) -> _ParsedFile:
    boxes: dict[str, sv.Detections] = {}
    classes: list[str] = []
    for labels in _label_folders(root):
        twin = root / Path(*("images" if part == "labels" else part for part in labels.relative_to(root).parts))
        pictures = twin if twin.is_dir() else labels.parent
        shown = {path.stem for path in pictures.iterdir()}
        lost = [pictures / f"{text.stem}.jpg" for text in sorted(labels.glob("*.txt")) if text.stem not in shown]
        _require_pictures(lost, labels)
        data = sv.DetectionDataset.from_yolo(str(pictures), str(labels), str(names))
        classes = data.classes
        boxes.update(data.annotations)
    return _ParsedFile(classes, boxes, {})


def _parse_voc(folder: Path) -> _ParsedFile:
    beside = _picture_folder(folder.parent)
    pictures = beside if beside != folder.parent else folder
    shown = {path.stem for path in pictures.iterdir() if path.suffix != ".xml"}
    _require_pictures(
        [pictures / f"{text.stem}.jpg" for text in folder.glob("*.xml") if text.stem not in shown], folder
    )
    data = sv.DetectionDataset.from_pascal_voc(str(pictures), str(folder))
    return _ParsedFile(data.classes, dict(data.annotations), {})


_FORMATS: tuple[tuple[Callable[[Path], list[Path]], Callable[[Path], _ParsedFile]], ...] = (
    (_coco_files, _parse_coco),
    (_yolo_files, _parse_yolo),
    (_voc_files, _parse_voc),
)


def _require_pictures(paths: Sequence[Path], named_in: Path) -> None:
    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise TrainingDataError(
            f"{missing[0]}: picture is missing, though {named_in} labels it ({len(missing)} missing in all); "
            "put it there or remove its entry"
        )


def _records(file: _ParsedFile, wanted: list[str]) -> list[PictureRecord]:
    """Keeps the wanted classes. A picture that loses all its boxes goes; one that never had any stays as background."""
    ids = [wanted.index(name) if name in wanted else -1 for name in _named(file)]
    records = []
    for picture, found in file.boxes.items():
        local = found.class_id if found.class_id is not None else np.zeros(0, np.int64)
        labels = np.array([ids[index] for index in local], np.int64)
        crowd = np.asarray(found.data.get("iscrowd", np.zeros(len(labels)))).astype(bool)
        sides = found.xyxy[:, 2:] - found.xyxy[:, :2]
        keep = (labels >= 0) & ~crowd & (sides >= 1).all(axis=1)
        if keep.any() or not len(labels):
            path = Path(picture)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            boxes = found.xyxy[keep].astype(np.float32)
            records.append(PictureRecord(path, boxes, labels[keep], digest, file.sizes_wh.get(picture)))
    return records


def _describe(path: Path, records: Sequence[PictureRecord], notes: dict[str, str]) -> DataSource:
    """Name, counts, licence and attribution, from a note or from the ORIGIN.md or LICENSE beside the data."""
    folder = path if path.is_dir() else path.parent
    boxes = sum(len(record.labels) for record in records)
    if folder.name in notes:
        return DataSource(folder.name, len(records), boxes, *_split_note(notes[folder.name]))
    origin = folder / "ORIGIN.md"
    text = origin.read_text(encoding="utf-8") if origin.is_file() else ""
    licence = re.search(r"licen[cs]e:\s*(.+)", text, re.IGNORECASE)
    repository = re.search(r"repository:\s*(\S+)", text, re.IGNORECASE)
    stated = licence.group(1) if licence else _first_line_of_licence(folder)
    return DataSource(folder.name, len(records), boxes, stated, repository.group(1) if repository else "")


def _split_note(note: str) -> tuple[str, str]:
    """Divides "licence; attribution" into its two parts."""
    licence, _, attribution = note.partition(";")
    return licence.strip(), attribution.strip()


def _first_line_of_licence(folder: Path) -> str:
    for file in sorted(folder.glob("LICEN[CS]E*")):
        lines = (line.strip() for line in file.read_text(encoding="utf-8", errors="replace").splitlines())
        return next((line for line in lines if line), "not stated")
    return "not stated"
