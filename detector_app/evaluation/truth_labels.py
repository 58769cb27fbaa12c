"""YOLO's text files: per picture ``labels/NAME.txt`` with lines ``class cx cy width height`` in fractions of the picture."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from detector_app.errors import GroundTruthError
from detector_app.evaluation.truth import GroundTruth, PictureTruth
from detector_app.sources.picture_file import SUFFIXES as PICTURE_SUFFIXES

YAML_SUFFIXES = (".yaml", ".yml")
NAMES_FILES = ("classes.txt", "obj.names", "_darknet.labels")
MOST_BYTES = 4 * 1024 * 1024
MOST_FILES = 500_000
MOST_CLASSES = 100_000
_BOX_WORDS = 5


@dataclass(frozen=True)
class Labels:
    """Where labels lie: the folder below which they are, those with .txt files, and the file that names the classes."""

    root: Path
    folders: tuple[Path, ...]
    names: Path | None


def is_labels(path: Path) -> bool:
    """Whether a .txt file is one that names classes, or a label file itself."""
    return path.name in NAMES_FILES or (path.suffix.lower() == ".txt" and "labels" in path.parts[:-1])


def labels_at(path: Path) -> Labels | None:
    """The labels that a person means by ``path``: a folder of them or above them, the .yaml, classes.txt or one label file. None: none."""
    folder = path if path.is_dir() else path.parent
    inside = next((up for up in (folder, *folder.parents) if up.name == "labels"), None)
    root = inside.parent if inside is not None else folder
    if inside is not None and _has_labels(folder):
        folders: tuple[Path, ...] = (folder,)
    else:
        folders = _label_folders(root)
    if not folders and _has_labels(folder):  # labels and pictures together, as some tools write them
        root, folders = folder, (folder,)
    if not folders:
        return None
    given = path if path.is_file() and (path.name in NAMES_FILES or path.suffix.lower() in YAML_SUFFIXES) else None
    names = given or _names_file(dict.fromkeys((*folders, root, root.parent)))
    # Text files are common: without names of classes, or the usual folder, nobody can tell whether they are labels.
    usual = any("labels" in each.relative_to(root).parts for each in folders)
    return Labels(root, folders, names) if usual or names is not None else None


def read_yolo(where: Path, labels: Labels) -> GroundTruth:
    """Read all labels. A picture of the twin folder ``images`` without a label file has nothing in it.

    Lines may also end in a polygon's corners instead of a size (its bounds are taken), or, where the .yaml has a ``kpt_shape``, in the
    points of a pose (they are left out). Paths inside a .yaml are often another computer's: they are not followed.

    Raises:
        GroundTruthError: nothing names the classes, or a file is too large or no text.
    """
    if labels.names is None:
        raise GroundTruthError(
            where.name, detail="nothing names its classes: neither a .yaml nor classes.txt lies beside it"
        )
    classes, posed = _classes(labels.names)
    left_out: list[str] = []
    pictures: list[PictureTruth] = []
    for folder in labels.folders:
        texts = {path.stem: path for path in islice(folder.glob("*.txt"), MOST_FILES) if path.name not in NAMES_FILES}
        twin = labels.root / Path(
            *("images" if part == "labels" else part for part in folder.relative_to(labels.root).parts)
        )
        alone = {path.stem for path in _pictures_in(twin)} - texts.keys() if twin != folder else set()
        prefix = twin.relative_to(labels.root).as_posix()
        for stem in sorted(texts.keys() | alone):
            rows = _rows(texts[stem], len(classes), posed, left_out) if stem in texts else []
            pictures.append(_picture(f"{prefix}/{stem}", rows))
    return GroundTruth(where, "YOLO", classes, tuple(pictures), tuple(left_out))


def _has_labels(folder: Path) -> bool:
    return any(path.name not in NAMES_FILES for path in folder.glob("*.txt"))


def _label_folders(root: Path) -> tuple[Path, ...]:
    """``labels``, ``labels/train``, ``train/labels`` and the like."""
    near = (root / "labels", *root.glob("labels/*"), *root.glob("*/labels"))
    return tuple(folder for folder in sorted(set(near)) if folder.is_dir() and _has_labels(folder))


def _names_file(folders: Mapping[Path, None]) -> Path | None:
    for folder in folders:
        usual = [*sorted(folder.glob("*.y*ml")), *(folder / name for name in NAMES_FILES)]
        found = next((path for path in usual if path.is_file()), None)
        if found is not None:
            return found
    return None


def _pictures_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in islice(folder.iterdir(), MOST_FILES) if path.suffix.lower() in PICTURE_SUFFIXES]


def _text(file: Path) -> str:
    if file.stat().st_size > MOST_BYTES:
        raise GroundTruthError(file.name, detail="it is larger than 4 MB")
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise GroundTruthError(file.name, detail="it is no text") from error


def _classes(file: Path) -> tuple[tuple[str, ...], bool]:
    """Names by index, and whether lines have the points of a pose."""
    text = _text(file)
    if file.suffix.lower() not in YAML_SUFFIXES:
        return tuple(line.strip() for line in text.splitlines() if line.strip()), False
    import yaml

    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise GroundTruthError(file.name, detail="it is no YAML that can be read") from error
    names = content.get("names") if isinstance(content, Mapping) else None
    return _named(names, file), isinstance(content, Mapping) and "kpt_shape" in content


def _named(names: Any, file: Path) -> tuple[str, ...]:
    if isinstance(names, Mapping) and all(isinstance(key, int) and 0 <= key < MOST_CLASSES for key in names):
        names = [names.get(index, f"class {index}") for index in range(max(names, default=-1) + 1)]
    # Other values may be lists of lists of lists, which grow without bound as text.
    if not isinstance(names, list) or not all(isinstance(name, str | int | float) for name in names):
        raise GroundTruthError(file.name, detail="it has no list “names” of the classes")
    return tuple(str(name) for name in names)


def _rows(file: Path, classes: int, posed: bool, left_out: list[str]) -> list[tuple[int, float, float, float, float]]:
    lines = [(number, line.split()) for number, line in enumerate(_text(file).splitlines(), 1) if line.strip()]
    found = [(number, _row(words, classes, posed)) for number, words in lines]
    left_out += [f"{file.name}: line {number}" for number, row in found if row is None]
    return [row for _, row in found if row is not None]


def _row(words: Sequence[str], classes: int, posed: bool) -> tuple[int, float, float, float, float] | None:
    """Class and edges; None for a line that is no label."""
    try:
        values = [float(word) for word in words]
    except ValueError:
        return None
    shaped = len(values) >= _BOX_WORDS and (posed or len(values) % 2 == 1) and all(map(math.isfinite, values))
    if not shaped or not values[0].is_integer() or not 0 <= values[0] < classes:
        return None
    return int(values[0]), *_bounds(values[1:5] if posed else values[1:])


def _bounds(values: Sequence[float]) -> tuple[float, float, float, float]:
    """Of centre and size, or of a polygon's corners."""
    if len(values) == _BOX_WORDS - 1:
        cx, cy, width, height = values
        return cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2
    return min(values[::2]), min(values[1::2]), max(values[::2]), max(values[1::2])


def _picture(name: str, rows: Sequence[tuple[int, float, float, float, float]]) -> PictureTruth:
    table = np.array([row[1:] for row in rows], np.float64).reshape(-1, 4)
    ids = np.array([row[0] for row in rows], np.int64)
    return PictureTruth(name, table, ids, np.zeros(len(rows), np.bool_), fractions=True)
