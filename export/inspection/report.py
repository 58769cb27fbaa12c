"""What was found in a file, as a value, as JSON, and as lines for people."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_TENSORS = 40
"""So many are printed; JSON has them all."""
NAME_WIDTH = 13


@dataclass(frozen=True)
class TensorRow:
    """A tensor by its name, type and axes."""

    name: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Finding:
    """What a file is.

    Attributes:
        kind: "safetensors", "torch", "torchscript", "pickle", "onnx", "darknet-cfg", "darknet-weights", …, "unknown".
        what: in one sentence.
        facts: what else it says of itself, by short names: texts, numbers, lists and mappings of these.
        tensors: those in it, where they can be told.
        dangers: what speaks against opening it; none is no promise.
        network: the network of the registry whose names and shapes these are, or "".
        command: what takes the file, with words in capitals where something must be filled in; "" if nothing here does.
    """

    kind: str
    what: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    tensors: tuple[TensorRow, ...] = ()
    dangers: tuple[str, ...] = ()
    network: str = ""
    command: str = ""

    def as_data(self, file: str, size_bytes: int) -> dict[str, Any]:
        """For JSON."""
        return {"file": file, "size_bytes": size_bytes, **dataclasses.asdict(self)}

    def as_text(self, file: str, size_bytes: int) -> str:
        """For people."""
        rows = [("file", f"{file} ({size_bytes:,} bytes)"), ("is", self.what)]
        rows += [(name, _words(value)) for name, value in self.facts.items()]
        rows += [("looks like", self.network)] if self.network else []
        rows += [("DANGER", danger) for danger in self.dangers]
        rows += [("taken by", self.command or "nothing here")]
        width = max(NAME_WIDTH, 2 + max(len(name) for name, _ in rows))
        return "\n".join([*(f"{name:<{width}}{value}" for name, value in rows), *self._table()])

    def _table(self) -> Iterator[str]:
        if not self.tensors:
            return
        shown = self.tensors[:MOST_TENSORS]
        width = max(len(row.name) for row in shown)
        yield ""
        for row in shown:
            yield f"  {row.name:<{width}}  {row.dtype:<9} {'×'.join(map(str, row.shape)) or 'one value'}"
        if len(self.tensors) > MOST_TENSORS:
            yield f"  … and {len(self.tensors) - MOST_TENSORS} more (--json has them all)"


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_words(item)}" for name, item in value.items())
    return ", ".join(map(_words, value)) if isinstance(value, (list, tuple)) else str(value)
