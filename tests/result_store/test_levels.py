"""Rows for every least score at once, against counting again."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector_app.result_store.levels import Levels, level_of

found = st.lists(
    st.tuples(st.floats(0, 10), st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 100)), max_size=5)),
    max_size=12,
)


@given(found, st.integers(0, 100))
def test_counts_are_those_of_the_frames(frames: list, level: int) -> None:
    levels = Levels(10.0, 7)
    for time_s, things in frames:
        scores = np.array([score / 100 for _, score in things], np.float32)
        levels.add(time_s, [name for name, _ in things], scores)
    for name in "ab":
        expected = [0] * 7
        for time_s, things in frames:
            at = min(6, int(time_s / 10 * 7))
            expected[at] = max(expected[at], sum(n == name and score >= level for n, score in things))
        assert levels.counts(name, level / 100).tolist() == expected
        present = [count > 0 for count in expected]
        begins = [i for i, now in enumerate(present) if now and not (i and present[i - 1])]
        holders = [t for t, things in frames if any(n == name and score >= level for n, score in things)]
        firsts = [min(t for t in holders if min(6, int(t / 10 * 7)) == i) for i in begins]
        np.testing.assert_allclose(levels.events(name, level / 100), firsts, atol=1e-4)
    visited = {min(6, int(time_s / 10 * 7)) for time_s, _ in frames}
    assert set(np.flatnonzero(levels.visited).tolist()) == visited


def test_a_score_between_two_hundredths_counts_as_the_higher() -> None:
    assert [level_of(score) for score in (0.0, 0.3, 0.301, 1.0, 1.5)] == [0, 30, 31, 100, 100]


def test_a_crowd_is_counted_up_to_what_a_byte_holds() -> None:
    levels = Levels(1.0, 1)
    levels.add(0.0, ["a"] * 400, np.full(400, 0.5, np.float32))
    assert levels.counts("a", 0.5).tolist() == [255]


def test_memory_does_not_grow_with_the_video() -> None:
    levels = Levels(3600.0, 1200)
    for i in range(2000):
        levels.add(i * 1.8, ["a"], np.array([0.5]))
    assert sum(most.nbytes for most in levels._most.values()) == 1200 * 101
    assert sum(first.nbytes for first in levels._first.values()) == 2 * 1200 * 101
    assert levels.rows(0.5) == ["a"]
    assert levels.rows(0.6) == []


@given(found)
def test_many_frames_at_once_count_as_one_after_the_other(frames: list) -> None:
    one, many = Levels(10.0, 7), Levels(10.0, 7)
    for time_s, things in frames:
        one.add(time_s, [name for name, _ in things], np.array([score / 100 for _, score in things], np.float32))
    many.add_many(
        np.array([time_s for time_s, _ in frames], np.float64),
        np.array([len(things) for _, things in frames], np.int64),
        np.array(["ab".index(name) for _, things in frames for name, _ in things], np.int64),
        np.array([score / 100 for _, things in frames for _, score in things], np.float32),
        "ab",
    )
    np.testing.assert_array_equal(one.visited, many.visited)
    for level in (0.0, 0.25, 0.5, 1.0):
        assert sorted(one.rows(level)) == sorted(many.rows(level))
        for name in "ab":
            np.testing.assert_array_equal(one.counts(name, level), many.counts(name, level))
            np.testing.assert_array_equal(one.events(name, level), many.events(name, level))
    assert one.nbytes == many.nbytes
