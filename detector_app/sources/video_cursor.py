"""A place in a video file that can be moved to any frame exactly."""

from __future__ import annotations

import threading
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from detector_app.sources.packet_index import PacketIndex, read_packets
from detector_app.sources.video_reader import VideoReader, undecoded_packets

_FALLBACK_FPS = 25.0


class VideoCursor:
    """Reads forward from a position; knows every frame's stamp from the first jump on.

    Attributes:
        position: number of the frame that ``next`` gives.
        index: the frames of the file, or None before the first jump.
    """

    def __init__(self, path: Path, stop: threading.Event) -> None:
        """Open ``path``; ``stop`` ends long searches from another thread.

        Raises:
            NotAVideoError: FFmpeg does not read it.
        """
        self._path = path
        self._stop = stop
        self.reader = VideoReader(path)
        self.position = 0
        self.index: PacketIndex | None = None
        self._ahead = self.reader.next_frame()
        self._first_pts = self._ahead.pts if self._ahead and self.reader.stamped else None

    def peek(self) -> av.VideoFrame | None:
        """The frame that ``next`` would give, without moving; None unless just opened or moved."""
        return self._ahead

    def next(self) -> av.VideoFrame | None:
        """The frame at ``position``, which moves on by one; None at the end."""
        picture, self._ahead = self._ahead or self.reader.next_frame(), None
        if picture is not None:
            self.position += 1
        return picture

    def move(self, target: int) -> None:
        """Make ``next`` give frame ``target``: the first later one if it is damaged, the last one if there are fewer frames."""
        if target == 0:
            self._restart()
        elif target != self.position or not self._look_ahead():
            index = self.full_index()
            if index.exact:
                self._move_by_stamps(index, min(target, len(index) - 1))
            else:
                self._move_by_counting(target, index.packets)

    def _look_ahead(self) -> bool:
        self._ahead = self._ahead or self.reader.next_frame()
        return self._ahead is not None

    def number_at(self, time_s: float) -> int:
        """Number of the last frame whose time is not later than ``time_s``."""
        if time_s <= 0:
            return 0
        index = self.full_index()
        if not index.exact:
            return int(time_s * self.fps + 1e-6)  # the product of a frame's own time may fall just short of its number
        return max(0, int(np.searchsorted(self._times_s(index), time_s, side="right")) - 1)

    def time_s(self, pts: int | None, number: int) -> float:
        """Presentation time of a frame in seconds after the first one's."""
        counted = self.index is not None and not self.index.exact
        if counted or pts is None or self._first_pts is None:
            return number / self.fps
        return (pts - self._first_pts) * float(self.reader.time_base_s)

    def end_s(self) -> float | None:
        """When the last frame stops being shown (it is given the length of the one before); None when stamps are not known."""
        if self.index is None or not self.index.exact:
            return None
        times = self._times_s(self.index)
        return float(times[-1]) + (float(times[-1] - times[-2]) if len(times) > 1 else 1 / self.fps)

    @property
    def fps(self) -> float:
        """Frames a second: the average, or where stamps cannot be used the nominal rate by which times are counted."""
        stream = self.reader.stream
        rates = (stream.guessed_rate, stream.average_rate)
        rate = (rates[1] or rates[0]) if self._first_pts is not None else (rates[0] or rates[1])
        return float(rate or _FALLBACK_FPS)

    def full_index(self) -> PacketIndex:
        """Stamps of all frames; the first call reads the file's packets without decoding them."""
        if self.index is None:
            self.index = read_packets(undecoded_packets(self._path), self._first_pts, self._stop.is_set)
        return self.index

    def _times_s(self, index: PacketIndex) -> NDArray[np.float64]:
        return (index.pts - (self._first_pts or 0)).astype(np.float64) * float(self.reader.time_base_s)

    def _restart(self) -> None:
        self.reader.rewind()
        self._ahead, self.position = self.reader.next_frame(), 0

    def _move_by_stamps(self, index: PacketIndex, target: int) -> None:
        begins = index.key_order(target)
        # Without a key frame between here and there, going on is the shortest way.
        if not (self.position <= target and begins and begins[0] <= self.position):
            self._go_to_key(index, begins, target)
        self._decode_until(index, target)

    def _go_to_key(self, index: PacketIndex, begins: list[int], target: int) -> None:
        """Leave in ``_ahead`` a frame not later than ``target`` from which decoding is sound."""
        for key in begins:
            self.reader.seek(int(index.pts[key]))
            landed = self.reader.next_frame()
            if landed is not None and landed.pts is not None and landed.pts <= int(index.pts[target]):
                self._ahead = landed
                return
        self._restart()

    def _decode_until(self, index: PacketIndex, target: int) -> None:
        wanted = int(index.pts[target])
        found: av.VideoFrame | None = None
        while not self._stop.is_set():
            picture = self._ahead or self.reader.next_frame()
            self._ahead, found = None, picture or found
            if picture is None or (picture.pts is not None and picture.pts >= wanted):
                break
        self._ahead = found
        self.position = index.position(found.pts) if found is not None and found.pts is not None else target

    def _move_by_counting(self, target: int, most: int) -> None:
        target = min(target, max(most, 1) - 1)
        if target < self.position:
            self._restart()
        self._count_to(target)
        if self._ahead is None:  # fewer frames than packets, and already behind the last one
            self._restart()
            self._count_to(target)

    def _count_to(self, target: int) -> None:
        found = self._ahead or self.reader.next_frame()
        while found is not None and self.position < target and not self._stop.is_set():
            later = self.reader.next_frame()
            if later is None:
                break
            found, self.position = later, self.position + 1
        self._ahead = found

    def close(self) -> None:
        """Release the file."""
        self._ahead = None
        self.reader.close()
