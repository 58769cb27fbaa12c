"""Every annotated frame as a picture in a folder."""

from __future__ import annotations

from pathlib import Path

from detector_app.sinks.records import picture_name
from detector_app.sinks.snapshot import write_snapshot
from detector_app.sinks.writing import typed_errors
from detector_app.vision.frame_result import FrameResult


class FrameFolder:
    """Writes ``000012.jpg`` for frame 12; for pictures their name is added."""

    def __init__(self, path: Path, kind: str) -> None:
        """Make the folder; ``kind`` is the source's.

        Raises:
            DiskFullError, SinkError: it cannot be made.
        """
        self._path = path
        self._kind = kind
        with typed_errors(path):
            path.mkdir(parents=True, exist_ok=True)

    @property
    def path(self) -> Path:
        """The folder."""
        return self._path

    def write(self, result: FrameResult) -> None:
        """Write one picture, whole or not at all."""
        write_snapshot(self._path / picture_name(result.frame, self._kind), result)

    def close(self) -> None:
        """Each picture is finished when it is written."""
