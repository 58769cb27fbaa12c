"""The gallery: who is enrolled, with which pictures, and their embeddings by model. It stays on this machine.

Embeddings of different models are never compared: each is kept under the sha256 of the model's file.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from detector_app.faces import gallery_file
from detector_app.faces.embedder import Embedder
from detector_app.faces.errors import GalleryDamagedError, GalleryError, NameTakenError, PersonUnknownError
from detector_app.faces.face_crop import FaceCrop
from detector_app.faces.gallery_file import checksum, reading, scrub, writing
from detector_app.faces.matching import GallerySnapshot
from detector_app.faces.people import EmbeddingModel, NewPicture, Person, Picture, clean_name, name_key
from detector_app.faces.place import default_path
from detector_app.faces.quality import Quality
from detector_app.faces.refusals import FaceRefusedError
from detector_app.faces.salvage import set_aside
from detector_app.vision.detections import FloatArray

_log = logging.getLogger(__name__)
_VECTOR = np.dtype("<f4")
_PEOPLE = """
SELECT people.id, people.name, people.created, count(pictures.id), count(pictures.crop)
FROM people LEFT JOIN pictures ON pictures.person = people.id {where} GROUP BY people.id ORDER BY people.name_key
"""
_SNAPSHOT = """
SELECT embeddings.vector, people.id, people.name FROM embeddings
JOIN models ON models.id = embeddings.model JOIN pictures ON pictures.id = embeddings.picture
JOIN people ON people.id = pictures.person WHERE models.hash = ? ORDER BY pictures.id
"""
_WITHOUT_EMBEDDING = """
SELECT id, crop, landmarks FROM pictures WHERE id NOT IN
(SELECT picture FROM embeddings JOIN models ON models.id = embeddings.model WHERE models.hash = ?)
"""


@dataclasses.dataclass(frozen=True)
class ReEmbedded:
    """What came of :meth:`Gallery.re_embed`.

    Attributes:
        done: pictures that got an embedding of the model.
        impossible: pictures that have none and cannot get one, because their crop was not kept.
    """

    done: int
    impossible: int


class Gallery:
    """An existing gallery file. Every method does its work in one transaction; any thread may call any of them.

    All of them raise ``GalleryBusyError`` when another program keeps the file locked, and ``GalleryError`` when it cannot be used.
    """

    def __init__(self, path: Path, notice: GalleryDamagedError | None = None) -> None:
        """Use :meth:`open`."""
        self.path = path
        self.notice = notice

    @classmethod
    def open(cls, path: Path | None = None) -> Gallery:
        """The gallery at ``path`` (default :func:`~detector_app.faces.place.default_path`), made if there is none.

        A damaged one is set aside as ``NAME.broken-DATE`` and what can be read of it is taken over; then ``notice`` tells the user.

        Raises:
            GalleryVersionError: it was written by a later version of the app; it is left alone.
            GalleryBusyError, GalleryError: it cannot be used, or is no gallery; it is left alone.
        """
        path = path or default_path()
        notice = None
        if path.is_file() and (reason := gallery_file.damage(path)) is not None:
            notice = set_aside(path, reason)
        gallery_file.create(path)
        return cls(path, notice)

    # --- people ---------------------------------------------------------------------------------------------------------------

    def people(self) -> tuple[Person, ...]:
        """Everybody, by name."""
        with reading(self.path) as db:
            return tuple(Person(*row) for row in db.execute(_PEOPLE.format(where="")))

    def person(self, name: str) -> Person:
        """The person called so, whatever the case of the letters.

        Raises:
            PersonUnknownError: nobody is.
            NameInvalidError: it is no name.
        """
        with reading(self.path) as db:
            row = db.execute(_PEOPLE.format(where="WHERE people.name_key = ?"), (name_key(name),)).fetchone()
        if row is None:
            raise PersonUnknownError(name, known=", ".join(person.name for person in self.people()) or "–")
        return Person(*row)

    def enrol(self, name: str, pictures: Sequence[NewPicture]) -> Person:
        """Add ``pictures`` to the person called ``name``, who is made if there is none: all of them, or on a failure nothing.

        Raises:
            NameInvalidError: it is no name.
            ValueError: no pictures.
        """
        if not pictures:
            raise ValueError("a person is enrolled with one picture at least")
        name = clean_name(name)
        with writing(self.path) as db:
            person = _person_id(db, name)
            for picture in pictures:
                _insert_picture(db, person, picture)
        return self.person(name)

    def rename(self, person_id: int, name: str) -> None:
        """Call the person ``name``; nothing of the former name stays in the file.

        Raises:
            NameInvalidError: it is no name.
            NameTakenError: another person has it.
        """
        name = clean_name(name)
        with writing(self.path) as db:
            taken = db.execute(
                "SELECT 1 FROM people WHERE name_key = ? AND id != ?", (name_key(name), person_id)
            ).fetchone()
            if taken:
                raise NameTakenError(name)
            db.execute("UPDATE people SET name = ?, name_key = ? WHERE id = ?", (name, name_key(name), person_id))
        self._scrub()

    def forget(self, person_id: int) -> None:
        """Delete a person with all pictures and embeddings, so that nothing of them is left in the file."""
        with writing(self.path) as db:
            db.execute("DELETE FROM people WHERE id = ?", (person_id,))
            _drop_unused_models(db)
        self._scrub()

    def forget_picture(self, picture_id: int) -> None:
        """Delete one picture in the same way; with the last one the person goes, too: nothing is left to know them by."""
        with writing(self.path) as db:
            db.execute("DELETE FROM pictures WHERE id = ?", (picture_id,))
            db.execute("DELETE FROM people WHERE id NOT IN (SELECT person FROM pictures)")
            _drop_unused_models(db)
        self._scrub()

    def _scrub(self) -> None:
        """What was deleted is overwritten already; rewriting the file, too, is for what SQLite may have left in gaps."""
        try:
            scrub(self.path)
        except GalleryError as error:
            _log.warning("%s could not be rewritten after deleting: %s", self.path, error)

    # --- pictures -------------------------------------------------------------------------------------------------------------

    def pictures(self, person_id: int) -> tuple[Picture, ...]:
        """Of one person, in the order of enrolment."""
        query = "SELECT id, added, source, crop IS NOT NULL, quality FROM pictures WHERE person = ? ORDER BY id"
        with reading(self.path) as db:
            rows = db.execute(query, (person_id,)).fetchall()
        return tuple(Picture(id_, added, source, bool(kept), _quality(text)) for id_, added, source, kept, text in rows)

    def crop(self, picture_id: int) -> FaceCrop | None:
        """The kept crop of a picture; None if it was not kept."""
        with reading(self.path) as db:
            row = db.execute("SELECT crop, landmarks FROM pictures WHERE id = ?", (picture_id,)).fetchone()
        return None if row is None else _crop(*row)

    def embeddings_of(self, picture_id: int) -> dict[EmbeddingModel, FloatArray]:
        """All embeddings of a picture, by model."""
        query = "SELECT hash, name, vector FROM embeddings JOIN models ON models.id = model WHERE picture = ?"
        with reading(self.path) as db:
            rows = db.execute(query, (picture_id,)).fetchall()
        return {EmbeddingModel(hash_, name): np.frombuffer(vector, _VECTOR) for hash_, name, vector in rows}

    # --- models ---------------------------------------------------------------------------------------------------------------

    def snapshot(self, model_hash: str) -> GallerySnapshot:
        """All embeddings of that model, to compare with; see :class:`GallerySnapshot`."""
        with reading(self.path) as db:
            rows = db.execute(_SNAPSHOT, (model_hash,)).fetchall()
            threshold = db.execute("SELECT threshold FROM models WHERE hash = ?", (model_hash,)).fetchone()
            pictures = db.execute("SELECT count(*) FROM pictures").fetchone()[0]
        found = dataclasses.replace(
            GallerySnapshot.empty(model_hash), threshold=threshold and threshold[0], missing=pictures - len(rows)
        )
        if not rows:
            return found
        return dataclasses.replace(
            found,
            embeddings=np.frombuffer(b"".join(row[0] for row in rows), _VECTOR).reshape(len(rows), -1),
            person_ids=np.array([row[1] for row in rows], np.int64),
            names=tuple(row[2] for row in rows),
        )

    def set_threshold(self, model: EmbeddingModel, threshold: float | None) -> None:
        """Remember the greatest distance at which two pictures are of one person, for one model; None for the model's own.

        Raises:
            ValueError: it is not from 0 to 2.
        """
        if threshold is not None and not 0 <= threshold <= 2:
            raise ValueError(f"a cosine distance is 0 to 2, not {threshold}")
        with writing(self.path) as db:
            number = _model_id(db, model)
            db.execute("UPDATE models SET threshold = ? WHERE id = ?", (threshold, number))

    def re_embed(
        self,
        embedder: Embedder,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> ReEmbedded:
        """Give every picture that has none an embedding of ``embedder``, from its kept crop. Former models' embeddings stay.

        Raises:
            InferenceError: the embedder failed; what was done before is kept.
        """
        model = EmbeddingModel(embedder.model_hash, embedder.name)
        with reading(self.path) as db:
            waiting = [row[0] for row in db.execute(_WITHOUT_EMBEDDING, (model.model_hash,))]
        done = 0
        for number, picture in enumerate(waiting):
            if cancelled():
                break
            crop = self.crop(picture)
            vector = None if crop is None else _embedded(embedder, crop)
            if vector is not None:
                with writing(self.path) as db:
                    _insert_embedding(db, picture, model, vector)
                done += 1
            on_progress(number + 1, len(waiting))
        return ReEmbedded(done, len(waiting) - done)


def _embedded(embedder: Embedder, crop: FaceCrop) -> FloatArray | None:
    try:
        vector: FloatArray = embedder.embed([embedder.align(crop.image_bgr, crop.landmarks_xy)])[0]
    except FaceRefusedError:
        return None
    return vector


def _person_id(db: sqlite3.Connection, name: str) -> int:
    """The person's number; made if there is none. The name stays as it was first written."""
    row = db.execute("SELECT id FROM people WHERE name_key = ?", (name_key(name),)).fetchone()
    if row is not None:
        return int(row[0])
    values = (name, name_key(name), _now())
    return int(db.execute("INSERT INTO people (name, name_key, created) VALUES (?, ?, ?)", values).lastrowid or 0)


