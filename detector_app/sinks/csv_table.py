"""One row for each detection, or for each frame that was classified, for spreadsheets."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from detector_app.sinks.records import box, distance_of, score, track_id
from detector_app.sinks.writing import LineFile
from detector_app.vision.detections import Detections
from detector_app.vision.frame_result import FrameResult

COLUMNS = ("source", "index", "time_s", "class_id", "class_name", "score", "x1", "y1", "x2", "y2")
"""Heading of the table; coordinates in pixels of the source frame. A frame without detections has no row.

Of a classifier each frame has one row: the most probable class, its probability as the score, and no coordinates.
"""
NO_BOX = ("",) * 4
PEOPLE = ("person", "distance")
"""Further columns where faces are asked who they are: the name of a face that is known, and the distance to the nearest person."""

TRACKS = ("track_id",)
"""Further column where things are followed; empty for one that is not."""


class CsvTable:
    """Writes rows as they come; the heading is there even when nothing is ever found."""

    def __init__(self, path: Path, *, people: bool = False, tracked: bool = False) -> None:
        """Begin the file; with ``people`` it has the columns :data:`PEOPLE`, with ``tracked`` :data:`TRACKS`, too.

        Raises:
            DiskFullError, SinkError: it cannot be created.
        """
        self._file = LineFile(path)
        self._people, self._tracked = people, tracked
        self._file.write(_rows([(*COLUMNS, *(PEOPLE if people else ()), *(TRACKS if tracked else ()))]))

    @property
    def path(self) -> Path:
        """The file, complete up to the last frame at any moment."""
        return self._file.path

    def write(self, result: FrameResult) -> None:
        """Append the rows of this frame."""
        frame, found = result.frame, result.detections
        place = (frame.source, frame.index, round(frame.time_s, 6))
        rows: list[tuple[object, ...]] = [
            (*place, int(found.class_ids[i]), found.name(i), score(found, i), *box(found, i), *self._further(found, i))
            for i in range(len(found))
        ]
        if result.classification is not None:
            best = result.classification.best
            rows = [(*place, best.class_id, best.name, round(best.probability, 5), *NO_BOX)]
        if rows:
            self._file.write(_rows(rows))

    def _further(self, found: Detections, i: int) -> tuple[object, ...]:
        number = track_id(found, i)
        return (*self._person(found, i), *(("" if number is None else number,) if self._tracked else ()))

    def _person(self, found: Detections, i: int) -> tuple[object, ...]:
        """Name and distance of detection ``i``, empty where there is none; nothing in a table without people."""
        if not self._people:
            return ()
        identity = found.identity(i)
        if identity is None:
            return ("", "")
        distance = distance_of(identity)
        return (identity.name if identity.known else "", "" if distance is None else distance)

    def close(self) -> None:
        """End the file."""
        self._file.close()


def _rows(rows: list[tuple[object, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
