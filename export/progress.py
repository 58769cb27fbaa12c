"""What an export says while it runs: sentences for people, or one JSON object a line for a program that started it.

The JSON events are ``stage`` (stage, step, steps, text), ``done`` (file, size_bytes, nodes, parity) and ``error`` (message).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Protocol

from detector_app.parity import ParityReport
from export.errors import ExportError

STAGES = ("read", "trace", "verify", "write")


class Progress(Protocol):
    """Hears of each stage of an export."""

    def stage(self, stage: str, text: str) -> None:
        """One of :data:`STAGES` begins; ``text`` says so in a sentence."""

    def done(self, file: str, size_bytes: int, nodes: int, parity: ParityReport) -> None:
        """The file is written."""

    def failed(self, error: ExportError) -> None:
        """Nothing was written."""


@dataclasses.dataclass(frozen=True)
class TextProgress:
    """Sentences and a table; ``write`` takes lines, ``complain`` those of an error."""

    write: Callable[[str], None]
    complain: Callable[[str], None]

    def stage(self, stage: str, text: str) -> None:
        """See Progress."""
        self.write(f"[{STAGES.index(stage) + 1}/{len(STAGES)}] {text} …")

    def done(self, file: str, size_bytes: int, nodes: int, parity: ParityReport) -> None:
        """See Progress."""
        self.write(parity_table(parity))
        self.write(f"{file}: {size_bytes / 1e6:.1f} MB, {nodes} nodes, opset {parity.opset}")

    def failed(self, error: ExportError) -> None:
        """See Progress."""
        self.complain(f"error: {error}")


@dataclasses.dataclass(frozen=True)
class JsonProgress:
    """One JSON object a line."""

    write: Callable[[str], None]

    def stage(self, stage: str, text: str) -> None:
        """See Progress."""
        step = STAGES.index(stage) + 1
        self.write(json.dumps({"event": "stage", "stage": stage, "step": step, "steps": len(STAGES), "text": text}))

    def done(self, file: str, size_bytes: int, nodes: int, parity: ParityReport) -> None:
        """See Progress."""
        report = dataclasses.asdict(parity)
        self.write(
            json.dumps({"event": "done", "file": file, "size_bytes": size_bytes, "nodes": nodes, "parity": report})
        )

    def failed(self, error: ExportError) -> None:
        """See Progress."""
        self.write(json.dumps({"event": "error", "message": str(error)}))


def parity_table(parity: ParityReport) -> str:
    """The rows of a report under headings, right-aligned."""
    heading = ("output", "input", "largest", "mean", "allowed", "")
    rows = [
        (
            row.output,
            "×".join(map(str, row.input_shape)),
            f"{row.max_abs:.2e}",
            f"{row.mean_abs:.2e}",
            f"{row.tolerance:.2e}",
            "agrees" if row.passed else "DIFFERS",
        )
        for row in parity.rows
    ]
    widths = [max(len(line[column]) for line in (heading, *rows)) for column in range(len(heading))]
    lines = (
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in (heading, *rows)
    )
    return "\n".join(lines)
