"""Boxes, labels and landmarks painted over the picture as vectors; the picture's pixels are never touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPainter, QPalette, QPen, QPixmap

from detector_app.ui.chips import MOST_CHIPS, ChipCache, Float64Array, place_chips
from detector_app.ui.identity_text import chip_text, colour_name
from detector_app.ui.view_transform import ViewTransform
from detector_app.vision.detections import Detections
from detector_app.vision.palette import CASING_OPACITY, class_color, text_color

LINE_PX = 2.0
RING_PX = 1.0
DOT_PX = 3.0
DIMMED = 0.3
"""Opacity of everything else while one detection is lifted."""
LIFTED_FILL = 0.14
"""Opacity of the class colour inside the lifted box."""

_DOT, _RING = QColor(255, 255, 255), QColor(0, 0, 0, 170)
"""Of landmarks: the colour of the class would be lost on skin."""


@dataclass(frozen=True)
class Look:
    """What is special about some of the detections: indices, -1 for none, and the names of classes that are not shown."""

    hovered: int = -1
    selected: int = -1
    hidden: frozenset[str] = frozenset()


def shown_indices(detections: Detections, hidden: frozenset[str]) -> list[int]:
    """The detections whose class is not ``hidden``, in order."""
    return [i for i in range(len(detections)) if detections.name(i) not in hidden]


def detection_at(detections: Detections, hidden: frozenset[str], point: QPointF) -> int:
    """The smallest shown detection whose box holds ``point`` (source pixels); -1 if none."""
    left, top, right, bottom = detections.xyxy.T
    x, y = point.x(), point.y()
    inside = (left <= x) & (x < right) & (top <= y) & (y < bottom)
    areas = (right - left) * (bottom - top)
    candidates = [i for i in shown_indices(detections, hidden) if inside[i]]
    return min(candidates, key=lambda i: float(areas[i]), default=-1)


def class_qcolor(name: str) -> QColor:
    """The colour of class ``name``."""
    return QColor(*class_color(name))


def casing_qcolor(name: str) -> QColor:
    """The colour of the thin line on either side of a box of class ``name``: black or white, whichever is farther from the class's."""
    colour = QColor(*text_color(class_color(name)))
    colour.setAlphaF(CASING_OPACITY)
    return colour


class Overlay:
    """Paints detections; keeps the chips that it has drawn."""

    def __init__(self) -> None:
        self._cache: ChipCache | None = None

    def paint(
        self, painter: QPainter, detections: Detections, transform: ViewTransform, bounds: QRectF, look: Look
    ) -> None:
        """Draw the detections over a picture that lies where ``transform`` puts it.

        Args:
            painter: in view coordinates; its font is the chips' font.
            detections: in source pixels.
            transform: source pixels → view.
            bounds: the part of the picture in sight, in the view; labels stay inside.
            look: what is lifted and what is hidden.
        """
        order = shown_indices(detections, look.hidden)
        if not order:
            return
        cache = self._cache_for(painter.font(), painter.device().devicePixelRatio())
        strokes = _Strokes(painter, detections, transform, order, bounds, cache)
        special = [i for i in dict.fromkeys((look.selected, look.hovered)) if i in order]
        painter.save()
        painter.setOpacity(DIMMED if look.hovered in special else 1.0)
        strokes.paint([i for i in order if i not in special])
        painter.setOpacity(1.0)
        for i in special:
            if i == look.hovered:
                strokes.fill(i)
            if i == look.selected:
                strokes.encircle(i)
            strokes.paint([i])
        painter.restore()

    def _cache_for(self, font: QFont, ratio: float) -> ChipCache:
        if self._cache is None or self._cache.made_for != (font, ratio):
            self._cache = ChipCache(font, ratio)
        return self._cache


