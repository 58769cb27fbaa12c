"""Safetensors, read from their header alone. https://huggingface.co/docs/safetensors"""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

from export.inspection.networks import classifier_command, network_of
from export.inspection.report import Finding, TensorRow
from models.weights_file import METADATA_KEY

MOST_HEADER_BYTES = 1 << 24
BITS = {
    "F64": 64,
    "F32": 32,
    "F16": 16,
    "BF16": 16,
    "I64": 64,
    "I32": 32,
    "I16": 16,
    "I8": 8,
    "U64": 64,
    "U32": 32,
    "U16": 16,
}
BITS |= {"U8": 8, "BOOL": 8, "F8_E4M3": 8, "F8_E5M2": 8, "C64": 64}
NAMES = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "I64": "int64", "I32": "int32"}
NAMES |= {"I16": "int16", "I8": "int8", "U8": "uint8", "BOOL": "bool"}
SHOWN = 3


def is_safetensors(path: Path) -> bool:
    """Whether the file begins as one: the length of a header, and its brace."""
    with path.open("rb") as file:
        start = file.read(9)
    return len(start) == 9 and start[8:] == b"{" and int.from_bytes(start[:8], "little") < 1 << 40


def read_safetensors(path: Path) -> Finding:
    """What the header says. A header that says what cannot be is a danger, and the table is then left out."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(MOST_HEADER_BYTES, size - 8):
            return _bad(
                f"its header is to have {length:,} bytes; the file has {size:,}, and {MOST_HEADER_BYTES:,} are read"
            )
        text = file.read(length)
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        return _bad(f"its header is no JSON ({str(error)[:80]})")
    if not isinstance(header, dict):
        return _bad("its header is no object")
    metadata = header.pop("__metadata__", {})
    problem = _problem(header, size - 8 - length)
    if problem:
        return _bad(problem)
    tensors = tuple(
        TensorRow(name, NAMES.get(row["dtype"], row["dtype"]), tuple(row["shape"])) for name, row in header.items()
    )
    return _ours(metadata, tensors, str(path)) or _others(metadata, tensors, str(path))


def _bad(danger: str) -> Finding:
    return Finding("safetensors", "a damaged safetensors file", dangers=(danger,))


def _problem(rows: dict[str, Any], data_bytes: int) -> str:
    """What of the table cannot be; "" if it can."""
    spans = []
    for name, row in rows.items():
        shown = name[:60]
        if not isinstance(row, dict) or not {"dtype", "shape", "data_offsets"} <= row.keys():
            return f"the entry {shown} is not that of a tensor"
        shape, offsets = row["shape"], row["data_offsets"]
        whole = isinstance(shape, list) and isinstance(offsets, list) and len(offsets) == 2
        if not whole or any(type(number) is not int or number < 0 for number in (*shape, *offsets)) or len(shape) > 64:
            return f"the entry {shown} has no sound axes or offsets"
        needed = math.prod(shape) * BITS.get(str(row["dtype"]), 0) // 8
        if row["dtype"] in BITS and offsets[1] - offsets[0] != needed:
            return (
                f"the tensor {shown} takes {needed:,} bytes by its axes, and {offsets[1] - offsets[0]:,} by its offsets"
            )
        if offsets[1] > data_bytes:
            return f"the tensor {shown} ends at byte {offsets[1]:,}; there are {data_bytes:,}"
        spans.append((offsets[0], offsets[1], shown))
    spans.sort()
    for (_, end, first), (start, _, second) in itertools.pairwise(spans):
        if start < end:
            return f"the tensors {first} and {second} overlap"
    return ""


def _ours(metadata: Any, tensors: tuple[TensorRow, ...], file: str) -> Finding | None:
    """Weights that detector-train wrote."""
    text = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
    try:
        entry = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        entry = None
    if not isinstance(entry, dict):
        return None
    family, spec, origin = entry.get("family"), entry.get("spec"), entry.get("provenance")
    facts: dict[str, Any] = {"family": family, "tensors": len(tensors)}
    if isinstance(spec, dict):
        facts |= {key: _short(value) for key, value in spec.items() if isinstance(value, (str, int, float, list, bool))}
    if isinstance(origin, dict):
        facts |= {f"made: {key}": _short(value) for key, value in origin.items() if value}
    command = f"detector-export {family} --weights {file} --out MODEL.onnx"
    return Finding("safetensors", f"weights of a {family} that detector-train wrote", facts, tensors, command=command)


def _others(metadata: Any, tensors: tuple[TensorRow, ...], file: str) -> Finding:
    network = network_of(tensors)
    facts: dict[str, Any] = {"tensors": len(tensors), "values": f"{sum(math.prod(row.shape) for row in tensors):,}"}
    if isinstance(metadata, dict) and metadata:
        facts["metadata"] = {str(key)[:40]: str(value)[:120] for key, value in list(metadata.items())[:20]}
    command = classifier_command(network, file) if network else ""
    return Finding(
        "safetensors", "safetensors: tensors by name, and nothing that runs", facts, tensors, (), network, command
    )


def _short(value: Any) -> Any:
    if isinstance(value, list) and len(value) > SHOWN * 4:
        return [*value[:SHOWN], f"… {len(value)} in all"]
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else value
    return text if not isinstance(text, str) or len(text) <= 200 else f"{text[:200]}…"
