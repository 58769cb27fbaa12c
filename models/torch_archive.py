"""A file of `torch.save` as a table: which tensors it holds and what else, read from its zip directory and its pickle's opcodes.

Nothing in it is imported, called or unpacked beyond a bound, so that it can be judged before `torch.load` sees it. PyTorch believes
what such a file says of its sizes: a compressed entry is unpacked whole, and a storage that says it has more values than its entry
holds is read beyond its end. `torch.save` neither compresses nor lies, so files that do are refused.
"""

import itertools
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.pickle_outline import Call, Kept, Name, PickleError, PickleOutline, named_values, outline, outlines

MOST_PICKLE_BYTES = 1 << 26
MOST_DIRECTORY_BYTES = 1 << 25
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
MOST_SCRIPT_BYTES = 1 << 26
TAIL = 22 + (1 << 16)  # an end record with the longest comment
STORAGES = {
    "DoubleStorage": ("float64", 8), "FloatStorage": ("float32", 4), "HalfStorage": ("float16", 2), "BFloat16Storage": ("bfloat16", 2),
    "LongStorage": ("int64", 8), "IntStorage": ("int32", 4), "ShortStorage": ("int16", 2), "CharStorage": ("int8", 1),
    "ByteStorage": ("uint8", 1), "BoolStorage": ("bool", 1), "UntypedStorage": ("uint8", 1),
    "ComplexFloatStorage": ("complex64", 8), "ComplexDoubleStorage": ("complex128", 16),
}  # fmt: skip
REBUILDS = ("_rebuild_tensor_v2", "_rebuild_tensor", "_rebuild_parameter", "_rebuild_parameter_with_state")

Held = Callable[[str], int]
"""Name of a storage → how many bytes there are for it; -1 if there is none."""


class ArchiveError(ValueError):
    """The file is no archive of `torch.save`, or one that means harm; the text says what is wrong."""


@dataclass(frozen=True)
class TensorRow:
    """A tensor by its dotted name; `lies` says where what it says of itself cannot be true."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    lies: str = ""


@dataclass(frozen=True)
class ArchiveOutline:
    """See the module's text.

    Attributes:
        kind: "state", what `torch.save` writes of data; "torchscript", a program that `torch.jit.save` wrote; "legacy", what
            `torch.save` wrote before 2020; "pickle", any other.
        entries: how many files are in it.
        tensors: in their order.
        others: names of values that are no tensors, the first hundred.
        pickle: what its pickle would import and call.
    """

    kind: str
    entries: int
    tensors: tuple[TensorRow, ...]
    others: tuple[str, ...]
    pickle: PickleOutline


def read_archive(path: Path) -> ArchiveOutline:
    """The table of the zip archive at `path`.

    Raises:
        ArchiveError: it is damaged, compressed, overlapping, or has no pickle where `torch.save` puts one.
        OSError: it cannot be read.
    """
    try:
        require_small_directory(path)
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            _require_plain(infos, path.stat().st_size)
            main = next(
                (info for info in infos if info.filename.count("/") == 1 and info.filename.endswith("/data.pkl")), None
            )
            if main is None:
                raise ArchiveError("it is a zip archive, but torch.save did not write it: it has no data.pkl")
            content = _content(archive, main)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        if isinstance(error, ArchiveError):
            raise
        raise ArchiveError(f"it is a damaged zip archive ({error})") from error
    folder = main.filename.removesuffix("data.pkl")
    sizes = {info.filename.removeprefix(folder): info.file_size for info in infos if info.filename.startswith(folder)}
    scripted = f"{folder}constants.pkl" in {info.filename for info in infos}
    try:
        found = outline(content)
    except PickleError as error:
        raise ArchiveError(f"its pickle: {error}") from error
    kind = "torchscript" if scripted else "state"
    return _outlined(found, lambda key: sizes.get(f"data/{key}", -1), len(infos), kind)


def read_pickle(path: Path) -> ArchiveOutline:
    """The same of a file that begins with a pickle: any, or one of PyTorch before 2020, which has three small ones before the real one.

    Raises:
        ArchiveError: it is damaged.
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        content = file.read(MOST_PICKLE_BYTES)
    try:
        found = outlines(content)
        first = next(found)
        if first.value != LEGACY_MAGIC:
            return _outlined(first, lambda _: size, 0, "pickle")
        *_, main = itertools.islice(found, 3)
    except PickleError as error:
        raise ArchiveError(f"its pickle: {error}") from error
    return _outlined(main, lambda _: size, 0, "legacy")


