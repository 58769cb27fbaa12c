"""Timing that holds on a noisy machine: the candidates take turns in every round, and medians are compared."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class SelfTimed:
    """What a candidate returns that does its work elsewhere and measures it there: the way there and back does not count."""

    spent_ms: float


@dataclass(frozen=True)
class Row:
    """One candidate: median and quartiles in milliseconds, and its ratio to the base (median of the ratios round by round)."""

    name: str
    median_ms: float
    low_ms: float
    high_ms: float
    ratio: float


def interleave(candidates: Mapping[str, Callable[[], object]], rounds: int, warm_up: int = 3) -> list[Row]:
    """Time every candidate once a round, in turn, starting with another one each round; the first named is the base of the ratios."""
    return compared(turns(candidates, rounds, warm_up), next(iter(candidates)))


def turns(candidates: Mapping[str, Callable[[], object]], rounds: int, warm_up: int = 3) -> dict[str, list[float]]:
    """Milliseconds of every candidate round by round, in turn; a candidate may have measured itself (:class:`SelfTimed`)."""
    names = list(candidates)
    times: dict[str, list[float]] = {name: [] for name in names}
    for number in range(-warm_up, rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            spent_ms = _once(candidates[name])
            if number >= 0:
                times[name].append(spent_ms)
    return times


def compared(times: Mapping[str, list[float]], base: str) -> list[Row]:
    """Milliseconds round by round → one row for each candidate, with its ratio to the one called ``base``."""
    return [_row(name, spent, times[base]) for name, spent in times.items()]


def _once(candidate: Callable[[], object]) -> float:
    started = time.perf_counter()
    found = candidate()
    spent_ms = 1000 * (time.perf_counter() - started)
    return found.spent_ms if isinstance(found, SelfTimed) else spent_ms


def _row(name: str, spent: list[float], base: list[float]) -> Row:
    low, middle, high = statistics.quantiles(spent, n=4)
    ratio = statistics.median(a / b for a, b in zip(spent, base, strict=True))
    return Row(name, middle, low, high, ratio)
