"""The gallery's file: SQLite, opened anew for every piece of work, so that threads and other programs may use it at the same time.

A rollback journal rather than a write-ahead log: after each change everything is in one file, and nothing of a person who was forgotten
waits in a second one for somebody to close the gallery. What is deleted is overwritten (``secure_delete``), and the file is rewritten
without it (``VACUUM``, whose temporary file is kept in memory). What a disk or a backup keeps of former contents is out of reach.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from detector_app.errors import message
from detector_app.faces.errors import GalleryBusyError, GalleryError, GalleryVersionError

APPLICATION_ID = 0x46414345
"""At bytes 68 to 71 of the file: "FACE"."""
VERSION = 1
BUSY_S = 10.0
"""How long another program is waited for."""

SCHEMA = """
CREATE TABLE people (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE, created TEXT NOT NULL
) STRICT;
CREATE TABLE pictures (
    id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES people (id) ON DELETE CASCADE, added TEXT NOT NULL,
    source TEXT NOT NULL, quality TEXT, crop BLOB, landmarks BLOB, checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE models (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, threshold REAL) STRICT;
CREATE TABLE embeddings (
    id INTEGER PRIMARY KEY, picture INTEGER NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,
    model INTEGER NOT NULL REFERENCES models (id), vector BLOB NOT NULL, checksum INTEGER NOT NULL, UNIQUE (picture, model)
) STRICT;
CREATE INDEX pictures_of_person ON pictures (person);
"""
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def create(path: Path) -> None:
    """Make the file if there is none, readable by its owner alone, and the tables in it.

    Raises:
        GalleryVersionError: a later version of the app has made it.
        GalleryBusyError, GalleryError: it cannot be made, or is something else.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise GalleryError(str(path), detail=error.strerror or str(error)) from error
    with reading(path) as db:
        version = _version(db)
    if version > VERSION:
        raise GalleryVersionError(str(path), found=version, expected=VERSION)
    if version == 0:
        with writing(path) as db:
            _make_tables(db, path)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _make_tables(db: sqlite3.Connection, path: Path) -> None:
    if _version(db) == VERSION:
        return  # another program was quicker
    if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise GalleryError(str(path), detail=message("it is the database of another program"))
    for statement in SCHEMA.split(";"):
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {VERSION}")


@contextmanager
def reading(path: Path, busy_s: float = BUSY_S) -> Iterator[sqlite3.Connection]:
    """A connection in one transaction, so that all reads see the same moment.

    Raises:
        GalleryBusyError, GalleryError: typed, whatever SQLite says.
    """
    with _told(path), closing(_connect(path, busy_s)) as db:
        db.execute("BEGIN")
        yield db


@contextmanager
def writing(path: Path, busy_s: float = BUSY_S) -> Iterator[sqlite3.Connection]:
    """A connection in one transaction that no other program disturbs: all of it is kept, or nothing.

    Raises:
        GalleryBusyError, GalleryError: typed, whatever SQLite says; nothing was changed.
    """
    with _told(path), closing(_connect(path, busy_s)) as db:
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")


def scrub(path: Path, busy_s: float = BUSY_S) -> None:
    """Rewrite the file, so that not even gaps inside its pages hold what was deleted.

    Raises:
        GalleryBusyError, GalleryError: typed, whatever SQLite says.
    """
    with _told(path), closing(_connect(path, busy_s)) as db:
        db.execute("VACUUM")


def damage(path: Path) -> str | None:
    """What is broken in an existing gallery, in a few words; None if nothing is. Everything in it is read once.

    Raises:
        GalleryVersionError: a later version of the app has made it.
        GalleryBusyError, GalleryError: it cannot be read, or is something else.
    """
    try:
        with closing(_connect(path, BUSY_S)) as db:
            version, application = (
                db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id")
            )
            if application != APPLICATION_ID and (application or version):
                raise GalleryError(str(path), detail=message("it is the database of another program"))
            if version > VERSION:
                raise GalleryVersionError(str(path), found=version, expected=VERSION)
            if version == 0 and not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return None  # new
            return _broken_part(db)
    except sqlite3.Error as error:
        if not _is_damage(error):
            raise _typed(path, error) from error
        if not _is_ours(path):
            raise GalleryError(str(path), detail=message("it is no gallery")) from error
        return str(error)


def checksum(*parts: bytes) -> int:
    """CRC-32 of the parts one after the other: SQLite itself does not notice a flipped bit inside of a value."""
    value = 0
    for part in parts:
        value = zlib.crc32(part, value)
    return value


def _broken_part(db: sqlite3.Connection) -> str | None:
    found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        return " ".join(str(found).split())
    pictures = db.execute("SELECT crop, landmarks, checksum FROM pictures WHERE crop IS NOT NULL")
    vectors = db.execute("SELECT vector, x'', checksum FROM embeddings")
    for rows, what in ((pictures, message("a picture has changed")), (vectors, message("an embedding has changed"))):
        if any(checksum(one, two or b"") != value for one, two, value in rows):
            return what
    return None


def _connect(path: Path, busy_s: float) -> sqlite3.Connection:
    """A connection without implicit transactions that makes no file of its own accord."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=busy_s, isolation_level=None)
    try:
        for pragma in (
            "foreign_keys = ON",
            "secure_delete = ON",
            "temp_store = MEMORY",
            "trusted_schema = OFF",
            "journal_mode = DELETE",
            "synchronous = EXTRA",  # the journal's end is on the disk before anybody is told that it is done
        ):
            db.execute(f"PRAGMA {pragma}")
    except BaseException:
        db.close()
        raise
    return db


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _typed(path, error) from error


def _typed(path: Path, error: sqlite3.Error) -> GalleryError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _BUSY:
        return GalleryBusyError(str(path))
    if code in _DAMAGED:
        return GalleryError(str(path), detail=message("it was damaged while it was open; open it again"))
    if code == sqlite3.SQLITE_FULL:
        return GalleryError(str(path), detail=message("the disk is full"))
    return GalleryError(str(path), detail=str(error))


def _is_damage(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    missing = code == sqlite3.SQLITE_ERROR and "no such" in str(error)  # a table or column that must be there
    return code in _DAMAGED or missing or "UTF-8" in str(error)


def _is_ours(path: Path) -> bool:
    """Whether a file that SQLite cannot read is a broken gallery, rather than somebody's picture given by mistake."""
    with path.open("rb") as file:
        head = file.read(100)
    marked = head[68:72] == APPLICATION_ID.to_bytes(4, "big")
    return marked or path.suffix == ".sqlite3"
