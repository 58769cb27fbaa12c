"""The table of phases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.engine.state import TRANSITIONS, Event, Phase, after


@given(events=st.lists(st.sampled_from(Event)))
def test_nothing_follows_the_end(events: list[Event]) -> None:
    phase = Phase.CLOSED
    for event in events:
        phase = after(phase, event)
    assert phase is Phase.CLOSED


@given(events=st.lists(st.sampled_from(Event)))
def test_a_source_that_is_not_open_never_plays(events: list[Event]) -> None:
    phase, opened = Phase.EMPTY, False
    for event in events:
        phase = after(phase, event)
        if event in (Event.OPEN, Event.CLOSE_SOURCE, Event.FAIL, Event.CLOSE):
            opened = False
        opened = opened or phase in (Phase.PLAYING, Phase.PAUSED)
        assert (
            event in (Event.READY_PLAYING, Event.READY_PAUSED) or opened or phase not in (Phase.PLAYING, Phase.PAUSED)
        )


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.CLOSED])
def test_from_everywhere_one_can_open_close_and_end(phase: Phase) -> None:
    assert after(phase, Event.OPEN) is Phase.OPENING
    assert after(phase, Event.CLOSE_SOURCE) is Phase.EMPTY
    assert after(phase, Event.CLOSE) is Phase.CLOSED


def test_what_is_not_in_the_table_changes_nothing() -> None:
    for phase in Phase:
        for event in Event:
            assert (phase, event) in TRANSITIONS or after(phase, event) is phase


def test_a_life() -> None:
    phase, lived = Phase.EMPTY, []
    for event in (
        Event.OPEN,
        Event.READY_PAUSED,
        Event.PLAY,
        Event.END,
        Event.JUMP,
        Event.PLAY,
        Event.PAUSE,
        Event.FAIL,
    ):
        phase = after(phase, event)
        lived.append(phase.name)
    assert lived == ["OPENING", "PAUSED", "PLAYING", "ENDED", "PAUSED", "PLAYING", "PAUSED", "FAILED"]
