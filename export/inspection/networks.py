"""Which network of the registry a table of names and shapes belongs to."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from export.inspection.report import TensorRow
from models.backbones.foreign_names import in_our_names
from models.backbones.registry import describe
from models.backbones.weights import identify

WRAPPERS = ("state_dict.", "model.", "model_state_dict.", "state_dict_ema.", "model_ema.", "net.")
MOST_AXES = 8
MOST_VALUES = 1 << 40


def network_of(tensors: Sequence[TensorRow]) -> str:
    """Its name, whatever its classes and wrappers; "" if it is none that is known here."""
    for wrapper in ("", *WRAPPERS):
        rows = [row for row in tensors if row.name.startswith(wrapper)]
        found = _identified([(row.name.removeprefix(wrapper), row) for row in rows])
        if found:
            return found
    return ""


def classifier_command(network: str, file: str) -> str:
    """The export of such weights."""
    classes = describe(network).classes
    return (
        f"detector-export classifier --model {network} --weights {file} --names NAMES.txt --out MODEL.onnx"
        f"  (NAMES.txt: one class a line, {classes} of them for the published weights)"
    )


def _identified(rows: Sequence[tuple[str, TensorRow]]) -> str:
    fit = [(name, row) for name, row in rows if len(row.shape) <= MOST_AXES and _count(row) <= MOST_VALUES]
    if not fit:
        return ""
    with torch.device("meta"):  # shapes without values
        state = {name: torch.empty(row.shape) for name, row in fit}
    try:
        return identify(in_our_names(state)) or ""
    except RuntimeError:  # axes that nothing has
        return ""


def _count(row: TensorRow) -> int:
    count = 1
    for side in row.shape:
        count *= side
    return count
