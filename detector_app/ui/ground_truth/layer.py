"""Paints the judged picture: what is right, wrong and missed, in the place of the view's own boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QMouseEvent, QPainter, QPalette, QPen

from detector_app.ui.chips import MOST_CHIPS, ChipCache, place_chips
from detector_app.ui.ground_truth.marks import Box, Kind, Mark, kind_colour, paint_mark, sharp_pen
from detector_app.ui.overlay import DIMMED, LIFTED_FILL
from detector_app.ui.picture_layer import PictureLayer
from detector_app.ui.theme import GRID_PX, tokens_for
from detector_app.ui.view_transform import ViewTransform

if TYPE_CHECKING:
    from detector_app.ui.video_view import VideoView

_ORDER = (Kind.OTHER, Kind.RIGHT, Kind.WRONG, Kind.MISSED)
"""What is painted last lies on top: errors are looked for."""
_LEAST_SIDE_PX = 3.0


class TruthLayer(PictureLayer):
    """Shows marks over the picture; hovering one tells its story. While there are no marks the view paints as ever."""

    def __init__(self, view: VideoView) -> None:
        self._view = view
        self._marks: tuple[Mark, ...] | None = None
        self._lifted: Mark | None = None
        self._chips: ChipCache | None = None

    @property
    def marks(self) -> tuple[Mark, ...] | None:
        """What is shown; None while the view's own boxes are."""
        return self._marks

    @property
    def story(self) -> str:
        """What is told of the mark that is lifted; empty without."""
        special = self._special()
        return special.story if special is not None else ""

    def show_marks(self, marks: tuple[Mark, ...] | None) -> None:
        """Show these; None for the view's own boxes again."""
        self._marks = marks
        self.hides_boxes = marks is not None
        if self._lifted is not None:
            self._lifted = _same(self._lifted, marks or ())
        self._view.update()

    def lift(self, mark: Mark | None) -> None:
        """Lift a mark as if the pointer were on it."""
        self._lifted = mark
        self._view.update()

    def choose(self, mark: Mark | None) -> None:
        """Point at a mark from a list: a detection is selected everywhere in the window, an object only lifted."""
        of_detection = mark is not None and mark.detection >= 0
        self._view.set_selected(mark.detection if mark is not None and of_detection else -1)
        self.lift(None if of_detection else mark)

    def paint(self, painter: QPainter, transform: ViewTransform, bounds: QRectF) -> None:
        """Boxes, chips, and the story of the lifted one along the lower edge."""
        if self._marks is None:
            return
        special = self._special()
        order = sorted((m for m in self._marks if m is not special), key=lambda m: _ORDER.index(m.kind))
        painter.setOpacity(DIMMED if special is not None else 1.0)
        self._paint_all(painter, order, transform, bounds)
        painter.setOpacity(1.0)
        if special is not None:
            self._paint_special(painter, special, transform, bounds)

    def move(self, at: QPointF, event: QMouseEvent) -> bool:
        """Lift the smallest box under the pointer; of a detection the view does it, so that the table follows."""
        inside = [mark for mark in self._marks or () if _holds(mark, at)]
        smallest = min(inside, key=_area, default=None)
        lifted = smallest if smallest is not None and smallest.detection < 0 else None
        if lifted != self._lifted:
            self.lift(lifted)
        return lifted is not None

    def leave(self) -> None:
        """Nothing is under the pointer."""
        if self._lifted is not None:
            self.lift(None)

    def _special(self) -> Mark | None:
        """The lifted mark: of the pointer, or of the detection that is hovered or selected anywhere in the window."""
        if self._lifted is not None:
            return self._lifted
        chosen = self._view.hovered if self._view.hovered >= 0 else self._view.selected
        return next((mark for mark in self._marks or () if chosen >= 0 and mark.detection == chosen), None)

    def _paint_all(self, painter: QPainter, marks: list[Mark], transform: ViewTransform, bounds: QRectF) -> None:
        for mark in marks:
            paint_mark(painter, _rect(mark.xyxy, transform), mark.kind)
        # Errors first: where chips are many, theirs are read.
        named = [mark for mark in reversed(marks) if mark.chip and _rect(mark.xyxy, transform).intersects(bounds)]
        self._paint_chips(painter, named[:MOST_CHIPS], transform, bounds)

    def _paint_chips(self, painter: QPainter, marks: list[Mark], transform: ViewTransform, bounds: QRectF) -> None:
        ratio = painter.device().devicePixelRatio()
        if self._chips is None or self._chips.made_for != (painter.font(), ratio):
            self._chips = ChipCache(painter.font(), ratio)
        pixmaps = [self._chips.chip(mark.chip, kind_colour(mark.kind).rgb()) for mark in marks]
        sizes = np.array([p.deviceIndependentSize().toTuple() for p in pixmaps], np.float64).reshape(-1, 2)
        edges = (bounds.left(), bounds.top(), bounds.right(), bounds.bottom())
        boxes = np.array([_rect(mark.xyxy, transform).getCoords() for mark in marks], np.float64).reshape(-1, 4)
        corners = place_chips(boxes, sizes, edges) if marks else np.zeros((0, 2))
        for corner, pixmap in reversed(list(zip(np.round(corners * ratio) / ratio, pixmaps, strict=True))):
            painter.drawPixmap(QPointF(*corner), pixmap)

    def _paint_special(self, painter: QPainter, mark: Mark, transform: ViewTransform, bounds: QRectF) -> None:
        rect = _rect(mark.xyxy, transform)
        fill = kind_colour(mark.kind)
        fill.setAlphaF(LIFTED_FILL)
        painter.fillRect(rect, fill)
        if mark.partner is not None:
            painter.setPen(QPen(QColor(255, 255, 255), 1, Qt.PenStyle.DotLine))
            painter.drawRect(_rect(mark.partner, transform))
        if mark.detection >= 0 and mark.detection == self._view.selected:
            accent = QGuiApplication.palette().color(QPalette.ColorRole.Accent)
            painter.setPen(sharp_pen(accent, 2))
            painter.drawRect(rect.adjusted(-4, -4, 4, 4))
        self._paint_all(painter, [mark], transform, bounds)
        self._paint_story(painter, mark.story, bounds)

    def _paint_story(self, painter: QPainter, story: str, bounds: QRectF) -> None:
        t = tokens_for(self._view.palette())
        metrics = painter.fontMetrics()
        room = bounds.width() - 4 * GRID_PX
        text = metrics.elidedText(story, Qt.TextElideMode.ElideRight, int(room))
        width, height = metrics.horizontalAdvance(text) + 2 * GRID_PX, metrics.height() + GRID_PX
        plate = QRectF(bounds.left() + GRID_PX, bounds.bottom() - height - GRID_PX, width, height)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(QColor(t.line), 1))
        painter.setBrush(QColor(t.surface1))
        painter.drawRoundedRect(plate, GRID_PX / 2, GRID_PX / 2)
        painter.setPen(QColor(t.text))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


def _rect(xyxy: Box, transform: ViewTransform) -> QRectF:
    """In the view, on whole pixels so that lines are sharp, never so small that nothing is seen."""
    left, top, right, bottom = xyxy
    rect = transform.rect_to_view(QRectF(QPointF(left, top), QPointF(right, bottom)))
    left, top = round(rect.left()), round(rect.top())
    return QRectF(left, top, max(_LEAST_SIDE_PX, round(rect.width())), max(_LEAST_SIDE_PX, round(rect.height())))


def _holds(mark: Mark, at: QPointF) -> bool:
    left, top, right, bottom = mark.xyxy
    return left <= at.x() < right and top <= at.y() < bottom


def _area(mark: Mark) -> float:
    left, top, right, bottom = mark.xyxy
    return (right - left) * (bottom - top)


def _same(mark: Mark, marks: tuple[Mark, ...]) -> Mark | None:
    """The mark of the same object among newer ones: under other thresholds its story is another."""
    return next((one for one in marks if one.detection < 0 and one.xyxy == mark.xyxy), None)
