"""Streams from real servers on loopback: they open, break, come back with another size, and end at once when asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from detector_app.errors import SourceError, StreamError
from detector_app.sources.backlog import Backlog
from detector_app.sources.live import LiveSource
from detector_app.sources.opener import open_source
from detector_app.sources.stream import Reconnecting, open_stream
from tests.servers.mjpeg import MjpegServer
from tests.servers.rtsp import RtspServer
from tests.sources.clips import Clip, number_of, write_clip

DEADLINE_S = 30.0
QUICK = Reconnecting(random=lambda: 0.0)


@pytest.fixture
def mjpeg() -> Iterator[MjpegServer]:
    with MjpegServer() as server:
        yield server


def read_until(source: LiveSource, wanted: Callable[[Any], bool]) -> Any:
    """Read on until a frame is as ``wanted``; fail after the deadline."""
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        frame = source.read()
        assert frame is not None
        if wanted(frame):
            return frame
    raise AssertionError("the frame that was waited for did not come")


def test_motion_jpeg_over_http(mjpeg: MjpegServer) -> None:
    source = open_source(mjpeg.url)
    assert (source.info.kind, source.info.live, source.info.seekable) == ("stream", True, False)
    assert (source.info.width_px, source.info.height_px) == (160, 120)
    frames = [source.read() for _ in range(8)]
    numbers = [number_of(frame.image_bgr) for frame in frames if frame]
    assert len(numbers) == 8
    assert numbers == sorted(set(numbers))
    assert [frame.index for frame in frames if frame] == sorted({frame.index for frame in frames if frame})
    source.close()


def test_a_stream_that_dies_comes_back_with_another_size(mjpeg: MjpegServer) -> None:
    source = open_stream(mjpeg.url, 10.0, reconnecting=QUICK)
    statuses: list[str] = []
    source.watch(statuses.append)
    assert source.read() is not None
    assert source.status == "connected"
    mjpeg.refusing.set()
    mjpeg.cut()
    for _ in range(3):  # the request refused, and two more tries
        assert mjpeg.requests.acquire(timeout=DEADLINE_S)
    mjpeg.size_wh = (320, 200)
    mjpeg.refusing.clear()
    frame = read_until(source, lambda frame: frame.width_px == 320)
    assert (frame.width_px, frame.height_px) == (320, 200)
    assert (source.info.width_px, source.info.height_px) == (320, 200)
    assert statuses[0] == "reconnecting (try 1)"
    assert "reconnecting (try 2)" in statuses
    assert statuses[-1] == "connected"
    source.close()


def test_a_stream_that_falls_silent_is_connected_anew(mjpeg: MjpegServer) -> None:
    source = open_stream(mjpeg.url, 0.5, reconnecting=QUICK)
    assert source.read() is not None
    assert mjpeg.requests.acquire(timeout=DEADLINE_S)
    mjpeg.silent.set()
    assert mjpeg.requests.acquire(timeout=DEADLINE_S)  # it asked again
    mjpeg.silent.clear()
    last = source.read()
    assert last is not None
    read_until(source, lambda frame: frame.index > last.index)
    source.close()


def test_a_stream_that_stays_away_is_given_up(mjpeg: MjpegServer) -> None:
    source = open_stream(mjpeg.url, 5.0, reconnecting=Reconnecting(give_up_s=0.3, random=lambda: 0.0))
    mjpeg.refusing.set()
    mjpeg.cut()
    with pytest.raises(StreamError, match=r"127\.0\.0\.1"):
        read_until(source, lambda frame: False)
    source.close()


def test_interrupt_ends_a_waiting_read_at_once(mjpeg: MjpegServer) -> None:
    source = open_stream(mjpeg.url, 10.0)
    mjpeg.silent.set()
    timer = threading.Timer(0.2, source.interrupt)
    timer.start()
    while source.read() is not None:
        pass
    timer.join()
    assert source.read() is None
    mjpeg.cut()
    source.close()
    source.close()


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_server_that_is_not_there_is_told_without_the_password(scheme: str) -> None:
    with pytest.raises(StreamError, match="refused") as caught:
        open_source(f"{scheme}://user:hush@127.0.0.1:9/x?token=hush2", timeout_s=5)
    shown = str(caught.value)
    error: BaseException | None = caught.value
    while error is not None:  # logs print the whole chain
        shown += repr(error)
        error = error.__cause__ or error.__context__
    assert "user@127.0.0.1" in shown
    assert "hush" not in shown


def test_a_server_that_never_answers_is_given_up(mjpeg: MjpegServer) -> None:
    mjpeg.silent.set()
    with pytest.raises(StreamError):
        open_source(mjpeg.url, timeout_s=0.5)
    mjpeg.cut()


def test_opening_can_be_called_off(mjpeg: MjpegServer) -> None:
    mjpeg.silent.set()
    called_off = threading.Event()
    timer = threading.Timer(0.1, called_off.set)
    timer.start()
    with pytest.raises(SourceError, match="called off"):
        open_source(mjpeg.url, timeout_s=5, cancelled=called_off.is_set)
    timer.join()
    mjpeg.cut()


def test_an_address_without_video_is_told(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html>no video here</html>")
    with served(tmp_path) as base, pytest.raises(StreamError, match="Invalid data"):
        open_source(f"{base}/page.html", timeout_s=5)


def test_a_film_behind_an_address_ends(tmp_path: Path) -> None:
    write_clip(tmp_path / "film.mkv", Clip(frames=15, fps=30))
    with served(tmp_path) as base:
        source = open_source(f"{base}/film.mkv", timeout_s=10)
        numbers = []
        while (frame := source.read()) is not None:
            numbers.append(number_of(frame.image_bgr))
        source.close()
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == 14


class served:  # noqa: N801
    """The files of a folder over HTTP."""

    def __init__(self, folder: Path) -> None:
        class Handler(SimpleHTTPRequestHandler):
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, directory=str(folder), **kwargs)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def test_rtsp() -> None:
    with RtspServer() as server:
        source = open_source(server.url)
        assert (source.info.width_px, source.info.height_px) == (160, 120)
        frames = [source.read() for _ in range(5)]
        assert all(frame is not None and frame.image_bgr.any() for frame in frames)
        source.close()


def test_an_rtsp_stream_that_dies_comes_back_with_another_size() -> None:
    with RtspServer() as server:
        source = open_stream(server.url, 10.0, reconnecting=QUICK)
        assert source.read() is not None
        server.stop()
        lost = threading.Event()
        source.watch(lambda status: lost.set() if status.startswith("reconnecting") else None)
        assert lost.wait(DEADLINE_S) or source.status.startswith("reconnecting")
        with RtspServer((320, 240), server.port):
            frame = read_until(source, lambda frame: frame.width_px == 320)
            assert (frame.height_px, source.info.height_px) == (240, 240)
            assert source.status == "connected"
            source.close()


def test_pauses_double_up_to_a_bound_and_are_spread() -> None:
    low, high = Reconnecting(random=lambda: 0.0), Reconnecting(random=lambda: 1.0)
    assert [low.pause_s(i) / 0.75 for i in (1, 2, 3, 4, 5, 6, 50)] == [0.5, 1, 2, 4, 8, 8, 8]
    assert high.pause_s(3) == 2.5


def test_a_queue_of_packets_is_skipped_up_to_a_key_frame_behind_it() -> None:
    backlog = Backlog()
    hurried = [backlog.must_skip(waited_s=0.0, now_s=0.1 * i, is_keyframe=i % 5 == 0) for i in range(15)]
    assert hurried == [False] * 11 + [True] * 4
    assert backlog.must_skip(waited_s=0.03, now_s=1.6, is_keyframe=False)
    assert not backlog.must_skip(waited_s=0.03, now_s=1.7, is_keyframe=True)
    assert not backlog.must_skip(waited_s=0.03, now_s=1.8, is_keyframe=False)
