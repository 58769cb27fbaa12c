"""When frames are due, without waiting for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.engine.playback_clock import MOST_LATE_S, PlaybackClock


@given(speed=st.floats(0.25, 4), start_s=st.floats(0, 1000), now_s=st.floats(0, 1e6))
def test_after_the_first_frame_time_runs_at_the_speed(speed: float, start_s: float, now_s: float) -> None:
    clock = PlaybackClock(speed)
    assert clock.wait_s(start_s, now_s) == 0
    assert clock.wait_s(start_s + 2, now_s) == pytest.approx(2 / speed, abs=1e-6)
    assert clock.wait_s(start_s + 2, now_s + 2 / speed) == pytest.approx(0, abs=1e-6)


def test_a_little_late_is_caught_up() -> None:
    clock = PlaybackClock()
    clock.wait_s(0.0, 100.0)
    assert clock.wait_s(1.0, 101.0 + MOST_LATE_S / 2) == 0
    assert clock.wait_s(2.0, 101.5) == pytest.approx(0.5)


def test_much_too_late_begins_afresh() -> None:
    clock = PlaybackClock()
    clock.wait_s(0.0, 100.0)
    assert clock.wait_s(1.0, 110.0) == 0
    assert clock.wait_s(2.0, 110.0) == pytest.approx(1.0)


def test_another_speed_begins_afresh() -> None:
    clock = PlaybackClock()
    clock.wait_s(0.0, 100.0)
    clock.restart(2.0)
    assert clock.speed == 2.0
    assert clock.wait_s(50.0, 100.0) == 0
    assert clock.wait_s(51.0, 100.0) == pytest.approx(0.5)
