"""What an ONNX file says of itself, read without loading it: interface, operators, metadata, sizes of its tensors, other files it names.

Neither onnx nor onnxruntime has a part in it, so that a file can be judged before either sees it: in bounded memory, however large the
file is and whatever it announces. Standard library only. Field numbers are those of onnx.proto3.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from detector_app.wire_format import WireError, WireField, WireFile

MOST_NESTED = 16
"""Graphs within graphs; what loops and branches of real models need is 2 or 3."""
MOST_NAME_BYTES = 1 << 16
MOST_METADATA_BYTES = 1 << 24
MOST_DIMENSIONS = 64
MOST_SHAPE_VALUES = 16
DTYPES = {
    1: ("float32", 32), 2: ("uint8", 8), 3: ("int8", 8), 4: ("uint16", 16), 5: ("int16", 16), 6: ("int32", 32), 7: ("int64", 64),
    8: ("string", 0), 9: ("bool", 8), 10: ("float16", 16), 11: ("float64", 64), 12: ("uint32", 32), 13: ("uint64", 64),
    14: ("complex64", 64), 15: ("complex128", 128), 16: ("bfloat16", 16), 17: ("float8e4m3fn", 8), 18: ("float8e4m3fnuz", 8),
    19: ("float8e5m2", 8), 20: ("float8e5m2fnuz", 8), 21: ("uint4", 4), 22: ("int4", 4), 23: ("float4e2m1", 4),
    24: ("float8e8m0", 8), 25: ("uint2", 2), 26: ("int2", 2),
}  # fmt: skip
"""TensorProto.DataType → name and bits of a value."""


@dataclass(frozen=True)
class OutlineValue:
    """An input or output: name, type, and axes: numbers, names, or None; no axes at all if it does not say."""

    name: str
    dtype: str
    shape: tuple[int | str | None, ...] | None


@dataclass(frozen=True)
class OutlineTensor:
    """A constant.

    Attributes:
        name: may be empty.
        dtype: number of its type, see :data:`DTYPES`.
        dims: its axes.
        raw_bytes: bytes of its values as they lie in memory; None if there are none of that kind.
        typed_bytes: bytes of its values in the other form, in which each takes at least one.
        external: location, offset and length in another file, as written; None if its values are in this one.
        values: of a short list of int64 values the values themselves, as shapes are.
    """

    name: str
    dtype: int
    dims: tuple[int, ...]
    raw_bytes: int | None
    typed_bytes: int
    external: dict[str, str] | None
    values: tuple[int, ...] | None

    @property
    def dtype_name(self) -> str:
        """The name of its type."""
        return DTYPES.get(self.dtype, (f"type {self.dtype}", 0))[0]

    @property
    def declared_bytes(self) -> int:
        """What its values take in memory by its axes and type; 0 for texts and unknown types."""
        return -(-math.prod(self.dims) * DTYPES.get(self.dtype, ("", 0))[1] // 8)


@dataclass(frozen=True)
class OutlineNode:
    """One operation: its type with the domain before it, unless that is the standard one, and the names of its inputs and outputs."""

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    constant: OutlineTensor | None


@dataclass
class Outline:
    """See the module's text.

    Attributes:
        metadata: keys and values of the file's own.
        has_graph: a graph was there.
        operators: how often each occurs, in subgraphs and functions too.
        tensors: initialisers of all graphs, then constants of nodes.
        nodes: only those whose output's size is told by the values of an input, see :data:`SIZED_BY_VALUES`.
        depth: graphs within graphs; 1 if there are no others.
    """

    size_bytes: int
    ir_version: int = 0
    producer: str = ""
    opsets: dict[str, int] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    has_graph: bool = False
    inputs: list[OutlineValue] = field(default_factory=list)
    outputs: list[OutlineValue] = field(default_factory=list)
    operators: Counter[str] = field(default_factory=Counter)
    tensors: list[OutlineTensor] = field(default_factory=list)
    nodes: list[OutlineNode] = field(default_factory=list)
    depth: int = 0


SIZED_BY_VALUES = frozenset(("ConstantOfShape", "Expand", "Tile", "Resize", "Pad", "Range", "Constant"))


def read_outline(path: Path) -> Outline:
    """Read the outline of the file at ``path``.

    Raises:
        WireError: it is no ONNX file, is damaged or cut off, or has more fields, deeper graphs or longer names than any model.
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb", buffering=0) as file:
        outline = Outline(size)
        _Reader(WireFile(file, size), outline).model()
    if not outline.has_graph:
        raise WireError("it holds no graph")
    if not outline.ir_version:
        raise WireError("it does not say which version of ONNX it is of")
    return outline


