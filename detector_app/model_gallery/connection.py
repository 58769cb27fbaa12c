"""One GET over https, through redirects and the system's proxy, that another thread can break off. Plain http is never spoken.

``http.client`` rather than ``urllib.request``, because its socket is at hand: a read that waits for a silent server ends at once
when somebody cancels, and not after the time limit.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import ssl
import threading
import urllib.request
from collections.abc import Mapping
from types import TracebackType
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from detector_app import __version__
from detector_app.model_gallery.errors import HttpStatusError, InsecureRedirectError, InsecureServerError, OfflineError

MOST_REDIRECTS = 5
REDIRECTS = frozenset((301, 302, 303, 307, 308))
TLS_PORT = 443


class HttpsGet:
    """A context manager around one answer. ``abort`` may be called from any thread.

    Args:
        tls: how servers prove who they are.
        timeout_s: how long to wait for each step of the server, connecting and reading.
    """

    def __init__(self, tls: ssl.SSLContext, timeout_s: float) -> None:
        self._tls, self._timeout_s = tls, timeout_s
        self._lock = threading.Lock()
        self._connection: http.client.HTTPSConnection | None = None
        self._socket: socket.socket | None = None
        self._answer: http.client.HTTPResponse | None = None
        self._aborted = False

    def __enter__(self) -> HttpsGet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def open(self, url: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        """The answer to GET ``url``, after redirects, its body unread.

        Raises:
            OfflineError: no answer.
            InsecureServerError: the certificate is not good.
            InsecureRedirectError: a redirect to anything but https, or too many of them.
            HttpStatusError: a redirect to nowhere.
        """
        address = url
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._answer = self._ask(address, headers)
            if answer.status not in REDIRECTS:
                return answer
            target = answer.headers.get("Location", "")
            self._close()
            if not target:
                raise HttpStatusError(url, found=f"{answer.status} {answer.reason}")
            address = urljoin(address, target)
            if urlsplit(address).scheme != "https":
                raise InsecureRedirectError(url, found=address, detail="it is not encrypted")
        raise InsecureRedirectError(url, found=address, detail=f"more than {MOST_REDIRECTS} redirects")

    def abort(self) -> None:
        """End what ``open`` or a read of its answer is waiting for: it fails soon."""
        with self._lock:
            self._aborted = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    # Not the method of SSLSocket, which forgets the encryption: the reader would take what is left for the file.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _ask(self, url: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        parts = urlsplit(url)
        try:
            connection = self._connect(parts)
            path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            connection.request("GET", path, headers={"User-Agent": f"detector-app/{__version__}", **headers})
            return connection.getresponse()
        except ssl.SSLCertVerificationError as error:
            raise InsecureServerError(_origin(parts), detail=error.verify_message or str(error)) from error
        except ssl.SSLEOFError as error:
            raise OfflineError(_origin(parts), detail="it hung up") from error
        except ssl.SSLError as error:
            raise InsecureServerError(_origin(parts), detail=error.reason or str(error)) from error
        except TimeoutError as error:
            raise OfflineError(_origin(parts), detail=f"no answer within {self._timeout_s:g} s") from error
        except (OSError, http.client.HTTPException, UnicodeError, ValueError) as error:
            detail = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise OfflineError(_origin(parts), detail=detail) from error

    def _connect(self, parts: SplitResult) -> http.client.HTTPSConnection:
        host, port = parts.hostname or "", parts.port or TLS_PORT
        proxy = _proxy_for(host)
        if proxy is None:
            connection = http.client.HTTPSConnection(host, port, timeout=self._timeout_s, context=self._tls)
        else:
            at, at_port = proxy.hostname or "", proxy.port or TLS_PORT
            connection = http.client.HTTPSConnection(at, at_port, timeout=self._timeout_s, context=self._tls)
            connection.set_tunnel(host, port, _proxy_headers(proxy))
        connection.connect()
        with self._lock:
            self._connection, self._socket = connection, connection.sock
            if self._aborted:
                raise ConnectionAbortedError("cancelled")
        return connection

    def _close(self) -> None:
        with self._lock:
            connection, self._connection, self._socket = self._connection, None, None
        if self._answer is not None:
            self._answer.close()
        if connection is not None:
            connection.close()


def _origin(parts: SplitResult) -> str:
    return f"{parts.scheme}://{parts.netloc}"


def _proxy_for(host: str) -> SplitResult | None:
    """The proxy that the system or the environment names for https; None to go straight."""
    address = urllib.request.getproxies().get("https", "")
    if not address or urllib.request.proxy_bypass(host):
        return None
    return urlsplit(address if "://" in address else f"http://{address}")


def _proxy_headers(proxy: SplitResult) -> dict[str, str]:
    if not proxy.username:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
