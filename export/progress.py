"""What an export says while it runs: sentences for people, or one JSON object a line for a program that started it.

The JSON events are ``stage`` (stage, step, steps, text), ``done`` (file, size_bytes, nodes, parity, picture: a path or null) and ``error``
(message).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from detector_app.parity import BoxRow, ParityReport, ParityRow
from export.errors import ExportError

STAGES = ("read", "trace", "verify", "write")


def stages_with(variants: Sequence[str]) -> tuple[str, ...]:
    """The stages of an export with further ones, each of which ends with a verification of its own."""
    *first, last = STAGES
    return (*first, *variants, last)


class Progress(Protocol):
    """Hears of each stage of an export."""

    def stage(self, stage: str, text: str) -> None:
        """One of the stages begins; ``text`` says so in a sentence."""

    def done(self, file: str, size_bytes: int, nodes: int, parity: ParityReport, picture: Path | None) -> None:
        """The file is written, and perhaps a picture of the proof."""

    def failed(self, error: ExportError) -> None:
        """Nothing was written."""


@dataclasses.dataclass(frozen=True)
class TextProgress:
    """Sentences and a table; ``write`` takes lines, ``complain`` those of an error."""

    write: Callable[[str], None]
    complain: Callable[[str], None]
    stages: tuple[str, ...] = STAGES

    def stage(self, stage: str, text: str) -> None:
        """See Progress."""
        self.write(f"[{self.stages.index(stage) + 1}/{len(self.stages)}] {text} …")

    def done(self, file: str, size_bytes: int, nodes: int, parity: ParityReport, picture: Path | None) -> None:
        """See Progress."""
        self.write(parity_table(parity))
        if picture is not None:
            self.write(f"{picture}: the proof as a picture")
        self.write(f"{file}: {size_bytes / 1e6:.1f} MB, {nodes} nodes, opset {parity.opset}")

    def failed(self, error: ExportError) -> None:
        """See Progress."""
        self.complain(f"error: {error}")


@dataclasses.dataclass(frozen=True)
class JsonProgress:
    """One JSON object a line."""

    write: Callable[[str], None]
    stages: tuple[str, ...] = STAGES

    def stage(self, stage: str, text: str) -> None:
        """See Progress."""
        step = self.stages.index(stage) + 1
        event = {"event": "stage", "stage": stage, "step": step, "steps": len(self.stages), "text": text}
        self.write(json.dumps(event))

    def done(self, file: str, size_bytes: int, nodes: int, parity: ParityReport, picture: Path | None) -> None:
        """See Progress."""
        event = {"event": "done", "file": file, "size_bytes": size_bytes, "nodes": nodes}
        shown = None if picture is None else str(picture)
        self.write(json.dumps({**event, "parity": dataclasses.asdict(parity), "picture": shown}))

    def failed(self, error: ExportError) -> None:
        """See Progress."""
        self.write(json.dumps({"event": "error", "message": str(error)}))


def parity_table(parity: ParityReport) -> str:
    """The rows of a report under headings, right-aligned: values, and below them boxes if there are any."""
    heading = ("output", "input", "largest", "mean", "allowed", "")
    tables = [_aligned([heading, *map(_value_cells, parity.rows)])]
    if parity.boxes:
        titles = ("boxes on", "input", "score from", "found", "largest", "score", "by a hair", "")
        tables.append(_aligned([titles, *map(_box_cells, parity.boxes)]))
    return "\n\n".join(tables)


def _value_cells(row: ParityRow) -> tuple[str, ...]:
    numbers = (f"{value:.2e}" for value in (row.max_abs, row.mean_abs, row.tolerance))
    return (row.output, _shape(row.input_shape), *numbers, "agrees" if row.passed else "DIFFERS")


def _box_cells(row: BoxRow) -> tuple[str, ...]:
    return (
        row.input,
        _shape(row.input_shape),
        f"{row.score_threshold:.4g}",
        str(row.detections),
        f"{row.max_box_px:.1e} px",
        f"{row.max_score:.1e}",
        str(row.borderline),
        "agree" if row.passed else "DIFFER",
    )


def _shape(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape))


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
