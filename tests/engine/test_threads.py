"""Failures of threads are told; ends are waited for."""

from __future__ import annotations

import logging
import threading

import pytest

from detector_app.engine.threads import join_all, start_thread
from detector_app.errors import DetectorError, SourceError


def test_a_typed_failure_is_passed_on_as_it_is() -> None:
    errors: list[DetectorError] = []
    error = SourceError("a.mp4", detail="gone")

    def fail() -> None:
        raise error

    assert join_all([start_thread("test", fail, errors.append)], 20) == []
    assert errors == [error]


def test_a_defect_is_logged_and_told(caplog: pytest.LogCaptureFixture) -> None:
    errors: list[DetectorError] = []
    with caplog.at_level(logging.ERROR):
        join_all([start_thread("test", lambda: [][0], errors.append)], 20)  # type: ignore[misc]
    assert "IndexError" in str(errors[0])
    assert "Traceback" in caplog.text


def test_a_thread_that_hangs_is_named(caplog: pytest.LogCaptureFixture) -> None:
    release = threading.Event()
    thread = start_thread("stubborn", lambda: release.wait() and None, lambda _: None)
    with caplog.at_level(logging.WARNING):
        assert join_all([thread], 0.01) == [thread]
    assert "stubborn" in caplog.text
    release.set()
    assert join_all([thread], 20) == []


def test_a_thread_does_not_wait_for_itself() -> None:
    alive: list[list[threading.Thread]] = []
    thread = start_thread("test", lambda: alive.append(join_all([threading.current_thread()], 20)), lambda _: None)
    thread.join(20)
    assert alive == [[]]
