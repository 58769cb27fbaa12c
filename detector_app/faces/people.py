"""The people of a gallery and their pictures, as plain values."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from detector_app.faces.errors import NameInvalidError
from detector_app.faces.face_crop import FaceCrop
from detector_app.faces.quality import Quality
from detector_app.vision.detections import FloatArray

MOST_CHARACTERS = 100


@dataclass(frozen=True)
class Person:
    """Somebody who is enrolled.

    Attributes:
        id: number in this gallery.
        name: as it was first written.
        created: when first enrolled, ISO 8601, UTC.
        pictures: how many.
        kept: of how many of them the crop is kept.
    """

    id: int
    name: str
    created: str
    pictures: int
    kept: int


@dataclass(frozen=True)
class Picture:
    """One picture that a person was enrolled with.

    Attributes:
        id: number in this gallery.
        added: when, ISO 8601, UTC.
        source: where it came from, as told at enrolment.
        kept: whether its crop is kept.
        quality: as measured at enrolment; None if it was not noted.
    """

    id: int
    added: str
    source: str
    kept: bool
    quality: Quality | None


@dataclass(frozen=True)
class EmbeddingModel:
    """Which model made an embedding: its file's sha256, and its name for people."""

    model_hash: str
    name: str


@dataclass(frozen=True, eq=False)
class NewPicture:
    """A picture that is good enough, ready to be enrolled.

    Attributes:
        model: that made the embedding.
        embedding: (D,) float32 of unit length.
        quality: what was measured; None where nothing was.
        source: where it comes from, in a few words.
        crop: only if the user chose to keep crops.
    """

    model: EmbeddingModel
    embedding: FloatArray
    quality: Quality | None = None
    source: str = ""
    crop: FaceCrop | None = None


def clean_name(text: str) -> str:
    """``text`` as a name: composed characters, no spaces around or twice between.

    Raises:
        NameInvalidError: nothing is left, it is too long, or it holds what cannot be written on a line.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise NameInvalidError(text, detail="it is empty")
    if len(name) > MOST_CHARACTERS:
        raise NameInvalidError(f"{name[:20]}…", detail="it is too long")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") for character in name):
        raise NameInvalidError(
            name.encode("ascii", "replace").decode(), detail="it holds characters that cannot be shown"
        )
    return name


def name_key(name: str) -> str:
    """What two names share that count as the same: "ANNA" and "Anna"."""
    return unicodedata.normalize("NFC", clean_name(name).casefold())
