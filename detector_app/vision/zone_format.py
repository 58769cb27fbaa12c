"""Lines and zones as JSON text, and back. The format is versioned and says its points as parts of width and height.

.. code-block:: json

    {"schema": 1, "anchor": "centre",
     "lines": [{"name": "Door", "from": [0.1, 0.5], "to": [0.9, 0.5]}],
     "zones": [{"name": "Desk", "points": [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8]]}]}

``anchor`` is ``"centre"`` or ``"bottom"``; lists may be missing; an unknown key is an error, so that a slip of the pen is found.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from detector_app.errors import ZonesError
from detector_app.vision.zones import (
    LEAST_CORNERS,
    MOST_CORNERS,
    MOST_NAME,
    MOST_SHAPES,
    Anchor,
    CountingLine,
    Layout,
    Point,
    Shape,
    Zone,
)

SCHEMA = 1
MOST_CHARACTERS = 1 << 20
_DIGITS = 5


def layout_text(layout: Layout) -> str:
    """The layout as JSON; points are rounded to a hundred-thousandth of the picture."""
    record = {
        "schema": SCHEMA,
        "anchor": layout.anchor.value,
        "lines": [{"name": line.name, "from": _rounded(line.start), "to": _rounded(line.end)} for line in layout.lines],
        "zones": [{"name": zone.name, "points": [_rounded(point) for point in zone.points]} for zone in layout.zones],
    }
    return json.dumps(record, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def layout_from(text: str, where: str) -> Layout:
    """Read the layout that ``text`` describes; ``where`` names it in errors.

    Raises:
        ZonesError: it is not such a text, of another version, or something in it is out of bounds.
    """
    try:
        return _layout(json.loads(text) if len(text) <= MOST_CHARACTERS else None)
    except _Wrong as wrong:
        raise ZonesError(where, detail=str(wrong)) from None
    except json.JSONDecodeError as error:
        raise ZonesError(where, detail=f"line {error.lineno} is not JSON ({error.msg})") from None
    except (ValueError, RecursionError):
        raise ZonesError(where, detail="it is not JSON") from None


class _Wrong(Exception):  # noqa: N818  (becomes a ZonesError)
    """What is wrong, and at which place."""


def _layout(found: object) -> Layout:
    record = _record(found, "the file", {"schema", "anchor", "lines", "zones"})
    if record.get("schema") != SCHEMA:
        raise _Wrong(f"its schema is {_shown(record.get('schema'))}, and {SCHEMA} is understood")
    try:
        anchor = Anchor(record.get("anchor", Anchor.CENTRE.value))
    except ValueError:
        known = " or ".join(f"“{one.value}”" for one in Anchor)
        raise _Wrong(f"its anchor is {_shown(record.get('anchor'))}, expected {known}") from None
    lines = [_line(one, f"line {i + 1}") for i, one in enumerate(_list(record.get("lines", []), "lines"))]
    zones = [_zone(one, f"zone {i + 1}") for i, one in enumerate(_list(record.get("zones", []), "zones"))]
    shapes: tuple[Shape, ...] = (*lines, *zones)
    if len(shapes) > MOST_SHAPES:
        raise _Wrong(f"it has {len(shapes)} lines and zones, at most {MOST_SHAPES} are possible")
    for i, shape in enumerate(shapes):
        if shape.name in {other.name for other in shapes[:i]}:
            raise _Wrong(f"the name “{shape.name}” is there twice")
    return Layout(shapes, anchor)


def _line(found: object, place: str) -> CountingLine:
    record = _record(found, place, {"name", "from", "to"})
    line = CountingLine(
        _name(record, place), _point(record.get("from"), f"{place}, from"), _point(record.get("to"), f"{place}, to")
    )
    if fault(line):
        raise _Wrong(f"{place}: {fault(line)}")
    return line


def _zone(found: object, place: str) -> Zone:
    record = _record(found, place, {"name", "points"})
    points = _list(record.get("points"), f"{place}, points")
    if not LEAST_CORNERS <= len(points) <= MOST_CORNERS:
        raise _Wrong(f"{place} has {len(points)} points, expected {LEAST_CORNERS} to {MOST_CORNERS}")
    zone = Zone(_name(record, place), tuple(_point(one, f"{place}, point {i + 1}") for i, one in enumerate(points)))
    if fault(zone):
        raise _Wrong(f"{place}: {fault(zone)}")
    return zone


def fault(shape: Shape) -> str:
    """Why ``shape`` can count nothing; empty where it can."""
    if isinstance(shape, CountingLine):
        return "both ends are the same point" if shape.start == shape.end else ""
    xs, ys = zip(*shape.points, strict=True)
    flat = max(xs) == min(xs) or max(ys) == min(ys)
    return "its points enclose nothing" if flat or len(set(shape.points)) < LEAST_CORNERS else ""


def _record(found: object, place: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise _Wrong(f"{place} is no JSON object")
    for key in found:
        if key not in known:
            raise _Wrong(f"{place} has an unknown entry {_shown(key)}")
    return found


def _list(found: object, place: str) -> list[object]:
    if not isinstance(found, list):
        raise _Wrong(f"{place} is no list")
    return found


def _name(record: Mapping[str, Any], place: str) -> str:
    name = record.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > MOST_NAME or not name.isprintable():
        raise _Wrong(f"{place} has the name {_shown(name)}, expected 1 to {MOST_NAME} characters in a line")
    return name.strip()


def _point(found: object, place: str) -> Point:
    values = _list(found, place)
    if len(values) != 2:
        raise _Wrong(f"{place} has {len(values)} numbers, expected x and y")
    x, y = (_part(value, place) for value in values)
    return x, y


def _part(value: object, place: str) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(float(str(value))) or not 0 <= float(str(value)) <= 1:
        raise _Wrong(f"{place} is {_shown(value)}, expected parts of width and height, 0 to 1")
    return float(str(value))


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else f"{text[:40]}…"


def _rounded(point: Point) -> list[float]:
    return [round(value, _DIGITS) for value in point]
