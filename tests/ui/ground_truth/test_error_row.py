"""Errors over time against counting by hand."""

from __future__ import annotations

import numpy as np

from detector_app.evaluation.precision_recall import FrameErrors, SeenFrame
from detector_app.ui.ground_truth.error_row import error_row
from tests.evaluation.truths import found, picture


def errors(time_s: float, wrong: int, missed: int) -> FrameErrors:
    return FrameErrors(SeenFrame(round(10 * time_s), "", time_s, (10, 10), found(), picture()), 5, wrong, missed)


def test_counts_per_bin_and_events() -> None:
    row = error_row([errors(0.0, 1, 0), errors(0.1, 0, 0), errors(0.3, 1, 2), errors(1.0, 0, 1)], 1.0, 4, "Errors")
    assert row.hint is not None
    assert row.hint.tolist() == [1, 3, 0, 1], "also the very end lies in the last bin"
    assert row.values.tolist() == np.array([1 / 3, 1, 0, 1 / 3], np.float32).tolist()
    assert row.event_times_s.tolist() == [0.0, 0.3, 1.0]


def test_no_errors_at_all() -> None:
    row = error_row([errors(0.5, 0, 0)], 1.0, 3, "Errors")
    assert row.values.tolist() == [0, 0, 0]
    assert len(row.event_times_s) == 0
