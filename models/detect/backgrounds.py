"""Pictures that show none of the classes: they teach a detector to be silent, and say how silent it is."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from models.detect.records import PictureRecord, describe_source
from models.detect.split import Split
from models.errors import TrainingDataError
from models.provenance import DataSource

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")


def read_backgrounds(
    paths: Sequence[Path], labelled: Sequence[PictureRecord], but: Sequence[str] = ()
) -> list[PictureRecord]:
    """Pictures of files and folders (with what is below), each once, none that is labelled.

    Args:
        paths: pictures, or folders of them.
        labelled: the pictures with boxes; those are no backgrounds wherever they lie.
        but: names (without ending) of pictures to leave out, because they do show one of the classes.

    Raises:
        TrainingDataError: a path is missing, or holds no picture.
    """
    known = {record.sha256 for record in labelled}
    left_out = {
        hashlib.sha256(path.read_bytes()).hexdigest() for one in paths for path in _pictures(one) if path.stem in but
    }
    records = []
    for path in (path for one in paths for path in _pictures(one)):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest in known | left_out:
            continue
        known.add(digest)
        records.append(PictureRecord(path, np.zeros((0, 4), np.float32), np.zeros(0, np.int64), digest))
    return records


def background_sources(
    paths: Sequence[Path], backgrounds: Sequence[PictureRecord], notes: Mapping[str, str]
) -> tuple[DataSource, ...]:
    """What the licences of the backgrounds' folders ask to be said, one entry for each path that gave a picture."""
    own = {path: [record for record in backgrounds if record.path.is_relative_to(path)] for path in paths}
    return tuple(describe_source(path, records, dict(notes)) for path, records in own.items() if records)


def _pictures(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise TrainingDataError(f"{path}: no such picture or folder of backgrounds")
    below = sorted(path.rglob("*")) if path.is_dir() else [path]
    pictures = [one for one in below if one.suffix.lower() in SUFFIXES and cv2.haveImageReader(str(one))]
    if not pictures:
        raise TrainingDataError(f"{path}: holds no picture to use as a background; give pictures or a folder of them")
    yield from pictures


def with_backgrounds(split: Split, backgrounds: Sequence[PictureRecord], val_fraction: float) -> Split:
    """Deals backgrounds to both sides by the hash of their bytes, the first `val_fraction` of the hashes to validation."""
    if not backgrounds:
        return split
    ordered = sorted(backgrounds, key=lambda record: record.sha256)
    kept_back = round(val_fraction * len(ordered))
    name = hashlib.sha256("\n".join([split.sha256, *(r.sha256 for r in ordered[:kept_back])]).encode()).hexdigest()
    return replace(
        split, train=(*split.train, *ordered[kept_back:]), val=(*split.val, *ordered[:kept_back]), sha256=name
    )
