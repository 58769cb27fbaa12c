"""Label chips: a detection's name and score on its class colour, drawn once and kept; and where to put them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

from detector_app.ui.theme import tabular
from detector_app.vision.palette import text_color

PAD_PX = 6
CORNER_PX = 3
MOST_CHIPS = 100
"""More chips than this are no longer read; the best detections keep theirs."""
KEPT_CHIPS = 1024

Float64Array = NDArray[np.float64]


class ChipCache:
    """Draws chips for one font and one device pixel ratio; the last :data:`KEPT_CHIPS` are kept."""

    def __init__(self, font: QFont, ratio: float) -> None:
        self.made_for = (QFont(font), ratio)
        self._font = tabular(font)
        self._ratio = ratio
        self._metrics = QFontMetricsF(self._font)
        self.chip = lru_cache(KEPT_CHIPS)(self._draw)
        """``chip(text, rgb)`` → pixmap with the device pixel ratio set."""

    def _draw(self, text: str, rgb: int) -> QPixmap:
        colour = QColor.fromRgb(rgb)
        size = QSizeF(round(self._metrics.horizontalAdvance(text)) + 2 * PAD_PX, round(self._metrics.height()) + 4)
        pixmap = QPixmap((size * self._ratio).toSize())
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        rect = QRectF(0, 0, size.width(), size.height())
        painter.drawRoundedRect(rect, CORNER_PX, CORNER_PX)
        painter.setFont(self._font)
        painter.setPen(QColor(*text_color((colour.red(), colour.green(), colour.blue()))))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
        return pixmap


def place_chips(
    boxes_xyxy: Float64Array, sizes_wh: Float64Array, bounds_xyxy: tuple[float, float, float, float]
) -> Float64Array:
    """Where chips go: above the box, inside at its top, or below, whichever covers the chips before it least.

    Args:
        boxes_xyxy: (N, 4) in view pixels, most important first.
        sizes_wh: (N, 2) sizes of the chips.
        bounds_xyxy: the part of the picture in sight; a chip that fits in there stays in there.

    Returns:
        (N, 2) top left corners.
    """
    choices = _choices(boxes_xyxy, sizes_wh, bounds_xyxy)
    rects = np.concatenate([choices, choices + sizes_wh[:, None]], axis=2)
    taken = np.empty((len(boxes_xyxy), 4))
    for i in range(len(rects)):
        taken[i] = rects[i, _least_covered(rects[i], taken[:i])]
    return taken[:, :2]


def _choices(
    boxes_xyxy: Float64Array, sizes_wh: Float64Array, bounds_xyxy: tuple[float, float, float, float]
) -> Float64Array:
    """(N, 5, 2) corners in order of preference, moved into the bounds."""
    left, top, right, bottom = boxes_xyxy.T
    width, height = sizes_wh.T
    across = np.stack([left - 1, left, right + 1 - width, left - 1, left], axis=1)
    down = np.stack([top - height, top, top - height, bottom, bottom - height], axis=1)
    least = np.array(bounds_xyxy[:2])
    most = np.maximum(np.array(bounds_xyxy[2:]) - sizes_wh, least)
    return np.asarray(np.clip(np.stack([across, down], axis=2), least, most[:, None]))


def _least_covered(rects: Float64Array, taken: Float64Array) -> int:
    """Which of (M, 4) ``rects`` has the least area under (K, 4) ``taken``; the first of equals."""
    low = np.maximum(rects[:, None, :2], taken[:, :2])
    high = np.minimum(rects[:, None, 2:], taken[:, 2:])
    sides = np.maximum(high - low, 0)
    return int((sides[..., 0] * sides[..., 1]).sum(axis=1).argmin())