def _insert_picture(db: sqlite3.Connection, person: int, picture: NewPicture) -> None:
    crop = b"" if picture.crop is None else picture.crop.to_png()
    landmarks = b"" if picture.crop is None else picture.crop.landmarks_xy.astype(_VECTOR).tobytes()
    quality = None if picture.quality is None else json.dumps(dataclasses.asdict(picture.quality))
    values = (person, _now(), picture.source, quality, crop or None, landmarks or None, checksum(crop, landmarks))
    cursor = db.execute(
        "INSERT INTO pictures (person, added, source, quality, crop, landmarks, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)",
        values,
    )
    _insert_embedding(db, int(cursor.lastrowid or 0), picture.model, picture.embedding)


def _insert_embedding(db: sqlite3.Connection, picture: int, model: EmbeddingModel, vector: FloatArray) -> None:
    data = np.ascontiguousarray(vector, _VECTOR).tobytes()
    db.execute(
        "INSERT OR REPLACE INTO embeddings (picture, model, vector, checksum) "
        "SELECT id, ?, ?, ? FROM pictures WHERE id = ?",  # nothing, if the picture was forgotten meanwhile
        (_model_id(db, model), data, checksum(data), picture),
    )


def _model_id(db: sqlite3.Connection, model: EmbeddingModel) -> int:
    db.execute("INSERT OR IGNORE INTO models (hash, name) VALUES (?, ?)", (model.model_hash, model.name))
    return int(db.execute("SELECT id FROM models WHERE hash = ?", (model.model_hash,)).fetchone()[0])


def _drop_unused_models(db: sqlite3.Connection) -> None:
    """Models that made none of the embeddings that are left; those with a threshold of the user's own stay."""
    db.execute("DELETE FROM models WHERE threshold IS NULL AND id NOT IN (SELECT model FROM embeddings)")


def _crop(data: bytes | None, landmarks: bytes | None) -> FaceCrop | None:
    if not data or not landmarks:
        return None
    return FaceCrop.from_png(data, np.frombuffer(landmarks, _VECTOR).reshape(-1, 2))


def _quality(text: str | None) -> Quality | None:
    try:
        return None if text is None else Quality(**json.loads(text))
    except (ValueError, TypeError):
        return None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
