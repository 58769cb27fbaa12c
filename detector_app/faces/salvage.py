"""Saving what can be read of a damaged gallery. The damaged file itself is set aside and never changed."""

from __future__ import annotations

import os
import shutil
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

from detector_app.faces.errors import GalleryDamagedError, GalleryError, NameInvalidError
from detector_app.faces.gallery_file import checksum, create, writing
from detector_app.faces.leaf_pages import leaf_rows
from detector_app.faces.people import clean_name, name_key

Tables = dict[str, dict[int, tuple[Any, ...]]]
"""Table → number of a row → its other values."""


def set_aside(path: Path, reason: str) -> GalleryDamagedError:
    """Move the damaged gallery at ``path`` to ``NAME.broken-DATE``, and put what can be read of it in its place.

    At every moment the damaged file is at one of the two names. Returns what the user must be told.

    Raises:
        GalleryError: the folder cannot be written; nothing was changed.
    """
    seen = path.stat().st_ino
    aside = _free(path.with_name(f"{path.name}.broken-{datetime.now():%Y%m%d-%H%M%S}"))
    saved = _free(path.with_name(f"{path.name}.saved-{os.getpid()}"))
    try:
        create(saved)
        people, pictures = _save(path, saved)
        if path.stat().st_ino != seen:
            raise GalleryError(str(path), detail="another program is mending it; open it again")
        _link(path, aside)
        journal = path.with_name(f"{path.name}-journal")
        if journal.exists():  # it belongs to the damaged file, and would be played back over the new one
            journal.replace(aside.with_name(f"{aside.name}-journal"))
        saved.replace(path)
    except OSError as error:
        raise GalleryError(str(path), detail=error.strerror or str(error)) from error
    finally:
        saved.unlink(missing_ok=True)
    return GalleryDamagedError(str(path), detail=reason, aside=aside.name, people=people, pictures=pictures)


def _save(broken: Path, saved: Path) -> tuple[int, int]:
    """Copy what is readable. Returns how many people and pictures that was."""
    tables = _tables(broken.read_bytes())
    with writing(saved) as db:
        people = _insert_people(db, tables)
        pictures = _insert_pictures(db, tables, people)
        _insert_embeddings(db, tables, pictures)
        # Without crop and vector there is nothing to know a person by.
        db.execute("DELETE FROM pictures WHERE crop IS NULL AND id NOT IN (SELECT picture FROM embeddings)")
        count = "SELECT (SELECT count(*) FROM people), (SELECT count(*) FROM pictures)"
        found: tuple[int, int] = db.execute(count).fetchone()
    return found


_NUMBER, _TEXT, _MAYBE = (int,), (str,), (str, bytes, type(None))
_KINDS: dict[str, tuple[tuple[type, ...], ...]] = {
    "people": (_TEXT, _TEXT, _TEXT),
    "models": (_TEXT, _TEXT, (float, int, type(None))),
    "pictures": (_NUMBER, _TEXT, _TEXT, _MAYBE, _MAYBE, _MAYBE, _NUMBER),
    "embeddings": (_NUMBER, _NUMBER, (bytes,), _NUMBER),
}
"""Types of the columns behind the number, by which a row tells its table."""


def _tables(data: bytes) -> Tables:
    """All rows that can be read, by table and number."""
    tables: Tables = {name: {} for name in _KINDS}
    for number, row in leaf_rows(data):
        for name, kinds in _KINDS.items():
            if len(row) == 1 + len(kinds) and all(map(isinstance, row[1:], kinds)):
                tables[name].setdefault(number, row[1:])
                break
    return tables


def _insert_people(db: sqlite3.Connection, tables: Tables) -> dict[Any, int]:
    """Returns the new number of each old one. Pictures of somebody whose name is lost get a name that says so."""
    found = {number: (row[0], row[2]) for number, row in tables["people"].items()}
    lost = {row[0] for row in tables["pictures"].values()} - set(found)
    found |= {number: (f"? {number}", f"{datetime.now():%Y-%m-%d}") for number in sorted(lost)}
    people, keys = {}, dict[str, int]()
    for number, (name, created) in found.items():
        readable = _readable_name(name, number)
        key = name_key(readable)
        if key not in keys:
            values = (readable, key, created)
            cursor = db.execute("INSERT INTO people (name, name_key, created) VALUES (?, ?, ?)", values)
            keys[key] = int(cursor.lastrowid or 0)
        people[number] = keys[key]
    return people


def _readable_name(name: str, number: int) -> str:
    try:
        return clean_name(name)
    except NameInvalidError:
        return f"? {number}"


def _insert_pictures(db: sqlite3.Connection, tables: Tables, people: dict[Any, int]) -> dict[int, int]:
    """Returns the new number of each old one. A crop that has changed is left out, the picture is not."""
    pictures = {}
    for number, (person, added, source, quality, crop, landmarks, value) in sorted(tables["pictures"].items()):
        sound = isinstance(crop, bytes) and isinstance(landmarks, bytes) and checksum(crop, landmarks) == value
        kept = (crop, landmarks, value) if sound else (None, None, checksum())
        cursor = db.execute(
            "INSERT INTO pictures (person, added, source, quality, crop, landmarks, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (people[person], added, source, quality if isinstance(quality, str) else None, *kept),
        )
        pictures[number] = int(cursor.lastrowid or 0)
    return pictures


def _insert_embeddings(db: sqlite3.Connection, tables: Tables, pictures: dict[int, int]) -> None:
    """Only vectors that have not changed, of pictures and models that are there."""
    models = {}
    for number, (model_hash, name, threshold) in tables["models"].items():
        sound = threshold is not None and 0 <= threshold <= 2
        values = (model_hash, name, float(threshold) if sound else None)
        db.execute("INSERT OR IGNORE INTO models (hash, name, threshold) VALUES (?, ?, ?)", values)
        models[number] = db.execute("SELECT id FROM models WHERE hash = ?", (model_hash,)).fetchone()[0]
    for _, (picture, model, vector, value) in sorted(tables["embeddings"].items()):
        if checksum(vector) == value and picture in pictures and model in models:
            db.execute(
                "INSERT OR IGNORE INTO embeddings (picture, model, vector, checksum) VALUES (?, ?, ?, ?)",
                (pictures[picture], models[model], vector, value),
            )


def _link(path: Path, aside: Path) -> None:
    """A second name for the file; where the file system has no such thing, a copy."""
    try:
        os.link(path, aside)
    except OSError:
        shutil.copy2(path, aside)


def _free(path: Path) -> Path:
    """``path``, or with a number behind it if there is such a file."""
    return next(
        candidate
        for number in range(1, 10_000)
        if not (candidate := path if number == 1 else path.with_name(f"{path.name}-{number}")).exists()
    )
