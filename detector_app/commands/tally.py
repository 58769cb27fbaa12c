"""What a run has done, counted, and in one line."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from detector_app.engine.batch_run import BatchReport
from detector_app.errors import DetectorError


class Tally:
    """Counts over all inputs of a command; errors go to standard error as they come."""

    def __init__(self) -> None:
        self.inputs = 0
        self.already = 0
        self.frames = 0
        self.detections = 0
        self.failures = 0
        self._started_s = time.monotonic()

    def add(self, report: BatchReport) -> None:
        """Count what came of one input."""
        self.inputs += 1
        self.frames += report.frames
        self.detections += report.detections
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
            counted(self.detections, "detection"),
            f"{seconds:.1f} s ({self.frames / max(seconds, 1e-3):.1f} frames/s)",
        ]
        parts += [f"{self.already} complete before"] if self.already else []
        parts += [counted(self.failures, "error")] if self.failures else []
        parts += ["interrupted"] if interrupted else []
        return f"{', '.join(parts)} → {out_dir}"


def counted(n: int, noun: str) -> str:
    """One frame is "1 frame", two are "2 frames"."""
    return f"{n} {noun}{'' if n == 1 else 's'}"
