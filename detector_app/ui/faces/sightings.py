"""Where somebody was seen: hits of a search, those of one appearance in a video put together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from detector_app.faces.search import Hit

MOST_SHOWN = 2000
"""More rows nobody reads, and each holds a small picture."""


@dataclass
class Sighting:
    """One picture, or one stretch of a video without a gap.

    Attributes:
        source: the picture's or video's path.
        name: who.
        first_s, last_s: of a video, from when to when; None of a picture.
        last_index: number of its last frame.
        distance: the least of its hits.
        face: that of the hit with the least distance.
    """

    source: str
    name: str
    first_s: float | None
    last_s: float | None
    last_index: int
    distance: float
    face: QImage

    @property
    def file_name(self) -> str:
        """The source without its folder."""
        return Path(self.source).name or self.source

    @property
    def time_text(self) -> str:
        """From when to when; empty of a picture."""
        if self.first_s is None or self.last_s is None:
            return ""
        first, last = minutes(self.first_s), minutes(self.last_s)
        return first if first == last else f"{first}–{last}"


class Sightings:
    """The rows of a search, in the order in which they were found."""

    def __init__(self, every: int = 1) -> None:
        """``every`` is the number of frames from one that is looked at to the next."""
        self.rows: list[Sighting] = []
        self.left_out = 0
        self._every = every
        self._last: dict[tuple[str, str], int] = {}

    def place_of(self, hit: Hit) -> int | None:
        """The row that ``hit`` belongs to; the number of rows if it needs a new one, None if there are too many already."""
        row = self._last.get((hit.source, hit.name))
        if row is not None and hit.time_s is not None and hit.index - self.rows[row].last_index <= self._every:
            return row
        return len(self.rows) if len(self.rows) < MOST_SHOWN else None

    def add(self, hit: Hit, face: QImage) -> None:
        """Put ``hit`` where it belongs, or count it as left out."""
        row = self.place_of(hit)
        if row is None:
            self.left_out += 1
        elif row < len(self.rows):
            self._extend(self.rows[row], hit, face)
        else:
            self._last[hit.source, hit.name] = row
            self.rows.append(Sighting(hit.source, hit.name, hit.time_s, hit.time_s, hit.index, hit.distance, face))

    @staticmethod
    def _extend(row: Sighting, hit: Hit, face: QImage) -> None:
        row.last_s, row.last_index = hit.time_s, hit.index
        if hit.distance < row.distance:
            row.distance, row.face = hit.distance, face


def minutes(seconds: float) -> str:
    """``mm:ss``, with hours in front if there are any."""
    whole, s = divmod(max(0, int(seconds)), 60)
    hours, m = divmod(whole, 60)
    return f"{hours}:{m:02}:{s:02}" if hours else f"{m:02}:{s:02}"
