"""Threads that share the strips and crops of a frame: each goes through a network alone on one of them.

A network on two threads waits for the slower one after every layer; two strips of a picture never wait for each other.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


class Workers:
    """Like ``map``, on ``count`` threads that are there from the beginning. ``close`` it in the end."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool = ThreadPoolExecutor(count, "faces") if count > 1 else None
        if self._pool is not None:
            # Each waits for all the others: so the pool must make every one of them now.
            all_there = threading.Barrier(count)
            list(self._pool.map(lambda _: all_there.wait(), range(count)))

    def map(self, work: Callable[[A], B], items: Iterable[A]) -> list[B]:
        """What ``work`` makes of each item, in their order; the first error is raised when those before it are done."""
        given = list(items)
        if self._pool is None or len(given) < 2:
            return [work(item) for item in given]
        return list(self._pool.map(work, given))

    def close(self) -> None:
        """End the threads, after what they are doing."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def shares(total: int, count: int, most: int) -> list[tuple[int, int]]:
    """``total`` things cut into at least ``count`` parts about equally large, none larger than ``most``: first and last-but-one of each."""
    if total <= 0:
        return []
    parts = min(total, max(count, -(-total // most)))
    edges = [total * i // parts for i in range(parts + 1)]
    return list(itertools.pairwise(edges))