def check_archive(path: Path) -> None:
    """Nothing, unless `torch.load` should not see the file at `path`.

    Raises:
        ArchiveError: it is damaged or compressed, or a tensor claims more than the file holds.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        zipped = file.read(2) == b"PK"
    found = read_archive(path) if zipped else read_pickle(path)
    lie = next((row for row in found.tensors if row.lies), None)
    if lie is not None:
        raise ArchiveError(f"tensor {lie.name}: {lie.lies}")


def require_small_directory(path: Path) -> None:
    """Python's zipfile takes the whole directory into memory."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise ArchiveError("it begins like a zip archive, but its end is missing: it is cut off")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    if directory == 0xFFFFFFFF:
        directory = _zip64_directory(path, tail, at)
    if directory > MOST_DIRECTORY_BYTES:
        raise ArchiveError(f"its directory has {directory:,} bytes; at most {MOST_DIRECTORY_BYTES:,} are read")


def _zip64_directory(path: Path, tail: bytes, end: int) -> int:
    """Size of the directory of an archive beyond 4 GB, from the record that its locator names."""
    locator = tail[end - 20 : end]
    if not locator.startswith(b"PK\x06\x07"):
        return 0
    with path.open("rb") as file:
        file.seek(int.from_bytes(locator[8:16], "little"))
        record = file.read(56)
    return int.from_bytes(record[40:48], "little") if record.startswith(b"PK\x06\x06") else MOST_DIRECTORY_BYTES + 1


def _require_plain(infos: list[zipfile.ZipInfo], file_bytes: int) -> None:
    total = 0
    # Programs are the only thing that PyTorch compresses.
    if sum(info.file_size for info in infos if "/code/" in info.filename) > MOST_SCRIPT_BYTES:
        raise ArchiveError(f"the program in it has more than {MOST_SCRIPT_BYTES:,} bytes")
    for info in (info for info in infos if "/code/" not in info.filename):
        total += info.file_size
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            what = f"{info.compress_size:,} bytes that become {info.file_size:,}"
            raise ArchiveError(f"its entry {info.filename[:80]} is compressed ({what}); torch.save never compresses")
    if total > file_bytes:
        raise ArchiveError(f"its entries have {total:,} bytes together, more than the file: they overlap")


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > MOST_PICKLE_BYTES:
        raise ArchiveError(f"its pickle has {info.file_size:,} bytes; at most {MOST_PICKLE_BYTES:,} are read")
    with archive.open(info) as entry:
        return entry.read(MOST_PICKLE_BYTES)


def _outlined(found: PickleOutline, held: Held, entries: int, kind: str) -> ArchiveOutline:
    tensors: list[TensorRow] = []
    others: list[str] = []
    for name, value in named_values(found.value):
        row = _tensor(name, value, held)
        if row is not None:
            tensors.append(row)
        elif len(others) < 100:
            others.append(name)
    return ArchiveOutline(kind, entries, tuple(tensors), tuple(others), found)


def _tensor(name: str, value: Any, held: Held) -> TensorRow | None:
    """A row, if `value` is a call that makes a tensor, or a parameter around one."""
    if not (isinstance(value, Call) and isinstance(value.what, Name) and value.what.name in REBUILDS):
        return None
    arguments = value.arguments if isinstance(value.arguments, tuple) else ()
    if value.what.name.startswith("_rebuild_parameter"):
        return _tensor(name, arguments[0], held) if arguments else None
    if len(arguments) < 4 or not isinstance(arguments[0], Kept):
        return None
    storage, offset, shape, strides = arguments[:4]
    kind, key, count = _storage(storage.key)
    dtype, width = STORAGES.get(kind, ("unknown", 0))
    numbers = [offset, count, *_numbers(shape), *_numbers(strides)]
    if not isinstance(shape, tuple) or any(type(number) is not int or number < 0 for number in numbers):
        return TensorRow(name, dtype, (), "its shape is none")
    last = offset + sum((side - 1) * step for side, step in zip(shape, strides, strict=False)) + 1
    lies = "" if 0 in shape or last <= count else f"it is said to be {shape}, and its storage to hold {count:,} values"
    if count * width > held(key):
        lies = f"its storage is said to hold {count:,} values, and has {max(held(key), 0):,} bytes"
    return TensorRow(name, dtype, shape, lies)


def _storage(key: Any) -> tuple[str, str, Any]:
    """Type, name and number of values of ("storage", type, name, device, values)."""
    if not (isinstance(key, tuple) and len(key) >= 5 and isinstance(key[1], Name)):
        return "", "", -1
    return key[1].name, str(key[2]), key[4]


def _numbers(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, tuple) else (None,)
