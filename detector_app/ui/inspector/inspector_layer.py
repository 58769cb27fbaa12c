"""What the inspector paints over the picture: what a step let through and took away, and everything about the candidate in focus."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QMouseEvent, QPainter, QPalette

from detector_app.ui.chips import ChipCache
from detector_app.ui.inspector.brushwork import Brush, rects, thin
from detector_app.ui.inspector.grid import Grid, grid_for
from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.inspector.steps import Mark, Step, look_at, victims, ways
from detector_app.ui.inspector.words import class_name
from detector_app.ui.overlay import Look as AllAlike
from detector_app.ui.overlay import Overlay, class_qcolor
from detector_app.ui.picture_layer import PictureLayer
from detector_app.ui.view_transform import ViewTransform
from detector_app.vision.detections import Detections, FloatArray, IntArray
from detector_app.vision.trace import Fate, Look, Trace

MOST_DRAWN = 3000
"""Of those that came through, the best. More boxes than these are a grey picture."""
MOST_ENDED = 300
"""Of those that ended there, the best: more dashed boxes are slow and no longer seen as dashed."""
NEAR_MISS = 0.25
"""Of those that ended below the score, those are drawn that have this part of it: the others were never near."""
MOST_BOLD = 30
"""So few that came through are drawn as clearly as detections."""
_THROUGH, _TAKEN = 0.9, 0.55
_BESIDE_FOCUS = 0.45
_TINT = 0.12
_LEVELS = (0.02, 0.1, 0.25, 0.5, 0.75)
"""Scores from which the answer of a cell is tinted more."""


class InspectorLayer(PictureLayer):
    """Follows an :class:`Inspection`. While a step before the last is chosen it shows the boxes instead of the picture.

    Attributes:
        other: painted instead of the step while it is set: the boxes of another kind of suppression.
        asking: whether the point that is asked about is shown.
    """

    def __init__(self, inspection: Inspection) -> None:
        self._inspection = inspection
        self.asking = False
        self._overlay = Overlay()
        self._chips: ChipCache | None = None
        self._batches: tuple[Step | None, list[tuple[str, FloatArray, bool]]] = (None, [])
        self.other: Detections | None = None

    @property
    def hides_boxes(self) -> bool:  # type: ignore[override]
        """While the chosen step is not the last and nobody asks about a point, or other boxes are shown."""
        return self.other is not None or self._stepping is not None

    @property
    def _stepping(self) -> Step | None:
        """The step that is shown in the place of the detections."""
        step = self._inspection.step
        return None if step is None or step.final or self.asking else step

    # --- painting ---------------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, transform: ViewTransform, bounds: QRectF) -> None:
        """The step, then the candidate in focus, then the point asked about."""
        painter.setClipRect(bounds.adjusted(-2, -2, 2, 2))
        brush = Brush(painter, transform, bounds, self._chips_for(painter))
        step = self._stepping
        if self.other is not None:
            self._overlay.paint(painter, self.other, transform, bounds, AllAlike())
        elif step is not None:
            self._paint_step(brush, step)
        focused = self._inspection.focused() if self.other is None else None
        if self.asking and focused is None:
            self._paint_nominees(brush)
        if focused is not None:
            self._paint_focus(brush, *focused)
        if self.asking and self._inspection.point is not None:
            brush.cross(self._inspection.point, _accent())

    def _paint_step(self, brush: Brush, step: Step) -> None:
        # What is in focus is asked about; the rest only says where it is.
        fade = 1.0 if self._inspection.focus is None else _BESIDE_FOCUS
        if step.stage.fate is None and step.look.places is not None and self._tint_answers(brush, step):
            return
        if self._batches[0] is not step:
            self._batches = step, _batches(step)
        bold = len(step.through) <= MOST_BOLD
        for name, boxes, through in self._batches[1]:
            opacity = fade * (_THROUGH if through else _TAKEN)
            width_px = 2.0 if through and bold else 1.0
            brush.many(boxes, thin(name, opacity), width_px=width_px, dashed=not through)

    def _tint_answers(self, brush: Brush, step: Step) -> bool:
        """Instead of a carpet of boxes: every cell as deep as the best score in it. False where there are no cells."""
        places, look = step.look.places, step.look
        if places is None:
            return False
        finest: Grid | None = None
        for stride in np.unique(places.stride_px[places.row >= 0])[::-1].tolist():
            grid = grid_for(step.trace, stride)
            if grid is None:
                return False
            rows = np.flatnonzero((places.stride_px == stride) & (look.scores >= _LEVELS[0]))
            _, best = np.unique(np.stack([places.row[rows], places.column[rows]]), axis=1, return_index=True)
            self._tint_cells(brush, grid, step, rows[best])
            finest = min(finest or grid, grid, key=lambda one: one.stride_px)
        if finest is not None:
            brush.lines(finest.lines())
        return finest is not None

    @staticmethod
    def _tint_cells(brush: Brush, grid: Grid, step: Step, rows: IntArray) -> None:
        places, look = step.look.places, step.look
        if places is None:
            return
        level = np.searchsorted(_LEVELS, look.scores[rows], side="right")
        names = look.class_ids[rows]
        for class_id, depth in np.unique(np.stack([names, level]), axis=1).T.tolist():
            chosen = rows[(names == class_id) & (level == depth)]
            cells = grid.cells(places.row[chosen], places.column[chosen])
            brush.tints(cells, class_qcolor(class_name(step.trace, class_id)), _TINT * depth)

    def _paint_focus(self, brush: Brush, trace: Trace, look: Look, mark: Mark) -> None:
        row = mark.row
        colour = class_qcolor(class_name(trace, int(look.class_ids[row])))
        self._paint_grid(brush, trace, look, row)
        lost = victims(look, row)[:MOST_ENDED]
        brush.many(look.xyxy[lost], QColor(colour), dashed=True)
        if look.before_xyxy is not None:
            brush.box(rects(look.before_xyxy[[row]])[0], QColor(255, 255, 255), width_px=1.5, dashed=True)
        final = rects(look.xyxy[[row]])[0]
        by = int(look.by[row])
        if by >= 0:
            self._paint_suppressor(brush, trace, look, mark)
        brush.box(final, colour, width_px=2.5, dashed=look.fates[row] != Fate.KEPT)
        brush.label(final, _chip(trace, look, row), colour, below=by >= 0)

    @staticmethod
    def _paint_grid(brush: Brush, trace: Trace, look: Look, row: int) -> None:
        places = look.places
        grid = None if places is None or places.row[row] < 0 else grid_for(trace, int(places.stride_px[row]))
        if places is None or grid is None:
            return
        colour = class_qcolor(class_name(trace, int(look.class_ids[row])))
        brush.lines(grid.lines())
        cell = rects(grid.cells(places.row[[row]], places.column[[row]]))[0]
        brush.tint(cell, colour, 0.5)
        brush.box(cell, colour, width_px=1.5)

    @staticmethod
    def _paint_suppressor(brush: Brush, trace: Trace, look: Look, mark: Mark) -> None:
        by = int(look.by[mark.row])
        lost, better = rects(look.xyxy[[mark.row, by]])
        colour = class_qcolor(class_name(trace, int(look.class_ids[by])))
        overlap = lost & better
        brush.tint(overlap, _accent(), 0.35)
        brush.box(better, colour)
        brush.label(better, _chip(trace, look, by), colour)
        brush.label_at(overlap.center(), f"IoU {look.iou[mark.row]:.2f}", _accent())

    def _paint_nominees(self, brush: Brush) -> None:
        trace = self._inspection.trace
        for mark in self._inspection.nominees:
            look = None if trace is None else look_at(trace, mark)
            if trace is not None and look is not None:
                way = ways(trace)[mark.way]
                colour = class_qcolor(class_name(way, int(look.class_ids[mark.row])))
                brush.box(
                    rects(look.xyxy[[mark.row]])[0], colour, width_px=1.5, dashed=look.fates[mark.row] != Fate.KEPT
                )

    def _chips_for(self, painter: QPainter) -> ChipCache:
        made_for = (painter.font(), painter.device().devicePixelRatio())
        if self._chips is None or self._chips.made_for != made_for:
            self._chips = ChipCache(*made_for)
        return self._chips

    # --- the pointer ------------------------------------------------------------------------------------------------------

    def move(self, at: QPointF, event: QMouseEvent) -> bool:
        """Put the candidate under the pointer into focus; where the picture shows its own boxes it does that."""
        if not self.hides_boxes:
            return False
        self._inspection.hover(self.candidate_at(at))
        return True

    def leave(self) -> None:
        """Nothing is under the pointer."""
        self._inspection.hover(None)

    def candidate_at(self, at: QPointF) -> Mark | None:
        """The smallest box that is drawn and holds ``at``; where answers are tinted, the best of the cell."""
        step = self._inspection.step
        if step is None or self.other is not None:
            return None
        if step.stage.fate is None and step.look.places is not None:
            return self._answer_at(step, at)
        for rows in (step.through[:MOST_DRAWN], _near_misses(step)):
            row = _smallest(step.look.xyxy, rows, at)
            if row >= 0:
                return step.mark(row)
        return None

    @staticmethod
    def _answer_at(step: Step, at: QPointF) -> Mark | None:
        places = step.look.places
        if places is None:
            return None
        found: list[int] = []
        for stride in np.unique(places.stride_px[places.row >= 0]).tolist():
            grid = grid_for(step.trace, stride)
            if grid is None:
                continue
            column, row = grid.cell_at(at)
            same = (places.stride_px == stride) & (places.row == row) & (places.column == column)
            found += np.flatnonzero(same)[:1].tolist()
        return step.mark(min(found)) if found else None


def _batches(step: Step) -> list[tuple[str, FloatArray, bool]]:
    """(class, boxes, whether they came through): what ended first, so that the rest lies above it."""
    batches = []
    for rows, through in ((_near_misses(step), False), (step.through[:MOST_DRAWN], True)):
        ids = step.look.class_ids[rows]
        for class_id in np.unique(ids).tolist():
            boxes = step.look.xyxy[rows[ids == class_id]]
            batches.append((class_name(step.trace, class_id), boxes, through))
    return batches


def _near_misses(step: Step) -> IntArray:
    """What a step took away, as far as it is drawn."""
    taken = step.taken
    if step.stage.fate is Fate.BELOW_SCORE:
        taken = taken[step.look.scores[taken] >= NEAR_MISS * step.look.least_score]
    return taken[:MOST_ENDED]


def _smallest(xyxy: FloatArray, rows: IntArray, at: QPointF) -> int:
    """Which of ``rows`` is the smallest box that holds ``at``, −1 none."""
    left, top, right, bottom = xyxy[rows].T
    inside = np.flatnonzero((left <= at.x()) & (at.x() < right) & (top <= at.y()) & (at.y() < bottom))
    if not len(inside):
        return -1
    areas = (right - left)[inside] * (bottom - top)[inside]
    return int(rows[inside[np.argmin(areas)]])


def _chip(trace: Trace, look: Look, row: int) -> str:
    return f"#{row} {class_name(trace, int(look.class_ids[row]))} {look.scores[row]:.2f}"


def _accent() -> QColor:
    return QGuiApplication.palette().color(QPalette.ColorRole.Accent)
