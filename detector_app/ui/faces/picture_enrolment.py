"""Several picture files of one person into the gallery, each judged by itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from detector_app.errors import DetectorError
from detector_app.faces.attendant import FaceAttendant
from detector_app.faces.enrolment import prepare_picture
from detector_app.faces.exchange import Imported, ImportOptions
from detector_app.faces.people import NewPicture, clean_name
from detector_app.sources.picture_file import read_picture


def enrol_files(
    attendant: FaceAttendant, name: str, files: Sequence[Path], options: ImportOptions | None = None
) -> Imported:
    """Enrol ``name`` with the faces of ``files``; those that are not good enough are told and left out. A cancelled one enrols nobody.

    Raises:
        NameInvalidError: that is no name.
        GalleryError: the gallery cannot be written.
        ModelError: a model cannot be used, or failed.
    """
    options = options or ImportOptions()
    name, finder = clean_name(name), attendant.finder
    pictures: list[NewPicture] = []
    refused: list[tuple[Path, DetectorError]] = []
    for number, file in enumerate(files, 1):
        if options.cancelled():
            return Imported({}, tuple(refused), cancelled=True)
        try:
            face = finder.the_face(read_picture(file), str(file), largest=options.largest)
            pictures.append(prepare_picture(face, attendant.embedder, keep_crop=options.keep_crops, source=file.name))
        except DetectorError as error:
            refused.append((file, error))
        options.on_progress(number, len(files))
    if not pictures:
        return Imported({}, tuple(refused))
    person = attendant.gallery.enrol(name, pictures)
    return Imported({person.name: len(pictures)}, tuple(refused))
