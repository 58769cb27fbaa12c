"""What every receiver of results is to the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from detector_app.vision.frame_result import FrameResult


class Sink(Protocol):
    """Receives every result in order, on one thread. What was written is complete and readable after ``close``, also after a failure."""

    @property
    def path(self) -> Path:
        """The file or folder written."""

    def write(self, result: FrameResult) -> None:
        """Take one result.

        Raises:
            DiskFullError: no space is left; ``close`` still finishes what was written.
            SinkError: it cannot be written for another reason.
        """

    def close(self) -> None:
        """Finish the file. May be called more than once."""
