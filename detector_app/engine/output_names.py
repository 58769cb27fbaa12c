"""Names for results that take nothing from anybody."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path


def stem_of(name: str) -> str:
    """A file name's beginning from what a person calls a source; only letters, digits, ``_``, ``.`` and ``-``."""
    return re.sub(r"[^\w.-]+", "-", Path(name).stem).strip(".-") or "input"


def free_stem(folder: Path, name: str, taken: Collection[str] = (), *, overwrite: bool = False) -> str:
    """A stem for the results of ``name`` in ``folder``: its own, or with a number behind it.

    Args:
        folder: need not exist.
        name: what a person calls the source.
        taken: stems that others have.
        overwrite: files that exist do not matter.
    """
    base = stem_of(name)
    stem, number = base, 1
    while stem in taken or (not overwrite and has_files(folder, stem)):
        number += 1
        stem = f"{base}-{number}"
    return stem


def has_files(folder: Path, stem: str) -> bool:
    """Whether a name in ``folder`` is ``stem`` or goes on from it; upper and lower case are the same to some file systems."""
    if not folder.is_dir():
        return False
    beginnings = tuple(f"{stem}{mark}".casefold() for mark in "._")
    names = [path.name.casefold() for path in folder.iterdir()]
    return any(name == stem.casefold() or name.startswith(beginnings) for name in names)
