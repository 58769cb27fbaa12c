"""What was counted, as rows of the timeline: when lines were crossed, and how full zones were."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from detector_app.ui.timeline.strip_row import StripRow
from detector_app.vision.zone_counting import APPEAR, ENTER, IN, OUT, Counts, ZoneEvent
from detector_app.vision.zones import CountingLine, Layout

BINS = 600


def strip_rows(layout: Layout, counts: Counts, duration_s: float | None) -> tuple[StripRow, ...]:
    """One row for each shape that has seen something; none where the end is not known."""
    if not duration_s:
        return ()
    rows = []
    for shape in layout.shapes:
        events = sorted((one for one in counts.events if one.shape == shape.name), key=lambda one: one.time_s)
        line = isinstance(shape, CountingLine)
        begins = [one.time_s for one in events if one.what in (IN, OUT, ENTER, APPEAR)]
        values = crossings(begins, duration_s) if line else occupancy(events, duration_s)
        if begins:
            most = max(1.0, float(values.max()))
            title, times = shape.name, np.array(begins, np.float64)
            row = StripRow(
                f"tracking/{title}", title, title, (values / most).astype(np.float32), times, values.astype(np.int64)
            )
            rows.append(row)
    return tuple(rows)


def crossings(times_s: Iterable[float], duration_s: float) -> NDArray[np.float64]:
    """(BINS,) how often in each part of the time."""
    bins = np.minimum(np.array([*times_s], np.float64) / duration_s * BINS, BINS - 1).astype(np.int64)
    return np.bincount(bins, minlength=BINS).astype(np.float64)


def occupancy(events: Iterable[ZoneEvent], duration_s: float) -> NDArray[np.float64]:
    """(BINS,) how many were inside in each part of the time, a part in which one came or went included."""
    values = np.zeros(BINS)
    since: dict[int, int] = {}
    last = 0
    for one in events:
        last = min(BINS - 1, int(one.time_s / duration_s * BINS))
        if one.what in (ENTER, APPEAR):
            since[one.track_id] = last
        else:
            values[since.pop(one.track_id, last) : last + 1] += 1
    for begun in since.values():
        values[begun : max(last, begun) + 1] += 1
    return values
