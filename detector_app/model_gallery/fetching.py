"""One file from one of its addresses: continued where it broke off, tried again with growing pauses, checked before it is seen.

A download continues with ``Range`` and ``If-Range`` (RFC 9110, sections 14.2 and 13.1.5): a server whose file has changed since then
sends all of it. Whatever comes, at most as many bytes are taken as the table says, and their SHA-256 decides.
"""

from __future__ import annotations

import hashlib
import http.client
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from detector_app.model_gallery.connection import HttpsGet
from detector_app.model_gallery.entry import GalleryFile
from detector_app.model_gallery.errors import (
    CutConnectionError,
    DownloadCancelledError,
    DownloadError,
    HttpStatusError,
    InsecureRedirectError,
    InsecureServerError,
    OfflineError,
    WrongBytesError,
    WrongSizeError,
)
from detector_app.model_gallery.partial import Partial, typed_errors

CHUNK = 1 << 16
WHOLE, PART, BAD_RANGE = 200, 206, 416
BUSY = frozenset((408, 425, 429, 500, 502, 503, 504))
"""Answers that may be other ones a little later."""
OF_THE_SERVER = (
    *(OfflineError, InsecureServerError, HttpStatusError, InsecureRedirectError),
    *(CutConnectionError, WrongSizeError, WrongBytesError),
)
"""What another address of the same file may do better."""


@dataclass(frozen=True)
class Patience:
    """How long to wait, and how often to try.

    Attributes:
        timeout_s: for each step of a server.
        attempts: in a row without a single new byte.
        first_wait_s, most_wait_s: pauses between attempts double from the first to the most.
    """

    timeout_s: float = 20.0
    attempts: int = 4
    first_wait_s: float = 1.0
    most_wait_s: float = 8.0

    def wait_s(self, failures: int) -> float:
        """The pause after so many failures in a row."""
        return min(self.first_wait_s * 2.0 ** (failures - 1), self.most_wait_s)


class Fetch:
    """Fetches files of one download. ``run`` from one thread; ``cancel`` from any."""

    def __init__(self, tls: ssl.SSLContext, patience: Patience, tell: Callable[[int], None]) -> None:
        self._tls, self._patience, self._tell = tls, patience, tell
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._get: HttpsGet | None = None

    def cancel(self) -> None:
        """End ``run`` soon."""
        self._cancelled.set()
        with self._lock:
            if self._get is not None:
                self._get.abort()

    def check_cancelled(self, what: str) -> None:
        """Nothing, unless it was cancelled.

        Raises:
            DownloadCancelledError: it was.
        """
        if self._cancelled.is_set():
            raise DownloadCancelledError(what)

    def run(self, file: GalleryFile, target: Path) -> None:
        """Put the checked bytes of ``file`` at ``target``.

        Raises:
            DownloadError: see the subclasses; of several addresses that fail, the error of the last.
        """
        partial = Partial(target)
        for number, url in enumerate(file.urls, start=1):
            try:
                self._from(url, file, partial)
            except OF_THE_SERVER:
                if number == len(file.urls):
                    raise
            else:
                partial.finish()
                return

    def _from(self, url: str, file: GalleryFile, partial: Partial) -> None:
        """All bytes from ``url``, and they are right. What was begun before, and is wrong with the rest, is fetched anew once."""
        continued = partial.size_bytes > 0
        try:
            self._persist(url, file, partial)
            self._check(file, partial)
        except (WrongBytesError, WrongSizeError):
            partial.forget()
            if not continued:
                raise
            self._from(url, file, partial)

    def _persist(self, url: str, file: GalleryFile, partial: Partial) -> None:
        failures = 0
        while partial.size_bytes != file.size_bytes:
            before = partial.size_bytes
            try:
                self._once(url, file, partial)
            except (OfflineError, CutConnectionError, HttpStatusError) as error:
                self.check_cancelled(file.name)
                failures = 1 if partial.size_bytes > before else failures + 1
                if failures >= self._patience.attempts or not _passing(error):
                    raise
                self._cancelled.wait(self._patience.wait_s(failures))
                self.check_cancelled(file.name)

    def _once(self, url: str, file: GalleryFile, partial: Partial) -> None:
        """One connection, which brings the rest or a part of it."""
        have = partial.size_bytes
        if have > file.size_bytes:
            raise WrongSizeError(url, found=f"{have} bytes", expected=f"{file.size_bytes} bytes")
        with HttpsGet(self._tls, self._patience.timeout_s) as get:
            with self._lock:
                self._get = get
            self.check_cancelled(file.name)
            answer = get.open(url, _headers(have, partial.validator))
            if not _continues(answer, url, file, partial):
                partial.begin(_validator(answer))
            self._take(answer, url, file, partial)

    def _take(self, answer: http.client.HTTPResponse, url: str, file: GalleryFile, partial: Partial) -> None:
        have = partial.size_bytes
        with partial.appending() as end:
            while data := self._read(answer, url, file, have):
                have += len(data)
                if have > file.size_bytes:
                    raise WrongSizeError(
                        url, found=f"more than {file.size_bytes} bytes", expected=f"{file.size_bytes} bytes"
                    )
                end.write(data)
                self._tell(have)
                self.check_cancelled(file.name)
        if have < file.size_bytes:
            self.check_cancelled(file.name)
            raise CutConnectionError(url, found=f"{have} bytes", expected=f"{file.size_bytes} bytes")

    def _read(self, answer: http.client.HTTPResponse, url: str, file: GalleryFile, have: int) -> bytes:
        try:
            return answer.read1(CHUNK)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.check_cancelled(file.name)
            raise CutConnectionError(url, found=f"{have} bytes", expected=f"{file.size_bytes} bytes") from error

    def _check(self, file: GalleryFile, partial: Partial) -> None:
        digest = hashlib.sha256()
        with typed_errors(partial.target), partial.path.open("rb") as content:
            while data := content.read(1 << 20):
                digest.update(data)
                self.check_cancelled(file.name)
        if digest.hexdigest() != file.sha256:
            raise WrongBytesError(file.name, found=digest.hexdigest(), expected=file.sha256)


