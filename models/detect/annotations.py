"""What annotation files say of pictures, before any picture is opened."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from models.detect.problems import Problem, ProblemKind

PICTURE_SUFFIXES = frozenset((".jpg", ".jpeg", ".jpe", ".png", ".bmp", ".webp", ".tif", ".tiff"))
Row = tuple[int, float, float, float, float]


@dataclass(frozen=True)
class AnnotatedPicture:
    """What an annotation file says of one picture.

    Attributes:
        path: where the picture should lie; it need not exist.
        rows: per box the class (an index into the file's classes) and x1, y1, x2, y2.
        stated_wh: width and height in pixels, or None where the file has none.
        fractions: whether the boxes are in fractions of the picture rather than in its pixels.
        listed: how many boxes the file has for it, with those that make no sense: a picture with boxes is no background.
        part: "train" or "val" where the set comes divided by its owner, else "".
    """

    path: Path
    rows: tuple[Row, ...]
    stated_wh: tuple[int, int] | None = None
    fractions: bool = False
    listed: int = 0
    part: str = ""


@dataclass(frozen=True)
class Annotations:
    """One annotation file, or one folder of them.

    Attributes:
        file: which.
        classes: names by index.
        pictures: every picture that it names, and those beside them without an entry of their own (YOLO, VOC).
        problems: entries that make no sense.
    """

    file: Path
    classes: tuple[str, ...]
    pictures: tuple[AnnotatedPicture, ...]
    problems: tuple[Problem, ...] = ()


@dataclass
class Gathered:
    """Problems of one file as they are met."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, kind: ProblemKind, where: str, detail: str = "") -> None:
        """Notes one."""
        self.problems.append(Problem(kind, where, detail))


def place_inside(folder: Path, name: str) -> Path:
    """Where a picture lies that an annotation file names; never outside the folder.

    Args:
        folder: of the pictures.
        name: with slashes of either kind; of an absolute path, as another computer had it, or one with `..`, only the
            last part counts, and so it does where the whole leads nowhere.
    """
    parts = PurePosixPath(name.replace("\\", "/"))
    foreign = parts.is_absolute() or bool(PureWindowsPath(name).drive) or ".." in parts.parts
    inside, plain = folder / parts, folder / parts.name
    return plain if foreign or (plain.is_file() and not inside.is_file()) else inside


def pictures_by_stem(folders: Iterable[Path]) -> dict[str, Path]:
    """Pictures of the first folder that has any, by name without ending."""
    for folder in folders:
        if found := {path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() in PICTURE_SUFFIXES}:
            return found
    return {}


def finite_numbers(values: Any, count: int | None = None) -> tuple[float, ...] | None:
    """The values as finite numbers, as many as asked for; None where anything else is found."""
    try:
        numbers = tuple(float(value) for value in values)
    except (TypeError, ValueError):
        return None
    return numbers if count in (None, len(numbers)) and all(map(math.isfinite, numbers)) else None


def stated_size(width: Any, height: Any) -> tuple[int, int] | None:
    """A size as stated; None where there is none, or nought, as some tools write."""
    found = finite_numbers((width, height))
    return (int(found[0]), int(found[1])) if found and min(found) >= 1 else None
