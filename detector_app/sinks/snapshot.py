"""One picture, written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import cv2

from detector_app.errors import SinkError
from detector_app.sinks.writing import replaced_whole
from detector_app.vision.frame import BgrImage
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.result_drawing import draw_result

JPEG_QUALITY = 92


def write_snapshot(path: Path, result: FrameResult) -> None:
    """Write the annotated frame to ``path``; the suffix chooses the format.

    Raises:
        DiskFullError, SinkError: it cannot be written; nothing is left behind.
    """
    write_picture(path, draw_result(result.frame.image_bgr, result.detections, result.classification))


def write_picture(path: Path, image_bgr: BgrImage) -> None:
    """Write H×W×3 uint8 BGR to ``path``; the suffix chooses the format.

    Raises:
        DiskFullError, SinkError: it cannot be written, or the suffix is not that of a picture; nothing is left behind.
    """
    try:
        jpeg = path.suffix.lower() in (".jpg", ".jpeg")  # OpenCV warns of a quality that a format does not have
        done, data = cv2.imencode(path.suffix, image_bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY] if jpeg else [])
    except cv2.error:
        done = False
    if not done:
        raise SinkError(
            str(path), detail=f"“{path.suffix}” is not a picture format that can be written (use .png or .jpg)"
        )
    with replaced_whole(path) as part:
        part.write_bytes(data.tobytes())  # imwrite cannot write to every Unicode path on Windows