def _headers(have: int, validator: str) -> dict[str, str]:
    asked = {"Accept-Encoding": "identity", "Connection": "close"}  # the table counts the bytes of the file itself
    if have:
        asked |= {"Range": f"bytes={have}-"} | ({"If-Range": validator} if validator else {})
    return asked


def _continues(answer: http.client.HTTPResponse, url: str, file: GalleryFile, partial: Partial) -> bool:
    """Whether the body goes on where the partial file ends; False if it is all of the file.

    Raises:
        HttpStatusError: neither.
        WrongSizeError: the server has a file of another size, or one that has changed under our hands.
    """
    if answer.status == PART:
        start, total = _content_range(answer.headers.get("Content-Range", ""))
        now, before = _validator(answer), partial.validator
        if start != partial.size_bytes or total not in (None, file.size_bytes) or (now and before and now != before):
            raise WrongSizeError(url, found="a part of another file", expected=f"{file.size_bytes} bytes")
        return True
    if answer.status == BAD_RANGE:
        raise WrongSizeError(url, found=f"fewer than {partial.size_bytes} bytes", expected=f"{file.size_bytes} bytes")
    if answer.status != WHOLE:
        raise HttpStatusError(url, found=f"{answer.status} {answer.reason}", status=answer.status)
    if answer.length is not None and answer.length != file.size_bytes:
        raise WrongSizeError(url, found=f"{answer.length} bytes", expected=f"{file.size_bytes} bytes")
    return False


def _content_range(text: str) -> tuple[int | None, int | None]:
    """First byte and whole size of "bytes 5-9/10"; None for what is not told."""
    span, _, total = text.removeprefix("bytes ").partition("/")
    first = span.partition("-")[0]
    return int(first) if first.isdecimal() else None, int(total) if total.isdecimal() else None


def _validator(answer: http.client.HTTPResponse) -> str:
    """The strong entity tag, or the date of the last change; If-Range takes no weak tags."""
    tag: str = answer.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else str(answer.headers.get("Last-Modified", ""))


def _passing(error: DownloadError) -> bool:
    """It may be another one a little later."""
    return not isinstance(error, HttpStatusError) or error.details.get("status") in BUSY
