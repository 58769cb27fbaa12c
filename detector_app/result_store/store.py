"""The sidecar of a video: an SQLite file with what models found in its frames.

Schema (``PRAGMA user_version`` = 1, ``PRAGMA application_id`` = 0x44455401)::

    video   (content_key TEXT PRIMARY KEY)           one row: which content the results are of
    run     (id INTEGER PRIMARY KEY,
             model_sha256 TEXT, card_sha256 TEXT, settings TEXT,   UNIQUE together; settings is canonical JSON
             model_name TEXT, class_names TEXT,      names for people; JSON list of the classes, by number
             started TEXT,                           UTC, ISO 8601
             whole INTEGER)                          1 once every frame that can be read was looked at
    frame   (run INTEGER, idx INTEGER, time_s REAL, width INTEGER, height INTEGER,
             count INTEGER, points INTEGER, boxes BLOB,            see result_store.packing
             PRIMARY KEY (run, idx)) WITHOUT ROWID

A frame that was looked at and held nothing is a row with count 0; one that nobody looked at is no row. Names of people are never kept.
Writing goes by transactions of some dozen frames; a program that ends in the middle of one loses only that one. The journal is SQLite's
rollback journal, which works on network drives, too, and leaves no second file behind. Two programs may use the file at once: each waits
for the other.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector_app.result_store.errors import (
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreFutureError,
    StoreUnwritableError,
)
from detector_app.result_store.keys import RunKey
from detector_app.result_store.packing import TAIL_BYTES, pack, points_of, tail_from, unpack, unpack_tail
from detector_app.vision.detections import Detections, FloatArray, IntArray

VERSION = 1
APPLICATION_ID = 0x44455401
BUSY_S = 5.0
_PAGE = 2000

_SCHEMA = """
CREATE TABLE video (content_key TEXT PRIMARY KEY);
CREATE TABLE run (id INTEGER PRIMARY KEY, model_sha256 TEXT NOT NULL, card_sha256 TEXT NOT NULL, settings TEXT NOT NULL,
                  model_name TEXT NOT NULL, class_names TEXT NOT NULL, started TEXT NOT NULL, whole INTEGER NOT NULL DEFAULT 0,
                  UNIQUE (model_sha256, card_sha256, settings));
CREATE TABLE frame (run INTEGER NOT NULL, idx INTEGER NOT NULL, time_s REAL NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
                    count INTEGER NOT NULL, points INTEGER NOT NULL, boxes BLOB NOT NULL, PRIMARY KEY (run, idx)) WITHOUT ROWID;
"""


@dataclass(frozen=True, eq=False)
class ScorePage:
    """Some frames of a run without the places of their boxes, as columns.

    Attributes:
        indices, times_s, counts: (n,) number, seconds and boxes of each frame.
        class_ids, scores: (sum of counts,) of each box, frame after frame.
    """

    indices: IntArray
    times_s: NDArray[np.float64]
    counts: IntArray
    class_ids: IntArray
    scores: FloatArray


@dataclass(frozen=True)
class StoredFrame:
    """What was found in one frame: its number, time in seconds, size in pixels, and the detections down to the run's floor."""

    index: int
    time_s: float
    width_px: int
    height_px: int
    detections: Detections


def page_of(frames: Sequence[StoredFrame]) -> ScorePage:
    """The same frames as columns."""
    found = [frame.detections for frame in frames]
    return ScorePage(
        np.array([frame.index for frame in frames], np.int64),
        np.array([frame.time_s for frame in frames], np.float64),
        np.array([len(one) for one in found], np.int64),
        np.concatenate([np.zeros(0, np.int64), *(one.class_ids for one in found)]),
        np.concatenate([np.zeros(0, np.float32), *(one.scores for one in found)]),
    )


