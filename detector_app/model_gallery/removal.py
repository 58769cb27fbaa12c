"""Models out of the folder again: what the gallery put there, and nothing else."""

from __future__ import annotations

import contextlib
from pathlib import Path

from detector_app.model_gallery.entry import GalleryEntry
from detector_app.model_gallery.errors import NotInstalledError
from detector_app.model_gallery.folder import PARTIAL, State, card_path, entry_folder, file_path, model_path, state_of
from detector_app.model_gallery.lock import LOCK, locked
from detector_app.model_gallery.partial import typed_errors
from detector_app.model_gallery.verification import MANIFEST


def remove(entry: GalleryEntry, folder: Path) -> int:
    """Delete a model with its card, also one that is not whole. Returns the bytes that became free.

    Raises:
        NotInstalledError: nothing of it is there.
        DownloadBusyError: it is being downloaded.
        GalleryFolderError: a file cannot be deleted.
    """
    if state_of(entry, folder).state is State.ABSENT:
        raise NotInstalledError(entry.name)
    at = entry_folder(entry, folder)
    with locked(at, entry.name):
        freed = clear(entry, folder, keep_card=False)
    with contextlib.suppress(OSError):  # somebody else has put something there, or begun anew
        (at / LOCK).unlink(missing_ok=True)
        at.rmdir()
    return freed


def clear(entry: GalleryEntry, folder: Path, *, keep_card: bool) -> int:
    """Delete what the gallery put there for ``entry``; the caller holds the lock. Returns the bytes that became free.

    Raises:
        GalleryFolderError: a file cannot be deleted.
    """
    downloads = [file_path(entry, file, folder) for file in entry.files]
    begun = [path.with_name(f"{path.name}{ending}") for path in downloads for ending in (PARTIAL, f"{PARTIAL}.json")]
    cards = [] if keep_card else [card_path(entry, folder)]
    freed = 0
    # The model itself first: what is left of a removal that breaks off is then not taken for a model.
    for path in (model_path(entry, folder), *downloads, *begun, *cards, entry_folder(entry, folder) / MANIFEST):
        with typed_errors(path):
            if path.is_file():
                freed += path.stat().st_size
                path.unlink()
    return freed
