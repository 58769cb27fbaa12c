"""Tables of a whole video from what was kept of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from detector_app.engine.kept import Kept, Subject
from detector_app.engine.kept_export import KINDS, export_kept
from detector_app.engine.kept_settings import searches_each
from detector_app.engine.result_keeper import ResultKeeper
from detector_app.errors import DetectorError
from detector_app.result_store.keys import content_key
from detector_app.result_store.store import ResultStore, StoredFrame
from detector_app.sources.source import SourceInfo

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow

TOLD_EVERY_S = 0.1


class TableExport(QObject):
    """Writes them in the background, with progress and cancel where exports have theirs."""

    _progressed = Signal(int, int, float)

    def __init__(self, window: MainWindow, keeper: ResultKeeper) -> None:
        super().__init__(window)
        self._window, self._keeper = window, keeper
        self._cancelled = Event()
        self._progressed.connect(window.area.exports.show_progress)
        window.area.exports.cancelled.connect(self.cancel)

    def cancel(self) -> None:
        """End soon; what is written is whole."""
        self._cancelled.set()

    def begin(self, kinds: tuple[str, ...], folder: Path, source: SourceInfo, subject: Subject) -> bool:
        """Write ``kinds`` into ``folder`` if all frames are kept: no picture is decoded and no network run. False: somebody must run.

        Where faces are named nothing is taken from here, for names are not kept; nor where a run would not search each frame.
        """
        settings = self._window.controller.settings
        found: list[tuple[Path, int, int]] = []

        def see(kept: Kept) -> None:
            if kept.complete and kept.path is not None:
                found.append((kept.path, kept.run, kept.frame_total))

        self._keeper.look(see)
        named = self._window.actions_table["face_names"].isChecked()
        if not found or named or not searches_each(settings) or not set(kinds) <= KINDS:
            return False
        (path, run, total) = found[0]
        self._cancelled.clear()

        def write() -> Path:
            self._keeper.flush()
            with ResultStore(path, content_key(subject.video)) as store:
                export_kept(self._counted(store.frames(run), total), settings, kinds, folder, source, subject.source)
            return folder

        self._window.area.exports.begin(source.name)
        self._window.background.call(write, self._say_done, self._say_failed)
        return True

    def _counted(self, frames: Iterator[StoredFrame], total: int) -> Iterator[StoredFrame]:
        """The same frames until it is cancelled, telling how far it is; on the background's thread."""
        started_s = told_s = time.monotonic()
        for done, frame in enumerate(frames):
            if self._cancelled.is_set():
                return
            now_s = time.monotonic()
            if done and now_s - told_s >= TOLD_EVERY_S:
                told_s = now_s
                self._progressed.emit(done, total, (now_s - started_s) * (total - done) / done)
            yield frame

    def _say_done(self, folder: Path) -> None:
        self._window.area.exports.hide()
        self._window.keeper.say_exported(folder, cancelled=self._cancelled.is_set())

    def _say_failed(self, error: Exception) -> None:
        self._window.area.exports.hide()
        self._window.show_error(
            error if isinstance(error, DetectorError) else DetectorError("", detail=f"{type(error).__name__}: {error}")
        )
