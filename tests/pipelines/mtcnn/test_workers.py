from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector_app.pipelines.mtcnn.workers import Workers, shares


@pytest.mark.parametrize("count", [1, 2, 4])
def test_results_come_in_the_order_of_the_items(count: int) -> None:
    workers = Workers(count)
    assert workers.map(lambda n: n * n, range(20)) == [n * n for n in range(20)]
    assert workers.map(str, []) == []
    workers.close()


def test_all_of_them_work_at_the_same_time() -> None:
    workers, both = Workers(2), threading.Barrier(2, timeout=10)
    workers.map(lambda _: both.wait(), range(2))
    workers.close()


def test_an_error_is_raised_and_the_workers_go_on() -> None:
    workers = Workers(2)
    with pytest.raises(ZeroDivisionError):
        workers.map(lambda n: 1 // n, [1, 0, 2])
    assert workers.map(lambda n: n, [1, 2]) == [1, 2]
    workers.close()
    workers.close()


@given(st.integers(0, 3000), st.integers(1, 16), st.integers(1, 300))
def test_shares_hold_everything_once(total: int, count: int, most: int) -> None:
    found = shares(total, count, most)
    assert [i for first, last in found for i in range(first, last)] == list(range(total))
    sizes = [last - first for first, last in found]
    assert all(0 < size <= most for size in sizes)
    assert not sizes or max(sizes) - min(sizes) <= 1
    assert len(found) >= min(count, total)
