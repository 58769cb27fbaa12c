"""Files of an export: checked before the work begins, written whole or not at all."""

import hashlib
import os
import tempfile
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


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def replace_file(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` in one step: readers see the old file or the new one, never a part.

    Raises:
        ExportError: it cannot be written; the old file, if any, is untouched.
    """
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    except OSError as error:
        raise ExportError(
            str(path), what=f"cannot be written: {error.strerror}", todo="Choose another folder."
        ) from error
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o644)  # mkstemp makes files that only their owner reads
        partial.replace(path)
    except OSError as error:
        raise ExportError(str(path), what=f"cannot be written: {error.strerror}", todo="Free some space.") from error
    finally:
        partial.unlink(missing_ok=True)
