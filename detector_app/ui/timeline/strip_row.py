"""One row of the strip."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class StripRow:
    """A row: what it is called, how much of it there is in each part of the time, and when it begins.

    Attributes:
        key: for the program, unlike those of all other rows.
        title: for people.
        colour_name: the class, or another name, whose colour of the palette it has.
        values: (bins,) float32, 0 nothing to 1 the most there is.
        event_times_s: ascending moments that next and previous go to, in seconds.
        hint: (bins,) what the pointer is told of each bin, as a number behind the title; None for nothing.
    """

    key: str
    title: str
    colour_name: str
    values: NDArray[np.float32]
    event_times_s: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    hint: NDArray[np.integer] | None = None
