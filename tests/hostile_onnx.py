"""ONNX files that mean harm, or are broken in the worst way: each is small on the disk, or says what it is within its first bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from detector_app.model_card import CARD_KEY
from tests.onnx_files import tiny_anchor_model

MB = 1 << 20


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
