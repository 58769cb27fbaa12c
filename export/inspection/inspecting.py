"""From a file to what it is: by its first bytes, never by its name alone."""

from __future__ import annotations

import zipfile
from pathlib import Path

from export.files import check_source
from export.inspection.onnx_file import read_onnx
from export.inspection.other_files import read_by_magic, read_keras_or_numpy, read_text, read_weights
from export.inspection.report import Finding
from export.inspection.safetensors_file import is_safetensors, read_safetensors
from export.inspection.torch_file import read_torch
from models.torch_archive import ArchiveError, require_small_directory

START_BYTES = 32
TAR_MAGIC_AT, TAR_MAGIC = 257, b"ustar"
MOST_LISTED = 10_000


def inspect_file(path: Path) -> Finding:
    """What the file at ``path`` is.

    Raises:
        ExportError: there is no such file, it is empty, or may not be read.
    """
    check_source(path)
    with path.open("rb") as file:
        start = file.read(START_BYTES)
        file.seek(TAR_MAGIC_AT)
        tar = file.read(len(TAR_MAGIC)) == TAR_MAGIC
    if start.startswith(b"PK"):
        return _zip(path)
    if start.startswith(b"\x80") and start[1:2] <= b"\x05":
        return read_torch(path, zipped=False)
    if tar:
        return Finding("tar", "a tar archive; it is not opened")
    found = read_by_magic(start) or read_weights(path, start)
    if found is not None:
        return found
    if is_safetensors(path):
        return read_safetensors(path)
    return _onnx_or_text(path)


def _zip(path: Path) -> Finding:
    try:
        require_small_directory(path)
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (ArchiveError, zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        return Finding("zip", "a damaged zip archive", dangers=(str(error),))
    found = read_keras_or_numpy(names[:MOST_LISTED])
    return found if found is not None else read_torch(path, zipped=True)


def _onnx_or_text(path: Path) -> Finding:
    """ONNX has no magic bytes: it is what can be read as such, and what is called so."""
    found = read_onnx(path)
    if found.command or found.facts:
        return found
    text = read_text(path)
    if text is not None:
        return text
    return found if path.suffix == ".onnx" else Finding("unknown", "nothing that is known here")
