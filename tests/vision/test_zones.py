"""Crossing and being inside, against sums over small steps and a winding number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detector_app.vision.zones import Anchor, CountingLine, Layout, Zone, crossing, distance_to_edge, inside, side_of

numbers = st.integers(-20, 20).map(float)
points = st.tuples(numbers, numbers).map(np.array)


def orientation(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> int:
    return int(np.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])))


@given(points, points, points, points)
def test_a_step_crosses_where_both_segments_cut_each_other(
    a: np.ndarray, b: np.ndarray, before: np.ndarray, after: np.ndarray
) -> None:
    assume(not np.array_equal(a, b))
    sides = orientation(a, b, before), orientation(a, b, after)
    ends = orientation(before, after, a), orientation(before, after, b)
    assume(0 not in sides and 0 not in ends)
    cut = sides[0] != sides[1] and ends[0] != ends[1]
    assert crossing(a, b, before, after) == (sides[1] if cut else 0)


@given(st.lists(points, min_size=2, max_size=12))
def test_a_path_over_an_endless_line_ends_where_its_crossings_say(path: list[np.ndarray]) -> None:
    a, b = np.array([0.0, -1e4]), np.array([0.0, 1e4])
    total = sum(crossing(a, b, path[i], path[i + 1]) for i in range(len(path) - 1))
    right = [side_of(a, b, point) > 0 for point in (path[0], path[-1])]
    assert total == int(right[1]) - int(right[0])


def test_in_is_at_the_right_hand() -> None:
    a, b = np.array([0.0, 5.0]), np.array([10.0, 5.0])
    above, below = np.array([5.0, 0.0]), np.array([5.0, 9.0])
    assert side_of(a, b, below) == pytest.approx(4)
    assert crossing(a, b, above, below) == 1
    assert crossing(a, b, below, above) == -1
    assert crossing(b, a, above, below) == -1


def winding(corners: np.ndarray, point: np.ndarray) -> int:
    angles = np.arctan2(*(corners - point).T[::-1])
    turns = (np.roll(angles, -1) - angles + math.pi) % (2 * math.pi) - math.pi
    return round(float(turns.sum()) / (2 * math.pi))


@given(st.lists(points, min_size=3, max_size=8), points)
def test_inside_is_an_odd_winding_number(corners: list[np.ndarray], point: np.ndarray) -> None:
    polygon = np.array(corners)
    assume(distance_to_edge(polygon, point) > 1e-6)
    assert inside(polygon, point) == bool(winding(polygon, point) % 2)


@given(st.lists(points, min_size=3, max_size=6), points)
def test_distance_is_that_to_the_nearest_of_many_points(corners: list[np.ndarray], point: np.ndarray) -> None:
    polygon = np.array(corners)
    along = np.linspace(0, 1, 2001)[:, None]
    edges = [a + along * (b - a) for a, b in zip(polygon, np.roll(polygon, -1, axis=0), strict=True)]
    near = min(float(np.hypot(*(edge - point).T).min()) for edge in edges)
    assert distance_to_edge(polygon, point) == pytest.approx(near, abs=0.03)


def test_neighbouring_zones_share_no_point() -> None:
    left = np.array([[0, 0], [5, 0], [5, 5], [0, 5]], float)
    right = left + np.array([5, 0])
    for y in np.arange(0.0, 5.0, 0.5):
        assert inside(left, np.array([5.0, y])) + inside(right, np.array([5.0, y])) == 1


def test_anchors() -> None:
    boxes = np.array([[0, 0, 10, 20]], np.float32)
    assert Anchor.CENTRE.points_xy(boxes).tolist() == [[5, 10]]
    assert Anchor.BOTTOM.points_xy(boxes).tolist() == [[5, 20]]
    assert Anchor.BOTTOM.points_xy(np.zeros((0, 4), np.float32)).shape == (0, 2)


def test_layout_keeps_order_and_finds_names() -> None:
    line, zone = CountingLine("Line 1", (0, 0), (1, 1)), Zone("Zone 1", ((0, 0), (1, 0), (1, 1)))
    layout = Layout().with_shape(line).with_shape(zone)
    assert (layout.lines, layout.zones) == ((line,), (zone,))
    assert layout.free_name("Line") == "Line 2"
    assert layout.without(0).shapes == (zone,)
    assert layout.replaced(0, line.turned()).lines[0].points == ((1, 1), (0, 0))
