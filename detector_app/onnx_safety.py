"""What in an ONNX file could harm whoever loads it: other files outside its folder, and memory out of all proportion to the file.

onnxruntime believes what a file announces: it opens the files that are named and makes room for the tensors that are declared. So
this is asked before. It is no proof of good will (a graph may also grow while it runs), but nothing here is refused that any exporter
writes. Standard library only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath

from detector_app.onnx_outline import DTYPES, Outline, OutlineNode, OutlineTensor

MOST_DECLARED_BYTES = 1 << 30
"""What one operation may be told to fill by constants in the file: a whole 4K picture in float32 is a tenth of it."""
NAMED_SHOWN = 120
_FILLS = {"ConstantOfShape": 0, "Expand": 1, "Tile": 1}
"""Operators → which input says how large the output becomes."""


def dangers(outline: Outline, path: Path) -> Iterator[str]:
    """Each danger of the file at ``path`` as a clause, in English; none if nothing is to be said against loading it."""
    for tensor in outline.tensors:
        yield from _external(tensor, path) if tensor.external is not None else _sizes(tensor)
    known = {tensor.name: tensor for tensor in outline.tensors if tensor.values is not None}
    known |= {name: node.constant for node in outline.nodes if node.constant is not None for name in node.outputs}
    for node in outline.nodes:
        yield from _fills(node, known)


def external_files(outline: Outline) -> tuple[str, ...]:
    """The other files that a file names, as written, each once."""
    named = (tensor.external.get("location", "") for tensor in outline.tensors if tensor.external is not None)
    return tuple(dict.fromkeys(named))


def _sizes(tensor: OutlineTensor) -> Iterator[str]:
    """Axes that are not those of the values."""
    name = _shown(tensor.name)
    if any(side < 0 for side in tensor.dims):
        yield f"the tensor {name} has a negative axis: {list(tensor.dims)}"
        return
    count, declared = math.prod(tensor.dims), tensor.declared_bytes
    bits = DTYPES.get(tensor.dtype, ("", 0))[1]
    held = tensor.raw_bytes if tensor.raw_bytes is not None else tensor.typed_bytes
    # In the typed form a whole number takes from one byte on, and two of 4 bits (four of 2) share one.
    least = declared if tensor.raw_bytes is not None else count * min(bits, 8) // 8 if bits else count
    if held < least:
        yield f"the tensor {name} declares {count:,} values ({_bytes(declared)}) and holds {_bytes(held)}"
    elif tensor.raw_bytes is not None and bits and held > declared:
        yield f"the tensor {name} declares {_bytes(declared)} and holds {_bytes(held)}"


def _external(tensor: OutlineTensor, path: Path) -> Iterator[str]:
    """Values in a file that is not in the folder of this one, or not as long as said."""
    assert tensor.external is not None  # noqa: S101 (the caller has asked)
    name, location = _shown(tensor.name), tensor.external.get("location", "")
    if any(side < 0 for side in tensor.dims):
        yield f"the tensor {name} has a negative axis: {list(tensor.dims)}"
        return
    if _leads_out(location):
        yield f"the values of {name} are to be read from {_shown(location)}, outside the folder of the file"
        return
    folder, target = path.resolve().parent, path.parent / location
    try:
        real = target.resolve(strict=True)
        inside, size = real.is_relative_to(folder) and real.is_file(), real.stat().st_size
    except (OSError, RuntimeError, ValueError):
        yield f"the values of {name} are in {_shown(location)}, which is not there"
        return
    if not inside:
        yield f"the values of {name} are to be read from {_shown(location)}, which leads outside the folder of the file"
        return
    start, length = (_number(tensor.external, key) for key in ("offset", "length"))
    needed = max(tensor.declared_bytes, length or 0)
    if start is None or length is None or start + needed > size:
        yield f"the values of {name} ({_bytes(needed)}) are not all in {_shown(location)} ({_bytes(size)})"


def _fills(node: OutlineNode, known: Mapping[str, OutlineTensor]) -> Iterator[str]:
    """An output whose size is written into the file, and is absurd."""
    place = _FILLS.get(node.operator, -1)
    shape = known.get(node.inputs[place]) if 0 <= place < len(node.inputs) else None
    if shape is not None and shape.values and 4 * math.prod(abs(side) for side in shape.values) > MOST_DECLARED_BYTES:
        yield f"the operation {node.operator} is to fill {list(shape.values)} values"


def _leads_out(location: str) -> bool:
    """On any system, whichever this is."""
    posix, windows = PurePosixPath(location), PureWindowsPath(location)
    rooted = posix.is_absolute() or windows.is_absolute() or bool(windows.drive or windows.root)
    return not location or rooted or ".." in posix.parts or ".." in windows.parts or "\0" in location


def _number(places: Mapping[str, str], key: str) -> int | None:
    """A whole number of an external place; 0 if it is not written, None if it is none."""
    text = places.get(key, "0")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None


def _shown(name: str) -> str:
    clean = "".join(letter if letter.isprintable() else "?" for letter in name[:NAMED_SHOWN])
    return f"“{clean}{'…' if len(name) > NAMED_SHOWN else ''}”"


def _bytes(count: int) -> str:
    return f"{count:,} bytes" if count < 10_000_000 else f"{count / 1e6:,.0f} MB"
