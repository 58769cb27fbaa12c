"""Annotated frames of one constant size, as a video needs them."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from detector_app.vision.classification import Classification
from detector_app.vision.detections import Detections
from detector_app.vision.frame import BgrImage, Frame
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.result_drawing import draw_result

MOST_SIDE_PX = 4096
"""Larger frames are scaled down: an encoder keeps dozens of them in memory."""


def canvas_size(frame: Frame) -> tuple[int, int]:
    """Width and height in pixels for a video that begins with ``frame``: its own, rounded up to even, at most ``MOST_SIDE_PX``."""
    factor = min(1.0, MOST_SIDE_PX / max(frame.width_px, frame.height_px))
    width, height = (max(1, round(side * factor)) for side in (frame.width_px, frame.height_px))
    return width + width % 2, height + height % 2


def annotated(result: FrameResult, size_wh: tuple[int, int]) -> BgrImage:
    """The frame with its detections or best classes drawn, as a picture of ``size_wh``.

    One row or column that is missing to an even size repeats the edge. A frame of another size is scaled and centred on black.
    """
    frame = result.frame
    missing = (size_wh[0] - frame.width_px, size_wh[1] - frame.height_px)
    if missing == (0, 0):
        return draw_result(frame.image_bgr, result.detections, result.classification)
    if missing in ((0, 1), (1, 0), (1, 1)):
        drawn = draw_result(frame.image_bgr, result.detections, result.classification)
        return np.asarray(cv2.copyMakeBorder(drawn, 0, missing[1], 0, missing[0], cv2.BORDER_REPLICATE), np.uint8)
    box = Letterbox.fit((frame.width_px, frame.height_px), size_wh)
    seen = None if result.classification is None else _seen_moved(result.classification, box)
    return draw_result(_placed(frame.image_bgr, box), _moved(result.detections, box), seen)


def _placed(image_bgr: BgrImage, box: Letterbox) -> BgrImage:
    canvas = np.zeros((box.input_wh[1], box.input_wh[0], 3), np.uint8)
    (width, height), left, top = box.scaled_wh, box.left_px, box.top_px
    canvas[top : top + height, left : left + width] = cv2.resize(
        image_bgr, (width, height), interpolation=cv2.INTER_AREA
    )
    return canvas


def _moved(detections: Detections, box: Letterbox) -> Detections:
    xyxy = box.forward(detections.xyxy.reshape(-1, 2, 2)).reshape(-1, 4)
    landmarks = None if detections.landmarks_xy is None else box.forward(detections.landmarks_xy)
    return replace(detections, xyxy=xyxy, landmarks_xy=landmarks)


def _seen_moved(classification: Classification, box: Letterbox) -> Classification:
    left, top, right, bottom = (
        box.forward(np.array(classification.seen_xyxy, np.float32).reshape(2, 2)).ravel().tolist()
    )
    return replace(classification, seen_xyxy=(left, top, right, bottom))
