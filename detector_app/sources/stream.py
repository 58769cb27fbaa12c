"""A network stream as a source: RTSP, MJPEG over HTTP and what else FFmpeg reads from an address."""

from __future__ import annotations

import contextlib
import functools
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from detector_app.errors import StreamError
from detector_app.sources.address import shown_address
from detector_app.sources.backlog import Backlog
from detector_app.sources.live import Feed, LiveSource, Patience
from detector_app.sources.pixels import BgrConverter

SCHEMES = frozenset({"rtsp", "rtsps", "rtmp", "rtmps", "rtp", "http", "https", "udp", "tcp", "srt"})
"""Kinds of addresses that are opened as streams."""

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 8.0
_READ_TIMEOUT_S = 5.0
_OPTIONS = {
    "rtsp_transport": "tcp",  # UDP loses packets, and with them pictures
    "flags": "low_delay",
    "analyzeduration": "1000000",  # µs
    "protocol_whitelist": ",".join(
        sorted(SCHEMES | {"tls", "srtp", "httpproxy", "crypto", "data"})
    ),  # a play list reads no file
}


@dataclass(frozen=True)
class Reconnecting:
    """How a broken stream is brought back.

    Attributes:
        give_up_s: after this time without a picture the stream counts as dead; None to try for ever.
        random: gives numbers in [0, 1); many clients of one camera must not all come back at the same moment.
    """

    give_up_s: float | None = None
    random: Callable[[], float] = random.random

    def pause_s(self, attempt: int) -> float:
        """Seconds to wait before try number ``attempt`` (from 1): doubled each time up to 8 s, then spread by a quarter each way."""
        return min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2.0 ** min(attempt - 1, 10)) * (0.75 + 0.5 * self.random())


def open_stream(
    url: str,
    timeout_s: float,
    cancelled: Callable[[], bool] = lambda: False,
    reconnecting: Reconnecting | None = None,
) -> LiveSource:
    """Open the stream at ``url``; once it has given a picture it is brought back whenever it breaks.

    Raises:
        StreamError: it cannot be opened, or gives no picture within ``timeout_s``.
    """
    name = shown_address(url)

    def in_vain(waited_s: float) -> StreamError:
        return StreamError(name, detail=f"nothing came for {waited_s:.0f} s")

    line = _Line(url, name, min(timeout_s, _READ_TIMEOUT_S), reconnecting or Reconnecting())
    return LiveSource(name, "stream", line.keep, Patience(timeout_s, None, in_vain, cancelled))


class _Line:
    """The connection, on the reading thread."""

    def __init__(self, url: str, name: str, timeout_s: float, reconnecting: Reconnecting) -> None:
        self._url = url
        self._name = name
        self._timeout_s = timeout_s
        self._reconnecting = reconnecting
        self._converter = BgrConverter(name)
        self._last_picture_s: float | None = None

    def keep(self, feed: Feed) -> None:
        """Read until the source is closed or the stream is over; come back after every break."""
        attempt = 0
        while not feed.stopped:
            before = self._last_picture_s
            trouble = self._play(feed)
            if trouble is None or feed.stopped:
                return
            attempt = 1 if self._last_picture_s != before else attempt + 1
            if self._is_hopeless():
                raise StreamError(self._name, detail=trouble)
            feed.tell(f"reconnecting (try {attempt})")
            feed.wait(self._reconnecting.pause_s(attempt))

    def _is_hopeless(self) -> bool:
        give_up_s = self._reconnecting.give_up_s
        if self._last_picture_s is None:
            return True
        return give_up_s is not None and time.monotonic() - self._last_picture_s > give_up_s

    def _play(self, feed: Feed) -> str | None:
        """Read one connection to its end; what broke it, or None when a film of known length is over.

        FFmpeg's errors carry the address with its password: only their own words leave this function.
        """
        try:
            timeout = (self._timeout_s, self._timeout_s)
            container = av.open(self._url, "r", options=_OPTIONS, timeout=timeout, metadata_errors="replace")
        except (av.FFmpegError, ValueError) as error:
            return _words(error)
        with container:
            try:
                return self._show(container, feed)
            except av.FFmpegError as error:
                return _words(error)

    def _show(self, container: InputContainer, feed: Feed) -> str | None:
        stream = next((stream for stream in container.streams.video if stream.codec_context is not None), None)
        if stream is None:
            return "there is no video in it that can be decoded"
        stream.thread_type = "SLICE"  # decoding frames side by side would hold some of them back
        feed.fps = float(stream.average_rate or stream.guessed_rate or 0)
        film = bool(container.duration)
        clock = _Clock()
        for picture in _pictures(container, stream, feed, may_skip=not film):
            if film:
                feed.wait(clock.until(picture.time))
            feed.tell("connected")
            self._last_picture_s = time.monotonic()
            feed.put(functools.partial(self._converter.upright, picture))
        return None if film else "the server ended it"


class _Clock:
    """Holds back a film that the network delivers faster than it is to be shown."""

    def __init__(self) -> None:
        self._start_s: float | None = None

    def until(self, time_s: float | None) -> float:
        """Seconds to wait for the picture of ``time_s``."""
        now = time.monotonic()
        if time_s is None:
            return 0.0
        if self._start_s is None:
            self._start_s = now - time_s
        return max(0.0, self._start_s + time_s - now)


def _pictures(container: InputContainer, stream: VideoStream, feed: Feed, *, may_skip: bool) -> Iterator[av.VideoFrame]:
    backlog, asked_s = Backlog(), time.monotonic()
    for packet in container.demux(stream):
        now_s = time.monotonic()
        if feed.stopped:
            return
        late = may_skip and backlog.must_skip(waited_s=now_s - asked_s, now_s=now_s, is_keyframe=packet.is_keyframe)
        if not late:
            with contextlib.suppress(av.error.InvalidDataError):  # a damaged packet; the next key frame mends it
                yield from packet.decode()
        asked_s = time.monotonic()


def _words(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or "the address is not understood")
