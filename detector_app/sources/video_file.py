"""A video file as a source: every frame once, exact seek by number and by time."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import av

from detector_app.errors import TruncatedError, message
from detector_app.sources.pixels import BgrConverter
from detector_app.sources.source import SourceInfo
from detector_app.sources.video_cursor import VideoCursor
from detector_app.vision.frame import Frame

# Headers round: a file is cut off when more than this share of it, and more than these frames or seconds, are missing.
_MISSING_SHARE, _MISSING_FRAMES, _MISSING_S = 0.01, 2, 0.5


class VideoFile:
    """A ``Source`` over one file.

    Time begins at the first frame shown, whatever stamp the file gives it. Reading from the start needs nothing else; the first
    seek reads the file's packets once, without decoding, to learn every frame's stamp. Files without usable stamps (bare H.264,
    joined recordings) are sought by counting from the start: slower, but as exact.
    """

    def __init__(self, path: Path) -> None:
        """Open ``path`` and decode its first frame.

        Raises:
            NotAVideoError: it is no video, or no frame of it can be decoded.
        """
        self._path = path
        self._stop = threading.Event()
        self._last_info: SourceInfo | None = None
        self._converter = BgrConverter(str(path))
        self._wanted: int | None = None
        self._end_told = False
        self._cursor = VideoCursor(path, self._stop)
        self._last_s = 0.0

    @property
    def info(self) -> SourceInfo:
        """Number of frames and duration are the header's until the first seek, exact from then on; what was known last, once closed."""
        # FFmpeg's structures are gone with the file: asking them then ends the process.
        return self._last_info or self._info_now()

    def read(self) -> Frame | None:
        """The next frame, or None at the end and after ``interrupt``.

        Raises:
            TruncatedError: the end was reached, but the file promises more, or a part of it could not be decoded. Raised once
                each time the end is reached; ``found`` is the number of frames up to there.
            SourceError: the pixels of the frame are of a kind that cannot be converted.
        """
        if self._last_info is not None or self._stop.is_set():
            return None
        self._move()
        picture = self._cursor.next()
        if picture is None:
            self._tell_damage()
            return None
        return self._deliver(picture, self._cursor.position - 1)

    def seek(self, time_s: float) -> None:
        """Make the next ``read`` deliver the frame shown at ``time_s``."""
        if self._last_info is None:
            self.seek_index(self._cursor.number_at(time_s))

    def seek_index(self, index: int) -> None:
        """Make the next ``read`` deliver frame ``index`` exactly."""
        self._wanted = max(0, index)

    def interrupt(self) -> None:
        """End a long search; afterwards the source can only be closed."""
        self._stop.set()

    def close(self) -> None:
        """Release the file."""
        if self._last_info is None:
            self._last_info = self._info_now()
            self._cursor.close()

    def _info_now(self) -> SourceInfo:
        index, reader = self._cursor.index, self._cursor.reader
        count = len(index) if index is not None and index.exact else reader.stream.frames or None
        duration = self._cursor.end_s() or reader.duration_s
        if duration is None and count:
            duration = count / self._cursor.fps
        return SourceInfo(
            name=self._path.name,
            kind="video",
            live=False,
            seekable=True,
            width_px=self._cursor.width_px,
            height_px=self._cursor.height_px,
            fps=self._cursor.fps,
            frame_count=count,
            duration_s=duration,
        )

    def _move(self) -> None:
        if self._wanted is not None:
            wanted, self._wanted, self._end_told = self._wanted, None, False
            self._cursor.move(wanted)

    def _deliver(self, picture: av.VideoFrame, number: int) -> Frame:
        self._last_s = self._cursor.time_s(picture.pts, number)
        return Frame(self._converter.upright(picture), number, self._last_s, time.monotonic(), str(self._path))

    def _tell_damage(self) -> None:
        if self._end_told or self._stop.is_set():
            return
        self._end_told = True
        detail = self._what_is_missing()
        if detail:
            raise TruncatedError(str(self._path), found=self._cursor.position, detail=detail)

    def _what_is_missing(self) -> str:
        """What is wrong with a file that was read to its end; empty when it is whole."""
        reader, index = self._cursor.reader, self._cursor.index
        if reader.damaged:
            return message("a part of it cannot be decoded")
        packets = reader.packets if reader.packets is not None else index.packets if index else None
        promised = reader.stream.frames
        if packets is not None and promised - packets > max(_MISSING_FRAMES, promised * _MISSING_SHARE):
            return f"its header promises {promised} frames"
        promised_s = reader.promised_duration_s or 0.0
        if promised_s - self._last_s > max(_MISSING_S + 1 / self._cursor.fps, promised_s * _MISSING_SHARE):
            return f"its header promises {promised_s:.1f} s"
        return ""
