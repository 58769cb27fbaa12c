"""Fragmented MP4 files that were interrupted: how to notice, and how to keep their complete fragments."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_HEADER_BYTES = 8
_LARGE_HEADER_BYTES = 16


def cut_to_whole_fragments(path: Path) -> None:
    """Shorten the file to the end of its last complete fragment (ISO/IEC 14496-12 §8.8: boxes ``moof`` and ``mdat`` in pairs).

    Raises:
        OSError: the file cannot be read or shortened.
    """
    with path.open("r+b") as file:
        file.truncate(_end_of_whole_part(file))


def is_finished(path: Path) -> bool:
    """Whether the last thing in the file is a complete index of its fragments (``mfra``, §8.8.9), which FFmpeg writes at the very end.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        ends = list(_whole_boxes(file))
        return bool(ends) and ends[-1] == (file.seek(0, os.SEEK_END), b"mfra")


def _end_of_whole_part(file: BinaryIO) -> int:
    # The frames of a moof are in the box that follows.
    return max((end for end, kind in _whole_boxes(file) if kind != b"moof"), default=0)


def _whole_boxes(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Where each complete box ends, and its kind."""
    size = file.seek(0, os.SEEK_END)
    position = 0
    while position < size:
        length, kind = _box(file, position)
        if length < _HEADER_BYTES or position + length > size:
            return
        position += length
        yield position, kind


def _box(file: BinaryIO, position: int) -> tuple[int, bytes]:
    """Length in bytes and kind of the box at ``position``; length 0 when even its header is cut off."""
    file.seek(position)
    header = file.read(_LARGE_HEADER_BYTES)
    if len(header) < _HEADER_BYTES:
        return 0, b""
    length = int.from_bytes(header[:4], "big")
    if length == 1:  # the length follows in 64 bits
        length = int.from_bytes(header[8:16], "big")
    return length, header[4:8]
