"""The engine on a real stream: the newest picture, breaks, changes of size, and ends in the middle of waiting."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from detector_app.engine.state import Phase
from detector_app.errors import StreamError
from tests.engine.witness import Engine, engine_threads
from tests.servers.mjpeg import MjpegServer


@pytest.fixture
def server() -> Iterator[MjpegServer]:
    with MjpegServer() as server:
        yield server


@pytest.fixture
def watching(engine: Engine, server: MjpegServer) -> Iterator[Engine]:
    """An engine that plays the stream; it is left before the server ends."""
    engine.controller.open(server.url)
    engine.wait_phase(Phase.PLAYING)
    engine.witness.wait("pictures", lambda: len(engine.witness.shown) > 3)
    yield engine
    engine.controller.close()


def test_a_stream_plays_and_says_that_it_is_live(watching: Engine) -> None:
    state = watching.controller.state
    assert state.source is not None
    assert state.source.live
    assert state.source_status == "connected"
    assert watching.witness.shown == sorted(set(watching.witness.shown))


def test_a_paused_stream_is_read_on_so_that_it_continues_with_what_is_new(watching: Engine) -> None:
    watching.controller.pause()
    watching.wait_phase(Phase.PAUSED)
    watching.controller.step(1)
    before = len(watching.witness.shown)
    watching.witness.wait("one step", lambda: len(watching.witness.shown) > before)
    held = watching.controller.latest()
    watching.controller.play()
    assert held is not None
    watching.witness.wait(
        "a newer picture", lambda: (r := watching.controller.latest()) is not None and r.frame.index > held.frame.index
    )


def test_seeking_in_a_stream_does_nothing(watching: Engine) -> None:
    watching.controller.seek(0.0)
    watching.controller.seek_index(0)
    shown = len(watching.witness.shown)
    watching.witness.wait("more pictures", lambda: len(watching.witness.shown) > shown + 3)
    assert watching.controller.state.phase is Phase.PLAYING


def test_a_stream_that_comes_back_with_another_size(watching: Engine, server: MjpegServer) -> None:
    server.size_wh = (96, 64)
    server.cut()
    watching.witness.wait(
        "the new size", lambda: (s := watching.controller.state.source) is not None and s.width_px == 96
    )
    statuses = [state.source_status for state in watching.witness.states]
    assert any(status.startswith("reconnecting") for status in statuses)
    assert watching.controller.state.source_status == "connected"
    assert not watching.witness.errors


def test_an_engine_can_be_closed_while_a_stream_is_awaited(server: MjpegServer) -> None:
    server.silent.set()
    with Engine() as engine:
        engine.controller.open(server.url)
        assert server.requests.acquire(timeout=20)
        assert engine.controller.state.phase is Phase.OPENING
    assert not engine.witness.errors


def test_a_file_need_not_wait_for_a_stream_that_does_not_answer(
    engine: Engine, server: MjpegServer, media: Path
) -> None:
    server.silent.set()
    engine.controller.open(server.url)
    assert server.requests.acquire(timeout=20)
    engine.controller.open(str(media / "short.mp4"))
    engine.wait_phase(Phase.ENDED)
    assert not engine.witness.errors


def test_a_stream_that_gives_nothing_in_time_is_told(engine: Engine, server: MjpegServer) -> None:
    server.silent.set()
    engine.controller.set_live_timeout(0.3)
    engine.controller.open(server.url)
    engine.wait_error(StreamError)
    engine.wait_phase(Phase.FAILED)
    server.silent.clear()
    engine.controller.set_live_timeout(10)
    engine.controller.open(server.url)
    engine.wait_phase(Phase.PLAYING)
    engine.controller.close()


def test_fifty_switches_between_a_stream_and_a_file(engine: Engine, server: MjpegServer, media: Path) -> None:
    for i in range(50):
        engine.controller.open(server.url if i % 2 else str(media / "video.mp4"))
    engine.wait_phase(Phase.PLAYING)
    engine.witness.wait("a picture", engine.controller.latest)
    engine.controller.close()
    assert engine_threads() == []
