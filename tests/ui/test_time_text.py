from __future__ import annotations

import pytest

from detector_app.ui.time_text import clock


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00.000"),
        (12.48, "00:12.480"),
        (0.29, "00:00.290"),
        (59.9996, "01:00.000"),
        (90, "01:30.000"),
        (3599.9999, "1:00:00.000"),
        (3725.5, "1:02:05.500"),
        (-1, "00:00.000"),
    ],
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_short_times_are_as_wide_as_the_long_one_beside_them() -> None:
    assert clock(5, like=7200) == "0:00:05.000"
