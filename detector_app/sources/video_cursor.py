"""A place in a video file that can be moved to any frame exactly."""

from __future__ import annotations

import threading
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from detector_app.errors import NotAVideoError
from detector_app.sources.packet_index import PacketIndex, read_packets
from detector_app.sources.pixels import upright_size
from detector_app.sources.recent_frames import RecentFrames
from detector_app.sources.video_reader import VideoReader, undecoded_packets

_FALLBACK_FPS = 25.0


class VideoCursor:
    """Reads forward from a position; knows every frame's stamp from the first jump on.

    Frames decoded on the way to a jump's target are kept for a while, so that steps backwards do not decode from the key frame
    each time.

    Attributes:
        position: number of the frame that ``next`` gives.
        index: the frames of the file, or None before the first jump.
        width_px, height_px: size of the first frame, upright.
    """

    def __init__(self, path: Path, stop: threading.Event) -> None:
        """Open ``path`` and decode its first frame; ``stop`` ends long searches from another thread.

        Raises:
            NotAVideoError: FFmpeg does not read it, or no frame of it can be decoded.
        """
        self._path = path
        self._stop = stop
        self.reader = VideoReader(path)
        self.position = 0
        self.index: PacketIndex | None = None
        self._recent = RecentFrames()
        self._coming = 0  # number of the frame that the decoder gives next, as far as counting tells
        self._clock_jumped = False
        self._latest_pts: int | None = None
        first = self._pull()
        if first is None:
            self.reader.close()
            raise NotAVideoError(str(path), detail="no frame of it can be decoded")
        self.width_px, self.height_px = upright_size(first)
        self._first_pts = first.pts if self.reader.stamped else None

    def next(self) -> av.VideoFrame | None:
        """The frame at ``position``, which moves on by one; None at the end."""
        picture = self._recent.get(self.position)
        if picture is None:
            self._recent.clear()
            picture = self._pull()
            if picture is None:
                return None
            self.position = self._coming - 1
            self._watch_clock(picture.pts)
        self.position += 1
        return picture

    def move(self, target: int) -> None:
        """Make ``next`` give frame ``target``: the first later one if it is damaged, the last one if there are fewer frames."""
        self._latest_pts = None
        if self._recent.get(target) is not None:
            self.position = target
        elif target == 0:
            self._restart()
        elif target != self._coming or self._pull() is None:
            self._search(target)
        else:
            self.position = self._coming - 1

    def number_at(self, time_s: float) -> int:
        """Number of the last frame whose time is not later than ``time_s``."""
        if time_s <= 0:
            return 0
        index = self.full_index()
        if not index.exact:
            return int(time_s * self.fps + 1e-6)  # the product of a frame's own time may fall just short of its number
        return max(0, int(np.searchsorted(self._times_s(index.pts), time_s, side="right")) - 1)

    def time_s(self, pts: int | None, number: int) -> float:
        """Presentation time of a frame in seconds after the first one's."""
        counted = self.index is not None and not self.index.exact
        if counted or self._clock_jumped or pts is None or self._first_pts is None:
            return number / self.fps
        return (pts - self._first_pts) * float(self.reader.time_base_s)

    def end_s(self) -> float | None:
        """When the last frame stops being shown (it is given the length of the one before); None when stamps are not known."""
        if self.index is None or not self.index.exact:
            return None
        times = self._times_s(self.index.pts[-2:])
        return float(times[-1]) + (float(times[-1] - times[0]) if len(times) > 1 else 1 / self.fps)

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

    def _times_s(self, pts: NDArray[np.int64]) -> NDArray[np.float64]:
        return (pts - (self._first_pts or 0)).astype(np.float64) * float(self.reader.time_base_s)

    def _pull(self) -> av.VideoFrame | None:
        """The decoder's next frame, numbered and kept."""
        picture = self.reader.next_frame()
        if picture is not None:
            number = self._coming
            if self.index is not None and self.index.exact and picture.pts is not None:
                number = self.index.position(picture.pts)
            self._recent.add(number, picture)
            self._coming = number + 1
        return picture

    def _watch_clock(self, pts: int | None) -> None:
        """Joined recordings: where stamps go back, times are counted from then on, as they are once the index is known."""
        if pts is not None and self._latest_pts is not None and pts < self._latest_pts:
            self._clock_jumped = True
        self._latest_pts = pts

    def _restart(self) -> None:
        self._recent.clear()
        self.reader.rewind()
        self._coming = self.position = 0
        self._pull()

    def _search(self, target: int) -> None:
        index = self.full_index()
        if index.exact:
            target = min(target, len(index) - 1)
            self._approach(index, target)
        else:
            target = min(target, max(index.packets, 1) - 1)
            if target < self._coming or self._recent.newest() is None:
                self._restart()
        while self._coming <= target and not self._stop.is_set() and self._pull() is not None:
            pass
        newest = self._recent.newest()
        self.position = self._coming if newest is None else newest

    def _approach(self, index: PacketIndex, target: int) -> None:
        """Bring the decoder to a frame not later than ``target`` from which decoding is sound."""
        begins = index.key_order(target)
        if self._recent.newest() is not None and self._coming <= target and begins and begins[0] <= self._coming:
            return  # without a key frame between here and there, going on is the shortest way
        for key in begins:
            self._recent.clear()
            self.reader.seek(int(index.pts[key]))
            landed = self._pull()
            if landed is not None and landed.pts is not None and landed.pts <= int(index.pts[target]):
                return
        self._restart()

    def close(self) -> None:
        """Release the file."""
        self._recent.clear()
        self.reader.close()
