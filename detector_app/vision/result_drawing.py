"""All that a result says, in the pixels of a picture: boxes, or the best classes as a small panel in the corner."""

from __future__ import annotations

import numpy as np

from detector_app.vision.classification import TOP, Classification, Label
from detector_app.vision.detections import Detections
from detector_app.vision.drawing import chip, draw, frame, has_unicode, text_height_px, text_width, write
from detector_app.vision.frame import BgrImage
from detector_app.vision.palette import Rgb

PANEL: Rgb = (20, 22, 26)
BEST: Rgb = (255, 255, 255)
OTHERS: Rgb = (178, 186, 194)
TRACK: Rgb = (58, 64, 72)
PANEL_OPACITY = 0.82
"""The picture behind the panel is still felt, and the words are legible on snow."""
PANEL_TEXTS = 15
"""Width of the panel in heights of its text; the same for all pictures of a size, so that nothing jumps in a video."""
ROW_TEXTS = 1.9
"""Height of a row in heights of its text."""
MOST_OF_HEIGHT = 0.7


def draw_result(
    image_bgr: BgrImage, detections: Detections, classification: Classification | None = None, rows: int = TOP
) -> BgrImage:
    """A copy of the picture with every detection or, of a classification, the ``rows`` best classes and a frame around what was seen.

    Where the panel has no room, or for one row, a label chip in the corner names the best class.
    """
    canvas = draw(image_bgr, detections)
    if classification is not None:
        _draw_seen(canvas, classification)
        _draw_best(canvas, classification, rows)
    return canvas


def _draw_best(canvas: BgrImage, classification: Classification, rows: int) -> None:
    height, width = canvas.shape[:2]
    text_px = text_height_px(height, width)
    room = int((height * MOST_OF_HEIGHT - 1.2 * text_px) / (ROW_TEXTS * text_px))
    labels = classification.top(min(rows, max(1, room)))
    if len(labels) > 1 and width >= 1.1 * PANEL_TEXTS * text_px:
        _draw_panel(canvas, labels, text_px)
    else:
        share = labels[0].percent
        name = _cut(shown_name(labels[0]), width - text_width(f" {share}", text_px) - text_px, text_px)
        chip(canvas, (0, 0), f"{name} {share}", PANEL, text_px)


def _draw_panel(canvas: BgrImage, labels: tuple[Label, ...], text_px: int) -> None:
    margin, pad, row_px = text_px // 2, round(0.7 * text_px), round(ROW_TEXTS * text_px)
    width, height = PANEL_TEXTS * text_px, len(labels) * row_px + round(0.9 * text_px)
    area = canvas[margin : margin + height, margin : margin + width]
    area[...] = (area * (1 - PANEL_OPACITY) + np.array(PANEL[::-1]) * PANEL_OPACITY).astype(np.uint8)
    left, right = margin + pad, margin + width - pad
    for i, label in enumerate(labels):
        top = margin + pad + i * row_px
        color = BEST if i == 0 else OTHERS
        share_px = text_width("100.0 %", text_px)
        baseline = top + round(0.85 * text_px)
        write(
            canvas,
            (left, baseline),
            _cut(shown_name(label), right - left - share_px - text_px, text_px),
            color,
            text_px,
        )
        write(canvas, (right - text_width(label.percent, text_px), baseline), label.percent, color, text_px)
        _draw_bar(canvas, (left, top + round(1.3 * text_px), right), label.probability, max(2, text_px // 5), color)


def _draw_bar(canvas: BgrImage, place: tuple[int, int, int], share: float, thick_px: int, color: Rgb) -> None:
    left, top, right = place
    canvas[top : top + thick_px, left:right] = TRACK[::-1]
    canvas[top : top + thick_px, left : left + round(share * (right - left))] = color[::-1]


def _draw_seen(canvas: BgrImage, classification: Classification) -> None:
    """A thin white line, dark on either side, around the part that the network saw, unless that is all."""
    if classification.sees_all(canvas.shape[1], canvas.shape[0]):
        return
    left, top, right, bottom = (round(edge) for edge in classification.seen_xyxy)
    for inset, color in ((0, PANEL), (1, BEST), (2, PANEL)):
        frame(canvas, (left + inset, top + inset, right - inset, bottom - inset), color, 0.8)


def shown_name(label: Label) -> str:
    """The name, or the class's number where only ASCII can be written."""
    return label.name if has_unicode() or label.name.isascii() else f"#{label.class_id}"


def _cut(text: str, width_px: int, text_px: int) -> str:
    """``text``, its end left out if it is wider than ``width_px``."""
    if text_width(text, text_px) <= width_px:
        return text
    dots = "…" if has_unicode() else "..."
    while text and text_width(text + dots, text_px) > width_px:
        text = text[:-1]
    return text.rstrip() + dots
