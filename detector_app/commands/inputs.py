"""Inputs of a run as its journal knows them."""

from __future__ import annotations

from pathlib import Path

from detector_app.sources.address import shown_address
from detector_app.sources.listing import is_pattern, list_folder, list_pattern


def identity(spec: str) -> str:
    """The same text for the same input: files by absolute path, addresses without password."""
    if _is_local(spec):
        return str(Path(spec).expanduser().absolute())
    return shown_address(spec)


def fingerprint(spec: str) -> str:
    """A text that changes when the input's files do: their number, bytes and newest change. Empty for what is no file.

    Raises:
        SourceError: a folder or pattern holds nothing, or cannot be read.
    """
    if not _is_local(spec):
        return ""
    path = Path(spec).expanduser()
    if path.is_file():
        files: tuple[Path, ...] = (path,)
    else:
        files = (list_folder(path) if path.is_dir() else list_pattern(str(path))).pictures
    found = [file.stat() for file in files]
    return f"{len(found)} {sum(s.st_size for s in found)} {max((s.st_mtime_ns for s in found), default=0)}"


def _is_local(spec: str) -> bool:
    return Path(spec).expanduser().exists() or ("://" not in spec and is_pattern(spec))
