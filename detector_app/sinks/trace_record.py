"""A trace as plain values for JSON: every stage with its count, every candidate with its fate and its reasons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from detector_app.vision.nearby import Reason
from detector_app.vision.trace import Fate, Look, Trace

SCHEMA = 1
"""Of the JSON: it grows when a reader of the last one would be misled."""


def trace_record(trace: Trace) -> dict[str, Any]:
    """The whole trace. Boxes are left, top, right, bottom in pixels of the source frame; rows are numbers within their look, best first.

    ``schema``; ``floor``: candidates with less score are left out; ``classes``; ``stages``: name, number of the look, count after it;
    ``looks``: see :func:`look_record`; ``also``: the trace of the other model, where two look together.
    """
    return {
        "schema": SCHEMA,
        "floor": _number(trace.floor),
        "classes": list(trace.class_names),
        "stages": [{"name": stage.name, "look": stage.look, "count": stage.count} for stage in trace.stages],
        "looks": [look_record(look, trace.class_names) for look in trace.looks],
        "also": [trace_record(other) for other in trace.also],
    }


def look_record(look: Look, class_names: tuple[str, ...]) -> dict[str, Any]:
    """One look: its name, thresholds, how many places it considered, and its candidates.

    From the score ``whole_from`` on each class of a place is a candidate; below it only the place's best class, if any.
    """
    return {
        "name": look.name,
        "least_score": _number(look.least_score),
        "most_overlap": _number(look.most_iou),
        "considered": look.considered,
        "whole_from": _number(look.whole_from),
        "candidates": [candidate_record(look, row, class_names) for row in range(len(look))],
    }


def candidate_record(look: Look, row: int, class_names: tuple[str, ...]) -> dict[str, Any]:
    """One candidate. What nobody knows of it is left out: ``objectness``, ``before_xyxy``, ``place``, ``parent``, ``suppressed_by``."""
    record: dict[str, Any] = {
        "row": row,
        "id": int(look.ids[row]),
        "class": class_name(look, row, class_names),
        "score": _number(look.scores[row]),
        "xyxy": _box(look.xyxy[row]),
        "fate": Fate(int(look.fates[row])).name.lower(),
    }
    if look.objectness is not None:
        record["objectness"] = _number(look.objectness[row])
    if look.before_xyxy is not None:
        record["before_xyxy"] = _box(look.before_xyxy[row])
    if look.by[row] >= 0:
        record["suppressed_by"], record["overlap"] = int(look.by[row]), _number(look.iou[row])
    if look.parents[row] >= 0:
        record["parent"] = int(look.parents[row])
    place = place_record(look, row)
    return {**record, **({"place": place} if place else {})}


def place_record(look: Look, row: int) -> dict[str, int]:
    """Where in the network it comes from, without what does not apply; empty if nobody knows."""
    places = look.places
    if places is None:
        return {}
    columns = {
        "head": places.head,
        "stride": places.stride_px,
        "row": places.row,
        "column": places.column,
        "anchor": places.anchor,
        "rank": places.rank,
    }
    return {name: int(column[row]) for name, column in columns.items() if column[row] >= 0}


def class_name(look: Look, row: int, class_names: tuple[str, ...]) -> str:
    """The class of a candidate; empty for what has none yet, as proposals."""
    number = int(look.class_ids[row])
    return class_names[number] if 0 <= number < len(class_names) else ("" if number < 0 else str(number))


def reason_record(trace: Trace, reason: Reason) -> dict[str, Any]:
    """One candidate near a point, with what would show it: ``change``, or how it would end ``then``."""
    look = trace.looks[reason.look]
    record = {"look": look.name, **candidate_record(look, reason.row, trace.class_names)}
    if reason.change is not None:
        change = reason.change
        record["change"] = {"threshold": change.threshold, "value": _number(change.value), "sure": change.sure}
    if reason.then is not None:
        record["then"] = reason.then.name.lower()
    if reason.then_by >= 0:
        record["then_suppressed_by"], record["then_overlap"] = reason.then_by, _number(reason.then_iou)
    return record


def _number(value: float | np.floating[Any]) -> float:
    found = float(value)
    return round(found, 6) if math.isfinite(found) else 0.0


def _box(xyxy: np.ndarray[Any, Any]) -> list[float]:
    return [round(float(edge), 2) for edge in xyxy]
