"""The view beside the picture: the same frame with the second model's boxes, zoomed and panned with the first."""

from __future__ import annotations

from detector_app.ui.side_by_side.layers import Compared, MarkLayer
from detector_app.ui.side_by_side.sides import Side
from detector_app.ui.video_view import VideoView
from detector_app.vision.frame_result import FrameResult


class SecondView:
    """Keeps a view in step with another one.

    Attributes:
        view: the second one.
        marks: on its boxes.
    """

    def __init__(self, first: VideoView) -> None:
        self._first = first
        self.view = VideoView()
        self.marks = MarkLayer(self.view, Side.SECOND)
        self.view.add_layer(self.marks)
        first.moved.connect(self._follow)
        self.view.moved.connect(self._lead)

    def show_compared(self, result: FrameResult | None, compared: Compared | None) -> None:
        """Show the second model's boxes on the frame of ``result``; nothing without."""
        self.marks.show_compared(compared)
        if result is None or result.second is None or compared is None:
            self.view.clear()
        else:
            self.view.show_result(FrameResult(result.frame, compared.second, result.second.timings))
            self._follow()

    def _follow(self) -> None:
        if self.view.isVisible():
            self.view.look_like(self._first)

    def _lead(self) -> None:
        if self.view.isVisible() and self._first.shown is not None:
            self._first.look_like(self.view)
