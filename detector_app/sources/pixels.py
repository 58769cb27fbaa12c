"""From a decoded FFmpeg frame to an upright BGR image."""

from __future__ import annotations

import av
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter

from detector_app.errors import SourceError
from detector_app.vision.frame import BgrImage

_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}


class BgrConverter:
    """Converts the frames of one source; used by one thread at a time, because it keeps FFmpeg's scaler between frames."""

    def __init__(self, where: str) -> None:
        """``where`` is the source's name for messages."""
        self._where = where
        self._reformatter = VideoReformatter()

    def upright(self, frame: av.VideoFrame) -> BgrImage:
        """The picture of ``frame`` as H×W×3 uint8 BGR, C-contiguous, colour matrix and range honoured, display rotation applied.

        Raises:
            SourceError: FFmpeg cannot convert pixels of this kind.
        """
        try:
            # One thread: more of them take the cores from the detector for what one does in a millisecond.
            image = self._reformatter.reformat(frame, format="bgr24", threads=1).to_ndarray()
        except av.FFmpegError as error:
            raise SourceError(self._where, detail=f"its pixels ({frame.format.name}) cannot be converted") from error
        turn = _TURNS.get(_turn_degrees(frame))
        return np.ascontiguousarray(image if turn is None else cv2.rotate(image, turn), dtype=np.uint8)


def upright_size(frame: av.VideoFrame) -> tuple[int, int]:
    """Width and height in pixels after rotation."""
    sideways = _turn_degrees(frame) in (90, 270)
    return (frame.height, frame.width) if sideways else (frame.width, frame.height)


def _turn_degrees(frame: av.VideoFrame) -> int:
    """Counterclockwise rotation that makes the picture upright: 0, 90, 180 or 270."""
    return round(frame.rotation / 90) % 4 * 90
