"""People as files: a folder or zip for each person who leaves the gallery, and folders of pictures that come in."""

from __future__ import annotations

import dataclasses
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from detector_app.errors import DetectorError, EmptyFolderError
from detector_app.faces.embedder import Embedder
from detector_app.faces.enrolment import prepare_picture
from detector_app.faces.errors import ExchangeError
from detector_app.faces.finding import FaceFinder
from detector_app.faces.gallery import Gallery
from detector_app.faces.people import NewPicture, Person, clean_name
from detector_app.sources.listing import list_folder, natural_key
from detector_app.sources.picture_file import read_picture

FACTS = "person.json"
FORMAT, VERSION = "detector-app person", 1
_UNSAFE = re.compile(r"[^\w-]+")
_NUMBER = re.compile(r"[\s_.-]*\(?\d+\)?$")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_MOST_BYTES = 80


@dataclasses.dataclass(frozen=True)
class Imported:
    """What came of a folder of people.

    Attributes:
        people: who got pictures, each with how many.
        refused: pictures that were not taken, with the reason.
        cancelled: it was ended early; what was enrolled stays.
    """

    people: dict[str, int]
    refused: tuple[tuple[Path, DetectorError], ...] = ()
    cancelled: bool = False


@dataclasses.dataclass(frozen=True)
class ImportOptions:
    """How pictures are taken in.

    Attributes:
        keep_crops: keep the faces, so that another model can embed them anew.
        largest: of several faces take the largest without asking.
        on_progress: pictures looked at, and how many there are.
        cancelled: asked before every picture.
    """

    keep_crops: bool = False
    largest: bool = False
    on_progress: Callable[[int, int], None] = lambda done, total: None
    cancelled: Callable[[], bool] = lambda: False


def export_person(gallery: Gallery, person: Person, target: Path) -> Path:
    """Write everything that the gallery knows of a person: kept crops as PNG, and ``person.json`` with all else, embeddings too.

    Args:
        gallery: who holds it.
        person: whom.
        target: a name that ends in ".zip" becomes an archive; in any other folder, made if missing, a folder named for the person.

    Returns:
        The archive or the person's folder.

    Raises:
        ExchangeError: there is such a file or folder already, or it cannot be written; nothing half is left.
    """
    archive = target.suffix.lower() == ".zip"
    final = target if archive else target / safe_name(person.name)
    if final.exists():
        raise ExchangeError(str(final), detail="it exists already")
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=final.parent) as temporary:
            made = Path(temporary) / "person"
            made.mkdir()
            _write(gallery, person, made)
            if archive:
                made = _zipped(made, Path(temporary) / "person.zip", safe_name(person.name))
            made.replace(final)
    except OSError as error:
        raise ExchangeError(str(final), detail=error.strerror or str(error)) from error
    return final


def import_people(
    folder: Path, gallery: Gallery, finder: FaceFinder, embedder: Embedder, options: ImportOptions | None = None
) -> Imported:
    """Enrol everybody in ``folder``: a sub-folder for each person, or pictures named for them ("Anna.jpg", "Anna 2.jpg").

    Pictures that are not good enough are told and left out. A person's pictures are enrolled together. A sub-folder that was
    exported has its person's true name in ``person.json``.

    Raises:
        EmptyFolderError: there are no pictures.
        SourceError, GalleryError: the folder cannot be read, or the gallery not be written.
        InferenceError: a model failed; those before are enrolled.
    """
    options = options or ImportOptions()
    waiting = people_in(folder)
    total, done = sum(map(len, waiting.values())), 0
    people: dict[str, int] = {}
    refused: list[tuple[Path, DetectorError]] = []
    for name, paths in waiting.items():
        pictures: list[NewPicture] = []
        for path in paths:
            if options.cancelled():
                return Imported(people, tuple(refused), cancelled=True)
            try:
                face = finder.the_face(read_picture(path), str(path), largest=options.largest)
                pictures.append(prepare_picture(face, embedder, keep_crop=options.keep_crops, source=path.name))
            except DetectorError as error:
                refused.append((path, error))
            done += 1
            options.on_progress(done, total)
        if pictures:
            gallery.enrol(name, pictures)
            people[name] = len(pictures)
    return Imported(people, tuple(refused))


def people_in(folder: Path) -> dict[str, tuple[Path, ...]]:
    """Name → pictures, by name, of a folder as :func:`import_people` takes it. Hidden files and folders count for nothing.

    Raises:
        EmptyFolderError: there are no pictures.
        SourceError: the folder cannot be read.
        NameInvalidError: a folder or picture has a name that cannot be a person's.
    """
    found: dict[str, list[Path]] = {}
    with suppress(EmptyFolderError):
        for path in list_folder(folder).pictures:
            found.setdefault(clean_name(_NUMBER.sub("", path.stem) or path.stem), []).append(path)
    for inner in sorted((path for path in folder.iterdir() if path.is_dir()), key=natural_key):
        if inner.name.startswith("."):
            continue
        with suppress(EmptyFolderError):
            found.setdefault(clean_name(_told_name(inner) or inner.name), []).extend(list_folder(inner).pictures)
    found = {name: paths for name, paths in found.items() if paths}
    if not found:
        raise EmptyFolderError(str(folder))
    return {name: tuple(paths) for name, paths in sorted(found.items())}


def safe_name(name: str) -> str:
    """A file name for a person on every system, whatever the name: no separators, dots, or names that Windows keeps for itself."""
    safe = _UNSAFE.sub("_", name).strip("_") or "person"
    safe = safe.encode()[:_MOST_BYTES].decode("utf-8", "ignore")
    return f"_{safe}" if _RESERVED.fullmatch(safe) else safe


def _write(gallery: Gallery, person: Person, folder: Path) -> None:
    """Pictures and facts of a person into an empty folder."""
    pictures = list(_pictures(gallery, person, folder))
    facts = {"format": FORMAT, "version": VERSION, "name": person.name, "created": person.created, "pictures": pictures}
    (folder / FACTS).write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _pictures(gallery: Gallery, person: Person, folder: Path) -> Iterator[dict[str, Any]]:
    for number, picture in enumerate(gallery.pictures(person.id), 1):
        crop = gallery.crop(picture.id)
        file = None if crop is None else f"picture-{number:03d}.png"
        if crop is not None and file is not None:
            (folder / file).write_bytes(crop.to_png())
        yield {
            "file": file,
            "landmarks_xy": None if crop is None else crop.landmarks_xy.tolist(),
            "added": picture.added,
            "source": picture.source,
            "quality": None if picture.quality is None else dataclasses.asdict(picture.quality),
            "embeddings": [
                {"model": model.model_hash, "model_name": model.name, "vector": vector.tolist()}
                for model, vector in gallery.embeddings_of(picture.id).items()
            ],
        }


def _zipped(folder: Path, archive: Path, name: str) -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.iterdir()):
            file.write(path, f"{name}/{path.name}")
    return archive


def _told_name(folder: Path) -> str | None:
    """The name in a person's facts, if the folder was exported."""
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    name = facts.get("name") if isinstance(facts, dict) and facts.get("format") == FORMAT else None
    return name if isinstance(name, str) else None
