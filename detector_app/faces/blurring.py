"""Making faces unrecognisable in a picture, for good.

A face becomes a mosaic of a few mean colours, smoothed: what goes out depends on nothing else, so no filter brings the face back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import cv2
import numpy as np

from detector_app.vision.detections import FloatArray
from detector_app.vision.frame import BgrImage
from detector_app.vision.frame_result import FrameResult

REACH = 0.75
"""Half axes of the ellipse in sides of the box; 0.71 would just cover the box, and a face is a little larger."""
CELLS = 6
"""Of the mosaic along each side of the ellipse: four over the face, too few to tell people apart."""
LEAST_CELL_PX = 4
"""A cell that is hardly more than a pixel would hide nothing."""


def blur_faces(image_bgr: BgrImage, boxes_xyxy: Iterable[FloatArray]) -> BgrImage:
    """A copy of the picture in which an ellipse over each box is smoothed beyond recognition; no boxes give the picture itself."""
    boxes = list(boxes_xyxy)
    if not boxes:
        return image_bgr
    canvas = image_bgr.copy()
    for box in boxes:
        _blur(canvas, box)
    return canvas


def hide_picture(image_bgr: BgrImage) -> BgrImage:
    """The picture as a few smooth colours, in which no face is left, however large."""
    height, width = image_bgr.shape[:2]
    mosaic = cv2.resize(image_bgr, (CELLS, CELLS), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(mosaic, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def hidden(result: FrameResult) -> FrameResult:
    """The result with a picture in which nobody can be known."""
    return replace(result, frame=replace(result.frame, image_bgr=hide_picture(result.frame.image_bgr)))


def _blur(canvas: BgrImage, xyxy: FloatArray) -> None:
    centre = (xyxy[:2] + xyxy[2:]) / 2
    axes = np.maximum((xyxy[2:] - xyxy[:2]) * REACH, 1)
    limits = np.array(canvas.shape[1::-1])
    left, top = np.clip(np.floor(centre - axes), 0, limits).astype(int)
    right, bottom = np.clip(np.ceil(centre + axes) + 1, 0, limits).astype(int)
    if right <= left or bottom <= top:
        return
    part = canvas[top:bottom, left:right]
    size = (right - left, bottom - top)
    cells = tuple(int(np.clip(side // LEAST_CELL_PX, 1, CELLS)) for side in size)
    mosaic = cv2.resize(part, cells, interpolation=cv2.INTER_AREA)
    smooth = cv2.resize(mosaic, size, interpolation=cv2.INTER_LINEAR)
    inside = np.zeros(part.shape[:2], np.uint8)
    middle = (round(float(centre[0])) - int(left), round(float(centre[1])) - int(top))
    cv2.ellipse(inside, middle, (round(float(axes[0])), round(float(axes[1]))), 0, 0, 360, 255, cv2.FILLED)
    np.copyto(part, smooth, where=inside[..., None] > 0)