class _Strokes:
    """One painting: everything in view coordinates, on whole device pixels so that lines are sharp."""

    def __init__(
        self,
        painter: QPainter,
        detections: Detections,
        transform: ViewTransform,
        order: Sequence[int],
        bounds: QRectF,
        cache: ChipCache,
    ) -> None:
        self._painter = painter
        self._offset = np.array((transform.left, transform.top))
        self._scale = np.float64(transform.scale)
        self._landmarks = detections.landmarks_xy
        self._ratio = painter.device().devicePixelRatio()
        self._colours = {i: class_qcolor(colour_name(detections, i)) for i in order}
        self._casings = {i: casing_qcolor(colour_name(detections, i)) for i in order}
        corners = detections.xyxy.reshape(-1, 2, 2) * self._scale + self._offset
        self._boxes: Float64Array = self._snap(corners.reshape(-1, 4))
        self._rects = {i: QRectF(QPointF(*self._boxes[i, :2]), QPointF(*self._boxes[i, 2:])) for i in order}
        self._chips = self._place_chips(detections, order, bounds, cache)

    def paint(self, order: Sequence[int]) -> None:
        """Boxes, dots and chips of these; the first ends on top."""
        self._paint_boxes(order)
        self._paint_landmarks(order)
        for i in reversed(order):
            if i in self._chips:
                self._painter.drawPixmap(*self._chips[i])

    def fill(self, i: int) -> None:
        """Fill box ``i`` with a breath of its colour."""
        colour = QColor(self._colours[i])
        colour.setAlphaF(LIFTED_FILL)
        self._painter.fillRect(self._rects[i], colour)

    def encircle(self, i: int) -> None:
        """A second line around box ``i`` in the accent, clear of the box's own."""
        gap = LINE_PX + RING_PX
        accent = QGuiApplication.palette().color(QPalette.ColorRole.Accent)
        self._paint_bars(accent, _bars(self._rects[i], LINE_PX / 2 + gap, gap - LINE_PX / 2))

    def _paint_boxes(self, order: Sequence[int]) -> None:
        half, ringed = LINE_PX / 2, LINE_PX / 2 + RING_PX
        for i in reversed(order):
            self._paint_bars(self._casings[i], _bars(self._rects[i], ringed, -ringed))
            self._paint_bars(self._colours[i], _bars(self._rects[i], half, -half))

    def _paint_bars(self, colour: QColor, bars: list[QRectF]) -> None:
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        self._painter.drawRects(bars)

    def _paint_landmarks(self, order: Sequence[int]) -> None:
        if self._landmarks is None:
            return
        radius = (DOT_PX + RING_PX) / 2
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self._painter.setPen(QPen(_RING, RING_PX))
        self._painter.setBrush(_DOT)
        for i in order:
            if not np.isfinite(self._landmarks[i]).all():
                continue
            for x, y in self._landmarks[i] * self._scale + self._offset:
                self._painter.drawEllipse(QPointF(x, y), radius, radius)

    def _place_chips(
        self, detections: Detections, order: Sequence[int], bounds: QRectF, cache: ChipCache
    ) -> dict[int, tuple[QPointF, QPixmap]]:
        """Corner and chip of each detection in sight; at most :data:`MOST_CHIPS`, best first."""
        near = [i for i in order if self._rects[i].intersects(bounds)][:MOST_CHIPS]
        pixmaps = [cache.chip(chip_text(detections, i), self._colours[i].rgb()) for i in near]
        sizes = [(p.deviceIndependentSize().width(), p.deviceIndependentSize().height()) for p in pixmaps]
        edges = (bounds.left(), bounds.top(), bounds.right(), bounds.bottom())
        corners = self._snap(place_chips(self._boxes[near], np.array(sizes).reshape(-1, 2), edges))
        return {i: (QPointF(*corner), pixmap) for i, corner, pixmap in zip(near, corners, pixmaps, strict=True)}

    def _snap(self, values: NDArray[np.float64]) -> Float64Array:
        return np.asarray(np.round(values * self._ratio) / self._ratio)


def _bars(rect: QRectF, outer: float, inner: float) -> list[QRectF]:
    """A frame around ``rect``, from ``inner`` to ``outer`` pixels outside its edges, as four bars: ten times faster than a wide pen."""
    out, hole = rect.adjusted(-outer, -outer, outer, outer), rect.adjusted(-inner, -inner, inner, inner)
    if hole.width() <= 0 or hole.height() <= 0:
        return [out]
    side = outer - inner
    return [
        QRectF(out.left(), out.top(), out.width(), side),
        QRectF(out.left(), hole.bottom(), out.width(), side),
        QRectF(out.left(), hole.top(), side, hole.height()),
        QRectF(hole.right(), hole.top(), side, hole.height()),
    ]
