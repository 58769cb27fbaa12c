"""Mailboxes between real threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.engine.mailbox import Bounded, Budget, Latest

DEADLINE_S = 20


@pytest.fixture
def other_thread() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@given(items=st.lists(st.integers(), min_size=1))
def test_latest_keeps_the_newest_and_counts_the_others(items: list[int]) -> None:
    box: Latest[int] = Latest()
    assert [box.put(item) for item in items] == [None, *items[:-1]]
    assert box.dropped == len(items) - 1
    assert box.take() == items[-1]
    assert box.take(0) is None


@pytest.mark.parametrize("capacity", [1, 3])
def test_bounded_loses_nothing_and_keeps_order(other_thread: ThreadPoolExecutor, capacity: int) -> None:
    queue: Bounded[int] = Bounded(capacity)

    def produce() -> None:
        assert all(queue.put(i) for i in range(500))
        queue.close()

    done = other_thread.submit(produce)
    assert list(queue) == list(range(500))
    done.result(DEADLINE_S)


def test_bounded_waits_while_it_is_full(other_thread: ThreadPoolExecutor) -> None:
    queue: Bounded[int] = Bounded(1)
    queue.put(1)
    second = other_thread.submit(queue.put, 2)
    assert not second.done()
    assert [queue.take(), queue.take()] == [1, 2]
    assert second.result(DEADLINE_S)


@pytest.mark.parametrize("discard", [False, True])
def test_closing_wakes_who_takes_and_who_puts(other_thread: ThreadPoolExecutor, discard: bool) -> None:
    empty: Latest[int] = Latest()
    taken = other_thread.submit(empty.take)
    empty.close(discard=discard)
    assert taken.result(DEADLINE_S) is None
    full: Bounded[int] = Bounded(1)
    full.put(1)
    put = _blocked(other_thread, lambda: full.put(2))
    full.close(discard=discard)
    assert put.result(DEADLINE_S) is False
    assert list(full) == ([] if discard else [1])


def _blocked(pool: ThreadPoolExecutor, action: Callable[[], bool]) -> Future[bool]:
    """``action`` on the other thread, which has at least begun."""
    begun = threading.Event()

    def run() -> bool:
        begun.set()
        return action()

    future = pool.submit(run)
    assert begun.wait(DEADLINE_S)
    return future


def test_after_closing_nothing_goes_in() -> None:
    box: Latest[int] = Latest()
    queue: Bounded[int] = Bounded(1)
    for place in (box, queue):
        place.close()
        place.close()
        assert place.closed
        assert not place.offer(1)
        assert not place.put(1)
        assert place.take() is None


def test_an_offer_is_taken_only_when_nothing_waits() -> None:
    queue: Bounded[int] = Bounded(2)
    assert queue.offer(1)
    assert not queue.offer(2)
    queue.close()
    assert list(queue) == [1]


def test_a_queue_without_room_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Bounded(0)


def test_a_budget_waits_for_what_is_given_back(other_thread: ThreadPoolExecutor) -> None:
    budget = Budget(100)
    budget.spend(60)
    second = other_thread.submit(budget.spend, 60)
    assert not second.done()
    budget.give_back(60)
    second.result(DEADLINE_S)


@pytest.mark.parametrize("always", [1, 4])
def test_a_budget_always_lets_so_many_through(always: int) -> None:
    budget = Budget(100, always)
    for _ in range(always):
        budget.spend(1000)


def test_a_closed_budget_holds_nobody(other_thread: ThreadPoolExecutor) -> None:
    budget = Budget(1)
    budget.spend(1)
    waiting = other_thread.submit(budget.spend, 1)
    budget.close()
    waiting.result(DEADLINE_S)
