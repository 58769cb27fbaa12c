"""The nodes of an ONNX file with their attributes and the sizes of its constants, read without loading it.

As bounded as :mod:`detector_app.onnx_outline`, whose reader of the wire format it uses; field numbers are those of onnx.proto3.
"""

from __future__ import annotations

import heapq
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from detector_app.errors import NotAnOnnxFileError
from detector_app.onnx_outline import MOST_DIMENSIONS, MOST_NAME_BYTES
from detector_app.wire_format import BYTES, FIXED32, WireError, WireField, WireFile

MOST_NUMBERS = 64
"""In a list of an attribute or of a constant whose values are read."""
MOST_NODES = 100_000
Numbers = tuple[float, ...]
Attribute = float | str | Numbers
"""Whole numbers are ``int``, texts ``str``, lists tuples; graphs and what else there is are left out."""


@dataclass(frozen=True)
class Constant:
    """A constant: its axes, and its values if they are few numbers."""

    dims: tuple[int, ...]
    values: Numbers | None = None


@dataclass(frozen=True)
class Node:
    """One operation: type (with a foreign domain before it), names of inputs and outputs (empty where left out), attributes."""

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)

    def whole(self, name: str, default: int = 0) -> int:
        """An attribute that is one whole number."""
        found = self.attributes.get(name, default)
        return found if isinstance(found, int) else default

    def wholes(self, name: str, default: tuple[int, ...] = ()) -> tuple[int, ...]:
        """An attribute that is a list of whole numbers."""
        found = self.attributes.get(name, default)
        return tuple(int(value) for value in found) if isinstance(found, tuple) else default

    def text(self, name: str, default: str = "") -> str:
        """An attribute that is a text."""
        found = self.attributes.get(name, default)
        return found if isinstance(found, str) else default


