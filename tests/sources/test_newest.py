"""The one place: newest wins, ends and errors arrive, nobody waits for ever."""

from __future__ import annotations

import threading

import pytest

from detector_app.sources.newest import Newest


def test_a_newer_item_replaces_the_older_one() -> None:
    place: Newest[int] = Newest()
    place.put(1)
    place.put(2)
    assert place.take() == 2


def test_the_last_item_comes_before_the_end_and_the_error() -> None:
    place: Newest[int] = Newest()
    place.put(1)
    place.end(ValueError("gone"))
    place.end()
    assert place.take() == 1
    with pytest.raises(ValueError, match="gone"):
        place.take()
    ended: Newest[int] = Newest()
    ended.end()
    assert ended.take() is None


def test_waiting_has_a_limit() -> None:
    place: Newest[int] = Newest()
    with pytest.raises(TimeoutError):
        place.take(0.01)
    with pytest.raises(TimeoutError):
        place.wait_first(0.01, lambda: False)


def test_the_first_item_stays_for_the_taker() -> None:
    place: Newest[int] = Newest()
    place.put(5)
    assert place.wait_first(1.0, lambda: False) == 5
    assert place.take() == 5
    assert place.wait_first(10.0, lambda: True) is None


def test_interrupt_wakes_a_waiting_taker() -> None:
    place: Newest[int] = Newest()
    taken: list[int | None] = []
    taker = threading.Thread(target=lambda: taken.append(place.take()))
    taker.start()
    place.interrupt()
    taker.join(10)
    assert taken == [None]
    place.put(1)
    assert place.take() is None
