"""The annotated video."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream

from detector_app.errors import SinkError
from detector_app.sinks.canvas import annotated, canvas_size
from detector_app.sinks.encoder import CLOCK_HZ, MP4_SUFFIXES, open_encoder
from detector_app.sinks.fragments import cut_to_whole_fragments, is_finished
from detector_app.sinks.stamps import Stamps
from detector_app.sinks.writing import typed_errors
from detector_app.vision.frame import BgrImage
from detector_app.vision.frame_result import FrameResult

_FALLBACK_FPS = 25.0
_HARDLY_FREE_BYTES = 1_000_000


class VideoWriter:
    """Draws the detections into the frames and encodes them, H.264 where FFmpeg can.

    An MP4 is written in fragments of a second, so that it plays up to there after a kill or on a full disk. Frames keep their times:
    a variable rate stays variable; where time jumps back (a seek, a loop) the recording goes on without a gap. All frames have
    the size of the first one, made even and at most 4096 a side; others are scaled and centred on black.
    """

    def __init__(self, path: Path, fps: float = 0.0) -> None:
        """Prepare to write ``path``, whose suffix chooses the container; the file begins with the first frame.

        Args:
            path: the video file.
            fps: nominal rate of the source, 0 if unknown.
        """
        self._path = path
        self._fps = fps if fps > 0 else _FALLBACK_FPS
        self._stamps = Stamps(CLOCK_HZ, self._fps)
        self._output: tuple[OutputContainer, VideoStream] | None = None
        self._size_wh = (0, 0)
        self._done = False

    @property
    def path(self) -> Path:
        """The video file."""
        return self._path

    def write(self, result: FrameResult) -> None:
        """Encode one frame; after a failure or ``close`` nothing more is taken.

        Raises:
            DiskFullError, SinkError: it cannot be written. The file is finished with what it has, and is playable.
        """
        if self._done:
            return
        with self._abandoned_on_failure():
            if self._output is None:
                self._size_wh = canvas_size(result.frame)
                self._output = open_encoder(self._path, self._size_wh, self._fps)
            picture = annotated(result, self._size_wh)
            self._encode(_to_video_frame(picture, self._stamps.of(result.frame.time_s)))

    def close(self) -> None:
        """Finish the file. Without any frame there is none.

        Raises:
            DiskFullError, SinkError: the last second could not be written; the file is playable up to there.
        """
        self._done = True
        if self._output is not None:
            with self._abandoned_on_failure():
                self._encode(None)
                self._output[0].close()
                self._require_end()
                self._output = None

    def _require_end(self) -> None:
        """FFmpeg does not say when the last thing that it writes while closing a file does not fit."""
        if self._path.suffix in MP4_SUFFIXES and not is_finished(self._path):
            full = shutil.disk_usage(self._path.parent).free < _HARDLY_FREE_BYTES
            code = errno.ENOSPC if full else errno.EIO
            raise OSError(code, os.strerror(code))

    def _encode(self, frame: av.VideoFrame | None) -> None:
        if self._output is not None:
            container, stream = self._output
            for packet in stream.encode(frame):
                packet.duration = packet.duration or self._stamps.step  # else the last frame would be shown for no time
                container.mux(packet)

    @contextlib.contextmanager
    def _abandoned_on_failure(self) -> Iterator[None]:
        try:
            with typed_errors(self._path):
                yield
        except av.FFmpegError as error:
            self._abandon()
            raise SinkError(str(self._path), detail=error.strerror or str(error)) from error
        except BaseException:
            self._abandon()
            raise

    def _abandon(self) -> None:
        """Keep of the file what is whole."""
        self._done = True
        output, self._output = self._output, None
        if output is not None:
            with contextlib.suppress(OSError, av.FFmpegError):
                output[0].close()
            if self._path.suffix in MP4_SUFFIXES:
                with contextlib.suppress(OSError):
                    cut_to_whole_fragments(self._path)


def _to_video_frame(image_bgr: BgrImage, stamp: int) -> av.VideoFrame:
    planes = np.asarray(cv2.cvtColor(image_bgr, cv2.COLOR_BGR2YUV_I420), np.uint8)
    frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
    frame.pts, frame.time_base = stamp, Fraction(1, CLOCK_HZ)
    return frame
