"""The figures of the help, computed by the functions that the detectors use and painted when a page is opened."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QFont, QImage, QPainter

from detector_app.ui.help.brush import HEIGHT_PX, WIDTH_PX, Brush
from detector_app.ui.theme import Tokens
from detector_app.vision.boxes import from_centres, iou_matrix
from detector_app.vision.letterbox import Letterbox
from detector_app.vision.suppression import Kind, suppress

CELL_PX = 32
ANCHORS_WH = ((36.0, 28.0), (48.0, 84.0), (120.0, 66.0))
PAIRS = ((20, 0), (44, 10), (70, 50))
"""How far the second box of each pair in the figure of IoU is moved, in pixels."""
SIDE_PX = 80
CROWD_XYXY = np.array(
    [(50, 40, 150, 150), (58, 48, 160, 156), (42, 34, 140, 146), (100, 60, 200, 170), (20, 110, 70, 180)], np.float32
)
LABELS_XY = ((6.0, 60.0), (166.0, 46.0), (6.0, 28.0), (206.0, 168.0), (76.0, 188.0))
CROWD_SCORES = np.array([0.95, 0.90, 0.72, 0.66, 0.45], np.float32)
OVERLAP = 0.5


def figure(name: str, tokens: Tokens, font: QFont, ratio: float = 1.0) -> QImage:
    """Paint the figure called ``name``, :data:`WIDTH_PX` × :data:`HEIGHT_PX` on a screen with that device pixel ratio.

    Raises:
        KeyError: there is none.
    """
    paint = FIGURES[name]
    image = QImage(round(WIDTH_PX * ratio), round(HEIGHT_PX * ratio), QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    try:
        paint(Brush(painter, tokens))
    finally:
        painter.end()
    return image


def _grid(brush: Brush) -> None:
    """Cells; the one that holds the middle of a box is the one that answers."""
    left, top, columns, rows = 20, 4, 16, 6
    for i in range(columns + 1):
        brush.line([(left + i * CELL_PX, top), (left + i * CELL_PX, top + rows * CELL_PX)], "line", width=1)
    for i in range(rows + 1):
        brush.line([(left, top + i * CELL_PX), (left + columns * CELL_PX, top + i * CELL_PX)], "line", width=1)
    box = np.array((190, 28, 330, 172), np.float32)
    middle = (box[:2] + box[2:]) / 2
    cell = np.floor((middle - (left, top)) / CELL_PX) * CELL_PX + (left, top)
    brush.box((*cell, *(cell + CELL_PX)), "accent", fill=0.35)
    brush.box(box, "box1", width=3)
    brush.dot(float(middle[0]), float(middle[1]), "box1", 5)


def _anchors(brush: Brush) -> None:
    """Three anchors around a cell, and what the network makes of one: moved and scaled."""
    centre = np.array([[150.0, 100.0]], np.float32)
    for wh in ANCHORS_WH:
        brush.box(from_centres(centre, np.array([wh], np.float32))[0], "muted", width=1.5, dashed=True)
    brush.box((134, 84, 166, 116), "accent", width=1, fill=0.35)
    brush.arrow((240, 100), (310, 100))
    place = np.array([[420.0, 100.0]], np.float32)
    chosen = np.array([ANCHORS_WH[1]], np.float32)
    brush.box(from_centres(place, chosen)[0], "muted", width=1.5, dashed=True)
    moved = place + np.array([[9.0, -6.0]], np.float32)
    brush.box(from_centres(moved, chosen * np.exp(np.array([[0.35, 0.5]], np.float32)))[0], "box1", width=3)
    brush.dot(float(moved[0, 0]), float(moved[0, 1]), "box1", 5)


def _score(brush: Brush) -> None:
    """Objectness times class probability, and a threshold."""
    rows = ((0.92, 0.85, "box0"), (0.60, 0.80, "box1"), (0.85, 0.30, "box6"))
    scale, left = 330.0, 60.0
    for i, (objectness, share, colour) in enumerate(rows):
        top = 24 + i * 56
        score = objectness * share
        brush.box((left, top, left + scale, top + 26), "line", width=1)
        brush.box((left, top, left + scale * score, top + 26), colour, width=1, fill=0.75 if score >= 0.4 else 0.2)
        brush.text(left + scale + 12, top + 18, f"{objectness:.2f} × {share:.2f} = {score:.2f}")
    brush.line([(left + scale * 0.4, 10), (left + scale * 0.4, 182)], "accent", dashed=True)
    brush.text(left + scale * 0.4, 197, "0.40", "accent", centred=True)


def iou_pairs() -> list[tuple[np.ndarray[tuple[int, ...], np.dtype[np.float32]], float]]:
    """The pairs of the figure of IoU, (2, 4) each, with what :func:`iou_matrix` says of them."""
    found = []
    for i, (dx, dy) in enumerate(PAIRS):
        left = 24.0 + i * 184
        pair = np.array(
            [(left, 16, left + SIDE_PX, 96), (left + dx, 16 + dy, left + dx + SIDE_PX, 96 + dy)], np.float32
        )
        found.append((pair, float(iou_matrix(pair[:1], pair[1:])[0, 0])))
    return found


def _iou(brush: Brush) -> None:
    """Three pairs of boxes with their IoU."""
    for pair, iou in iou_pairs():
        shared = (*np.maximum(pair[0, :2], pair[1, :2]), *np.minimum(pair[0, 2:], pair[1, 2:]))
        brush.box(shared, "accent", width=0, fill=0.45)
        brush.box(pair[0], "box0")
        brush.box(pair[1], "box1")
        brush.text(float(pair[0, 0]), 190, f"IoU {iou:.2f}")


def _nms(brush: Brush) -> None:
    """Candidates, then what is left of them."""
    classes = np.zeros(len(CROWD_SCORES), np.int64)
    kept = suppress(Kind.PER_CLASS, CROWD_XYXY, CROWD_SCORES, classes, iou=OVERLAP, score=0.4).kept
    for i in reversed(range(len(CROWD_XYXY))):
        brush.box(CROWD_XYXY[i], "box0" if i in kept else "muted", width=2, dashed=i not in kept)
        brush.text(*LABELS_XY[i], f"{CROWD_SCORES[i]:.2f}", "muted")
    brush.arrow((256, 100), (306, 100))
    for i in kept:
        shifted = CROWD_XYXY[i] + np.array((310, 0, 310, 0), np.float32)
        brush.box(shifted, "box0", width=3, fill=0.1)
        brush.text(float(shifted[2]) + 3, float(shifted[3]), f"{CROWD_SCORES[i]:.2f}")


def _stages(brush: Brush, names: tuple[str, ...], details: tuple[str, ...], counts: tuple[int, ...]) -> None:
    """Networks in a row, with how many candidates go on."""
    wide, gap = 132.0, 54.0
    for i, (name, detail) in enumerate(zip(names, details, strict=True)):
        left = 24 + i * (wide + gap)
        brush.box((left, 56, left + wide, 132), "accent", width=1.5, fill=0.12)
        brush.text(left + wide / 2, 90, name, centred=True)
        brush.text(left + wide / 2, 114, detail, "muted", centred=True)
        if i < len(names) - 1:
            brush.arrow((left + wide + 6, 94), (left + wide + gap - 6, 94))
            brush.text(left + wide + gap / 2, 82, f"{counts[i]}", "muted", centred=True)
    for i, count in enumerate(counts):
        left = 24 + i * (wide + gap)
        brush.box((left, 152, left + max(3.0, wide * count / counts[0]), 168), f"box{(0, 1, 6)[i]}", width=0, fill=0.9)


def _mtcnn(brush: Brush) -> None:
    _stages(brush, ("P-Net", "R-Net", "O-Net"), ("12 × 12", "24 × 24", "48 × 48"), (300, 40, 4))


def _rcnn(brush: Brush) -> None:
    _stages(brush, ("CNN", "RPN", "Fast R-CNN"), ("features", "proposals", "RoI → box"), (2000, 300, 12))


def _letterbox(brush: Brush) -> None:
    """A wide picture and the square that the network takes, true to scale."""
    factor = 0.36
    fitted = Letterbox.fit((640, 400), (416, 416))
    brush.box((24, 30, 24 + 640 * factor, 30 + 400 * factor), "box0", fill=0.2)
    brush.text(24, 22, "640 × 400", "muted")
    brush.arrow((268, 100), (330, 100))
    left, top = 350.0, 26.0
    side = 416 * factor
    brush.box((left, top, left + side, top + side), "muted", fill=0.35)
    inside = np.array((fitted.left_px, fitted.top_px)) * factor + (left, top)
    brush.box((*inside, *(inside + np.array(fitted.scaled_wh) * factor)), "box0", fill=0.45)
    brush.text(left, 18, "416 × 416", "muted")
    brush.text(left + side + 10, 104, f"× {fitted.scale_xy[0]:.2f}")


def precision_recall() -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], ...]:
    """Recall and precision after each of ten detections, best first, of which seven are right; eight objects are there."""
    right = np.array([1, 1, 1, 0, 1, 1, 0, 1, 0, 1])
    return np.cumsum(right) / 8, np.cumsum(right) / np.arange(1, len(right) + 1)


def _precision_recall(brush: Brush) -> None:
    """A curve, and how it looks when it may only fall: the area below that is the average precision."""
    left, bottom, wide, high = 60.0, 170.0, 440.0, 140.0
    recall, precision = precision_recall()
    falling = np.maximum.accumulate(precision[::-1])[::-1]
    area = float(np.sum(np.diff(recall, prepend=0) * falling))
    stairs = [(left, bottom - high * falling[0])]
    for r, p in zip(recall, falling, strict=True):
        stairs += [(stairs[-1][0], bottom - high * p), (left + wide * r, bottom - high * p)]
    brush.line([(left, bottom - high - 8), (left, bottom), (left + wide, bottom)], "muted", width=1)
    brush.line(stairs, "accent", width=2, dashed=True)
    brush.line([(left + wide * r, bottom - high * p) for r, p in zip(recall, precision, strict=True)], "box1")
    for r, p in zip(recall, precision, strict=True):
        brush.dot(left + wide * r, bottom - high * p, "box1")
    brush.text(left + 20, bottom - 16, f"AP {area:.2f}", "accent")
    brush.text(left - 16, bottom - high, "P", "muted")
    brush.text(left + wide + 6, bottom + 4, "R", "muted")


def _tracking(brush: Brush) -> None:
    """Boxes of one object over time, with its trail, across a line."""
    times = np.linspace(0, 1, 6)
    centres = np.stack([80 + 390 * times, 120 - 44 * np.sin(2.4 * times)], axis=1).astype(np.float32)
    brush.line([(300, 12), (300, 190)], "accent", dashed=True)
    boxes = from_centres(centres, np.full((len(centres), 2), (54, 70), np.float32))
    for i, box in enumerate(boxes):
        brush.box(box, "box0", width=3 if i == len(boxes) - 1 else 1, dashed=i < len(boxes) - 1)
    brush.line([(float(x), float(y)) for x, y in centres], "box1")
    for x, y in centres:
        brush.dot(float(x), float(y), "box1")
    brush.text(float(boxes[-1, 2]) + 6, float(boxes[-1, 1]) + 12, "#7")
    brush.text(306, 24, "1", "accent")


def receptive_fields(kernels: tuple[tuple[int, int], ...]) -> list[int]:
    """Side of what one value sees after each layer of (kernel, stride): r + (k − 1) · j, where j is the product of the strides before."""
    sides, jump, side = [], 1, 1
    for kernel, stride in kernels:
        side += (kernel - 1) * jump
        jump *= stride
        sides.append(side)
    return sides


def _network(brush: Brush) -> None:
    """How much of the picture one value sees, layer by layer."""
    layers = ((3, 1), (2, 2), (3, 1), (2, 2), (3, 1))
    sides = receptive_fields(layers)
    for i, side in enumerate(sides):
        middle, half = 60.0 + i * 108, side * 2.2
        brush.box((middle - half, 92 - half, middle + half, 92 + half), "box0", width=1.5, fill=0.18)
        brush.dot(middle, 92, "accent", 3)
        brush.text(middle, 176, f"{layers[i][0]}×{layers[i][0]} / {layers[i][1]}", "muted", centred=True)
        brush.text(middle, 194, f"{side} px", centred=True)


FIGURES: dict[str, Callable[[Brush], None]] = {
    "grid": _grid,
    "anchors": _anchors,
    "score": _score,
    "iou": _iou,
    "nms": _nms,
    "mtcnn": _mtcnn,
    "rcnn": _rcnn,
    "letterbox": _letterbox,
    "precision-recall": _precision_recall,
    "tracking": _tracking,
    "network": _network,
}
"""By the name that the pages call them by."""
