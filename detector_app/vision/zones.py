"""Counting lines and zones over a picture, in fractions of its width and height, so that they fit the same video in any size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Point = tuple[float, float]
"""x and y as parts of the picture's width and height, 0–1."""

LEAST_CORNERS, MOST_CORNERS = 3, 64
MOST_SHAPES = 64
MOST_NAME = 60


class Anchor(Enum):
    """The point of a box that crosses lines and lies in zones."""

    CENTRE = "centre"
    BOTTOM = "bottom"
    """The middle of the lower edge: where a person stands."""

    def points_xy(self, xyxy: NDArray[np.float32]) -> FloatArray:
        """(N, 4) boxes → (N, 2) points, in the same pixels."""
        boxes = xyxy.astype(np.float64)
        middle = (boxes[:, :2] + boxes[:, 2:]) / 2
        if self is Anchor.BOTTOM:
            middle[:, 1] = boxes[:, 3]
        return middle


@dataclass(frozen=True)
class CountingLine:
    """A directed line. Who looks from ``start`` to ``end`` has "in" at the right hand; crossing to the left is "out".

    Attributes:
        name: unique among the shapes of a layout.
    """

    name: str
    start: Point
    end: Point

    @property
    def points(self) -> tuple[Point, ...]:
        """Both ends."""
        return (self.start, self.end)

    def turned(self) -> CountingLine:
        """The same line with in and out exchanged."""
        return CountingLine(self.name, self.end, self.start)


@dataclass(frozen=True)
class Zone:
    """A polygon, simple or not: a point is inside by the even-odd rule.

    Attributes:
        name: unique among the shapes of a layout.
        points: its corners in order, at least three.
    """

    name: str
    points: tuple[Point, ...]


Shape = CountingLine | Zone


@dataclass(frozen=True)
class Layout:
    """All lines and zones of one video.

    Attributes:
        shapes: in the order in which they were drawn.
        anchor: the point of a box that counts.
    """

    shapes: tuple[Shape, ...] = ()
    anchor: Anchor = Anchor.CENTRE

    @property
    def lines(self) -> tuple[CountingLine, ...]:
        """Those that are lines."""
        return tuple(shape for shape in self.shapes if isinstance(shape, CountingLine))

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Those that are zones."""
        return tuple(shape for shape in self.shapes if isinstance(shape, Zone))

    def free_name(self, stem: str) -> str:
        """``stem 1``, ``stem 2``, …: the first that no shape has."""
        taken = {shape.name for shape in self.shapes}
        return next(name for i in range(1, len(taken) + 2) if (name := f"{stem} {i}") not in taken)

    def with_shape(self, shape: Shape) -> Layout:
        """With ``shape`` at the end."""
        return Layout((*self.shapes, shape), self.anchor)

    def replaced(self, i: int, shape: Shape) -> Layout:
        """With ``shape`` in the place of number ``i``."""
        return Layout((*self.shapes[:i], shape, *self.shapes[i + 1 :]), self.anchor)

    def without(self, i: int) -> Layout:
        """Without number ``i``."""
        return Layout((*self.shapes[:i], *self.shapes[i + 1 :]), self.anchor)


def with_point(shape: Shape, i: int, point: Point) -> Shape:
    """``shape`` with its point ``i`` elsewhere."""
    points = (*shape.points[:i], point, *shape.points[i + 1 :])
    return moved_to(shape, points)


def moved_to(shape: Shape, points: tuple[Point, ...]) -> Shape:
    """A shape of the same kind and name at ``points``."""
    return (
        CountingLine(shape.name, points[0], points[1]) if isinstance(shape, CountingLine) else Zone(shape.name, points)
    )


def side_of(start: FloatArray, end: FloatArray, point: FloatArray) -> float:
    """Signed distance of ``point`` from the straight line through both ends; positive at the right hand (y points down)."""
    along, off = end - start, point - start
    return float((along[0] * off[1] - along[1] * off[0]) / math.hypot(along[0], along[1]))


def crossing(start: FloatArray, end: FloatArray, before: FloatArray, after: FloatArray) -> int:
    """How the step ``before`` → ``after`` crosses the line: 1 to the right hand, −1 to the left, 0 not at all.

    A point on the line counts as left of it, so that a path through such a point crosses once.
    """
    was, now = side_of(start, end, before), side_of(start, end, after)
    if (was > 0) == (now > 0):
        return 0
    met = before + was / (was - now) * (after - before)
    along = end - start
    part = float((met - start) @ along / (along @ along))
    if not 0 <= part <= 1:
        return 0
    return 1 if now > 0 else -1


def inside(corners: FloatArray, point: FloatArray) -> bool:
    """Whether ``point`` lies in the polygon (M, 2), by the even-odd rule; each edge has its upper end and not its lower one."""
    x, y = point
    x0, y0 = corners[:, 0], corners[:, 1]
    x1, y1 = np.roll(x0, -1), np.roll(y0, -1)
    spans = (y0 > y) != (y1 > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        met = x0 + (y - y0) / (y1 - y0) * (x1 - x0)
    return bool(np.count_nonzero(spans & (x < met)) % 2)


def distance_to_edge(corners: FloatArray, point: FloatArray) -> float:
    """How far ``point`` is from the nearest edge of the polygon."""
    along = np.roll(corners, -1, axis=0) - corners
    length = (along**2).sum(axis=1)
    part = np.clip(((point - corners) * along).sum(axis=1) / np.maximum(length, 1e-12), 0, 1)
    nearest = corners + part[:, None] * along
    return float(np.hypot(*(point - nearest).T).min())
