"""Outputs compared value by value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector_app.parity import ParityRow
from export.errors import DisagreementError
from export.recipe import Tolerance

Array = NDArray[Any]


@dataclass(frozen=True)
class Difference:
    """A row of the report, and where in the output the largest difference lies."""

    row: ParityRow
    index: tuple[int, ...]

    def check(self, where: str) -> ParityRow:
        """The row, or DisagreementError if the values lie too far apart."""
        if not self.row.passed:
            row = self.row
            raise DisagreementError(
                f"{where} on input {list(row.input_shape)}",
                output=row.output,
                index=self.index,
                difference=row.max_abs,
                tolerance=row.tolerance,
            )
        return self.row


def difference_of(name: str, found: Array, expected: Array, shape: tuple[int, ...], tolerance: Tolerance) -> Difference:
    """Compare one output; ``shape`` is that of the input. Values that are not finite differ infinitely; no values do not differ."""
    gap = np.abs(found.astype(np.float64) - expected.astype(np.float64))
    gap = np.where(np.isfinite(gap), gap, np.inf)
    allowed = tolerance.absolute + tolerance.relative * float(np.abs(expected).max(initial=0.0))
    if gap.size == 0:
        return Difference(ParityRow(name, shape, 0.0, 0.0, allowed, passed=True), ())
    worst = np.unravel_index(int(gap.argmax()), gap.shape)
    largest = float(gap.max())
    row = ParityRow(name, shape, largest, float(gap.mean()), allowed, largest <= allowed)
    return Difference(row, tuple(int(i) for i in worst))
