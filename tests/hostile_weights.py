"""Weights that mean harm, or are broken in the worst way: pickles, archives of `torch.save`, and safetensors."""

from __future__ import annotations

import json
import pickle
import struct
import zipfile
from pathlib import Path

MB = 1 << 20


class Trap:
    """Unpickling this makes the file ``victim``."""

    def __init__(self, victim: Path) -> None:
        self.victim = victim

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.victim,))


def pickle_with_code(path: Path) -> Path:
    """A bare pickle that makes a file ``victim`` beside it."""
    path.write_bytes(pickle.dumps(Trap(path.parent / "victim"), 2))
    return path


def _archive(path: Path, content: bytes, kind: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", kind) as archive:
        archive.writestr("archive/data.pkl", content)
        archive.writestr("archive/version", "3\n")
    return path


def archive_with_code(path: Path) -> Path:
    """The same within what `torch.save` writes."""
    return _archive(path, pickle.dumps({"state_dict": {}, "trap": Trap(path.parent / "victim")}, 2))


def zip_bomb(path: Path) -> Path:
    """256 MB of zeros in 256 KB, where the pickle should be."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("archive/data.pkl", "w") as entry:
            for _ in range(256):
                entry.write(bytes(MB))
        archive.writestr("archive/version", "3\n")
    return path


def zip_in_zip(path: Path) -> Path:
    inner = zip_bomb(path.with_suffix(".inner"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.write(inner, f"archive/{number}.zip")
    inner.unlink()
    return path


def archive_of_many_names(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(30_000):
            archive.writestr(f"a/{number}", b"")
    return path


def memo_bomb(path: Path) -> Path:
    """A billion laughs: tuples of tuples, each twice in the next, that a reader of the values would never come to the end of."""
    return _archive(path, b"\x80\x02)" + b"2\x86" * 60 + b".")


def truncated_archive(path: Path) -> Path:
    content = archive_with_code(path).read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    return path


ARCHIVES = (archive_with_code, zip_bomb, zip_in_zip, archive_of_many_names, memo_bomb, truncated_archive)


def _safetensors(path: Path, header: bytes, data: bytes = b"", size: int | None = None) -> Path:
    path.write_bytes(struct.pack("<Q", len(header) if size is None else size) + header + data)
    return path


def header_beyond_the_end(path: Path) -> Path:
    return _safetensors(path, b"{}", size=1 << 60)


def header_of_200_mb(path: Path) -> Path:
    _safetensors(path, b"{", size=200 * MB)
    with path.open("rb+") as file:
        file.truncate(200 * MB + 8)
    return path


def header_nested_deeply(path: Path) -> Path:
    return _safetensors(path, b'{"a":' * 100_000)


def header_no_object(path: Path) -> Path:
    return _safetensors(path, b"[1, 2]")


def _row(shape: list[int], start: int, end: int) -> dict[str, object]:
    return {"dtype": "F32", "shape": shape, "data_offsets": [start, end]}


def tensors_that_overlap(path: Path) -> Path:
    return _safetensors(path, json.dumps({"a": _row([2], 0, 8), "b": _row([2], 4, 12)}).encode(), bytes(12))


def tensor_beyond_the_end(path: Path) -> Path:
    return _safetensors(path, json.dumps({"a": _row([1 << 29], 0, 1 << 31)}).encode(), bytes(8))


def tensor_of_another_size(path: Path) -> Path:
    return _safetensors(path, json.dumps({"a": _row([1 << 29], 0, 8)}).encode(), bytes(8))


SAFETENSORS = (
    *(header_beyond_the_end, header_of_200_mb, header_nested_deeply, header_no_object),
    *(tensors_that_overlap, tensor_beyond_the_end, tensor_of_another_size),
)
