"""Places where one thread leaves things for another: the newest only, or all of them in order.

Both can be closed at any time from any thread; whoever waits then wakes up at once. ``take`` gives None only when the mailbox is closed
and empty or the time is over, so None itself cannot be sent.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class _Mailbox(Generic[T]):
    """What both kinds share: a condition, a queue, and the closed state."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._items: deque[T] = deque()
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether ``close`` was called."""
        with self._changed:
            return self._closed

    def take(self, timeout_s: float | None = None) -> T | None:
        """Wait for the next item, at most ``timeout_s`` seconds (None: without end). None when closed and empty, or too late."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._items) or self._closed, timeout_s)
            if not self._items:
                return None
            item = self._items.popleft()
            self._changed.notify_all()
            return item

    def __iter__(self) -> Iterator[T]:
        """Items until the mailbox is closed and empty."""
        while (item := self.take()) is not None:
            yield item

    def offer(self, item: T) -> bool:
        """Put ``item`` only if nothing is waiting; never blocks. Says whether it was put."""
        with self._changed:
            if self._closed or self._items:
                return False
            self._items.append(item)
            self._changed.notify_all()
            return True

    def close(self, *, discard: bool = False) -> None:
        """Accept nothing more. What is inside can still be taken, unless ``discard``. May be called more than once."""
        with self._changed:
            self._closed = True
            if discard:
                self._items.clear()
            self._changed.notify_all()


class Latest(_Mailbox[T]):
    """One place: a new item replaces one that nobody took. ``put`` never blocks."""

    def __init__(self) -> None:
        super().__init__()
        self._dropped = 0

    @property
    def dropped(self) -> int:
        """How many items were replaced before anybody took them."""
        with self._changed:
            return self._dropped

    def put(self, item: T) -> T | None:
        """Leave ``item`` and give back the one that it replaced, if any. After ``close`` nothing happens."""
        with self._changed:
            if self._closed:
                return None
            replaced = self._items.popleft() if self._items else None
            self._dropped += replaced is not None
            self._items.append(item)
            self._changed.notify_all()
            return replaced


class Bounded(_Mailbox[T]):
    """A queue that loses nothing: ``put`` waits while ``capacity`` items are inside."""

    def __init__(self, capacity: int) -> None:
        super().__init__()
        if capacity < 1:
            raise ValueError(f"capacity must be at least 1, not {capacity}")
        self._capacity = capacity

    def put(self, item: T) -> bool:
        """Wait for room and add ``item`` at the end. Says whether it was accepted; False only when the queue is or becomes closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or len(self._items) < self._capacity)
            if self._closed:
                return False
            self._items.append(item)
            self._changed.notify_all()
            return True

    def try_put(self, item: T) -> bool:
        """Add ``item`` if there is room; never blocks. Says whether it was added."""
        with self._changed:
            if self._closed or len(self._items) >= self._capacity:
                return False
            self._items.append(item)
            self._changed.notify_all()
            return True


class Budget:
    """Bounds the sum of what is under way (bytes of frames, say), however many items that is.

    ``always`` items are allowed whatever they amount to: as many as somebody collects before anything can be given back.
    """

    def __init__(self, limit: int, always: int = 1) -> None:
        self._limit = limit
        self._always = always
        self._used = 0
        self._items = 0
        self._closed = False
        self._changed = threading.Condition()

    def spend(self, amount: int) -> None:
        """Wait until ``amount`` fits, then count it. Returns at once after ``close``."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._fits(amount))
            self._used += amount
            self._items += 1

    def give_back(self, amount: int) -> None:
        """Count ``amount`` no more."""
        with self._changed:
            self._used -= amount
            self._items -= 1
            self._changed.notify_all()

    def close(self) -> None:
        """Nobody waits any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _fits(self, amount: int) -> bool:
        return self._items < self._always or self._used + amount <= self._limit
