"""Files that stay whole: system errors as typed errors, replacement in one step, lines that are complete or absent."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from detector_app.errors import DiskFullError, SinkError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextlib.contextmanager
def typed_errors(path: Path) -> Iterator[None]:
    """Turn system errors of the block into errors that name ``path``.

    Raises:
        DiskFullError: no space is left.
        SinkError: any other system error.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError(str(path)) from error
        raise SinkError(str(path), detail=error.strerror or str(error)) from error


def make_folder(path: Path) -> None:
    """Make ``path`` with its parents, unless it is there.

    Raises:
        DiskFullError, SinkError: it cannot be made; the error names it.
    """
    with typed_errors(path):
        path.mkdir(parents=True, exist_ok=True)


@contextlib.contextmanager
def replaced_whole(path: Path) -> Iterator[Path]:
    """Give a temporary name beside ``path``; the file written there takes its place if the block succeeds, else it is removed.

    Raises:
        DiskFullError, SinkError: it cannot be written; what was at ``path`` before is untouched.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with typed_errors(path):
            yield part
            part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


class LineFile:
    """A file of lines in UTF-8, each handed to the system as soon as it is written: a killed process loses none.

    A line that does not fit on the disk is taken back, so that the file always ends with a complete one.
    """

    def __init__(self, path: Path) -> None:
        """Begin an empty file at ``path``.

        Raises:
            DiskFullError, SinkError: it cannot be created.
        """
        self.path = path
        self._size = 0
        with typed_errors(path):
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o644)
        self._closed = False

    def write(self, text: str) -> None:
        """Append ``text``, which ends with a newline. Undecodable bytes of file names become escapes.

        Raises:
            DiskFullError, SinkError: it could not be written completely, and is not there at all.
        """
        data = text.encode(errors="backslashreplace")
        with typed_errors(self.path):
            try:
                self._write_all(data)
            except OSError:
                os.ftruncate(self._descriptor, self._size)
                raise
        self._size += len(data)

    def _write_all(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def close(self) -> None:
        """End the file. May be called more than once."""
        if not self._closed:
            self._closed = True
            with typed_errors(self.path):
                os.close(self._descriptor)
