"""Which pictures and videos a folder or a pattern holds."""

from __future__ import annotations

import glob
import os
import re
from dataclasses import dataclass
from pathlib import Path

from detector_app.errors import EmptyFolderError, SourceError
from detector_app.sources.picture_file import SUFFIXES as PICTURE_SUFFIXES

VIDEO_SUFFIXES = frozenset(
    {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".m2ts", ".mts", ".flv", ".wmv", ".3gp"}
    | {".ogv", ".gif", ".h264", ".264", ".h265", ".hevc", ".mjpeg", ".mjpg", ".y4m"}
)
"""File names that count as videos when a folder is listed."""


@dataclass(frozen=True)
class Listing:
    """What was found, told apart by file name only, each in natural order (``2.jpg`` before ``10.jpg``)."""

    pictures: tuple[Path, ...]
    videos: tuple[Path, ...]


def list_folder(folder: Path) -> Listing:
    """Pictures and videos directly in ``folder``; no file is opened, so that huge folders are quick.

    Raises:
        EmptyFolderError: there are none.
        SourceError: the folder cannot be read.
    """
    try:
        with os.scandir(folder) as entries:
            paths = [Path(entry.path) for entry in entries if not entry.name.startswith(".") and entry.is_file()]
    except OSError as error:
        raise SourceError(str(folder), detail=error.strerror or str(error)) from error
    return _listing(paths, str(folder))


def list_pattern(pattern: str) -> Listing:
    """Pictures and videos that match a shell pattern; ``**`` goes into sub-folders.

    Raises:
        EmptyFolderError: there are none.
    """
    return _listing([Path(name) for name in glob.iglob(pattern, recursive=True)], pattern)


def is_pattern(text: str) -> bool:
    """Whether ``text`` has characters that a shell pattern has."""
    return glob.has_magic(text)


def natural_key(path: Path) -> tuple[object, ...]:
    """Sort key in which numbers inside names count as numbers."""
    parts = re.split(r"(\d+)", path.name.casefold())
    return (str(path.parent), *(int(part) if part.isdecimal() else part for part in parts), path.name)


def _listing(paths: list[Path], where: str) -> Listing:
    pictures = sorted((path for path in paths if path.suffix.lower() in PICTURE_SUFFIXES), key=natural_key)
    videos = sorted((path for path in paths if path.suffix.lower() in VIDEO_SUFFIXES), key=natural_key)
    if not pictures and not videos:
        raise EmptyFolderError(where)
    return Listing(tuple(pictures), tuple(videos))
