from __future__ import annotations

from threading import Event, current_thread, main_thread

import pytest
from pytestqt.qtbot import QtBot

from detector_app.ui.background import Background


def fail() -> int:
    raise ValueError("no")


def test_work_runs_elsewhere_and_its_result_arrives_here(qtbot: QtBot) -> None:
    background, seen = Background(), []
    background.call(
        lambda: current_thread() is main_thread(), lambda here: seen.append((here, current_thread())), seen.append
    )
    qtbot.waitUntil(lambda: len(seen) == 1)
    assert seen == [(False, main_thread())]


def test_what_it_raises_arrives_here(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    background, seen = Background(), []
    background.call(fail, seen.append, lambda error: seen.append(str(error)))
    qtbot.waitUntil(lambda: len(seen) == 1)
    assert seen == ["no"]
    assert "A background call failed" in caplog.text


def test_nothing_is_delivered_after_the_end(qtbot: QtBot) -> None:
    background, seen, go = Background(), [], Event()
    background.call(lambda: go.wait(10), seen.append, seen.append)
    go.set()
    background.close()
    qtbot.wait(10)
    assert seen == []
