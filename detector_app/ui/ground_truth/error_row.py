"""The row of the timeline that shows when something is wrong or missed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detector_app.evaluation.precision_recall import FrameErrors
from detector_app.sources.source import SourceInfo
from detector_app.ui.timeline.strip_row import StripRow
from detector_app.ui.timeline.timeline import Timeline
from detector_app.ui.timeline.timeline_desk import bins_of

OWNER = "truth"
COLOUR_NAME = "error"
"""Whose colour of the palette the row has."""


def error_row(errors: Sequence[FrameErrors], duration_s: float, bins: int, title: str) -> StripRow:
    """Errors in each part of the time, and the frames with any as events.

    Args:
        errors: of the frames that were evaluated.
        duration_s: of the video.
        bins: how many parts.
        title: for people.
    """
    wrong = [one for one in errors if one.errors]
    times = np.array([one.frame.time_s for one in wrong], np.float64)
    places = np.clip((times / max(duration_s, 1e-9) * bins).astype(np.int64), 0, bins - 1)
    counts = np.bincount(places, [one.errors for one in wrong], minlength=bins) if wrong else np.zeros(bins)
    values = (counts / max(1.0, counts.max())).astype(np.float32)
    return StripRow("truth:errors", title, COLOUR_NAME, values, np.sort(times), counts.astype(np.int64))


def show_error_row(timeline: Timeline, source: SourceInfo | None, errors: Sequence[FrameErrors], title: str) -> None:
    """Have the row in the timeline of a video, as long as something was evaluated."""
    if source is None or source.kind != "video" or not source.duration_s:
        return
    bins = bins_of(source.duration_s, source.frame_count)
    timeline.set_extra_rows(OWNER, [error_row(errors, source.duration_s, bins, title)] if errors else [])
