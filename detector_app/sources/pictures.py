"""Pictures as a source: one file, the files of a folder, or those that match a pattern."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from detector_app.errors import NotAVideoError, SourceError
from detector_app.sources.picture_file import PictureHeader, read_header, read_picture
from detector_app.sources.source import SourceInfo
from detector_app.vision.frame import Frame

SHOWN_S = 1.0
"""How long each picture lasts on the time line: picture ``i`` begins at ``i`` seconds."""


class Pictures:
    """A ``Source`` over files that are opened one at a time, when they are read.

    A picture that cannot be read raises once and keeps its number; the next ``read`` goes on behind it.
    """

    def __init__(self, paths: Sequence[Path], name: str) -> None:
        """Take ``paths`` in the order given; ``name`` is what a person calls them together.

        Raises:
            NotAVideoError: none of them is a picture.
        """
        self._paths = tuple(paths)
        self._next_index = 0
        self._closed = False
        header = self._first_header(name)
        self._info = SourceInfo(
            name=name,
            kind="pictures",
            live=False,
            seekable=True,
            width_px=header.width_px,
            height_px=header.height_px,
            frame_count=len(self._paths),
            duration_s=len(self._paths) * SHOWN_S,
        )

    @property
    def info(self) -> SourceInfo:
        """Size of the first picture; the others may differ."""
        return self._info

    def read(self) -> Frame | None:
        """The next picture, or None behind the last one; ``Frame.source`` is its own path.

        Raises:
            NotAVideoError, PictureTooLargeError, SourceError: this picture cannot be read; the next ``read`` goes on.
        """
        if self._closed or self._next_index >= len(self._paths):
            return None
        index, self._next_index = self._next_index, self._next_index + 1
        path = self._paths[index]
        image = read_picture(path)
        return Frame(image, index, index * SHOWN_S, time.monotonic(), str(path))

    def seek(self, time_s: float) -> None:
        """Go to the picture shown at ``time_s``."""
        self.seek_index(int(time_s / SHOWN_S))

    def seek_index(self, index: int) -> None:
        """Go to picture ``index``."""
        self._next_index = min(max(0, index), len(self._paths) - 1)

    def interrupt(self) -> None:
        """End the reading: what follows is None."""
        self._closed = True

    def close(self) -> None:
        """Nothing is held open between two pictures."""
        self._closed = True

    def _first_header(self, name: str) -> PictureHeader:
        for path in self._paths:
            try:
                header = read_header(path)
            except SourceError:
                continue
            if header is not None:
                return header
        raise NotAVideoError(name, detail="no picture in it can be read")
