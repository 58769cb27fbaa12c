"""A folder of people: one folder with pictures for each, and how people are divided into those who train and those who do not."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.classify.folders import SUFFIXES
from models.errors import RecipeError, TrainingDataError


@dataclass(frozen=True)
class Picture:
    """One picture of somebody: its file, and the person's place in the names."""

    path: Path
    person: int


@dataclass(frozen=True)
class People:
    """Who there is, and their pictures.

    Attributes:
        root: the folder.
        names: of the people, in the alphabet's order.
        pictures: all of them, by person and name.
    """

    root: Path
    names: tuple[str, ...]
    pictures: tuple[Picture, ...]


def read_people(root: Path) -> People:
    """Reads `root/PERSON/…`; folders whose names begin with a dot and files that are no pictures are passed over.

    Raises:
        TrainingDataError: no such folder, fewer than two people, or somebody with fewer than two pictures.
    """
    if not root.is_dir():
        raise TrainingDataError(f"{root}: no such folder; give one that holds a folder of pictures for each person")
    folders = sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] != ".")
    found = {folder.name: _pictures_of(folder) for folder in folders}
    if len(found) < 2:
        raise TrainingDataError(
            f"{root}: holds {len(found)} folders; at least two people are needed, a folder for each"
        )
    if few := [name for name, paths in found.items() if len(paths) < 2]:
        raise TrainingDataError(f"{root}: {few} have fewer than two pictures; add some or remove the folders")
    pictures = [Picture(path, person) for person, paths in enumerate(found.values()) for path in paths]
    return People(root, tuple(found), tuple(pictures))


def _pictures_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.name[0] != ".")


def parts_of(names: Sequence[str], folds: int, seed: int) -> list[list[int]]:
    """Divides people into parts of nearly equal size by a hash of their names: neither order nor newcomers mix the others up.

    Args:
        names: of the people.
        folds: how many parts.
        seed: another one divides differently.

    Returns:
        The places of each part's people, ascending. Every person is in one part.

    Raises:
        RecipeError: fewer than two people would be in a part.
    """
    if folds < 2 or len(names) < 2 * folds:
        raise RecipeError(f"{len(names)} people cannot be divided into {folds} parts of two; give --folds 0 or fewer")
    ranks = sorted(range(len(names)), key=lambda place: hashlib.sha256(f"{seed}/{names[place]}".encode()).digest())
    return [sorted(ranks[part::folds]) for part in range(folds)]
