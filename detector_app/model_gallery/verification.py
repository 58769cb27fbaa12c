"""Are the files of an installed model what was downloaded, or made from that?"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from detector_app.model_gallery.entry import DIRECT, GalleryEntry, GalleryFile
from detector_app.model_gallery.errors import DamagedModelError, NotInstalledError
from detector_app.model_gallery.folder import State, entry_folder, file_path, model_path, state_of
from detector_app.model_gallery.partial import typed_errors

MANIFEST = "installed.json"
MOST_BYTES = 1 << 16


def verify(entry: GalleryEntry, folder: Path) -> None:
    """Nothing, if every byte is right. The card is not looked at: people may correct it.

    Raises:
        NotInstalledError: it is not there.
        DamagedModelError: which file is another, and how.
        GalleryFolderError: a file cannot be read.
    """
    if state_of(entry, folder).state is not State.INSTALLED:
        raise NotInstalledError(entry.name)
    for file in entry.files:
        path = file_path(entry, file, folder)
        if not path.is_file():
            raise DamagedModelError(entry.name, detail=f"{path.name} is missing")
        _compare(entry, path, file.sha256)
    if entry.kind != DIRECT:
        _compare(entry, model_path(entry, folder), _made(entry, folder))


def same_bytes(entry: GalleryEntry, folder: Path, file: GalleryFile | None = None) -> bool:
    """Whether the model, or just the downloaded ``file`` of it, is there and right.

    Raises:
        GalleryFolderError: a file cannot be read.
    """
    if file is not None:
        path = file_path(entry, file, folder)
        return path.is_file() and path.stat().st_size == file.size_bytes and sha256_of(path) == file.sha256
    try:
        verify(entry, folder)
    except (NotInstalledError, DamagedModelError):
        return False
    return True


def write_manifest(entry: GalleryEntry, folder: Path) -> None:
    """Remember what was made here.

    Raises:
        DownloadDiskFullError, GalleryFolderError: it cannot be written.
    """
    made = {"name": entry.name, "sha256": sha256_of(model_path(entry, folder))}
    path = entry_folder(entry, folder) / MANIFEST
    part = path.with_name(f".{path.name}.part")
    with typed_errors(path):
        part.write_text(json.dumps(made), encoding="utf-8")
        part.replace(path)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal.

    Raises:
        GalleryFolderError: it cannot be read.
    """
    with typed_errors(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _compare(entry: GalleryEntry, path: Path, expected: str) -> None:
    found = sha256_of(path)
    if found != expected:
        detail = f"the SHA-256 of {path.name} is {found}, it should be {expected or 'known'}"
        raise DamagedModelError(entry.name, detail=detail)


def _made(entry: GalleryEntry, folder: Path) -> str:
    """What the model was when it was made; "" if nobody wrote it down."""
    try:
        with (entry_folder(entry, folder) / MANIFEST).open("rb") as file:
            known = json.loads(file.read(MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return ""
    return str(known.get("sha256", "")) if isinstance(known, dict) else ""
