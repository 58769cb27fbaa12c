"""Where an export is written before it is whole: a hidden folder beside its place, so that an end at any moment leaves nothing there.

The exporter itself writes whole files only. But it may be killed between two of them, and what was there before must then be there still.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from detector_app.errors import SinkError


@dataclass(frozen=True)
class Staging:
    """``folder`` holds what is written; ``target`` is where it belongs: a file, or the folder of a cascade."""

    folder: Path
    target: Path

    @classmethod
    def begin(cls, target: Path) -> Staging:
        """Make the folder.

        Raises:
            SinkError: nothing can be written beside ``target``.
        """
        try:
            made = tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent)
        except OSError as error:
            raise SinkError(str(target.parent), detail=error.strerror or str(error)) from error
        return cls(Path(made), target)

    @property
    def out(self) -> Path:
        """What the exporter is told to write."""
        return self.folder / self.target.name

    def in_place(self, path: Path) -> Path:
        """Where ``path``, if it is in here, will be."""
        return self.target.parent / path.relative_to(self.folder) if path.is_relative_to(self.folder) else path

    def spoken(self, text: str) -> str:
        """``text`` with the places where things belong instead of those where they are written."""
        return text.replace(str(self.folder), str(self.target.parent))

    def publish(self) -> None:
        """Put everything in its place, what names the rest last, and remove the folder.

        Raises:
            SinkError: that cannot be done.
        """
        try:
            _move_all(self.folder, self.target.parent, last=self.target.name)
        except OSError as error:
            raise SinkError(str(self.target), detail=error.strerror or str(error)) from error
        finally:
            self.discard()

    def discard(self) -> None:
        """Remove the folder and what is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _move_all(source: Path, target: Path, last: str = "") -> None:
    """Move what is in ``source`` into ``target``, oldest first, ``last`` at the end; folders that are there already are added to."""
    entries = sorted(source.iterdir(), key=lambda path: (path.name == last, path.stat().st_mtime_ns))
    for entry in entries:
        place = target / entry.name
        if entry.is_dir() and place.is_dir():
            _move_all(entry, place)
        else:
            entry.replace(place)
