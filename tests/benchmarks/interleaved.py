"""Timing that holds on a noisy machine: the candidates take turns in every round, and medians are compared."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One candidate: median and quartiles in milliseconds, and its ratio to the first candidate (median of the ratios round by round)."""

    name: str
    median_ms: float
    low_ms: float
    high_ms: float
    ratio: float


def interleave(candidates: Mapping[str, Callable[[], object]], rounds: int, warm_up: int = 3) -> list[Row]:
    """Time every candidate once a round, in turn, starting with another one each round; the first named is the base of the ratios."""
    names = list(candidates)
    times: dict[str, list[float]] = {name: [] for name in names}
    for number in range(-warm_up, rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            started = time.perf_counter()
            candidates[name]()
            spent_ms = 1000 * (time.perf_counter() - started)
            if number >= 0:
                times[name].append(spent_ms)
    return [_row(name, times[name], times[names[0]]) for name in names]


def _row(name: str, spent: list[float], base: list[float]) -> Row:
    low, middle, high = statistics.quantiles(spent, n=4)
    ratio = statistics.median(a / b for a, b in zip(spent, base, strict=True))
    return Row(name, middle, low, high, ratio)
