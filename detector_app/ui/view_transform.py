"""Where the picture lies in the view: zoom and pan as one immutable value.

Picture coordinates are source pixels, view coordinates are Qt's device-independent pixels; both continuous, origin top left.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF

LEAST_SIDE = 32.0
"""Zooming out ends where the longer side of the picture is this many view pixels."""
MOST_SCALE = 64.0
"""Zooming in ends here, unless the picture is so small that fitting it needs more."""


@dataclass(frozen=True)
class ViewTransform:
    """``view = picture · scale + offset``, in x and y alike."""

    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0

    @classmethod
    def fit(cls, picture: QSizeF, view: QSizeF) -> ViewTransform:
        """The whole picture, as large as possible, centred. Both sizes must be positive."""
        return cls(fit_scale(picture, view)).centred(picture, view)

    def centred(self, picture: QSizeF, view: QSizeF) -> ViewTransform:
        """The same scale with the picture's middle in the view's middle."""
        left = (view.width() - picture.width() * self.scale) / 2
        top = (view.height() - picture.height() * self.scale) / 2
        return ViewTransform(self.scale, left, top)

    def zoomed(self, factor: float, at: QPointF, picture: QSizeF, view: QSizeF) -> ViewTransform:
        """``factor`` times larger; the point of the picture under ``at`` (view) stays there as far as the edges allow."""
        fitting = fit_scale(picture, view)
        least = min(fitting, LEAST_SIDE / max(picture.width(), picture.height()))
        scale = min(max(self.scale * factor, least), max(fitting, MOST_SCALE))
        fixed = self.to_picture(at)
        return ViewTransform(scale, at.x() - fixed.x() * scale, at.y() - fixed.y() * scale).kept_in(picture, view)

    def panned(self, by: QPointF, picture: QSizeF, view: QSizeF) -> ViewTransform:
        """Moved by ``by`` view pixels as far as the edges allow."""
        return ViewTransform(self.scale, self.left + by.x(), self.top + by.y()).kept_in(picture, view)

    def kept_in(self, picture: QSizeF, view: QSizeF) -> ViewTransform:
        """Moved so that no background shows where the picture could: a side that is smaller than the view is centred."""
        left = _kept_in(self.left, picture.width() * self.scale, view.width())
        top = _kept_in(self.top, picture.height() * self.scale, view.height())
        return ViewTransform(self.scale, left, top)

    def to_view(self, point: QPointF) -> QPointF:
        """Picture → view."""
        return QPointF(point.x() * self.scale + self.left, point.y() * self.scale + self.top)

    def to_picture(self, point: QPointF) -> QPointF:
        """View → picture; may lie outside the picture."""
        return QPointF((point.x() - self.left) / self.scale, (point.y() - self.top) / self.scale)

    def rect_to_view(self, rect: QRectF) -> QRectF:
        """Picture → view."""
        return QRectF(self.to_view(rect.topLeft()), self.to_view(rect.bottomRight()))

    def rect_to_picture(self, rect: QRectF) -> QRectF:
        """View → picture; may reach outside the picture."""
        return QRectF(self.to_picture(rect.topLeft()), self.to_picture(rect.bottomRight()))


def fit_scale(picture: QSizeF, view: QSizeF) -> float:
    """The largest scale at which the whole picture is seen."""
    return min(view.width() / picture.width(), view.height() / picture.height())


def snapped(rect: QRectF, ratio: float) -> QRectF:
    """``rect`` with its edges on whole device pixels, so that a fitted picture has no soft edge; never thinner than one."""
    left, top = round(rect.left() * ratio), round(rect.top() * ratio)
    right, bottom = max(left + 1, round(rect.right() * ratio)), max(top + 1, round(rect.bottom() * ratio))
    return QRectF(QPointF(left, top) / ratio, QPointF(right, bottom) / ratio)


def _kept_in(offset: float, length: float, room: float) -> float:
    return (room - length) / 2 if length <= room else min(0.0, max(room - length, offset))
