"""Files of an export: checked before the work begins, written whole or not at all."""

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from export.errors import ExportError


def check_source(path: Path) -> None:
    """Raise ExportError unless ``path`` is a file that can be read and is not empty."""
    todo = "Check the path."
    if path.is_dir():
        raise ExportError(str(path), what="this is a folder, a file was expected", todo=todo)
    if not path.is_file():
        raise ExportError(str(path), what="there is no such file", todo=todo)
    if not os.access(path, os.R_OK):
        raise ExportError(str(path), what="the file may not be read", todo="Change its permissions.")
    if path.stat().st_size == 0:
        raise ExportError(str(path), what="the file is empty", todo="Get a complete copy of it.")


def check_target(path: Path) -> None:
    """Raise ExportError unless ``path`` names an .onnx file that can be written."""
    if path.suffix != ".onnx":
        raise ExportError(str(path), what="the name does not end in .onnx", todo="Give a name ending in .onnx.")
    if path.is_dir():
        raise ExportError(
            str(path), what="this is a folder, a file name was expected", todo="Give a name ending in .onnx."
        )
    if not path.parent.is_dir():
        raise ExportError(str(path), what=f"there is no folder {path.parent}", todo="Make the folder first.")
    if not os.access(path.parent, os.W_OK):
        raise ExportError(str(path), what=f"nothing may be written into {path.parent}", todo="Choose another folder.")


def check_target_folder(folder: Path, names: Sequence[str]) -> None:
    """Raise ExportError unless files of these ``names`` can be written into ``folder``, or it can be made."""
    todo = "Give the name of a folder."
    if folder.exists() and not folder.is_dir():
        raise ExportError(str(folder), what="this is a file, a folder was expected", todo=todo)
    if not folder.parent.is_dir():
        raise ExportError(str(folder), what=f"there is no folder {folder.parent}", todo="Make the folder first.")
    touched = folder if folder.is_dir() else folder.parent
    if not os.access(touched, os.W_OK):
        raise ExportError(str(folder), what=f"nothing may be written into {touched}", todo="Choose another folder.")
    for name in names:
        if (folder / name).is_dir():
            what = f"{name} in it is a folder, a file is to be written there"
            raise ExportError(str(folder), what=what, todo="Choose another folder.")


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def replace_file(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` in one step: readers see the old file or the new one, never a part.

    Raises:
        ExportError: it cannot be written; the old file, if any, is untouched.
    """
    _replace({path: content})


def replace_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Put files that belong together into ``folder``, which is made if it is not there; the last one names the others.

    All are on the disk before the first takes its place.

    Raises:
        ExportError: one cannot be written; the old files, if any, are untouched, and a folder that was made is gone again.
    """
    made = not folder.exists()
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        what = f"the folder cannot be made: {error.strerror}"
        raise ExportError(str(folder), what=what, todo="Choose another folder.") from error
    try:
        _replace({folder / name: content for name, content in contents.items()})
    except ExportError:
        if made:
            folder.rmdir()
        raise


def _replace(contents: Mapping[Path, bytes]) -> None:
    """Write all files beside their places, then put them there."""
    partials: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            partials[path] = _begin(path)
            with _writing(path):
                _fill(partials[path], content)
        for path, partial in partials.items():
            with _writing(path):
                partial.replace(path)
    finally:
        for partial in partials.values():
            partial.unlink(missing_ok=True)


def _begin(path: Path) -> Path:
    """An empty file beside ``path``."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    except OSError as error:
        raise ExportError(
            str(path), what=f"cannot be written: {error.strerror}", todo="Choose another folder."
        ) from error
    os.close(descriptor)
    return Path(name)


def _fill(partial: Path, content: bytes) -> None:
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.chmod(0o644)  # mkstemp makes files that only their owner reads


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExportError(str(path), what=f"cannot be written: {error.strerror}", todo="Free some space.") from error
