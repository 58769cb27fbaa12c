"""What is painted over the pictures: marks on boxes that only one model found, and the two halves of the wipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QMouseEvent, QPainter

from detector_app.ui.overlay import Look, Overlay, detection_at
from detector_app.ui.picture_layer import PictureLayer
from detector_app.ui.side_by_side.sides import Side, paint_lonely
from detector_app.vision.agreement import Agreement
from detector_app.vision.detections import Detections

if TYPE_CHECKING:
    from detector_app.ui.video_view import VideoView
    from detector_app.ui.view_transform import ViewTransform


@dataclass(frozen=True, eq=False)
class Compared:
    """What both models found in the shown frame, and how far they agree."""

    first: Detections
    second: Detections
    agreement: Agreement

    def of(self, side: Side) -> Detections:
        """What one of them found."""
        return self.second if side is Side.SECOND else self.first

    def lonely(self, side: Side, hidden: frozenset[str]) -> list[int]:
        """Boxes that only this model found, of classes that are not ``hidden``."""
        found = self.of(side)
        rows = self.agreement.only_second if side is Side.SECOND else self.agreement.only_first
        return [int(i) for i in rows if found.name(int(i)) not in hidden]


class MarkLayer(PictureLayer):
    """Marks boxes of one model that the other did not find, over those that the view paints."""

    def __init__(self, view: VideoView, side: Side) -> None:
        self._view, self._side = view, side
        self._compared: Compared | None = None
        self.hidden: frozenset[str] = frozenset()

    def show_compared(self, compared: Compared | None) -> None:
        """Show this; None for nothing."""
        self._compared = compared
        self._view.update()

    def paint(self, painter: QPainter, transform: ViewTransform, bounds: QRectF) -> None:
        """The marks."""
        if self._compared is not None:
            painter.setClipRect(bounds)
            rows = self._compared.lonely(self._side, self.hidden)
            paint_lonely(painter, self._compared.of(self._side), rows, transform, self._side)


class WipeLayer(PictureLayer):
    """Paints the boxes of the first model left of a line, those of the second right of it.

    Attributes:
        share: where the line is, as a share of the view's width.
        hidden: names of classes that are not shown.
    """

    def __init__(self, view: VideoView) -> None:
        self._view = view
        self._overlays = Overlay(), Overlay()
        self._compared: Compared | None = None
        self._lifted = -1
        self.share = 0.5
        self.hidden: frozenset[str] = frozenset()

    def show_compared(self, compared: Compared | None) -> None:
        """Show this; None for the view's own boxes."""
        self._compared = compared
        self.hides_boxes = compared is not None
        self._lifted = -1
        self._view.update()

    def move_to(self, share: float) -> None:
        """Have the line there."""
        self.share = min(max(share, 0.0), 1.0)
        self._view.update()

    def paint(self, painter: QPainter, transform: ViewTransform, bounds: QRectF) -> None:
        """Boxes and marks of both, each in its half."""
        compared = self._compared
        if compared is None:
            return
        line = round(self.share * self._view.width())
        halves = (
            bounds.intersected(QRectF(0, 0, line, self._view.height())),
            bounds.intersected(QRectF(line, 0, self._view.width() - line, self._view.height())),
        )
        for side, half in zip(Side, halves, strict=True):
            if half.isEmpty():
                continue
            painter.save()
            painter.setClipRect(half)
            found, look = compared.of(side), self._look(side)
            self._overlays[side].paint(painter, found, transform, half, look)
            paint_lonely(painter, found, compared.lonely(side, self.hidden), transform, side)
            painter.restore()

    def move(self, at: QPointF, event: QMouseEvent) -> bool:
        """In the right half the second model's boxes are lifted, in the left one the view lifts its own."""
        right = self._compared is not None and event.position().x() >= self.share * self._view.width()
        lifted = detection_at(self._compared.second, self.hidden, at) if right and self._compared else -1
        if lifted != self._lifted:
            self._lifted = lifted
            self._view.update()
        return right

    def leave(self) -> None:
        """Nothing is under the pointer."""
        self._lifted = -1
        self._view.update()

    def _look(self, side: Side) -> Look:
        """What is lifted and selected; of the second model the partner of what is lifted in the first, if nothing else is."""
        if side is Side.FIRST:
            return Look(self._view.hovered, self._view.selected, self.hidden)
        return Look(self._lifted, self._partner(self._view.selected), self.hidden)

    def _partner(self, i: int) -> int:
        partners = self._compared.agreement.partner_of_first if self._compared is not None else ()
        return int(partners[i]) if 0 <= i < len(partners) else -1
