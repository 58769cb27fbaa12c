"""What a verification hands on: the report for the card, and the numbers behind it for the picture."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray

from detector_app.parity import BoxRow, ParityReport, ParityRow
from export.recipe import OPSET, Tolerance

Array = NDArray[Any]


def _none(columns: int) -> Array:
    return np.zeros((0, columns) if columns > 1 else 0)


@dataclass(frozen=True)
class Allowed:
    """How far a graph may lie from PyTorch.

    Attributes:
        values: of every output; None for what the recipe says.
        box_px: a side of a box, in pixels of the input.
        score: of a box.
        shake: a change of the input, as a part of its largest value, that is too small to matter: whether a box exists that PyTorch gains
            or loses by it is no question of right or wrong.
        boxes: compare them, too; not where the layers round so much that boxes with hardly a score change places, and annotated
            pictures judge the rest.
    """

    values: Tolerance | None = None
    box_px: float = 1.0
    score: float = 0.001
    shake: float = 1e-5
    boxes: bool = True


@dataclass(frozen=True)
class Proof:
    """A report and its evidence.

    Attributes:
        report: for the card.
        scores: (n, 2) of all boxes compared: PyTorch's and ONNX Runtime's.
        box_px: (n,) largest difference of a side of each.
        values: (m, 2) a sample of the outputs: PyTorch's and ONNX Runtime's.
    """

    report: ParityReport
    scores: Array = field(default_factory=lambda: _none(2))
    box_px: Array = field(default_factory=lambda: _none(1))
    values: Array = field(default_factory=lambda: _none(2))


@dataclass(frozen=True)
class Part:
    """What one input contributes to a proof; see there."""

    rows: tuple[ParityRow, ...]
    boxes: tuple[BoxRow, ...] = ()
    scores: Array = field(default_factory=lambda: _none(2))
    box_px: Array = field(default_factory=lambda: _none(1))
    values: Array = field(default_factory=lambda: _none(2))


def proof_of(parts: Sequence[Part], notes: tuple[str, ...]) -> Proof:
    """The whole of the parts, all of which passed."""
    report = ParityReport(
        rows=tuple(row for part in parts for row in part.rows),
        passed=True,
        opset=OPSET,
        torch_version=torch.__version__,
        onnxruntime_version=onnxruntime.__version__,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        notes=notes,
        boxes=tuple(row for part in parts for row in part.boxes),
    )
    return Proof(report, *(np.concatenate([getattr(part, name) for part in parts]) for name in _EVIDENCE))


def joined(proofs: Mapping[str, Proof]) -> Proof:
    """One proof of the graphs of a cascade, whose rows say which graph they are of."""
    reports = {name: proof.report for name, proof in proofs.items()}
    rows = [replace(row, output=f"{name}.{row.output}") for name, report in reports.items() for row in report.rows]
    boxes = [replace(row, input=f"{name}: {row.input}") for name, report in reports.items() for row in report.boxes]
    report = replace(next(iter(reports.values())), rows=tuple(rows), boxes=tuple(boxes))
    return Proof(report, *(np.concatenate([getattr(proof, name) for proof in proofs.values()]) for name in _EVIDENCE))


_EVIDENCE = ("scores", "box_px", "values")
