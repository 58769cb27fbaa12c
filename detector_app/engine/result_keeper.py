"""The thread that keeps what is found in a video: in its sidecar, and counted for the strip under the picture."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detector_app.engine.kept import Kept, Subject
from detector_app.engine.mailbox import Bounded
from detector_app.engine.threads import ErrorHandler, as_detector_error, start_thread
from detector_app.errors import DetectorError
from detector_app.pipelines.pipeline import Inference, Pipeline
from detector_app.result_store.errors import StoreDamagedError, StoreError, StoreUnwritableError
from detector_app.result_store.keys import RunKey, canonical, content_key, file_sha256
from detector_app.result_store.levels import Levels
from detector_app.result_store.place import Keep, beside_path, sidecar_path
from detector_app.result_store.store import ResultStore, StoredFrame, page_of, set_aside
from detector_app.sinks.writing import make_folder
from detector_app.vision.detections import Detections
from detector_app.vision.frame_result import FrameResult

QUEUE = 32
FLUSH_FRAMES, FLUSH_S = 32, 0.5


@dataclass(frozen=True, eq=False)
class _Shown:
    result: FrameResult
    pipeline: Pipeline
    inference: Inference


@dataclass(frozen=True, eq=False)
class _Found:
    subject: Subject
    frames: tuple[StoredFrame, ...]


@dataclass(frozen=True)
class _Whole:
    subject: Subject


class ResultKeeper:
    """Never holds anybody up: of frames that are played faster than they can be kept, some are not kept.

    Args:
        on_change: called on its thread when there is something new to see.
        on_error: told of what cannot be kept, once for a subject.
    """

    def __init__(self, on_change: Callable[[], None], on_error: ErrorHandler) -> None:
        self._on_change, self._on_error = on_change, on_error
        self._lock = threading.Lock()
        self._inbox: Bounded[_Shown | _Found | _Whole | Subject | threading.Event] = Bounded(QUEUE)
        self._wanted: Subject | None = None
        self._kept: Kept | None = None
        self._store: ResultStore | None = None
        self._run = 0
        self._waiting: list[StoredFrame] = []
        self._sums: dict[tuple[str, int, int], str] = {}
        self.thread = start_thread("result-keeper", self._main, on_error)

    def open(self, subject: Subject | None) -> None:
        """Keep results of ``subject`` from now on; None: of nothing. The same one again changes nothing."""
        with self._lock:
            if subject == self._wanted:
                return
            self._wanted, self._kept = subject, None
        if subject is not None:
            self._inbox.put(subject)

    def witness(self, result: FrameResult, pipeline: Pipeline | None, inference: Inference | None) -> None:
        """Take a fresh result of the engine, unless there is no room."""
        wanted = self._wanted  # a reference changes whole; the lock may be held for as long as a page is counted
        if wanted is None or pipeline is None or inference is None:
            return
        if pipeline.card == wanted.card and result.frame.source == wanted.source:
            self._inbox.try_put(_Shown(result, pipeline, inference))

    def take(self, subject: Subject, frames: Sequence[StoredFrame]) -> bool:
        """Take frames that were analysed apart; waits for room. False: there is no use in more, for they cannot be kept."""
        kept = self._kept
        failed = kept is not None and kept.subject == subject and kept.failed
        return self._inbox.put(_Found(subject, tuple(frames))) and not failed and self._wanted == subject

    def take_whole(self, subject: Subject) -> None:
        """Note that every frame of the video that can be read was given."""
        self._inbox.put(_Whole(subject))

    def look(self, see: Callable[[Kept], None]) -> bool:
        """Show the present subject's results to ``see``, which must be quick; False if there are none."""
        with self._lock:
            if self._kept is None:
                return False
            see(self._kept)
            return True

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Wait until all that was given is written. Says whether it is."""
        done = threading.Event()
        return self._inbox.put(done) and done.wait(timeout_s)

    def close(self) -> None:
        """Write what waits, then end. The caller joins ``thread``."""
        self._inbox.close()

    # --- its thread -------------------------------------------------------------------------------------------------------

    def _main(self) -> None:
        try:
            while True:
                item = self._inbox.take(FLUSH_S)
                if item is not None:
                    self._deal_safely_with(item)
                elif self._inbox.closed:
                    break
                if item is None or len(self._waiting) >= FLUSH_FRAMES:
                    self._write()
        finally:
            self._inbox.close(discard=True)  # nobody waits for room any more
            self._leave()

    def _deal_safely_with(self, item: _Shown | _Found | _Whole | Subject | threading.Event) -> None:
        """A failure ends the keeping of this video, not that of the next one."""
        try:
            self._deal_with(item)
        except Exception as error:
            self._give_up(error, "results")

    def _deal_with(self, item: _Shown | _Found | _Whole | Subject | threading.Event) -> None:
        if isinstance(item, threading.Event):
            self._write()
            item.set()
        elif isinstance(item, Subject):
            self._leave()
            self._begin(item)
        elif isinstance(item, _Found):
            self._count(item.subject, item.frames)
        elif isinstance(item, _Whole):
            self._set_whole(item.subject)
        else:
            self._keep_shown(item)

    def _begin(self, subject: Subject) -> None:
        kept = Kept(subject, Levels(subject.duration_s, subject.bins), Levels(subject.duration_s, subject.bins))
        kept.covered = np.zeros(max(0, subject.frame_count or 0), np.bool_)
        with self._lock:
            if subject != self._wanted:
                return
            self._kept = kept
        try:
            self._open_store(subject, kept)
            self._read_sidecar(subject, kept)
        except (DetectorError, OSError) as error:
            self._give_up(error, str(subject.video))
        with self._lock:
            kept.loaded = True
        self._on_change()

    def _open_store(self, subject: Subject, kept: Kept) -> None:
        """The sidecar and the run in it; where SQLite cannot write beside the video, that in the app's folder."""
        content = content_key(subject.video)
        path = sidecar_path(subject.video, content, subject.keep, subject.folder)
        if path is None:
            return
        card_sum = hashlib.sha256(subject.card.to_json().encode()).hexdigest()
        key = RunKey(self._model_sum(subject.model_name), card_sum, canonical(subject.settings.key))
        try:
            self._store = _store_at(path, content, subject)
        except StoreUnwritableError:
            elsewhere = sidecar_path(subject.video, content, Keep.APP, subject.folder)
            if elsewhere is None or elsewhere == path:
                raise
            self._store = _store_at(elsewhere, content, subject)
        self._run = self._store.run(key, subject.card.name, subject.card.classes)
        with self._lock:
            kept.path, kept.run = self._store.path, self._run

    def _read_sidecar(self, subject: Subject, kept: Kept) -> None:
        """Count all that was kept before; a file that proves to be damaged is set aside and begun anew."""
        if self._store is None:
            return
        try:
            for page in self._store.score_pages(self._run):
                with self._lock:
                    kept.add(page)
                    if subject != self._wanted:
                        return
                self._on_change()
            whole = self._store.whole(self._run)
        except StoreDamagedError as error:
            self._on_error(error)
            self._store.close()
            set_aside(self._store.path)
            with self._lock:
                kept.forget()
            self._open_store(subject, kept)
            return
        with self._lock:
            kept.whole = whole

    def _keep_shown(self, shown: _Shown) -> None:
        with self._lock:
            kept = self._kept
        if kept is None or shown.pipeline.card != kept.subject.card:
            return
        select = kept.subject.settings.select
        if not shown.pipeline.covers(shown.inference, select):  # made before the settings changed
            return
        found = shown.pipeline.select(shown.inference, select)[0]
        if not isinstance(found, Detections):
            return
        frame = shown.result.frame
        self._count(kept.subject, (StoredFrame(frame.index, frame.time_s, frame.width_px, frame.height_px, found),))
        self._count_people(kept, shown.result)

    def _count_people(self, kept: Kept, result: FrameResult) -> None:
        found = result.detections
        known = [i for i in range(len(found)) if (who := found.identity(i)) is not None and who.known]
        if known:
            names = [who.name for i in known if (who := found.identity(i)) is not None]
            with self._lock:
                kept.people.add(result.frame.time_s, names, found.scores[known])

    def _count(self, subject: Subject, frames: Sequence[StoredFrame]) -> None:
        with self._lock:
            kept = self._kept
        if kept is None or kept.subject != subject:
            return
        self._add(kept, frames)
        if self._store is not None:
            self._waiting += frames
        self._on_change()

    def _add(self, kept: Kept, frames: Sequence[StoredFrame]) -> None:
        with self._lock:
            kept.add(page_of(frames))

    def _set_whole(self, subject: Subject) -> None:
        """All that can be read was looked at: an end that comes sooner than the file says is no gap."""
        self._write()
        with self._lock:
            kept = self._kept
            if kept is None or kept.subject != subject or kept.failed:
                return
            kept.whole = True
        if self._store is not None:
            try:
                self._store.set_whole(self._run)
            except StoreError as error:
                self._give_up(error, str(self._store.path))
        self._on_change()

    def _write(self) -> None:
        if self._store is None or not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        try:
            self._store.add(self._run, waiting)
        except StoreError as error:
            self._give_up(error, str(self._store.path))

    def _leave(self) -> None:
        """Write what waits for the subject that is left, and close its file."""
        self._write()
        self._waiting = []
        if self._store is not None:
            self._store.close()
            self._store = None

    def _give_up(self, error: Exception, where: str) -> None:
        """Tell why nothing more is kept of this video; the strip goes on in memory."""
        told: Exception = StoreError(where, detail=str(error)) if isinstance(error, OSError) else error
        self._on_error(as_detector_error(told, where))
        self._waiting = []
        with self._lock:
            if self._kept is not None:
                self._kept.path, self._kept.failed = None, self._kept.loaded
        if self._store is not None:
            with suppress(StoreError):
                self._store.close()
            self._store = None

    def _model_sum(self, name: str) -> str:
        from detector_app.pipelines.embedded import CASCADE_FILE
        from detector_app.pipelines.loader import files_of  # brings onnxruntime with it

        files: list[Path] = []
        for path in files_of(name):  # a cascade is a folder of several
            files += sorted(path.parent.glob("*.onnx")) if path.name == CASCADE_FILE else [path]
        return "+".join(self._sum(path) for path in files)

    def _sum(self, path: Path) -> str:
        """sha256 of a file, read once as long as it does not change."""
        stat = path.stat()
        key = str(path), stat.st_size, stat.st_mtime_ns
        if key not in self._sums:
            self._sums[key] = file_sha256(path)
        return self._sums[key]


def _store_at(path: Path, content: str, subject: Subject) -> ResultStore:
    """Open the file; results beside a video that cannot be written there, as on a share, are brought along once."""
    make_folder(path.parent)
    beside = beside_path(subject.video)
    if subject.keep is Keep.BESIDE and path != beside and beside.is_file() and not path.exists():
        shutil.copyfile(beside, path)
    return ResultStore(path, content)
