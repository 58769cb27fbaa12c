"""Layouts survive being written, and what is no layout is refused with its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detector_app.errors import ZonesError
from detector_app.vision.zone_format import fault, layout_from, layout_text
from detector_app.vision.zones import Anchor, CountingLine, Layout, Shape, Zone

parts = st.integers(0, 100_000).map(lambda n: n / 100_000)
corners = st.tuples(parts, parts)
names = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=20)


@given(st.lists(st.tuples(names, st.lists(corners, min_size=2, max_size=7)), max_size=5), st.sampled_from(Anchor))
def test_round_trip(given_shapes: list[tuple[str, list[tuple[float, float]]]], anchor: Anchor) -> None:
    shapes: list[Shape] = [
        CountingLine(name, points[0], points[1]) if len(points) == 2 else Zone(name, tuple(points))
        for name, points in given_shapes
    ]
    assume(len({shape.name for shape in shapes}) == len(shapes) and not any(map(fault, shapes)))
    layout = Layout(tuple(sorted(shapes, key=lambda shape: isinstance(shape, Zone))), anchor)
    assert layout_from(layout_text(layout), "x") == layout


LINE = {"name": "a", "from": [0, 0], "to": [1, 1]}


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ([], "no JSON object"),
        ({"schema": 2}, "schema is 2"),
        ({"schema": 1, "anchor": "head"}, "“centre” or “bottom”"),
        ({"schema": 1, "anchor": []}, "anchor is []"),
        ({"schema": 1, "line": []}, "unknown entry"),
        ({"schema": 1, "lines": {}}, "lines is no list"),
        ({"schema": 1, "lines": [{**LINE, "to": [0, 0]}]}, "same point"),
        ({"schema": 1, "lines": [{**LINE, "to": [0, 1.5]}]}, "line 1, to is 1.5"),
        ({"schema": 1, "lines": [{**LINE, "to": [0, True]}]}, "true"),
        ({"schema": 1, "lines": [{**LINE, "to": [0]}]}, "1 numbers"),
        ({"schema": 1, "lines": [{**LINE, "name": " "}]}, "name"),
        ({"schema": 1, "lines": [{**LINE, "name": "a\nb"}]}, "name"),
        ({"schema": 1, "lines": [LINE, LINE]}, "twice"),
        ({"schema": 1, "zones": [{"name": "z", "points": [[0, 0], [1, 1]]}]}, "2 points"),
        ({"schema": 1, "zones": [{"name": "z", "points": [[0, 0], [0, 1], [0, 0.5]]}]}, "enclose nothing"),
        ({"schema": 1, "lines": [{**LINE, "name": str(i)} for i in range(65)]}, "65 lines"),
    ],
)
def test_what_is_wrong_is_said(record: object, told: str) -> None:
    with pytest.raises(ZonesError) as caught:
        layout_from(json.dumps(record), "zones.json")
    assert "zones.json" in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 100_000, '{"schema": 1, "lines": [{"name": "a", "from": [NaN, 0]}]}', "x" * (1 << 21)]
)
def test_what_is_no_layout_is_refused(text: str) -> None:
    with pytest.raises(ZonesError):
        layout_from(text, "zones.json")
