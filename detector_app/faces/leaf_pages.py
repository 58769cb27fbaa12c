"""Rows of a SQLite file read off its leaf pages alone: what is left when the header or the trees above them are damaged.

The format is that of https://sqlite.org/fileformat2.html, sections 1.5, 1.6 and 2.1; pages are 4096 bytes without a reserve, as this
Python's SQLite makes them. Each row that cannot be read costs only itself.
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator

PAGE = 4096
LEAF = 0x0D
_HEADER = 100
"""Bytes of the file's own header on the first page."""
_MOST_LOCAL = PAGE - 35
_LEAST_LOCAL = (PAGE - 12) * 32 // 255 - 23
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
"""Serial type → bytes."""

Value = None | int | float | str | bytes
Row = tuple[Value, ...]


def leaf_rows(data: bytes) -> Iterator[tuple[int, Row]]:
    """Row number and values of every row of every table that can be read in the file ``data``, page by page.

    The column that is the row number itself (``INTEGER PRIMARY KEY``) is None, as it is stored. Text that is no UTF-8 is marked in it.
    """
    for start in range(0, len(data), PAGE):
        head = start + (_HEADER if start == 0 else 0)
        if head + 8 > len(data) or data[head] != LEAF:
            continue
        count = int.from_bytes(data[head + 3 : head + 5], "big")
        for i in range(min(count, PAGE // 4)):
            at = head + 8 + 2 * i
            with contextlib.suppress(ValueError, IndexError, struct.error):
                yield _cell(data, start, int.from_bytes(data[at : at + 2], "big"))


def _cell(data: bytes, start: int, offset: int) -> tuple[int, Row]:
    if not 8 <= offset < PAGE:
        raise ValueError("a row outside of its page")
    size, at = _varint(data, start + offset)
    number, at = _varint(data, at)
    return number, _record(_payload(data, size, at, start + PAGE))


def _payload(data: bytes, size: int, at: int, end: int) -> bytes:
    """The row's bytes, from its page and those that it overflows to."""
    if size > len(data):
        raise ValueError("a row longer than the file")
    if size <= _MOST_LOCAL:
        if at + size > end:
            raise ValueError("a row beyond its page")
        return data[at : at + size]
    local = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (PAGE - 4)
    local = local if local <= _MOST_LOCAL else _LEAST_LOCAL
    parts, missing = [data[at : at + local]], size - local
    following = int.from_bytes(data[at + local : at + local + 4], "big")
    while missing > 0:
        start = (following - 1) * PAGE
        if following < 2 or start + PAGE > len(data):
            raise ValueError("a part of the row is missing")
        parts.append(data[start + 4 : start + 4 + min(missing, PAGE - 4)])
        missing -= PAGE - 4
        following = int.from_bytes(data[start : start + 4], "big")
    return b"".join(parts)


def _record(payload: bytes) -> Row:
    length, at = _varint(payload, 0)
    if length > len(payload):
        raise ValueError("a row whose header is longer than itself")
    kinds = []
    while at < length:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    values = []
    for kind in kinds:
        value, at = _value(payload, kind, at)
        values.append(value)
    return tuple(values)


def _value(payload: bytes, kind: int, at: int) -> tuple[Value, int]:
    """One value and where the next begins."""
    if kind == 0:
        return None, at
    if kind in (8, 9):
        return kind - 8, at
    size = _INTEGERS.get(kind, 8) if kind < 10 else (kind - 12) // 2
    part = payload[at : at + size]
    if len(part) < size or kind in (10, 11):
        raise ValueError("a value that is cut off, or of an unknown kind")
    if kind in _INTEGERS:
        return int.from_bytes(part, "big", signed=True), at + size
    if kind == 7:
        return float(struct.unpack(">d", part)[0]), at + size
    return (part.decode("utf-8", "replace") if kind % 2 else part), at + size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes and where the next thing begins."""
    value = 0
    for i in range(8):
        byte = data[at + i]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + i + 1
    return value << 8 | data[at + 8], at + 9
