"""Counting walks of which one knows what they cross, also when boxes tremble."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.vision.detections import Detections
from detector_app.vision.zone_counting import MARGIN, Counting, ZoneEvent
from detector_app.vision.zones import CountingLine, Layout, Zone

SIZE = (1000, 500)
FPS = 25
LINE = CountingLine("door", (0.5, 1.0), (0.5, 0.0))
"""Upwards, so that the right hand is at the right: from left to right is in."""
ZONE = Zone("desk", ((0.4, 0.2), (0.6, 0.2), (0.6, 0.8), (0.4, 0.8)))


def seen(*points: tuple[float, float], ids: tuple[int, ...] = (1,)) -> Detections:
    xyxy = np.array([[x - 5, y - 5, x + 5, y + 5] for x, y in points], np.float32).reshape(-1, 4)
    n = len(points)
    return Detections(
        xyxy, np.ones(n, np.float32), np.zeros(n, np.int64), ("cup",), track_ids=np.array(ids[:n], np.int64)
    )


def walk(counting: Counting, xs: list[float], y: float = 250, start: int = 0) -> list[ZoneEvent]:
    steps = (counting.step(start + i, (start + i) / FPS, seen((x, y)), SIZE) for i, x in enumerate(xs))
    return [event for events in steps for event in events]


def test_in_and_out() -> None:
    counting = Counting(Layout((LINE,)))
    events = walk(counting, [100, 300, 480, 520, 700, 480, 300])
    assert [(event.index, event.what, event.track_id) for event in events] == [(3, "in", 1), (5, "out", 1)]
    assert counting.counts().lines[0].into == {"cup": 1}
    assert counting.counts().lines[0].out == {"cup": 1}


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=40), st.booleans())
def test_trembling_at_the_line_counts_once(noise: list[float], crosses: bool) -> None:
    margin_px = MARGIN * np.hypot(*SIZE)
    counting = Counting(Layout((LINE,)))
    events = walk(counting, [400, *(500 + 0.99 * margin_px * n for n in noise), 600 if crosses else 400])
    assert [event.what for event in events] == (["in"] if crosses else [])


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_a_walk_ends_on_the_side_that_the_counts_say(xs: list[int]) -> None:
    counting = Counting(Layout((LINE,)))
    path = [100.0, *map(float, xs), 900.0]
    what = [event.what for event in walk(counting, path)]
    assert what.count("in") - what.count("out") == 1
    margin_px = MARGIN * np.hypot(*SIZE)
    sure = [x > 500 for x in path if abs(x - 500) > margin_px]
    assert what == ["in" if now else "out" for was, now in pairwise(sure) if was != now]


def test_around_the_end_of_a_line_is_not_over_it() -> None:
    short = CountingLine("short", (0.5, 0.4), (0.5, 0.6))
    counting = Counting(Layout((short,)))
    assert walk(counting, [300, 450, 550, 700], y=50) == []
    assert [event.what for event in walk(counting, [700, 550, 450, 300], start=4)] == ["in"]


def test_a_zone_counts_visits_and_their_length() -> None:
    counting = Counting(Layout((ZONE,)))
    events = walk(counting, [300] * 5 + [500] * 25 + [700] * 5)
    assert [(event.index, event.what) for event in events] == [(5, "enter"), (30, "leave")]
    count = counting.counts().zones[0]
    assert (count.inside, count.entered, count.left) == ({}, {"cup": 1}, {"cup": 1})
    assert count.dwell_s == pytest.approx(1.0)


def test_what_is_hidden_for_a_moment_stays_inside_and_then_vanishes() -> None:
    counting = Counting(Layout((ZONE,)))
    assert [event.what for event in walk(counting, [500] * 10)] == ["appear"]
    for i in range(10, 30):
        assert counting.step(i, i / FPS, seen(), SIZE) == []
    assert counting.counts().zones[0].inside == {"cup": 1}
    gone = [event for i in range(30, 60) for event in counting.step(i, i / FPS, seen(), SIZE)]
    assert [(event.what, event.index) for event in gone] == [("vanish", 9)]
    assert counting.counts().zones[0].inside == {}


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40))
def test_who_is_inside_entered_and_has_not_left(xs: list[int]) -> None:
    counting = Counting(Layout((ZONE,)))
    walk(counting, list(map(float, xs)))
    count = counting.counts().zones[0]
    assert sum(count.inside.values()) == sum(count.entered.values()) - sum(count.left.values())
    counting.finish()
    assert counting.counts().zones[0].inside == {}


def test_after_a_jump_nobody_has_crossed() -> None:
    counting = Counting(Layout((LINE,)))
    walk(counting, [100, 200])
    assert walk(counting, [800, 900], start=200) == []
    assert walk(counting, [100, 200], start=10) == []


def test_a_moved_shape_begins_at_zero_and_a_renamed_one_does_not() -> None:
    counting = Counting(Layout((LINE, ZONE)))
    walk(counting, [300, 500, 700])
    counting.set_layout(Layout((CountingLine("gate", *LINE.points), Zone("desk", ZONE.points[1:]))))
    counts = counting.counts()
    assert (counts.lines[0].name, counts.lines[0].into) == ("gate", {"cup": 1})
    assert counts.zones[0].entered == {}
    assert {event.shape for event in counts.events} == {"gate"}


def test_without_ids_nothing_counts() -> None:
    counting = Counting(Layout((LINE, ZONE)))
    for i, x in enumerate((100, 900)):
        assert counting.step(i, i / FPS, seen((x, 250), ids=(-1,)), SIZE) == []
