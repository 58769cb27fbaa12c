"""Protocol Buffers' wire format, read from a file field by field: nothing is taken into memory that was not asked for.

A file from elsewhere may say anything of itself. So every length is held against the message that it lies in, every message against the
file, and the number of fields against a bound. Standard library only. https://protobuf.dev/programming-guides/encoding
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
MOST_FIELDS = 1_000_000
"""Of a file: some seconds of reading. Detectors have a hundredth of it."""
_WINDOW = 1 << 13
_LONGEST_VARINT = 10
_MASK64 = (1 << 64) - 1


class WireError(ValueError):
    """The bytes are no message, or more of one than anybody needs; the text says what is wrong."""


class Readable(Protocol):
    """An open file, of which any place can be read."""

    def seek(self, offset: int, /) -> int:
        """Go to a place."""

    def read(self, size: int, /) -> bytes:
        """So many bytes, or fewer at the end."""


class WireField(NamedTuple):
    """One field: its number and kind; the value of a varint; where in the file its bytes begin and end (of all other kinds)."""

    number: int
    kind: int
    value: int
    start: int
    end: int

    @property
    def size(self) -> int:
        """Bytes of its content."""
        return self.end - self.start


class WireFile:
    """Messages of an open file of ``size`` bytes. It reads in small windows, wherever it is asked for."""

    def __init__(self, file: Readable, size: int) -> None:
        self.size = size
        self._file = file
        self._window, self._window_start = b"", 0
        self._fields_left = MOST_FIELDS

    def fields(self, start: int, end: int) -> Iterator[WireField]:
        """The fields of the message from ``start`` to ``end``, in their order.

        Raises:
            WireError: they are damaged, cut off, or too many.
        """
        at = start
        while at < end:
            self._fields_left -= 1
            if self._fields_left < 0:
                raise WireError(f"it has more than {MOST_FIELDS:,} fields")
            tag, at = self._varint(at, end)
            number, kind = tag >> 3, tag & 7
            if number == 0:
                raise WireError(f"field number 0 at byte {at}")
            value, begin, at = self._content(kind, at, end)
            yield WireField(number, kind, value, begin, at)

    def bytes_of(self, field: WireField, most: int) -> bytes:
        """The content of a field.

        Raises:
            WireError: it is longer than ``most``, or no bytes.
        """
        if field.kind != BYTES:
            raise WireError(f"field {field.number} at byte {field.start} is no text")
        if field.size > most:
            raise WireError(
                f"field {field.number} at byte {field.start} has {field.size:,} bytes; at most {most:,} are read"
            )
        return self.read(field.start, field.size)

    def text_of(self, field: WireField, most: int) -> str:
        """The content of a field as text.

        Raises:
            WireError: it is longer than ``most`` bytes, or no UTF-8.
        """
        try:
            return self.bytes_of(field, most).decode("utf-8")
        except UnicodeDecodeError:
            raise WireError(f"field {field.number} at byte {field.start} is not text") from None

    def message(self, field: WireField) -> Iterator[WireField]:
        """The fields of a field that is a message itself.

        Raises:
            WireError: it is none.
        """
        if field.kind != BYTES:
            raise WireError(f"field {field.number} at byte {field.start} is no message")
        return self.fields(field.start, field.end)

    def numbers_of(self, field: WireField) -> Iterator[int]:
        """One or, packed, several integers, signed 64 bits.

        Raises:
            WireError: it is neither.
        """
        if field.kind == VARINT:
            yield _signed(field.value)
            return
        if field.kind != BYTES:
            raise WireError(f"field {field.number} at byte {field.start} is no number")
        at = field.start
        while at < field.end:
            self._fields_left -= 1
            if self._fields_left < 0:
                raise WireError(f"it has more than {MOST_FIELDS:,} fields")
            value, at = self._varint(at, field.end)
            yield _signed(value)

    def read(self, start: int, size: int) -> bytes:
        """``size`` bytes from ``start``.

        Raises:
            WireError: the file has become shorter.
        """
        offset = start - self._window_start
        if offset >= 0 and offset + size <= len(self._window):
            return self._window[offset : offset + size]
        self._file.seek(start)
        found = self._file.read(size)
        if len(found) != size:
            raise WireError("it ends too early")
        return found

    def _content(self, kind: int, at: int, end: int) -> tuple[int, int, int]:
        """Value, and where the content begins and ends."""
        if kind == VARINT:
            value, after = self._varint(at, end)
            return value, at, after
        if kind == BYTES:
            size, at = self._varint(at, end)
        else:
            size = {FIXED32: 4, FIXED64: 8}.get(kind, -1)
            if size < 0:
                raise WireError(f"wire type {kind} at byte {at}")
        if size > end - at:
            raise WireError(f"{size:,} bytes are announced at byte {at}, and {end - at:,} are left")
        return 0, at, at + size

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        offset = at - self._window_start
        if not 0 <= offset <= len(self._window) - _LONGEST_VARINT:
            self._file.seek(at)
            self._window, self._window_start, offset = self._file.read(_WINDOW), at, 0
        if at < end and offset < len(self._window) and self._window[offset] < 0x80:  # nearly always
            return self._window[offset], at + 1
        value = 0
        for place, byte in enumerate(self._window[offset : offset + min(_LONGEST_VARINT, end - at)]):
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                return value & _MASK64, at + place + 1
        raise WireError(f"it ends, or is damaged, at byte {at}")


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value
