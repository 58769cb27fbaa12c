"""Where each frame of a video file is: its place in presentation order, found by reading packets without decoding them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

# No usual codec reorders frames further than this. A packet further from its sorted place means that the clock of the file
# jumped (joined recordings), and then time stamps do not tell the order of frames.
_FURTHEST_REORDER = 32


@dataclass(frozen=True, eq=False)
class PacketIndex:
    """Frames of one file in presentation order.

    Attributes:
        pts: (N,) int64 presentation time stamps in the stream's time base, ascending; N is the number of frames.
        keys: (K,) int64 positions in ``pts`` at which decoding can begin, ascending.
        packets: number of packets read, also of those that are not shown.
        exact: stamps are complete, unique and in order, so that a frame is known by its stamp. If False only counting is safe.
    """

    pts: NDArray[np.int64]
    keys: NDArray[np.int64]
    packets: int
    exact: bool

    def __len__(self) -> int:
        return len(self.pts)

    def position(self, pts: int) -> int:
        """Number of the frame shown at the stamp ``pts`` (the last one that is not later; 0 before the first)."""
        return max(0, int(np.searchsorted(self.pts, pts, side="right")) - 1)

    def key_order(self, position: int) -> list[int]:
        """Positions to begin decoding at for frame ``position``, best first; the later ones are for containers that seek past it."""
        last = bisect_right(self.keys.tolist(), position) - 1
        return [int(self.keys[k]) for k in (last, last - 1, last - 3) if k >= 0]


def read_packets(
    packets: Iterable[av.Packet[VideoStream]], first_pts: int | None, stop: Callable[[], bool]
) -> PacketIndex:
    """Index the ``packets`` of one video stream.

    Args:
        packets: all packets of the stream in file order.
        first_pts: stamp of the first frame that is shown; earlier packets only feed the decoder. None when the file has no stamps.
        stop: asked for each packet; when true the index ends there (the source is being closed).
    """
    stamps: list[int] = []
    keyed: list[bool] = []
    count, complete = 0, first_pts is not None
    for packet in packets:
        if stop():
            break
        if not packet.size:  # the mark of the end
            continue
        count += 1
        complete = complete and packet.pts is not None
        if packet.pts is not None and not packet.is_discard and packet.pts >= (first_pts or 0):
            stamps.append(packet.pts)
            keyed.append(packet.is_keyframe)
    return _sorted_index(np.array(stamps, np.int64), np.array(keyed, bool), count, complete)


def _sorted_index(stamps: NDArray[np.int64], keyed: NDArray[np.bool_], packets: int, complete: bool) -> PacketIndex:
    order = np.argsort(stamps, kind="stable")
    pts = stamps[order]
    in_order = len(pts) > 0 and int(np.abs(order - np.arange(len(order))).max()) <= _FURTHEST_REORDER
    exact = complete and in_order and bool((np.diff(pts) > 0).all())
    return PacketIndex(pts, np.flatnonzero(keyed[order]), packets, exact)
