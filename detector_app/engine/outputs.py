"""What the engine writes while it plays: at most one recording and one export at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from detector_app.engine.export_job import ExportJob, ExportOrder
from detector_app.engine.model_loader import ProcessorChoice
from detector_app.engine.recorder import Recorder
from detector_app.engine.state import ExportProgress
from detector_app.engine.threads import ErrorHandler
from detector_app.vision.frame_result import FrameResult


class Outputs:
    """Starts and ends the threads that write; ``on_change`` tells that ``recording`` or ``export`` is different."""

    def __init__(self, choice: ProcessorChoice, on_change: Callable[[], None], on_error: ErrorHandler) -> None:
        self._choice = choice
        self._on_change = on_change
        self._on_error = on_error
        self._lock = threading.Lock()
        self._closed = False
        self._recorder: Recorder | None = None
        self._job: ExportJob | None = None
        self._progress: ExportProgress | None = None

    @property
    def recording(self) -> Path | None:
        """The file that is being recorded; None as soon as it is complete."""
        with self._lock:
            return self._recorder.path if self._recorder is not None else None

    @property
    def export(self) -> ExportProgress | None:
        """How far the last export is; None before the first one."""
        with self._lock:
            return self._progress

    def start_recording(self, path: Path, fps: float, first: FrameResult | None) -> None:
        """Record into ``path`` from ``first`` (what is shown now) on, unless a recording runs."""
        with self._lock:
            if self._closed or self._recorder is not None:
                return
            self._recorder = Recorder(path, fps, self._end_recording, self._on_error)
            if first is not None:
                self._recorder.put(first)

    def record(self, result: FrameResult) -> None:
        """Give a result to the recording, if one runs; waits while the encoder is behind."""
        with self._lock:
            recorder = self._recorder
        if recorder is not None:
            recorder.put(result)

    def stop_recording(self) -> None:
        """Finish the recording in the background."""
        with self._lock:
            if self._recorder is not None:
                self._recorder.stop()

    def start_export(self, order: ExportOrder) -> None:
        """Export in the background, unless an export runs."""
        with self._lock:
            if self._closed or self._job is not None:
                return
            self._progress = ExportProgress(order.out_dir)
            self._job = ExportJob(order, self._choice, self._follow_export, self._on_error)

    def stop_export(self) -> None:
        """Finish the export's files with what they have, in the background."""
        with self._lock:
            if self._job is not None:
                self._job.stop()

    def close(self) -> list[threading.Thread]:
        """Finish everything, start nothing more. Gives the threads to be joined."""
        with self._lock:
            self._closed = True
            running = [writer for writer in (self._recorder, self._job) if writer is not None]
        for writer in running:
            writer.stop()
        return [writer.thread for writer in running]

    def _end_recording(self) -> None:
        with self._lock:
            self._recorder = None
        self._on_change()

    def _follow_export(self, progress: ExportProgress) -> None:
        with self._lock:
            self._progress = progress
            if not progress.running:
                self._job = None
        self._on_change()
