"""Folders of pictures by class as labelled records, divided into what trains, what validates and what only tests."""

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from models.detect.records import PictureRecord
from models.detect.split import split_by_content
from models.errors import TrainingDataError
from models.licence_note import stated_licence
from models.provenance import DataSource

SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif", ".ppm", ".pgm"))
NO_BOXES = np.zeros((0, 4), np.float32)


@dataclass(frozen=True)
class ClassFolders:
    """Pictures by class, divided.

    Attributes:
        classes: names in id order, which is the alphabet's.
        train: records whose `labels` hold the one class of the picture.
        val: the same; no picture's bytes are on both sides.
        tests: the same by the name of their folder (`test`, and any other that begins with it), for a last measurement only.
        split_sha256: names the division.
        source: what the data's licence asks to be said.
        remarks: sentences about pictures that are left out.
    """

    classes: tuple[str, ...]
    train: tuple[PictureRecord, ...]
    val: tuple[PictureRecord, ...]
    tests: Mapping[str, tuple[PictureRecord, ...]]
    split_sha256: str
    source: DataSource
    remarks: tuple[str, ...] = ()


def read_folders(root: Path, val_fraction: float, notes: Mapping[str, str] | None = None) -> ClassFolders:
    """Reads `root/CLASS/…` or `root/{train,val,test}/CLASS/…`.

    Pictures that cannot be read are left out and named in the remarks. Where there is no `val`, a share of each class is
    kept for it by the hash of its pictures' bytes. Of pictures that train as well as validate or test, training loses its copy.

    Args:
        root: the folder; files whose names begin with a dot, and files that are no pictures, are passed over.
        val_fraction: share of each class for validation where it has no folder.
        notes: "licence; attribution" by the folder's name, in place of what its own files say.

    Raises:
        TrainingDataError: no such folder, fewer than two classes, a class without a readable picture or with one picture only
            where the split is ours, a class that does not train, or one picture in two classes.
    """
    if not root.is_dir():
        raise TrainingDataError(f"{root}: no such folder; give one that holds a folder of pictures for each class")
    divided = (root / "train").is_dir()
    classes = _class_names(root / "train" if divided else root)
    remarks: list[str] = []
    named = ["train", "val", *sorted(path.name for path in root.glob("test*") if path.is_dir())] if divided else []
    parts = {part: _read_part(root / part, classes, remarks) for part in named if (root / part).is_dir()}
    if not divided:
        parts = {"train": _read_part(root, classes, remarks)}
    _require_pictures(classes, parts["train"], root)
    train = parts.pop("train")
    held_back = {record.sha256 for part in parts.values() for record in part}
    count, train = len(train), tuple(record for record in train if record.sha256 not in held_back)
    if lost := count - len(train):
        remarks.append(f"{lost} training pictures are also in val or test and do not train")
        _require_pictures(classes, train, root)
    digest = hashlib.sha256("\n".join(sorted(held_back)).encode()).hexdigest()
    val, tests = parts.pop("val", ()), parts
    if not val:
        split = split_by_content(train, classes, val_fraction)
        train, val, digest = split.train, split.val, split.sha256
    everything = (*train, *val, *(record for part in tests.values() for record in part))
    _require_one_class_each(everything)
    source = DataSource(root.name, len(train) + len(val), 0, *stated_licence(root, (notes or {}).get(root.name)))
    return ClassFolders(classes, train, val, tests, digest, source, tuple(remarks))


def _class_names(root: Path) -> tuple[str, ...]:
    names = tuple(sorted(path.name for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")))
    if len(names) < 2:
        found = f"only the folder {names[0]!r}" if names else "no folder"
        raise TrainingDataError(f"{root}: holds {found}; at least two folders are needed, one for each class")
    return names


def _read_part(root: Path, classes: Sequence[str], remarks: list[str]) -> tuple[PictureRecord, ...]:
    if unknown := sorted(
        path.name for path in root.iterdir() if path.is_dir() and path.name[0] != "." and path.name not in classes
    ):
        raise TrainingDataError(f"{root}: classes {unknown} have no training pictures; add some or remove the folders")
    records, broken = [], []
    for label, name in enumerate(classes):
        for path in _pictures_of(root / name):
            if reason := _reason_unreadable(path):
                broken.append(f"{path.relative_to(root)} ({reason})")
            else:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                records.append(PictureRecord(path, NO_BOXES, np.array([label]), digest))
    if broken:
        more = f" and {len(broken) - 5} more" if len(broken) > 5 else ""
        remarks.append(f"{len(broken)} pictures cannot be read and are left out: {', '.join(broken[:5])}{more}")
    return tuple(records)


def _pictures_of(folder: Path) -> list[Path]:
    found = folder.rglob("*") if folder.is_dir() else ()
    return sorted(path for path in found if path.suffix.lower() in SUFFIXES and path.name[0] != "." and path.is_file())


def _reason_unreadable(path: Path) -> str:
    """What is wrong with a picture, or nothing. It is decoded, at an eighth of its size where the format can."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as picture:
                picture.draft("RGB", (picture.width // 8, picture.height // 8))
                picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        return str(error).split(" '")[0] or type(error).__name__
    return ""


def _require_pictures(classes: Sequence[str], records: Sequence[PictureRecord], root: Path) -> None:
    present = {int(record.labels[0]) for record in records}
    if empty := [name for label, name in enumerate(classes) if label not in present]:
        raise TrainingDataError(
            f"{root}: classes {empty} have no picture to train on; add pictures or remove the folders"
        )


def _require_one_class_each(records: Sequence[PictureRecord]) -> None:
    seen: dict[str, PictureRecord] = {}
    for record in records:
        twin = seen.setdefault(record.sha256, record)
        if twin.labels[0] != record.labels[0]:
            raise TrainingDataError(
                f"{twin.path} and {record.path} are the same picture in two classes; keep one of them"
            )
