"""One download of a model at a time, whatever windows and commands are open. The system frees the lock of a process that dies."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from detector_app.model_gallery.errors import DownloadBusyError, GalleryFolderError

LOCK = ".lock"


@contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
    """Hold ``folder``, which is made if it is not there; ``name`` is the model's, for messages.

    Raises:
        DownloadBusyError: another process holds it.
        GalleryFolderError: nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("ab")
    except OSError as error:
        raise GalleryFolderError(str(folder), detail=error.strerror or str(error)) from error
    with file:
        try:
            _take(file)
        except OSError as error:
            raise DownloadBusyError(name) from error
        yield


if sys.platform == "win32":
    import msvcrt

    def _take(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
