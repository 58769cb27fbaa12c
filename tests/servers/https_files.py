"""Files over real TLS on loopback, by a server that can be told to misbehave in every way that a download meets."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


@dataclass
class Served:
    """One file, and how it is served.

    Attributes:
        content: its bytes.
        etag: what the server calls its version; "" for nothing.
        cuts: so many bytes of an answer's body are sent before the connection breaks, for the first answers in turn.
        takes_ranges: answers a Range with a part.
        statuses: status codes of the first answers in turn, instead of the file.
        redirect: where to, instead of the file.
        tells: the Content-Length; None for the true one, -1 for none at all.
        pause_after: so many bytes are sent, then nothing more until ``go_on`` is set; negative for no pause.
    """

    content: bytes
    etag: str = '"one"'
    cuts: list[int] = field(default_factory=list)
    takes_ranges: bool = True
    statuses: list[int] = field(default_factory=list)
    redirect: str = ""
    tells: int | None = None
    pause_after: int = -1
    go_on: threading.Event = field(default_factory=threading.Event)
    paused: threading.Event = field(default_factory=threading.Event)


@dataclass
class FileServer:
    """An open server: ``files`` by path, and every request that came, as its headers."""

    address: str
    files: dict[str, Served]
    requests: list[dict[str, str]]

    def url(self, path: str) -> str:
        return f"{self.address}/{path}"


@dataclass(frozen=True)
class Certificate:
    """PEM files of a certificate for localhost, signed by its own key."""

    certificate: Path
    key: Path

    def trusted(self) -> ssl.SSLContext:
        """What a client needs to believe it, and nobody else."""
        return ssl.create_default_context(cafile=str(self.certificate))


def make_certificate(folder: Path) -> Certificate:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("the openssl command, which makes the server's certificate, is not installed")
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    words = f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -keyout {made.key}"
    more = f"-out {made.certificate} -addext subjectAltName=DNS:localhost,IP:127.0.0.1"
    subprocess.run([openssl, *words.split(), *more.split()], check=True, capture_output=True)
    return made


@contextmanager
def serving(certificate: Certificate, files: dict[str, Served]) -> Iterator[FileServer]:
    """Serve ``files`` until the block ends; what waits then is let go."""
    requests: list[dict[str, str]] = []

    class Handler(_Handler):
        served = files
        asked = requests

    class Server(ThreadingHTTPServer):
        daemon_threads = False

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hangs up is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), name="https-files")
    thread.start()
    try:
        yield FileServer(f"https://localhost:{server.server_address[1]}", files, requests)
    finally:
        for served in files.values():
            served.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    served: dict[str, Served]
    asked: list[dict[str, str]]

    def do_GET(self) -> None:
        self.asked.append({"path": self.path, **self.headers})
        served = self.served.get(self.path.removeprefix("/"))
        if served is None:
            self.send_error(404)
        elif served.statuses:
            self.send_error(served.statuses.pop(0))
        elif served.redirect:
            self.send_response(302)
            self.send_header("Location", served.redirect)
            self.end_headers()
        else:
            self._send(served)

    def _send(self, served: Served) -> None:
        start = self._start(served)
        if start >= len(served.content):
            self.send_error(416)
            return
        body = served.content[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(served.content) - 1}/{len(served.content)}")
        if served.tells != -1:
            self.send_header("Content-Length", str(len(body) if served.tells is None else served.tells))
        if served.etag:
            self.send_header("ETag", served.etag)
        self.end_headers()
        self._body(served, body[: served.cuts.pop(0)] if served.cuts else body)
        self.close_connection = True

    def _start(self, served: Served) -> int:
        span, wanted = self.headers.get("Range"), self.headers.get("If-Range")
        if span is None or not served.takes_ranges or (wanted is not None and wanted != served.etag):
            return 0
        return int(span.removeprefix("bytes=").removesuffix("-"))

    def _body(self, served: Served, body: bytes) -> None:
        if 0 <= served.pause_after < len(body):
            self.wfile.write(body[: served.pause_after])
            served.paused.set()
            served.go_on.wait(60)
            body = body[served.pause_after :]
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""
