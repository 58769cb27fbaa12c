"""Boxes and labels in the pixels of a picture, for recordings and snapshots. (The window paints vectors instead.)"""

from __future__ import annotations

import threading
from typing import Any

import cv2
import numpy as np

from detector_app.vision.detections import Detections, FloatArray
from detector_app.vision.frame import BgrImage
from detector_app.vision.palette import CASING_OPACITY, Rgb, class_color, text_color

LINE_PX = 2
DOT_PX = 3
DARK_BGR = (30, 30, 30)
KNOWN, UNKNOWN = "known", "unknown"
_fonts = threading.local()


def draw(image_bgr: BgrImage, detections: Detections) -> BgrImage:
    """A copy of the picture with every box, its label chip (class and score) and its landmarks; the best score on top."""
    canvas = image_bgr.copy()
    text_px = text_height_px(image_bgr.shape[0], image_bgr.shape[1])
    for i in reversed(range(len(detections))):
        color = class_color(detections.name(i))
        left, top, right, bottom = (round(float(edge)) for edge in detections.xyxy[i])
        for inset in (-1, LINE_PX):
            frame(canvas, (left + inset, top + inset, right - inset, bottom - inset), text_color(color), CASING_OPACITY)
        for inset in range(LINE_PX):
            frame(canvas, (left + inset, top + inset, right - inset, bottom - inset), color)
        if detections.landmarks_xy is not None and np.isfinite(detections.landmarks_xy[i]).all():
            _draw_dots(canvas, detections.landmarks_xy[i], color)
        chip(canvas, (left, top), label_text(detections, i, has_unicode()), color, text_px)
    return canvas


def text_height_px(height_px: int, width_px: int) -> int:
    """Height of label text that is readable, yet modest, in a picture of this size."""
    return int(np.clip(min(height_px, width_px) // 40, 12, 40))


def has_unicode() -> bool:
    """Whether this OpenCV writes every script (5.0 has a Unicode font inside; 4.x knows ASCII alone)."""
    return hasattr(cv2, "FontFace")


def label_text(detections: Detections, i: int, unicode: bool) -> str:
    """Class and score; of a face that was compared the person's name and the distance, or "unknown"; the id of what is followed, "#7".

    Where only ASCII can be written, other classes are given by their number, "#3", rather than as question marks, and people as "known".
    """
    return f"{_name_text(detections, i, unicode)}{track_text(detections, i)}"


def track_text(detections: Detections, i: int) -> str:
    """The ending " #7" for what is followed as number 7, else nothing."""
    number = -1 if detections.track_ids is None else int(detections.track_ids[i])
    return f" #{number}" if number > 0 else ""


def _name_text(detections: Detections, i: int, unicode: bool) -> str:
    identity = detections.identity(i)
    if identity is not None and not identity.refusal:
        person = identity.name if unicode or identity.name.isascii() else KNOWN
        return f"{person} {identity.distance:.2f}" if identity.known else UNKNOWN
    name = detections.name(i)
    if not unicode and not name.isascii():
        name = f"#{int(detections.class_ids[i])}"
    return f"{name} {detections.scores[i]:.2f}"


def frame(canvas: BgrImage, edges: tuple[int, int, int, int], color: Rgb, opacity: float = 1.0) -> None:
    """The outermost pixels of the rectangle left, top, right, bottom (the last two exclusive); nothing if it is empty."""
    left, top, right, bottom = edges
    if right <= left or bottom <= top:
        return
    lines = {(left, top, right, top + 1), (left, bottom - 1, right, bottom)}
    lines |= {(left, top + 1, left + 1, bottom - 1), (right - 1, top + 1, right, bottom - 1)}
    for x0, y0, x1, y1 in lines:  # a set: what is one pixel thin has two of them, not four
        strip = canvas[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)]
        strip[...] = strip * (1 - opacity) + np.array(color[::-1]) * opacity


def chip(canvas: BgrImage, corner: tuple[int, int], text: str, color: Rgb, text_px: int) -> None:
    """A filled chip above the box; inside at the top edge if there is no room; never beyond the left or right edge."""
    pad = max(2, text_px // 4)
    width, height = text_width(text, text_px) + 2 * pad, text_px + 2 * pad
    left = max(0, min(corner[0], canvas.shape[1] - width))
    top = corner[1] - height if corner[1] >= height else max(0, corner[1])
    cv2.rectangle(canvas, (left, top), (left + width - 1, top + height - 1), color[::-1], cv2.FILLED)
    write(canvas, (left + pad, top + pad + round(text_px * 0.85)), text, text_color(color), text_px)


def _draw_dots(canvas: BgrImage, points_xy: FloatArray, color: Rgb) -> None:
    for x, y in points_xy:
        centre = (round(float(x)), round(float(y)))
        cv2.circle(canvas, centre, DOT_PX + 1, DARK_BGR, cv2.FILLED, cv2.LINE_AA)
        cv2.circle(canvas, centre, DOT_PX, color[::-1], cv2.FILLED, cv2.LINE_AA)


def _font() -> Any:
    """OpenCV's own Unicode font; one per thread, because it keeps a cache of glyphs without a lock."""
    if not hasattr(_fonts, "face"):
        _fonts.face = cv2.FontFace("uni")
    return _fonts.face


def _hershey_scale(text_px: int) -> float:
    """Scale at which the capitals of OpenCV's old stroke font have about the same height."""
    return cv2.getFontScaleFromHeight(cv2.FONT_HERSHEY_SIMPLEX, round(text_px * 0.75))


def text_width(text: str, text_px: int) -> int:
    """Pixels that ``text`` takes in the line when it is ``text_px`` high."""
    if has_unicode():
        # A point beyond the space the text needs, so that nothing wraps while it is measured.
        _, _, width, _ = cv2.getTextSize((1 << 14, 1 << 10), text, (0, text_px), _font(), text_px)
        return int(width)
    return int(cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, _hershey_scale(text_px), 1)[0][0])


def write(canvas: BgrImage, baseline: tuple[int, int], text: str, color: Rgb, text_px: int) -> None:
    """Write ``text`` from the point ``baseline`` to the right."""
    if has_unicode():
        cv2.putText(canvas, text, baseline, color[::-1], _font(), text_px)
    else:
        font, scale = cv2.FONT_HERSHEY_SIMPLEX, _hershey_scale(text_px)
        cv2.putText(canvas, text, baseline, font, scale, color[::-1], 1, cv2.LINE_AA)
