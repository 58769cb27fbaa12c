"""What every source of frames is to the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from detector_app.vision.frame import Frame


@dataclass(frozen=True)
class SourceInfo:
    """What is known of an open source.

    Attributes:
        name: what a person calls it (file name, camera name, address without password).
        kind: "video", "pictures", "camera" or "stream".
        live: frames come at their own pace; the newest wins and others are dropped.
        seekable: ``seek`` works.
        width_px, height_px: size of upright frames (of the first one where they differ).
        fps: nominal frames a second; 0 when unknown or meaningless (pictures).
        frame_count: exact number of frames, or None when it is not known.
        duration_s: presentation time of the end, or None.
    """

    name: str
    kind: str
    live: bool
    seekable: bool
    width_px: int
    height_px: int
    fps: float = 0.0
    frame_count: int | None = None
    duration_s: float | None = None


class Source(Protocol):
    """An open source. One thread reads it; ``interrupt`` may be called from any thread."""

    @property
    def info(self) -> SourceInfo:
        """What is known now; may change (a stream that came back with another size)."""

    def read(self) -> Frame | None:
        """The next frame, or None at the end.

        Raises:
            SourceError: this read failed. ``TruncatedError``: the rest cannot be read. For a folder, one broken picture raises
                and the next ``read`` goes on with the next picture.
        """

    def seek(self, time_s: float) -> None:
        """Make the next ``read`` deliver the frame shown at ``time_s`` (the last one whose time is ≤ it; clamped to the ends)."""

    def seek_index(self, index: int) -> None:
        """Make the next ``read`` deliver frame ``index`` exactly (clamped to the ends)."""

    def interrupt(self) -> None:
        """Make a blocked ``read`` return or raise soon. Never blocks; may be called more than once.

        It cannot be undone: every later ``read`` returns None at once, so that no ``read`` slips in before ``close``.
        """

    def close(self) -> None:
        """Release the device or file. May be called more than once."""