@dataclass(frozen=True)
class NodeGraph:
    """The main graph of a file.

    Attributes:
        nodes: each after those it takes from, otherwise in the order of the file.
        inputs: names, without those that have a constant as default.
        outputs: names.
        constants: initialisers and the values of Constant nodes.
        opset: version of the standard operators.
    """

    nodes: tuple[Node, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    constants: Mapping[str, Constant]
    opset: int = 0


def read_nodes(path: Path) -> NodeGraph:
    """Read the graph of the file at ``path``.

    Raises:
        NotAnOnnxFileError: it is none, damaged, cut off, or has more nodes or longer names than any model.
    """
    try:
        size = path.stat().st_size
        with path.open("rb", buffering=0) as file:
            return _Reader(WireFile(file, size)).model()
    except WireError as error:
        raise NotAnOnnxFileError(str(path), detail=str(error)) from error
    except OSError as error:
        raise NotAnOnnxFileError(str(path), detail=error.strerror or str(error)) from error


def in_order(nodes: list[Node]) -> tuple[Node, ...]:
    """Each node after those it takes from, as files should have them and not all do; those in a circle come last."""
    makers = {name: i for i, node in enumerate(nodes) for name in node.outputs if name}
    waits = [{makers[name] for name in node.inputs if name in makers} for node in nodes]
    if all(all(other < i for other in others) for i, others in enumerate(waits)):
        return tuple(nodes)
    followers: list[list[int]] = [[] for _ in nodes]
    for i, others in enumerate(waits):
        for other in others:
            followers[other].append(i)
    left = [len(others) for others in waits]
    ready = [i for i, count in enumerate(left) if not count]  # ascending, and so a heap
    found: list[int] = []
    while ready:
        found.append(heapq.heappop(ready))
        for i in followers[found[-1]]:
            left[i] -= 1
            if not left[i]:
                heapq.heappush(ready, i)
    return tuple(nodes[i] for i in [*found, *(i for i, count in enumerate(left) if count)])


class _Reader:
    def __init__(self, wire: WireFile) -> None:
        self._wire = wire
        self._nodes: list[Node] = []
        self._inputs: list[str] = []
        self._outputs: list[str] = []
        self._constants: dict[str, Constant] = {}

    def model(self) -> NodeGraph:
        opset, found = 0, False
        for item in self._wire.fields(0, self._wire.size):
            if item.number == 7:
                found = True
                self._graph(item)
            elif item.number == 8:
                opset = self._opset(item) or opset
        if not found:
            raise WireError("it holds no graph")
        inputs = tuple(name for name in self._inputs if name not in self._constants)
        return NodeGraph(in_order(self._nodes), inputs, tuple(self._outputs), self._constants, opset)

    def _graph(self, message: WireField) -> None:
        for item in self._wire.message(message):
            match item.number:
                case 1:
                    self._node(item)
                case 5:
                    name, constant = self._tensor(item)
                    self._constants[name] = constant
                case 11 | 12:
                    names = [self._name(part) for part in self._wire.message(item) if part.number == 1]
                    (self._inputs if item.number == 11 else self._outputs).extend(names[:1])

    def _node(self, message: WireField) -> None:
        if len(self._nodes) >= MOST_NODES:
            raise WireError(f"it has more than {MOST_NODES:,} operations")
        names: dict[int, list[str]] = {1: [], 2: [], 4: [], 7: []}
        attributes: dict[str, Attribute] = {}
        for item in self._wire.message(message):
            if item.number in names:
                names[item.number].append(self._name(item))
            if item.number == 5:
                attributes |= self._attribute(item, names[2])
        domain, kind = "".join(names[7]), "".join(names[4])
        operator = kind if domain in ("", "ai.onnx") else f"{domain}.{kind}"
        self._nodes.append(Node(operator, tuple(names[1]), tuple(names[2]), attributes))

    def _attribute(self, message: WireField, outputs: list[str]) -> dict[str, Attribute]:
        name = ""
        value: Attribute | None = None
        several: list[float] = []
        for item in self._wire.message(message):
            match item.number:
                case 1:
                    name = self._name(item)
                case 2:
                    value = self._single(item.start, item.size)
                case 3:
                    value = next(self._wire.numbers_of(item))
                case 4 if item.size <= MOST_NUMBERS:
                    value = self._wire.bytes_of(item, MOST_NUMBERS).decode("utf-8", "replace")
                case 5 if outputs:
                    self._constants[outputs[0]] = self._tensor(item)[1]
                case 7:
                    several += self._singles(item)
                case 8:
                    several += self._few(self._wire.numbers_of(item))
        if several and len(several) <= MOST_NUMBERS:
            value = tuple(several)
        return {} if value is None else {name: value}

    def _opset(self, message: WireField) -> int:
        domain, version = "", 0
        for item in self._wire.message(message):
            if item.number == 1:
                domain = self._name(item)
            elif item.number == 2:
                version = item.value
        return version if domain in ("", "ai.onnx") else 0

    def _tensor(self, message: WireField) -> tuple[str, Constant]:
        name, dtype = "", 0
        dims: list[int] = []
        lists: list[WireField] = []
        for item in self._wire.message(message):
            match item.number:
                case 1:
                    dims += self._wire.numbers_of(item)
                case 2:
                    dtype = item.value
                case 4 | 5 | 7 | 9:
                    lists.append(item)
                case 8:
                    name = self._name(item)
            if len(dims) > MOST_DIMENSIONS:
                raise WireError(f"the tensor “{name}” has more than {MOST_DIMENSIONS} axes")
        return name, Constant(tuple(dims), self._values(dtype, lists))

    def _values(self, dtype: int, lists: list[WireField]) -> Numbers | None:
        """Of a few numbers, float32, int32 or int64, in either form."""
        form = {1: "f", 6: "i", 7: "q"}.get(dtype)
        if form is None or not lists or sum(item.size for item in lists) > MOST_NUMBERS * 10:
            return None
        found: list[float] = []
        for item in lists:
            if item.number == 9:
                raw = self._wire.bytes_of(item, MOST_NUMBERS * 10)
                width = struct.calcsize(form)
                found += struct.unpack(f"<{len(raw) // width}{form}", raw[: len(raw) // width * width])
            else:
                found += self._singles(item) if item.number == 4 else self._few(self._wire.numbers_of(item))
        return tuple(found) if len(found) <= MOST_NUMBERS else None

    def _singles(self, item: WireField) -> list[float]:
        """One or, packed, several float32; of a long list only as many as tell that it is long."""
        if item.kind not in (BYTES, FIXED32):
            raise WireError(f"field {item.number} at byte {item.start} is no number")
        count = min(item.size // 4, MOST_NUMBERS + 1)
        return list(struct.unpack(f"<{count}f", self._wire.read(item.start, 4 * count)))

    def _single(self, start: int, size: int) -> float:
        if size != 4:
            raise WireError(f"no number at byte {start}")
        return float(struct.unpack("<f", self._wire.read(start, 4))[0])

    @staticmethod
    def _few(numbers: Iterator[int]) -> list[int]:
        return [number for _, number in zip(range(MOST_NUMBERS + 1), numbers, strict=False)]

    def _name(self, item: WireField) -> str:
        return self._wire.text_of(item, MOST_NAME_BYTES)
