"""Getting, checking and removing models of the gallery, each on a thread of its own; goes on while the window is closed."""

from __future__ import annotations

import contextlib
import logging
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, Signal

from detector_app.errors import DetectorError
from detector_app.model_gallery import (
    Download,
    DownloadProgress,
    GalleryEntry,
    Installed,
    entries,
    gallery_folder,
    remove,
    state_of,
    verify,
)
from detector_app.model_gallery.errors import DownloadCancelledError

log = logging.getLogger(__name__)

_CLOSE_S = 10.0


class Task(Enum):
    """What is done with a model."""

    GET = "get"
    VERIFY = "verify"
    REMOVE = "remove"


@dataclass(frozen=True)
class Transfer:
    """Work on one model: the present one, or the last one.

    Attributes:
        began_s: on the clock of ``time.monotonic``.
        progress: how far a download is; None before its first news.
        first_bytes: how much was there already when it began; None before the first news.
        running: whether it goes on.
        error: why it failed; None if it did not, or a person ended it.
    """

    task: Task
    began_s: float
    progress: DownloadProgress | None = None
    first_bytes: int | None = None
    running: bool = True
    error: DetectorError | None = None

    @property
    def per_second(self) -> float:
        """Bytes a second since it began; 0 while nothing can be said."""
        passed_s = time.monotonic() - self.began_s
        if self.progress is None or self.first_bytes is None or passed_s < 1.0:
            return 0.0
        return (self.progress.done_bytes - self.first_bytes) / passed_s


class Transfers(QObject):
    """All work on models of the gallery.

    Signals:
        listed: the entries and what is there of them are known, or known anew.
        changed: the name of a model whose transfer or state is another now.
        got: the name of a model that was downloaded, and its file.
        failed: the name of a model, and the ``DetectorError`` that ended its work.
    """

    listed = Signal()
    changed = Signal(str)
    got = Signal(str, object)
    failed = Signal(str, object)
    _told = Signal(object)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        folder: Path | None = None,
        table: Callable[[], Sequence[GalleryEntry]] = entries,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder, self._table, self._tls = folder, table, tls
        self._closed = False
        self._threads: list[Thread] = []
        self._downloads: dict[str, Download] = {}
        self._cancelled: set[str] = set()
        self._transfers: dict[str, Transfer] = {}
        self._states: dict[str, Installed] = {}
        self.entries: tuple[GalleryEntry, ...] = ()
        self.trouble: Exception | None = None
        """Why the table could not be read, or None."""
        self._told.connect(self._deliver)

    @property
    def folder(self) -> Path:
        """Where models are kept."""
        return self._folder or gallery_folder()

    @property
    def states(self) -> Mapping[str, Installed]:
        """What is there of each entry, by name."""
        return self._states

    def transfer(self, name: str) -> Transfer | None:
        """The present or last work on the model ``name``."""
        return self._transfers.get(name)

    def running(self, name: str = "") -> bool:
        """Whether there is work on the model ``name``, or on any."""
        wanted = self._transfers.values() if not name else filter(None, [self._transfers.get(name)])
        return any(transfer.running for transfer in wanted)

    def refresh(self) -> None:
        """Read the table and the folder; :attr:`listed` tells."""
        folder, table = self.folder, self._table

        def read() -> None:
            try:
                found = tuple(table())
                states = {entry.name: state_of(entry, folder) for entry in found}
            except Exception as error:
                log.exception("The table of models cannot be read")
                trouble = error
                self._tell(lambda: self._list((), {}, trouble))
            else:
                self._tell(lambda: self._list(found, states, None))

        self._spawn(read)

    def get(self, entry: GalleryEntry) -> None:
        """Download ``entry``, or go on with that."""
        if self.running(entry.name):
            return
        name = entry.name
        download = Download(
            entry,
            self.folder,
            lambda progress: self._tell(lambda: self._hear(name, progress)),
            tls=self._tls,
        )
        self._downloads[name] = download
        self._begin(entry, Task.GET, download.run)

    def verify(self, entry: GalleryEntry) -> None:
        """Compare every byte with what was downloaded."""
        folder = self.folder
        self._begin(entry, Task.VERIFY, lambda: verify(entry, folder))

    def remove(self, entry: GalleryEntry) -> None:
        """Delete the files of ``entry``."""
        folder = self.folder
        self._begin(entry, Task.REMOVE, lambda: remove(entry, folder))

    def cancel(self, name: str) -> None:
        """End the download of the model ``name``; what has come is kept."""
        if name in self._downloads and self.running(name):
            self._cancelled.add(name)
            self._downloads[name].cancel()
            self.changed.emit(name)

    def cancelling(self, name: str) -> bool:
        """Whether a download is about to end because a person wants that."""
        return name in self._cancelled

    def close(self) -> None:
        """End all, and wait for it; nothing is told any more. May be called again."""
        if self._closed:
            return
        self._closed = True
        self._told.disconnect(self._deliver)
        for download in self._downloads.values():
            download.cancel()
        end = time.monotonic() + _CLOSE_S
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    # --- on the window's thread -------------------------------------------------------------------------------------------

    def _begin(self, entry: GalleryEntry, task: Task, work: Callable[[], object]) -> None:
        if self.running(entry.name):
            return
        self._transfers[entry.name] = Transfer(task, time.monotonic())
        self.changed.emit(entry.name)
        folder = self.folder

        def run() -> None:
            error: DetectorError | None = None
            try:
                work()
            except DetectorError as raised:
                error = raised
            except Exception as raised:
                log.exception("Work on the model %s failed", entry.name)
                error = DetectorError(entry.name, detail=str(raised))
            state = state_of(entry, folder)
            told = error
            self._tell(lambda: self._end(entry.name, state, told))

        self._spawn(run)

    def _hear(self, name: str, progress: DownloadProgress) -> None:
        transfer = self._transfers[name]
        if not transfer.running:
            return
        first = progress.done_bytes if transfer.first_bytes is None else transfer.first_bytes
        self._transfers[name] = replace(transfer, progress=progress, first_bytes=first)
        self.changed.emit(name)

    def _end(self, name: str, state: Installed, error: DetectorError | None) -> None:
        self._cancelled.discard(name)
        self._downloads.pop(name, None)
        self._states[name] = state
        wished = isinstance(error, DownloadCancelledError)
        transfer = replace(self._transfers[name], running=False, error=None if wished else error)
        self._transfers[name] = transfer
        self.changed.emit(name)
        if transfer.error is not None:
            self.failed.emit(name, transfer.error)
        elif transfer.task is Task.GET and not wished:
            self.got.emit(name, state.path)

    def _list(self, found: tuple[GalleryEntry, ...], states: dict[str, Installed], trouble: Exception | None) -> None:
        self.entries, self._states, self.trouble = found, states, trouble
        self.listed.emit()

    def _spawn(self, work: Callable[[], None]) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = Thread(target=work, name="model-gallery", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _tell(self, call: Callable[[], None]) -> None:
        """Have ``call`` made on the window's thread, unless the window is gone."""
        with contextlib.suppress(RuntimeError):
            self._told.emit(call)

    def _deliver(self, call: Callable[[], None]) -> None:
        call()
