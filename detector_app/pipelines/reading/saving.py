"""Keeping a card: beside its file, or in a copy of the file.

Protocol buffers are merged by being written one after the other: a repeated field grows, nothing else changes. So a copy with a card is
the file's own bytes, less an older card, and one entry of ``metadata_props`` behind them; nothing of the graph is parsed or written anew.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from detector_app.model_card import CARD_KEY, ModelCard
from detector_app.pipelines.reading.errors import NotSavedError
from detector_app.pipelines.sidecar import sidecar_of

METADATA_FIELD = 14
"""Number of ``metadata_props`` in ``ModelProto`` (onnx.proto), repeated ``StringStringEntryProto``: key is 1, value is 2."""
_CHUNK = 1 << 20
_LENGTH_DELIMITED = 2
_FIXED = {1: 8, 5: 4}
LARGEST_ENTRY = 16 << 20
"""Bytes of an entry that is looked into; larger ones are no card."""


def save_sidecar(path: Path, card: ModelCard) -> Path:
    """Write ``NAME.card.json`` beside the model, in one step. Returns it.

    Raises:
        NotSavedError: the folder cannot be written.
    """
    target = sidecar_of(path)
    _replace(target, lambda file: file.write(card.to_json().encode()))
    return target


def save_copy(path: Path, target: Path, card: ModelCard) -> Path:
    """Write a copy of the model with ``card`` inside, in one step. Returns it.

    Raises:
        NotSavedError: it cannot be written, the model cannot be read, or ``target`` is the model itself.
    """
    if target.exists() and path.exists() and target.samefile(path):
        raise NotSavedError(str(target), detail="it is the model itself; choose another name")
    _replace(target, lambda file: _copy_with(path, file, card))
    return target


def _copy_with(path: Path, file: BinaryIO, card: ModelCard) -> None:
    with path.open("rb") as source:
        for start, length in _kept(source):
            source.seek(start)
            _copy(source, file, length)
    file.write(metadata_entry(CARD_KEY, card.to_json()))


def metadata_entry(key: str, value: str) -> bytes:
    """One entry of ``metadata_props`` as it stands in a serialised ``ModelProto``."""
    entry = b"".join(_delimited(number, text.encode()) for number, text in ((1, key), (2, value)))
    return _delimited(METADATA_FIELD, entry)


def _kept(source: BinaryIO) -> Iterator[tuple[int, int]]:
    """Start and length of every top-level field, tag included, but older cards."""
    size = os.fstat(source.fileno()).st_size
    while (start := source.tell()) < size:
        number, kind = divmod(_read_varint(source), 8)
        length = _read_varint(source) if kind == _LENGTH_DELIMITED else _FIXED.get(kind, 0)
        if kind == 0:
            _read_varint(source)
        if kind not in (0, 1, 2, 5) or source.tell() + length > size:
            raise ValueError("its fields are cut off")
        body = source.tell()
        old = number == METADATA_FIELD and length <= LARGEST_ENTRY and _is_card(source.read(length))
        if not old:
            yield start, body + length - start
        source.seek(body + length)


def _is_card(entry: bytes) -> bool:
    return entry.startswith(_delimited(1, CARD_KEY.encode()))


def _copy(source: BinaryIO, file: BinaryIO, length: int) -> None:
    while length:
        chunk = source.read(min(_CHUNK, length))
        if not chunk:
            raise ValueError("it became shorter meanwhile")
        file.write(chunk)
        length -= len(chunk)


def _delimited(number: int, body: bytes) -> bytes:
    return _varint(number << 3 | _LENGTH_DELIMITED) + _varint(len(body)) + body


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _read_varint(source: BinaryIO) -> int:
    value = 0
    for shift in range(0, 70, 7):
        byte = source.read(1)
        if not byte:
            break
        value |= (byte[0] & 0x7F) << shift
        if not byte[0] & 0x80:
            return value
    raise ValueError("its fields are damaged")


def _replace(target: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file beside ``target`` and put it in its place when it is complete."""
    partial: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=".saving-", suffix=".part", dir=target.parent)
        partial = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o644)
        partial.replace(target)
    except (OSError, ValueError) as error:
        if partial is not None:
            partial.unlink(missing_ok=True)
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise NotSavedError(str(target), detail=reason) from error
