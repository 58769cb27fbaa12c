"""Motion JPEG over HTTP, as network cameras send it: numbered pictures, and every way to misbehave."""

from __future__ import annotations

import itertools
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

import cv2

from tests.sources.clips import numbered

_BOUNDARY = "picture"


class MjpegServer:
    """Sends pictures of ``size_wh`` every ``interval_s`` to whoever asks; the port is chosen by the system.

    Attributes:
        size_wh: may be changed at any time; connections made later get pictures of that size.
        silent: while set, connections stay open but nothing is sent.
        refusing: while set, every request is answered with 503.
        requests: released once for every request that came.
    """

    def __init__(self, size_wh: tuple[int, int] = (160, 120), interval_s: float = 0.02) -> None:
        self.size_wh = size_wh
        self.interval_s = interval_s
        self.silent = threading.Event()
        self.refusing = threading.Event()
        self.requests = threading.Semaphore(0)
        self._cut = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name="mjpeg")

    @property
    def url(self) -> str:
        """Address of the stream."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/camera.mjpg"

    def cut(self) -> None:
        """Break every connection there is."""
        self._cut.set()
        self._cut = threading.Event()

    def __enter__(self) -> MjpegServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cut.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()  # waits for the handlers

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server._answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        return Handler

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.requests.release()
        if self.refusing.is_set():
            handler.send_error(503)
            return
        handler.send_response(200)
        handler.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        handler.end_headers()
        try:
            self._send_pictures(handler, self._cut)
        except OSError:
            return  # the client has gone

    def _send_pictures(self, handler: BaseHTTPRequestHandler, cut: threading.Event) -> None:
        width, height = self.size_wh
        for number in itertools.count():
            if cut.wait(self.interval_s):
                return
            if self.silent.is_set():
                continue
            _, jpeg = cv2.imencode(".jpg", numbered(number, width, height))
            head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
            handler.wfile.write(head.encode() + jpeg.tobytes() + b"\r\n")
