"""Candidates take turns; those that measure themselves are believed."""

from __future__ import annotations

import pytest

from tests.benchmarks.interleaved import SelfTimed, compared, interleave, turns


def test_candidates_take_turns_and_each_begins_once() -> None:
    order: list[str] = []
    names = ("a", "b", "c")
    times = turns({name: lambda name=name: order.append(name) for name in names}, rounds=3, warm_up=0)
    assert order == ["a", "b", "c", "b", "c", "a", "c", "a", "b"]
    assert {name: len(spent) for name, spent in times.items()} == dict.fromkeys(names, 3)


def test_the_warm_up_does_not_count() -> None:
    calls: list[int] = []
    times = turns({"a": lambda: SelfTimed(calls.append(0) or float(len(calls)))}, rounds=2, warm_up=3)
    assert times == {"a": [4.0, 5.0]}


def test_a_candidate_that_measures_itself_is_believed() -> None:
    rows = interleave({"base": lambda: SelfTimed(200.0), "other": lambda: SelfTimed(50.0)}, rounds=4)
    assert [(row.name, row.median_ms, row.ratio) for row in rows] == [("base", 200.0, 1.0), ("other", 50.0, 0.25)]


def test_what_other_candidates_return_is_not_a_time() -> None:
    (row,) = interleave({"base": lambda: 1e9}, rounds=2)
    assert row.median_ms < 1e6


def test_ratios_are_medians_round_by_round() -> None:
    rows = compared({"a": [1.0, 2.0, 100.0], "b": [2.0, 4.0, 100.0]}, "b")
    assert rows[0].ratio == pytest.approx(0.5)
    assert rows[1].ratio == 1.0
