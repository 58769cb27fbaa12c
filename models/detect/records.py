"""Labelled pictures from COCO JSON, YOLO txt and Pascal VOC XML, as one frozen record type.

What users get wrong is found here, because a missing picture or class should be named before an hour of training and not
after it. Entries that cannot be used are left out and told of as `Problem`s; only a set that has nothing to train on is refused.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.detect.annotation_files import read_annotations
from models.detect.annotations import AnnotatedPicture, Annotations, Gathered
from models.detect.box_checks import checked_boxes
from models.detect.own_division import TRAIN, VAL, part_of_name
from models.detect.picture_facts import PictureFacts, read_all_facts
from models.detect.problems import Problem, ProblemKind, sentences
from models.errors import TrainingDataError
from models.licence_note import stated_licence
from models.provenance import DataSource


@dataclass(frozen=True)
class PictureRecord:
    """One picture and its boxes; the pixels stay on disk.

    Attributes:
        path: the picture file.
        boxes_xyxy: (n, 4) float32, pixels of the picture as its annotations see it, inside it.
        labels: (n,) int64 ids into the classes of its `LabelledPictures`.
        sha256: of the file's bytes: two records with one hash show the same picture.
        size_wh: (width, height) of the picture as its annotations see it, or None where it was not looked up.
        fingerprint: see `PictureFacts`; empty where it was not looked up.
        part: "train" or "val" where its set comes divided into both by its owner, else "".
    """

    path: Path
    boxes_xyxy: NDArray[np.float32]
    labels: NDArray[np.int64]
    sha256: str
    size_wh: tuple[int, int] | None = None
    fingerprint: bytes = b""
    part: str = ""


@dataclass(frozen=True)
class LabelledPictures:
    """Some sets merged: classes in id order, records, what each set's licence asks to be said, and what is wrong.

    Attributes:
        unused: classes that the sets name but that have no box; none where classes were asked for.
    """

    classes: tuple[str, ...]
    records: tuple[PictureRecord, ...]
    sources: tuple[DataSource, ...]
    problems: tuple[Problem, ...] = ()
    unused: tuple[str, ...] = ()


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
        TrainingDataError: a path is missing, a file cannot be parsed, none of its pictures is there, nothing is labelled,
            or a class is unknown or has no box.
    """
    files = [(path, file) for path in paths for file in read_annotations(path)]
    found = list(dict.fromkeys(name for _, file in files for name in _named(file)))
    wanted = [name.replace("_", " ") for name in classes] or [
        name for name in found if any(_holds(file, name) for _, file in files)
    ]
    if unknown := [name for name in wanted if name not in found]:
        raise TrainingDataError(f"classes {unknown} are in none of the sets, which hold {found}; mend --classes")
    gathered = Gathered([problem for _, file in files for problem in file.problems])
    per_set: dict[Path, list[PictureRecord]] = {path: [] for path in paths}
    for path, file in files:
        per_set[path] += _records(file, wanted, gathered)
    records = _divided(per_set)
    _require_boxes(paths, wanted, records, gathered.problems)
    sources = tuple(describe_source(path, own, notes or {}) for path, own in per_set.items())
    unused = () if classes else tuple(name for name in found if name not in wanted)
    return LabelledPictures(tuple(wanted), records, sources, tuple(gathered.problems), unused)


def _divided(per_set: Mapping[Path, Sequence[PictureRecord]]) -> tuple[PictureRecord, ...]:
    """All records; a part counts only where a set has both, be it given as one path or as two (`set/train`, `set/valid`)."""
    whole = {path: path.parent if part_of_name(path.name) else path for path in per_set}
    parts: dict[Path, set[str]] = defaultdict(set)
    both = {TRAIN, VAL}
    for path, own in per_set.items():
        parts[whole[path]] |= {record.part for record in own if len(record.labels)}
    return tuple(
        record if record.part in both and both <= parts[whole[path]] else replace(record, part="")
        for path, own in per_set.items()
        for record in own
    )


def _require_boxes(
    paths: Sequence[Path], wanted: Sequence[str], records: Sequence[PictureRecord], problems: Sequence[Problem]
) -> None:
    """Refuses a set with nothing to learn, and says what was wrong with what it has."""
    where = ", ".join(map(str, paths))
    known = f" (found: {'; '.join(sentences(problems))})" if problems else ""
    labels = np.concatenate([np.zeros(0, np.int64), *(record.labels for record in records)])
    if not len(labels):
        raise TrainingDataError(f"no labelled picture in {where}{known}; give a set with boxes")
    if empty := [name for index, name in enumerate(wanted) if not (labels == index).any()]:
        raise TrainingDataError(f"classes {empty} have no box in {where}{known}; leave them out or add pictures")


def _named(file: Annotations) -> list[str]:
    return [name.replace("_", " ") for name in file.classes]


def _holds(file: Annotations, name: str) -> bool:
    """Whether any box has this class: exports often list a parent class that none has."""
    wanted = {index for index, own in enumerate(_named(file)) if own == name}
    return any(row[0] in wanted for picture in file.pictures for row in picture.rows)


def _records(file: Annotations, wanted: Sequence[str], gathered: Gathered) -> list[PictureRecord]:
    """Keeps the wanted classes. A picture that loses all its boxes goes; one that never had any stays as background."""
    ids = [wanted.index(name) if name in wanted else -1 for name in _named(file)]
    chosen = [one for one in file.pictures if not one.listed or any(ids[row[0]] >= 0 for row in one.rows)]
    facts = read_all_facts([picture.path for picture in chosen])
    if chosen and not facts:
        raise TrainingDataError(
            f"{file.file}: none of its {len(chosen)} pictures is there; the first is looked for at {chosen[0].path}"
        )
    records = [_record(picture, file.file, ids, facts, gathered) for picture in chosen]
    return [record for record in records if record is not None]


def _record(
    picture: AnnotatedPicture,
    file: Path,
    ids: Sequence[int],
    facts: Mapping[Path, PictureFacts | str],
    gathered: Gathered,
) -> PictureRecord | None:
    own, where = facts.get(picture.path), f"{picture.path.parent.name}/{picture.path.name}"
    if own is None:
        gathered.add(ProblemKind.MISSING_PICTURE, where, f"named in {file.name}")
        return None
    if isinstance(own, str):
        gathered.add(ProblemKind.BROKEN_PICTURE, where, own)
        return None
    if picture.stated_wh not in (None, own.stored_wh, own.upright_wh):
        said = f"{_by(own.upright_wh)}, {file.name} says {_by(picture.stated_wh)}"
        gathered.add(ProblemKind.OTHER_SIZE, where, said)
        return None
    size_wh = picture.stated_wh or own.upright_wh
    rows = [(ids[label], *edges) for label, *edges in picture.rows if ids[label] >= 0]
    boxes, labels = checked_boxes(rows, size_wh, picture.fractions, where, gathered)
    if not len(labels) and picture.listed:
        return None
    return PictureRecord(picture.path, boxes, labels, own.sha256, size_wh, own.fingerprint, picture.part)


def _by(size_wh: tuple[int, int] | None) -> str:
    return "×".join(map(str, size_wh or ()))


def describe_source(path: Path, records: Sequence[PictureRecord], notes: Mapping[str, str]) -> DataSource:
    """Name, counts, licence and attribution, from a note or from the ORIGIN.md or LICENSE beside the data."""
    folder = path if path.is_dir() else path.parent
    boxes = sum(len(record.labels) for record in records)
    licence, attribution = stated_licence(folder, notes.get(folder.name))
    return DataSource(folder.name, len(records), boxes, licence, attribution)
