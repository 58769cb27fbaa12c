"""Rows of the strip from what was found."""

from __future__ import annotations

from collections.abc import Container

import numpy as np

from detector_app.engine.kept import Kept
from detector_app.result_store.levels import Levels
from detector_app.ui.timeline.strip_row import StripRow

PERSON = "person:"


def found_rows(kept: Kept, score: float, wanted: Container[str] | None) -> tuple[StripRow, ...]:
    """A row for each person that was recognised, then one for each wanted class, in the order of their coming.

    Args:
        kept: what is known of the video.
        score: least score.
        wanted: names of classes; None for all.
    """
    people = [level_row(kept.people, name, score, key=f"{PERSON}{name}") for name in kept.people.rows(score)]
    classes = [
        level_row(kept.levels, name, score, key=f"class:{name}")
        for name in kept.levels.rows(score)
        if wanted is None or name in wanted
    ]
    return (*people, *classes)


def level_row(levels: Levels, name: str, score: float, key: str) -> StripRow:
    """The row of ``name``: as high as there are many at once."""
    counts = levels.counts(name, score).copy()
    values = counts.astype(np.float32) / np.float32(max(1, int(counts.max(initial=0))))
    return StripRow(key, name, name, values, levels.events(name, score), counts)
