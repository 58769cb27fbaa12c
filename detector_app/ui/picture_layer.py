"""What else is painted over the picture, and may take the mouse before the picture does: the inspector's grid, trails, lines, a wipe."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QMouseEvent, QPainter

from detector_app.ui.view_transform import ViewTransform


class PictureLayer:
    """One layer of a :class:`~detector_app.ui.video_view.VideoView`: this one paints nothing and takes nothing.

    Points are in pixels of the source frame and may lie outside it. Whoever returns True from :meth:`press` is given every move and the
    release that follow; then the picture neither pans nor selects. A layer that changes calls ``update()`` of the view.
    """

    hides_boxes = False
    """While True the view paints no detections of its own: the layer shows them in its way."""

    def paint(self, painter: QPainter, transform: ViewTransform, bounds: QRectF) -> None:
        """Paint.

        Args:
            painter: in view coordinates, with the font of chips; its state is restored afterwards.
            transform: source pixels → view.
            bounds: the part of the picture in sight, in the view.
        """

    def press(self, at: QPointF, event: QMouseEvent) -> bool:
        """A button went down. True takes what follows."""
        return False

    def move(self, at: QPointF, event: QMouseEvent) -> bool:
        """The pointer moved, with or without a button. True: nothing beneath is to be lifted."""
        return False

    def release(self, at: QPointF, event: QMouseEvent) -> None:
        """The button that this layer took went up."""

    def leave(self) -> None:
        """The pointer left the picture."""
