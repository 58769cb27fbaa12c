"""One JSON object for each frame, one line each."""

from __future__ import annotations

import json
from pathlib import Path

from detector_app.sinks.records import frame_record
from detector_app.sinks.writing import LineFile
from detector_app.vision.frame_result import FrameResult

_TAIL_BYTES = 1 << 20


class JsonLines:
    """Writes ``{"source","index","time_s","width","height","detections":[…],"timings_ms":{…}}`` for every frame as it comes.

    Of a classifier ``detections`` is ``[]``, and ``"classification":{"top":[{"class_id","class_name","probability"},…],"seen_xyxy":[…]}``
    has the best five classes.
    """

    def __init__(self, path: Path) -> None:
        """Begin the file.

        Raises:
            DiskFullError, SinkError: it cannot be created.
        """
        self._file = LineFile(path)

    @property
    def path(self) -> Path:
        """The file, complete up to the last frame at any moment."""
        return self._file.path

    def write(self, result: FrameResult) -> None:
        """Append the line of this frame."""
        self._file.write(json.dumps(frame_record(result), ensure_ascii=False, allow_nan=False) + "\n")

    def close(self) -> None:
        """End the file."""
        self._file.close()


def read_last_index(path: Path) -> int | None:
    """Index of the last frame whose line is complete, or None if there is none. A line cut off by a kill or a crash does not count.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        reach = _TAIL_BYTES
        while True:
            file.seek(max(0, size - reach))
            lines = file.read().split(b"\n")
            # The first piece may lack its beginning, the last one its end.
            for line in reversed(lines[0 if reach >= size else 1 : -1]):
                index = _index_of(line)
                if index is not None:
                    return index
            if reach >= size:
                return None
            reach *= 4


def _index_of(line: bytes) -> int | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    index = record.get("index") if isinstance(record, dict) else None
    return index if isinstance(index, int) else None
