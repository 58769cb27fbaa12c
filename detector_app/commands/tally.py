"""What a run has done, counted, and in one line."""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from detector_app.errors import DetectorError

if TYPE_CHECKING:
    from detector_app.engine.batch_run import BatchReport

MOST_CLASSES = 5
"""So many classes are named in the summary."""


class Tally:
    """Counts over all inputs of a command; errors go to standard error as they come."""

    def __init__(self) -> None:
        self.inputs = 0
        self.already = 0
        self.frames = 0
        self.detections = 0
        self.classes: Counter[str] | None = None
        self.failures = 0
        self._started_s = time.monotonic()

    def expect_classes(self) -> None:
        """A classifier runs: how often each class was the best is to be told, not how many detections there were."""
        self.classes = Counter()

    def add(self, report: BatchReport) -> None:
        """Count what came of one input."""
        self.inputs += 1
        self.frames += report.frames
        self.detections += report.detections
        if self.classes is not None:
            self.classes.update(report.classes)
        for error in (*report.skipped, *([report.error] if report.error else [])):
            self.fail(error)

    def fail(self, error: DetectorError) -> None:
        """Something could not be read or written."""
        self.failures += 1
        print(f"detector-app: {error}", file=sys.stderr)

    def summary(self, out_dir: Path, *, interrupted: bool) -> str:
        """One line for the end."""
        seconds = time.monotonic() - self._started_s
        parts = [
            counted(self.inputs, "input"),
            counted(self.frames, "frame"),
            counted(self.detections, "detection") if self.classes is None else _most_frequent(self.classes),
            f"{seconds:.1f} s ({self.frames / max(seconds, 1e-3):.1f} frames/s)",
        ]
        parts += [f"{self.already} complete before"] if self.already else []
        parts += [counted(self.failures, "error")] if self.failures else []
        parts += ["interrupted"] if interrupted else []
        return f"{', '.join(part for part in parts if part)} → {out_dir}"


def _most_frequent(classes: Counter[str]) -> str:
    """As in "best class: cup 12, plate 3 and 2 others"; nothing when there was no frame."""
    named = ", ".join(f"{name} {count}" for name, count in classes.most_common(MOST_CLASSES))
    others = len(classes) - MOST_CLASSES
    rest = f" and {counted(others, 'other')}" if others > 0 else ""
    return f"best class: {named}{rest}" if named else ""


def counted(n: int, noun: str) -> str:
    """One frame is "1 frame", two are "2 frames"."""
    return f"{n} {noun}{'' if n == 1 else 's'}"