class ResultStore:
    """An open sidecar. One thread at a time; several stores may have the same file open.

    Raises:
        StoreFutureError: a later version wrote it.
        StoreFullError: the disk is full.
        StoreError: it cannot be opened or made. A damaged file is set aside as ``NAME.damaged`` and a new one begun.
    """

    def __init__(self, path: Path, content_key: str) -> None:
        self.path = path
        self._db = self._opened(path, content_key)

    def close(self) -> None:
        """Close the file. May be called more than once."""
        self._db.close()

    def __enter__(self) -> ResultStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, key: RunKey, model_name: str, class_names: tuple[str, ...]) -> int:
        """The number of the run with that key, made if it is new."""
        with self._writing() as db:
            db.execute(
                "INSERT OR IGNORE INTO run (model_sha256, card_sha256, settings, model_name, class_names, started)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (key.model_sha256, key.card_sha256, key.settings, model_name, json.dumps(class_names), _now()),
            )
        with self._reading() as db:
            found = db.execute(
                "SELECT id FROM run WHERE model_sha256 = ? AND card_sha256 = ? AND settings = ?",
                (key.model_sha256, key.card_sha256, key.settings),
            ).fetchone()
        return int(found[0])

    def add(self, run: int, frames: Iterable[StoredFrame]) -> None:
        """Keep frames, in one transaction; one that is there already is replaced.

        Raises:
            StoreFullError, StoreError: nothing of it was written.
        """
        rows = [
            (
                run,
                frame.index,
                frame.time_s,
                frame.width_px,
                frame.height_px,
                len(frame.detections),
                points_of(frame.detections),
                pack(frame.detections),
            )
            for frame in frames
        ]
        with self._writing() as db:
            db.executemany("INSERT OR REPLACE INTO frame VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def indices(self, run: int) -> IntArray:
        """(n,) numbers of the frames that are there, ascending."""
        with self._reading() as db:
            rows = db.execute("SELECT idx FROM frame WHERE run = ? ORDER BY idx", (run,)).fetchall()
        return np.array(rows, np.int64).reshape(-1)

    def set_whole(self, run: int) -> None:
        """Note that every frame of the video that can be read was looked at."""
        with self._writing() as db:
            db.execute("UPDATE run SET whole = 1 WHERE id = ?", (run,))

    def whole(self, run: int) -> bool:
        """Whether every frame of the video that can be read was looked at."""
        with self._reading() as db:
            row = db.execute("SELECT whole FROM run WHERE id = ?", (run,)).fetchone()
        return row is not None and bool(row[0])

    def score_pages(self, run: int) -> Iterator[ScorePage]:
        """All frames in order, some thousand at a time, without the places of their boxes: an hour of video in a second or two."""
        first = 0
        while True:
            with self._reading() as db:
                rows = db.execute(
                    "SELECT idx, time_s, count, coalesce(substr(boxes, ? * count + 1, ? * count), x'') FROM frame"
                    " WHERE run = ? AND idx >= ? ORDER BY idx LIMIT ?",
                    (tail_from(1), TAIL_BYTES, run, first, _PAGE),
                ).fetchall()
            if rows:
                yield self._score_page(rows)
            if len(rows) < _PAGE:
                return
            first = rows[-1][0] + 1

    def _score_page(self, rows: list[tuple[int, float, int, bytes]]) -> ScorePage:
        indices, times_s, counts, blobs = zip(*rows, strict=True)
        try:
            parts = [unpack_tail(blob, count) for blob, count in zip(blobs, counts, strict=True)]
        except ValueError as error:
            raise StoreDamagedError(str(self.path), detail=f"a frame in it is damaged ({error})") from error
        return ScorePage(
            np.array(indices, np.int64),
            np.array(times_s, np.float64),
            np.array(counts, np.int64),
            np.concatenate([ids for ids, _ in parts]).astype(np.int64),
            np.concatenate([scores for _, scores in parts]).astype(np.float32),
        )

    def frames(self, run: int, first: int = 0, end: int | None = None) -> Iterator[StoredFrame]:
        """Frames from number ``first`` to before ``end`` (None: all) in order; some thousand are in memory at a time."""
        names = self._class_names(run)
        last = np.iinfo(np.int64).max if end is None else end - 1
        while True:
            with self._reading() as db:
                rows = db.execute(
                    "SELECT idx, time_s, width, height, boxes, count, points FROM frame"
                    " WHERE run = ? AND idx BETWEEN ? AND ? ORDER BY idx LIMIT ?",
                    (run, first, int(last), _PAGE),
                ).fetchall()
            for index, time_s, width, height, blob, count, points in rows:
                yield StoredFrame(index, time_s, width, height, self._unpacked(blob, count, points, names))
            if len(rows) < _PAGE:
                return
            first = rows[-1][0] + 1

    def _unpacked(self, blob: bytes, count: int, points: int, names: tuple[str, ...]) -> Detections:
        try:
            return unpack(blob, count, points, names)
        except ValueError as error:
            raise StoreDamagedError(str(self.path), detail=f"a frame in it is damaged ({error})") from error

    def _class_names(self, run: int) -> tuple[str, ...]:
        with self._reading() as db:
            row = db.execute("SELECT class_names FROM run WHERE id = ?", (run,)).fetchone()
        return tuple(str(name) for name in json.loads(row[0])) if row else ()

    # --- the file ---------------------------------------------------------------------------------------------------------

    def _opened(self, path: Path, content_key: str) -> sqlite3.Connection:
        try:
            return _open(path, content_key)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise _told(path, error) from error
        set_aside(path)
        try:
            return _open(path, content_key)
        except sqlite3.Error as error:
            raise _told(path, error) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._db:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
        except sqlite3.Error as error:
            raise _told(self.path, error) from error

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._db
        except sqlite3.Error as error:
            raise _told(self.path, error) from error


def _open(path: Path, content_key: str) -> sqlite3.Connection:
    """The file, with its tables; another video's results in it are forgotten, for the video was replaced."""
    db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("BEGIN IMMEDIATE")
        if not _holds_tables(db, path):
            for statement in _SCHEMA.split(";")[:-1]:
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {VERSION}")
        _keep_only(db, content_key)
        db.execute("COMMIT")
    except BaseException:
        db.close()
        raise
    return db


def _holds_tables(db: sqlite3.Connection, path: Path) -> bool:
    """Whether our tables are there; False for a new file.

    Raises:
        StoreFutureError, StoreError: other tables are.
    """
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise StoreFutureError(str(path), found=version, expected=VERSION)
    if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        return False
    if int(db.execute("PRAGMA application_id").fetchone()[0]) != APPLICATION_ID:
        raise StoreError(str(path), detail="it is another program's file")
    return True


def _keep_only(db: sqlite3.Connection, content_key: str) -> None:
    kept = db.execute("SELECT content_key FROM video").fetchone()
    if kept is not None and kept[0] == content_key:
        return
    for table in ("frame", "run", "video"):
        db.execute(f"DELETE FROM {table}")  # noqa: S608  (names of our own tables)
    db.execute("INSERT INTO video VALUES (?)", (content_key,))


def set_aside(path: Path) -> Path:
    """Rename a damaged file, and its journal: what a person may still want of it is not deleted. Its new place.

    Raises:
        StoreError: it cannot be renamed.
    """
    number = 1
    while (place := path.with_name(f"{path.name}.damaged{'' if number == 1 else f'-{number}'}")).exists():
        number += 1
    try:
        path.replace(place)
        with suppress(FileNotFoundError):  # played back into the new file it would damage that one, too
            path.with_name(f"{path.name}-journal").replace(place.with_name(f"{place.name}-journal"))
    except OSError as error:
        raise StoreError(str(path), detail=str(error)) from error
    return place


def _is_damage(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _told(path: Path, error: sqlite3.Error) -> StoreError:
    if _is_damage(error):
        return StoreDamagedError(str(path), detail=str(error))
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return StoreFullError(str(path))
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return StoreUnwritableError(str(path), detail=str(error))
    return StoreError(str(path), detail=str(error))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def is_whole(path: Path) -> bool:
    """Whether SQLite finds nothing wrong with the file: reads all of it."""
    with closing(sqlite3.connect(path)) as db:
        return bool(db.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
