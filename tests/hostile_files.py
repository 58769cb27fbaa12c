"""Files that mean harm, or are broken in the worst way: each is small on the disk, or says what it is within its first bytes."""

from __future__ import annotations

import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from detector_app.model_card import CARD_KEY
from tests.onnx_files import tiny_anchor_model

MB = 1 << 20


class Trap:
    """Unpickling this makes the file ``victim``."""

    def __init__(self, victim: Path) -> None:
        self.victim = victim

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.victim,))


# --- ONNX ---------------------------------------------------------------------------------------------------------------------


def _changed(path: Path, change: Callable[[onnx.ModelProto], None]) -> Path:
    """The tiny detector of squares with a change."""
    model = onnx.load(str(tiny_anchor_model(path)))
    change(model)
    path.write_bytes(model.SerializeToString())
    return path


def _outside(path: Path, location: str, **places: str) -> Path:
    def change(model: onnx.ModelProto) -> None:
        weight = model.graph.initializer[0]
        weight.ClearField("raw_data")
        weight.data_location = TensorProto.EXTERNAL
        for key, value in {"location": location, **places}.items():
            weight.external_data.add(key=key, value=value)

    return _changed(path, change)


def external_absolute(path: Path) -> Path:
    secret = path.parent.parent / "secret.bin"
    secret.write_bytes(bytes(4096))
    return _outside(path, str(secret.resolve()))


def external_parent(path: Path) -> Path:
    (path.parent.parent / "secret.bin").write_bytes(bytes(4096))
    return _outside(path, "../secret.bin")


def external_windows(path: Path) -> Path:
    return _outside(path, "C:\\Windows\\win.ini")


def external_backslash(path: Path) -> Path:
    return _outside(path, "..\\secret.bin")


def external_symlink(path: Path) -> Path:
    (path.parent.parent / "secret.bin").write_bytes(bytes(4096))
    (path.parent / "weights.bin").symlink_to(path.parent.parent / "secret.bin")
    return _outside(path, "weights.bin")


def external_device(path: Path) -> Path:
    (path.parent / "zero").symlink_to("/dev/zero")
    return _outside(path, "zero")


def external_missing(path: Path) -> Path:
    return _outside(path, "nowhere.bin")


def external_too_short(path: Path) -> Path:
    (path.parent / "short.bin").write_bytes(b"x")
    return _outside(path, "short.bin", offset="99999999999")


def external_no_number(path: Path) -> Path:
    (path.parent / "short.bin").write_bytes(bytes(4096))
    return _outside(path, "short.bin", offset="-8", length="1e9")


def external_without_location(path: Path) -> Path:
    return _outside(path, "")


def declared_2gb(path: Path) -> Path:
    def change(model: onnx.ModelProto) -> None:
        del model.graph.initializer[0].dims[:]
        model.graph.initializer[0].dims.extend([1 << 29])

    return _changed(path, change)


def declared_2gb_without_data(path: Path) -> Path:
    def change(model: onnx.ModelProto) -> None:
        model.graph.initializer.add(name="huge", data_type=TensorProto.FLOAT, dims=[1 << 15, 1 << 14])

    return _changed(path, change)


def declared_negative(path: Path) -> Path:
    def change(model: onnx.ModelProto) -> None:
        model.graph.initializer.add(name="odd", data_type=TensorProto.FLOAT, dims=[-4, -1], raw_data=b"1234")

    return _changed(path, change)


def declared_beyond_64_bits(path: Path) -> Path:
    def change(model: onnx.ModelProto) -> None:
        model.graph.initializer.add(name="huge", data_type=TensorProto.DOUBLE, dims=[1 << 62] * 8, raw_data=b"12345678")

    return _changed(path, change)


def filled_2gb(path: Path) -> Path:
    """The room is not declared by a tensor, but made by an operation that is folded when the file is opened."""

    def change(model: onnx.ModelProto) -> None:
        shape = np.array([1 << 10, 1 << 10, 1 << 9], np.int64)
        model.graph.initializer.append(onnx.numpy_helper.from_array(shape, "shape"))
        model.graph.node.append(helper.make_node("ConstantOfShape", ["shape"], ["room"]))

    return _changed(path, change)