class _Reader:
    def __init__(self, wire: WireFile, outline: Outline) -> None:
        self._wire, self._outline = wire, outline

    def model(self) -> None:
        outline, producer = self._outline, ["", ""]
        for item in self._wire.fields(0, self._wire.size):
            match item.number:
                case 1:
                    outline.ir_version = item.value
                case 2 | 3:
                    producer[item.number - 2] = self._name(item)
                case 7:
                    outline.has_graph = True
                    self._graph(item, 1)
                case 8:
                    domain, version = self._pair(item, MOST_NAME_BYTES)
                    outline.opsets[domain or "ai.onnx"] = int(version or 0)
                case 14:
                    key, value = self._pair(item, MOST_METADATA_BYTES)
                    outline.metadata[key] = value
                case 25:
                    self._function(item)
        outline.producer = " ".join(producer).strip()

    def _graph(self, message: WireField, depth: int) -> None:
        outline = self._outline
        if depth > MOST_NESTED:
            raise WireError(f"its graphs lie within each other more than {MOST_NESTED} deep")
        outline.depth = max(outline.depth, depth)
        for item in self._wire.message(message):
            match item.number:
                case 1:
                    self._node(item, depth)
                case 5:
                    outline.tensors.append(self._tensor(item))
                case 11 | 12 if depth == 1:
                    (outline.inputs if item.number == 11 else outline.outputs).append(self._value(item))
                case 15:
                    self._sparse(item)

    def _function(self, message: WireField) -> None:
        for item in self._wire.message(message):
            if item.number == 7:
                self._node(item, 1)

    def _node(self, message: WireField, depth: int) -> None:
        names: dict[int, list[str]] = {1: [], 2: [], 4: [], 7: []}
        constants: list[OutlineTensor] = []
        for item in self._wire.message(message):
            if item.number in names:
                names[item.number].append(self._name(item))
            if item.number == 5:
                constants += self._attribute(item, depth)
        domain, kind = "".join(names[7]), "".join(names[4])
        operator = kind if domain in ("", "ai.onnx") else f"{domain}.{kind}"
        outline = self._outline
        outline.operators[operator] += 1
        outline.tensors += constants
        if operator in SIZED_BY_VALUES:
            constant = constants[0] if constants else None
            outline.nodes.append(OutlineNode(operator, tuple(names[1]), tuple(names[2]), constant))

    def _attribute(self, message: WireField, depth: int) -> Iterator[OutlineTensor]:
        for item in self._wire.message(message):
            match item.number:
                case 5 | 10:
                    yield self._tensor(item)
                case 6 | 11:
                    self._graph(item, depth + 1)
                case 22 | 23:
                    self._sparse(item)

    def _sparse(self, message: WireField) -> None:
        self._outline.tensors += [self._tensor(item) for item in self._wire.message(message) if item.number in (1, 2)]

    def _tensor(self, message: WireField) -> OutlineTensor:
        name, dtype, typed, raw, outside = "", 0, 0, None, False
        dims: list[int] = []
        places: dict[str, str] = {}
        lists: list[WireField] = []
        for item in self._wire.message(message):
            match item.number:
                case 1:
                    dims += itertools.islice(self._wire.numbers_of(item), MOST_DIMENSIONS + 1)
                case 2:
                    dtype = item.value
                case 4 | 5 | 6 | 7 | 10 | 11:
                    typed += max(item.size, 1)
                    lists.append(item)
                case 8:
                    name = self._name(item)
                case 9:
                    raw = (raw or 0) + item.size
                    lists.append(item)
                case 13:
                    key, value = self._pair(item, MOST_NAME_BYTES)
                    places[key] = value
                case 14:
                    outside = item.value == 1
            if len(dims) > MOST_DIMENSIONS:
                raise WireError(f"the tensor “{name}” has more than {MOST_DIMENSIONS} axes")
        external = places if outside or places else None
        return OutlineTensor(name, dtype, tuple(dims), raw, typed, external, self._short_list(dtype, lists))

    def _short_list(self, dtype: int, lists: list[WireField]) -> tuple[int, ...] | None:
        """The values of a few int64."""
        if dtype != 7 or len(lists) != 1 or lists[0].size > MOST_SHAPE_VALUES * 8:
            return None
        item = lists[0]
        if item.number != 9:
            return tuple(self._wire.numbers_of(item))
        raw = self._wire.bytes_of(item, MOST_SHAPE_VALUES * 8)
        return tuple(int.from_bytes(raw[i : i + 8], "little", signed=True) for i in range(0, len(raw) - 7, 8))

    def _value(self, message: WireField) -> OutlineValue:
        name, dtype, shape = "", "", None
        for item in self._wire.message(message):
            if item.number == 1:
                name = self._name(item)
            if item.number == 2:
                dtype, shape = self._type(item)
        return OutlineValue(name, dtype, shape)

    def _type(self, message: WireField) -> tuple[str, tuple[int | str | None, ...] | None]:
        for kind in self._wire.message(message):
            if kind.number != 1:
                return {4: "sequence", 5: "map", 8: "sparse tensor", 9: "optional"}.get(kind.number, "unknown"), None
            dtype, shape = "unknown", None
            for item in self._wire.message(kind):
                if item.number == 1:
                    dtype = DTYPES.get(item.value, (f"type {item.value}", 0))[0]
                if item.number == 2:
                    shape = tuple(self._axis(axis) for axis in self._wire.message(item) if axis.number == 1)
            return dtype, shape
        return "unknown", None

    def _axis(self, message: WireField) -> int | str | None:
        for item in self._wire.message(message):
            if item.number == 1:
                return next(self._wire.numbers_of(item), None)
            if item.number == 2:
                return self._name(item) or None
        return None

    def _pair(self, message: WireField, most: int) -> tuple[str, str]:
        """Fields 1 and 2: a key or domain, and a value, number or text."""
        key = value = ""
        for item in self._wire.message(message):
            if item.number == 1:
                key = self._name(item)
            if item.number == 2:
                value = self._wire.text_of(item, most) if item.kind == 2 else str(item.value)
        return key, value

    def _name(self, item: WireField) -> str:
        return self._wire.text_of(item, MOST_NAME_BYTES)
