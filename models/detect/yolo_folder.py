"""YOLO's text files: per picture `labels/NAME.txt` with lines `class cx cy width height` in fractions of the picture."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from models.detect.annotations import AnnotatedPicture, Annotations, Gathered, Row, finite_numbers, pictures_by_stem
from models.detect.own_division import TEST, TRAIN, VAL, part_of_folders, stated_parts
from models.detect.problems import ProblemKind
from models.errors import TrainingDataError

NAMES_FILE = "classes.txt"


def yolo_files(path: Path) -> list[Path]:
    """The file that names the classes: the .yaml itself, or in a folder with `labels` a .yaml or `classes.txt`."""
    if path.suffix in (".yaml", ".yml"):
        return [path]
    folders = _label_folders(path) if path.is_dir() else []
    if not folders:
        return []
    lists = [folder / NAMES_FILE for folder in (path, *folders) if (folder / NAMES_FILE).is_file()]
    return [*sorted(path.glob("*.y*ml")), *lists][:1]


def parse_yolo(file: Path) -> Annotations:
    """Reads all label folders beside the file but those of a test split; a picture without a label file is background.

    Lines may also end in the corners of a polygon instead of a size (its bounds are taken), or, where the .yaml has a
    `kpt_shape`, in the points of a pose (they are left out). The paths inside a .yaml are often another computer's: they
    only tell which of the pictures found here are for training, validation and test (see `stated_parts`).

    Raises:
        TrainingDataError: no label folder lies beside the file.
        ValueError, KeyError, TypeError, AttributeError, OSError, yaml.YAMLError: it is no such file.
    """
    root = next((up.parent for up in file.parents if up.name == "labels"), file.parent)
    content = _content(file)
    classes, posed = _classes(content), "kpt_shape" in content
    folders = _label_folders(root)
    if not folders:
        raise TrainingDataError(
            f"{file}: no folder `labels` with .txt files beside it (the paths in it are not followed); "
            "put it into the folder that holds `images` and `labels`"
        )
    gathered = Gathered()
    pictures = [
        _picture(picture, text, len(classes), posed, gathered)
        for labels in folders
        for picture, text in _pairs(root, labels)
    ]
    return Annotations(file, classes, _divided(root, content, pictures), tuple(gathered.problems))


def _divided(
    root: Path, content: Mapping[str, Any], pictures: Sequence[AnnotatedPicture]
) -> tuple[AnnotatedPicture, ...]:
    """With the part of each picture, as the .yaml or lists such as `val.txt` state it, else by its folders' names."""
    stated = stated_parts(root, {part: content.get(part, f"{part}.txt") for part in (TRAIN, VAL, TEST)})
    parts = [stated(one.path) or part_of_folders(one.path.relative_to(root).parts[:-1]) for one in pictures]
    return tuple(replace(one, part=part) for one, part in zip(pictures, parts, strict=True) if part != TEST)


def _label_folders(root: Path) -> list[Path]:
    """`labels`, `labels/train`, `train/labels` and the like; those of a test split are not for training."""
    holding = {text.parent for text in root.rglob("*.txt")}
    parts = {folder: folder.relative_to(root).parts for folder in holding}
    return sorted(folder for folder in holding if "labels" in parts[folder] and "test" not in parts[folder])


def _pairs(root: Path, labels: Path) -> list[tuple[Path, Path | None]]:
    """Each picture that belongs to a folder of labels, with its label file if it has one."""
    twin = root / Path(*("images" if part == "labels" else part for part in labels.relative_to(root).parts))
    texts = {text.stem: text for text in labels.glob("*.txt") if text.name != NAMES_FILE}
    beside = pictures_by_stem([twin if twin.is_dir() else labels.parent])
    return [(beside.get(stem, twin / f"{stem}.jpg"), texts.get(stem)) for stem in sorted(beside.keys() | texts.keys())]


def _content(file: Path) -> Mapping[str, Any]:
    """Of the .yaml; of a list of names, the same as if it were one."""
    text = file.read_text(encoding="utf-8-sig")
    if file.suffix == ".txt":
        return {"names": [line.strip() for line in text.splitlines() if line.strip()]}
    content: Mapping[str, Any] = yaml.safe_load(text)
    return content


def _classes(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Names by index."""
    names = content["names"]
    if isinstance(names, Mapping):
        names = [names.get(index, f"class {index}") for index in range(max(names) + 1)]
    return tuple(str(name) for name in names)


def _picture(picture: Path, text: Path | None, classes: int, posed: bool, gathered: Gathered) -> AnnotatedPicture:
    lines = text.read_text(encoding="utf-8-sig").splitlines() if text else []
    filled = [(number, line.split()) for number, line in enumerate(lines, 1) if line.strip()]
    found = [
        _row(words, f"{text.name if text else ''} line {number}", classes, posed, gathered) for number, words in filled
    ]
    rows = tuple(row for row in found if row is not None)
    return AnnotatedPicture(picture, rows, fractions=True, listed=len(filled))


def _row(words: Sequence[str], where: str, classes: int, posed: bool, gathered: Gathered) -> Row | None:
    values = finite_numbers(words)
    shaped = values is not None and len(values) >= 5 and (posed or len(values) % 2 == 1) and values[0].is_integer()
    if values is None or not shaped:
        gathered.add(ProblemKind.UNREADABLE, where, f"{' '.join(words)[:40]!r} is not `class cx cy width height`")
        return None
    if not 0 <= values[0] < classes:
        gathered.add(ProblemKind.UNKNOWN_CLASS, where, f"class {int(values[0])}, {classes} are named")
        return None
    return int(values[0]), *_bounds(values[1:5] if posed else values[1:])


def _bounds(values: Sequence[float]) -> tuple[float, float, float, float]:
    """Of centre and size, or of a polygon's corners."""
    if len(values) == 4:
        cx, cy, width, height = values
        return cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2
    return min(values[::2]), min(values[1::2]), max(values[::2]), max(values[1::2])
