"""One row for each thing that crosses a line, comes into a zone or leaves it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from detector_app.sinks.writing import LineFile, replaced_whole
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.zone_counting import Counting, ZoneEvent
from detector_app.vision.zones import Layout

COLUMNS = ("index", "time_s", "kind", "name", "track_id", "class_name", "event")
"""Heading: the frame, ``line`` or ``zone`` and its name, who, and what happened: see ``zone_counting.ZoneEvent``."""


class CountsTable:
    """Counts the results as they come; what is followed must have its ``track_ids``.

    A thing that vanishes inside a zone has the row of its last sight, written when that is known, a second later or at the end.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        """Begin the file with its heading.

        Raises:
            DiskFullError, SinkError: it cannot be created.
        """
        self._file = LineFile(path)
        self._counting = Counting(layout)
        self._closed = False
        self._file.write(event_rows((), heading=True))

    @property
    def path(self) -> Path:
        """The file, complete up to the last frame at any moment."""
        return self._file.path

    def write(self, result: FrameResult) -> None:
        """Append what this frame adds."""
        frame = result.frame
        size_wh = (frame.width_px, frame.height_px)
        self._append(self._counting.step(frame.index, frame.time_s, result.detections, size_wh))

    def close(self) -> None:
        """End the file with those that are inside until the end."""
        if not self._closed:
            self._closed = True
            try:
                self._append(self._counting.finish())
            finally:
                self._file.close()

    def _append(self, events: list[ZoneEvent]) -> None:
        if events:
            self._file.write(event_rows(events))


def write_events(path: Path, events: Iterable[ZoneEvent]) -> None:
    """Write a whole table of ``events`` to ``path``.

    Raises:
        DiskFullError, SinkError: it cannot be written; what was there before is untouched.
    """
    with replaced_whole(path) as part:
        part.write_text(event_rows(events, heading=True), encoding="utf-8", errors="backslashreplace", newline="")


def event_rows(events: Iterable[ZoneEvent], *, heading: bool = False) -> str:
    """The events as lines of CSV, below the heading if wanted."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    if heading:
        table.writerow(COLUMNS)
    for one in events:
        kind = "line" if one.line else "zone"
        table.writerow((one.index, round(one.time_s, 6), kind, one.shape, one.track_id, one.class_name, one.what))
    return text.getvalue()
