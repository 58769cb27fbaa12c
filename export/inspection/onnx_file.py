"""ONNX, from its outline."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from detector_app.model_card import CARD_KEY, PART_OF_KEY
from detector_app.onnx_outline import Outline, OutlineValue, read_outline
from detector_app.onnx_safety import dangers, external_files
from detector_app.wire_format import WireError
from export.inspection.report import Finding, TensorRow

MOST_OPERATORS = 20
MOST_CARD = 1 << 22


def read_onnx(path: Path) -> Finding:
    """What the graph takes and gives, what it is made of, and whether loading it could do harm."""
    try:
        outline = read_outline(path)
    except WireError as error:
        return Finding("onnx", "no readable ONNX file", dangers=(str(error),))
    tensors = tuple(TensorRow(t.name, t.dtype_name, t.dims) for t in outline.tensors if t.name)
    found = (*(() if outline.outputs else ("it has no output",)), *dangers(outline, path))
    facts = _facts(outline)
    return Finding("onnx", _what(outline), facts, tensors, found, command="" if found else _command(outline, path))


def _what(outline: Outline) -> str:
    if CARD_KEY in outline.metadata:
        return "a model for this app: an ONNX graph with a card"
    if PART_OF_KEY in outline.metadata:
        return f"a part of a model for this app, whose card is in {outline.metadata[PART_OF_KEY][:80]}"
    if _of_ultralytics(outline):
        return "an ONNX graph that Ultralytics exported; the app reads it as it is"
    return "an ONNX graph without a card"


def _facts(outline: Outline) -> dict[str, Any]:
    values = sum(math.prod(tensor.dims) for tensor in outline.tensors if min(tensor.dims, default=0) >= 0)
    most = outline.operators.most_common(MOST_OPERATORS)
    facts: dict[str, Any] = {
        "producer": outline.producer or "unknown",
        "ONNX": f"IR version {outline.ir_version}",
        "opsets": outline.opsets,
        "inputs": [_value(value) for value in _fed(outline)],
        "outputs": [_value(value) for value in outline.outputs],
        "nodes": {"in all": outline.operators.total(), **dict(most)},
        "constants": f"{len(outline.tensors)} with {values:,} values",
    }
    if outline.depth > 1:
        facts["subgraphs"] = f"{outline.depth - 1} deep"
    if others := external_files(outline):
        facts["other files"] = [name[:120] for name in others[:10]]
    if CARD_KEY in outline.metadata:
        facts["card"] = _card(outline.metadata[CARD_KEY])
    own = {key[:60]: value[:120] for key, value in outline.metadata.items() if key != CARD_KEY}
    return facts | ({"metadata": own} if own else {})


def _fed(outline: Outline) -> list[OutlineValue]:
    """Inputs without those that older exporters list for each constant."""
    constants = {tensor.name for tensor in outline.tensors}
    return [value for value in outline.inputs if value.name not in constants]


def _value(value: OutlineValue) -> str:
    axes = "?" if value.shape is None else "×".join("?" if side is None else str(side) for side in value.shape)
    return f"{value.name} {value.dtype} {axes}".strip()


def _card(text: str) -> Any:
    """Name, task and decoder; the whole of it is shown by detector-app info."""
    try:
        card = json.loads(text) if len(text) <= MOST_CARD else None
    except (ValueError, RecursionError):
        card = None
    if not isinstance(card, dict):
        return "damaged"
    known = {key: card.get(key) for key in ("name", "task", "decoder", "licence", "schema_version")}
    return {key: str(value)[:120] for key, value in known.items() if value}


def _of_ultralytics(outline: Outline) -> bool:
    return {"names", "stride"} <= outline.metadata.keys()


def _command(outline: Outline, path: Path) -> str:
    if CARD_KEY in outline.metadata:
        return f"detector-app info {path}"
    if PART_OF_KEY in outline.metadata:
        return ""
    if _of_ultralytics(outline):
        return f"detector-app --model {path}; detector-export ultralytics --onnx {path} --out FILE.onnx puts a card into a copy"
    return f"detector-app --model {path}  (it asks what the file does not say)"
