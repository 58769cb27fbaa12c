"""Drawing and moving lines and zones: what clicks and keys mean, without painting."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QObject, QPointF, Signal

from detector_app.vision.zone_format import fault
from detector_app.vision.zones import (
    LEAST_CORNERS,
    MOST_CORNERS,
    MOST_SHAPES,
    CountingLine,
    Layout,
    Point,
    Shape,
    Zone,
    moved_to,
    with_point,
)

REACH_PX = 9.0
"""A corner is taken from this far, in pixels of the view."""


class Tool(Enum):
    """What a click on the picture does."""

    MOVE = auto()
    LINE = auto()
    ZONE = auto()


class ShapeEditor(QObject):
    """The layout as it is being drawn. Points are parts of width and height.

    Signals:
        layoutChanged: another layout; while a point is dragged only at the end.
        toolChanged: another tool.
        changed: something that is painted, or which shape is selected.
    """

    layoutChanged = Signal()
    toolChanged = Signal()
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layout = Layout()
        self._tool = Tool.MOVE
        self._selected = -1
        self._held: tuple[int, int] | None = None
        self.draft: tuple[Point, ...] = ()
        self.pointer: Point | None = None

    @property
    def layout(self) -> Layout:
        """All shapes; what is being drawn is none yet."""
        return self._layout

    @property
    def tool(self) -> Tool:
        """What a click does now."""
        return self._tool

    @property
    def selected(self) -> int:
        """Number of the selected shape, -1 none."""
        return self._selected if self._selected < len(self._layout.shapes) else -1

    @property
    def selected_shape(self) -> Shape | None:
        """The selected shape."""
        return self._layout.shapes[self.selected] if self.selected >= 0 else None

    def show_layout(self, layout: Layout) -> None:
        """Show another layout, of another video say. Tells nobody but who paints."""
        self._layout, self._selected, self._held = layout, -1, None
        self.take(Tool.MOVE)
        self.changed.emit()

    def change_layout(self, layout: Layout) -> None:
        """The layout after a change by a person."""
        if layout != self._layout:
            self._layout = layout
            self.changed.emit()
            self.layoutChanged.emit()

    def take(self, tool: Tool) -> None:
        """Take a tool; what was begun with another is given up."""
        self.draft, self.pointer = (), None
        if tool is not self._tool:
            self._tool = tool
            self.toolChanged.emit()
        self.changed.emit()

    def select(self, i: int) -> None:
        """Select shape ``i``; -1 none."""
        if i != self._selected:
            self._selected = i
            self.changed.emit()

    def delete(self) -> None:
        """Take the selected shape away."""
        if self.selected >= 0:
            layout, self._selected = self._layout.without(self.selected), -1
            self.change_layout(layout)

    # --- keys ---------------------------------------------------------------------------------------------------------------

    def finish(self) -> bool:
        """Enter: close the zone; with nothing drawn yet put a shape in the middle. Says whether that meant something."""
        if self._tool is Tool.MOVE:
            return False
        if not self.draft:
            middle = ((0.25, 0.5), (0.75, 0.5))
            corners = ((0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7))
            self._add(middle if self._tool is Tool.LINE else corners)
        elif self._tool is Tool.ZONE and len(self.draft) >= LEAST_CORNERS:
            self._add(self.draft)
        return True

    def back(self) -> bool:
        """Backspace: take the last corner back."""
        if not self.draft:
            return False
        self.draft = self.draft[:-1]
        self.changed.emit()
        return True

    def leave(self) -> bool:
        """Esc: give up what is being drawn, then the tool."""
        if self._tool is Tool.MOVE:
            return False
        if self.draft:
            self.draft = ()
            self.changed.emit()
        else:
            self.take(Tool.MOVE)
        return True

    # --- the mouse; reach is a part of width and height ---------------------------------------------------------------------

    def press(self, at: Point, reach: QPointF) -> bool:
        """The button went down. Says whether it is meant for shapes."""
        if self._tool is Tool.LINE:
            self.draft = (*self.draft[:1], _bounded(at))
            if len(self.draft) == 2:
                self._add(self.draft)
        elif self._tool is Tool.ZONE:
            closes = len(self.draft) >= LEAST_CORNERS and _near(self.draft[0], at, reach)
            if closes or len(self.draft) == MOST_CORNERS:
                self._add(self.draft)
            else:
                self.draft = (*self.draft, _bounded(at))
        else:
            self._held = self.corner_at(at, reach)
            if self._held is None:
                return False
            self._selected = self._held[0]
        self.changed.emit()
        return True

    def move(self, at: Point) -> bool:
        """The pointer moved. Says whether something follows it."""
        self.pointer = _bounded(at) if self._tool is not Tool.MOVE else None
        if self._held is not None:
            i, corner = self._held
            self._layout = self._layout.replaced(i, with_point(self._layout.shapes[i], corner, _bounded(at)))
        if self._held is None and self.pointer is None:
            return False
        self.changed.emit()
        return True

    def release(self, at: Point, reach: QPointF) -> None:
        """The button went up: the end of a dragged line or corner."""
        if self._held is not None:
            self._held = None
            self.layoutChanged.emit()
        elif self._tool is Tool.LINE and len(self.draft) == 1 and not _near(self.draft[0], at, reach):
            self._add((self.draft[0], _bounded(at)))

    def corner_at(self, at: Point, reach: QPointF) -> tuple[int, int] | None:
        """Shape and corner near ``at``; the selected shape first."""
        order = sorted(range(len(self._layout.shapes)), key=lambda i: i != self.selected)
        for i in order:
            for corner, point in enumerate(self._layout.shapes[i].points):
                if _near(point, at, reach):
                    return i, corner
        return None

    def change_points(self, points: tuple[Point, ...]) -> bool:
        """Give the selected shape other points, as typed. Says whether it can have them."""
        shape = self.selected_shape
        if shape is None:
            return False
        changed = moved_to(shape, points)
        if fault(changed):
            return False
        self.change_layout(self._layout.replaced(self.selected, changed))
        return True

    def rename(self, i: int, name: str) -> bool:
        """Call shape ``i`` so. Says whether it can be called so."""
        name = name.strip()
        others = {shape.name for j, shape in enumerate(self._layout.shapes) if j != i}
        if not name or name in others or not name.isprintable():
            return False
        shape = self._layout.shapes[i]
        renamed = CountingLine(name, *shape.points) if isinstance(shape, CountingLine) else Zone(name, shape.points)
        self.change_layout(self._layout.replaced(i, renamed))
        return True

    def _add(self, points: tuple[Point, ...]) -> None:
        line = self._tool is Tool.LINE
        name = self._layout.free_name(self.tr("Line") if line else self.tr("Zone"))
        shape: Shape = CountingLine(name, points[0], points[1]) if line else Zone(name, points)
        self.take(Tool.MOVE)
        if not fault(shape) and len(self._layout.shapes) < MOST_SHAPES:
            self._selected = len(self._layout.shapes)
            self.change_layout(self._layout.with_shape(shape))


def _bounded(at: Point) -> Point:
    return min(1.0, max(0.0, at[0])), min(1.0, max(0.0, at[1]))


def _near(point: Point, at: Point, reach: QPointF) -> bool:
    return abs(point[0] - at[0]) <= reach.x() and abs(point[1] - at[1]) <= reach.y()
