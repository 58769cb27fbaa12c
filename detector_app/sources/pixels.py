"""From a decoded FFmpeg frame to an upright BGR image."""

from __future__ import annotations

import av
import cv2
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from detector_app.vision.frame import BgrImage

# OpenCV's I420 conversion knows one matrix (BT.601) and one range (limited). FFmpeg reads an untagged frame the same way.
_BT601 = {int(Colorspace.ITU601), int(Colorspace.SMPTE170M), 2}
_LIMITED = {int(ColorRange.UNSPECIFIED), int(ColorRange.MPEG)}

_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}


def upright_bgr(frame: av.VideoFrame) -> BgrImage:
    """The picture of ``frame`` as H×W×3 uint8 BGR, C-contiguous, colour matrix and range honoured, display rotation applied."""
    image = _to_bgr(frame)
    turn = _TURNS.get(round(frame.rotation / 90) % 4 * 90)
    return np.ascontiguousarray(image if turn is None else cv2.rotate(image, turn), dtype=np.uint8)


def _to_bgr(frame: av.VideoFrame) -> BgrImage:
    if _opencv_converts(frame):
        return np.asarray(cv2.cvtColor(frame.to_ndarray(), cv2.COLOR_YUV2BGR_I420), dtype=np.uint8)
    return np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)


def _opencv_converts(frame: av.VideoFrame) -> bool:
    """The common case, for which OpenCV is faster than FFmpeg's converter."""
    even = frame.width % 2 == 0 and frame.height % 2 == 0
    return frame.format.name == "yuv420p" and even and frame.colorspace in _BT601 and frame.color_range in _LIMITED