def filled_2gb_by_a_constant(path: Path) -> Path:
    def change(model: onnx.ModelProto) -> None:
        shape = onnx.numpy_helper.from_array(np.array([1 << 29], np.int64))
        model.graph.node.append(helper.make_node("Constant", [], ["shape"], value=shape))
        model.graph.node.append(helper.make_node("Expand", ["bias", "shape"], ["room"]))

    return _changed(path, change)


def _start(number: int, size: int) -> bytes:
    """What stands before the ``size`` bytes of a field."""
    encoded = bytearray()
    while size > 0x7F:
        encoded.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes([number << 3 | 2, *encoded, size])


def _wrapped(number: int, content: bytes) -> bytes:
    return _start(number, len(content)) + content


def nested_graphs(path: Path) -> Path:
    """A graph in an attribute of a node of a graph … 3,000 deep."""
    graph = b""
    for _ in range(3000):
        graph = _wrapped(1, _wrapped(4, b"If") + _wrapped(5, _wrapped(6, graph)))
    path.write_bytes(b"\x08\x08" + _wrapped(7, graph))
    return path


def nested_types(path: Path) -> Path:
    """A sequence of sequences of … as the type of an input."""
    kind = b""
    for _ in range(3000):
        kind = _wrapped(4, _wrapped(1, kind))
    path.write_bytes(b"\x08\x08" + _wrapped(7, _wrapped(11, _wrapped(1, b"x") + _wrapped(2, kind))))
    return path


def many_fields(path: Path) -> Path:
    """Two million dimensions of a tensor, two bytes each."""
    path.write_bytes(b"\x08\x08" + _wrapped(7, _wrapped(5, b"\x08\x01" * (2 * MB))))
    return path


def many_packed_dimensions(path: Path) -> Path:
    path.write_bytes(b"\x08\x08" + _wrapped(7, _wrapped(5, _wrapped(1, b"\x01" * (4 * MB)))))
    return path


def length_beyond_the_end(path: Path) -> Path:
    path.write_bytes(b"\x08\x08\x3a\xff\xff\xff\xff\x7f")
    return path


def endless_number(path: Path) -> Path:
    path.write_bytes(b"\x08" + b"\xff" * 64)
    return path


def truncated(path: Path) -> Path:
    content = tiny_anchor_model(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def text(path: Path) -> Path:
    path.write_text("This is no model.\n" * 50)
    return path


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def zeros(path: Path) -> Path:
    path.write_bytes(bytes(4096))
    return path


def card_of_100_mb(path: Path) -> Path:
    content = tiny_anchor_model(path, metadata={}).read_bytes()
    key = _wrapped(1, CARD_KEY.encode())
    value = _start(2, 100 * MB)
    path.write_bytes(content + _start(14, len(key) + len(value) + 100 * MB) + key + value)
    with path.open("rb+") as file:
        file.truncate(path.stat().st_size + 100 * MB)
    return path


def card_nested_deeply(path: Path) -> Path:
    return tiny_anchor_model(path, metadata={CARD_KEY: "[" * 200_000})


def sidecar_of_100_mb(path: Path) -> Path:
    with path.with_suffix(".card.json").open("wb") as file:
        file.truncate(100 * MB)
    return tiny_anchor_model(path, metadata={})


def sidecar_nested_deeply(path: Path) -> Path:
    path.with_suffix(".card.json").write_text('{"a":' * 100_000)
    return tiny_anchor_model(path, metadata={})


EXTERNAL = (
    *(external_absolute, external_parent, external_windows, external_backslash, external_symlink, external_device),
    *(external_missing, external_too_short, external_no_number, external_without_location),
)
GREEDY = (
    *(declared_2gb, declared_2gb_without_data, declared_negative, declared_beyond_64_bits),
    *(filled_2gb, filled_2gb_by_a_constant),
)
BROKEN = (
    *(nested_graphs, nested_types, many_fields, many_packed_dimensions, length_beyond_the_end, endless_number),
    *(truncated, text, empty, zeros),
)
CARDS = (card_of_100_mb, card_nested_deeply, sidecar_of_100_mb, sidecar_nested_deeply)


# --- weights ------------------------------------------------------------------------------------------------------------------


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
