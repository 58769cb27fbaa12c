"""People as files: a folder or zip for each person who leaves the gallery, and folders of pictures that come in."""

from __future__ import annotations

import dataclasses
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from detector_app.errors import DetectorError, EmptyFolderError
from detector_app.faces.embedder import Embedder
from detector_app.faces.enrolment import prepare_picture
from detector_app.faces.errors import ExchangeError
from detector_app.faces.exported import FACTS, FORMAT, VERSION, embedded_picture, read_facts, unkept
from detector_app.faces.finding import FaceFinder
from detector_app.faces.gallery import Gallery
from detector_app.faces.people import NewPicture, Person, clean_name
from detector_app.sources.listing import list_folder, natural_key
from detector_app.sources.picture_file import read_picture

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
    exported has its person's true name, and the embeddings of faces that were not kept: they are taken if they are of this embedder.

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
    for name, items in waiting.items():
        pictures: list[NewPicture] = []
        for item in items:
            if options.cancelled():
                return Imported(people, tuple(refused), cancelled=True)
            try:
                pictures.append(_taken(item, finder, embedder, options))
            except DetectorError as error:
                refused.append((item.path, error))
            done += 1
            options.on_progress(done, total)
        if pictures:
            gallery.enrol(name, pictures)
            people[name] = len(pictures)
    return Imported(people, tuple(refused))


@dataclasses.dataclass(frozen=True)
class Item:
    """One picture of a person to come.

    Attributes:
        path: the picture; of a face that was not kept ``person.json``.
        facts: of that face; None of a picture.
    """

    path: Path
    facts: dict[str, Any] | None = None


def people_in(folder: Path) -> dict[str, tuple[Item, ...]]:
    """Name → pictures, by name, of a folder as :func:`import_people` takes it. Hidden files and folders count for nothing.

    Raises:
        EmptyFolderError: there are no pictures.
        SourceError: the folder cannot be read.
        NameInvalidError: a folder or picture has a name that cannot be a person's.
    """
    found: dict[str, list[Item]] = {}
    for path in _pictures_in(folder):
        found.setdefault(clean_name(_NUMBER.sub("", path.stem) or path.stem), []).append(Item(path))
    inner = sorted((path for path in folder.iterdir() if path.is_dir()), key=natural_key)
    for one in (path for path in inner if not path.name.startswith(".")):
        facts = read_facts(one)
        items = [Item(path) for path in _pictures_in(one)]
        items += [Item(one / FACTS, lost) for lost in unkept(facts or {"pictures": []})]
        found.setdefault(clean_name(facts["name"] if facts else one.name), []).extend(items)
    people = {name: tuple(items) for name, items in sorted(found.items()) if items}
    if not people:
        raise EmptyFolderError(str(folder))
    return people


def _pictures_in(folder: Path) -> tuple[Path, ...]:
    try:
        return list_folder(folder).pictures
    except EmptyFolderError:
        return ()


def _taken(item: Item, finder: FaceFinder, embedder: Embedder, options: ImportOptions) -> NewPicture:
    if item.facts is not None:
        return embedded_picture(item.facts, embedder, str(item.path))
    face = finder.the_face(read_picture(item.path), str(item.path), largest=options.largest)
    return prepare_picture(face, embedder, keep_crop=options.keep_crops, source=item.path.name)


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
