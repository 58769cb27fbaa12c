"""A file that is not whole yet: its bytes, and beside them what the server said of the version that they belong to."""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detector_app.model_gallery.errors import DownloadDiskFullError, GalleryFolderError
from detector_app.model_gallery.folder import PARTIAL

FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
MOST_NOTE_BYTES = 4096


class Partial:
    """The beginning of ``target``, kept beside it until it is whole."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = target.with_name(f"{target.name}{PARTIAL}")
        self._note = target.with_name(f"{target.name}{PARTIAL}.json")

    @property
    def size_bytes(self) -> int:
        """How much has come; 0 if nothing."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    @property
    def validator(self) -> str:
        """What the server called the version that these bytes are of, for If-Range; "" if it said nothing that can be used."""
        try:
            with self._note.open("rb") as file:
                note = json.loads(file.read(MOST_NOTE_BYTES))
        except (OSError, ValueError, RecursionError):
            return ""
        found = note.get("validator") if isinstance(note, dict) else None
        return found if isinstance(found, str) and found.isprintable() else ""

    def begin(self, validator: str) -> None:
        """Start anew, with bytes of the version ``validator``.

        Raises:
            DownloadDiskFullError, GalleryFolderError: it cannot be written.
        """
        with typed_errors(self.target):
            self.path.unlink(missing_ok=True)
            self._note.write_text(json.dumps({"validator": validator}), encoding="utf-8")

    @contextmanager
    def appending(self) -> Iterator[_Appender]:
        """Bytes go to the end; each has reached the system when ``write`` returns, so a killed process loses none."""
        with typed_errors(self.target):
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
        try:
            yield _Appender(descriptor, self.target)
        finally:
            os.close(descriptor)

    def forget(self) -> None:
        """Delete what has come."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
            self._note.unlink(missing_ok=True)

    def finish(self) -> None:
        """Put the whole file in its place in one step, on the disk before it is seen.

        Raises:
            DownloadDiskFullError, GalleryFolderError: it cannot be written.
        """
        with typed_errors(self.target):
            with self.path.open("rb+") as file:
                os.fsync(file.fileno())
            self.path.replace(self.target)
            self._note.unlink(missing_ok=True)


class _Appender:
    def __init__(self, descriptor: int, target: Path) -> None:
        self._descriptor, self._target = descriptor, target

    def write(self, data: bytes) -> None:
        """All of ``data``.

        Raises:
            DownloadDiskFullError, GalleryFolderError: it cannot be written.
        """
        rest = memoryview(data)
        while rest:
            with typed_errors(self._target):
                written = os.write(self._descriptor, rest)
            rest = rest[written:]


@contextmanager
def typed_errors(path: Path) -> Iterator[None]:
    """System errors of the block as errors that name ``path``.

    Raises:
        DownloadDiskFullError: no space is left.
        GalleryFolderError: any other system error.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DownloadDiskFullError(path.name) from error
        raise GalleryFolderError(str(path.parent), detail=error.strerror or str(error)) from error
