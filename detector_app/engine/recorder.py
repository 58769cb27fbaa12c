"""The thread that records what is played."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from detector_app.engine.mailbox import Bounded
from detector_app.engine.threads import ErrorHandler, start_thread
from detector_app.sinks.video import VideoWriter
from detector_app.sinks.writing import make_folder
from detector_app.vision.frame_result import FrameResult

QUEUE = 8


class Recorder:
    """Writes every result that it is given into one annotated video; while the encoder is slower, ``put`` waits."""

    def __init__(self, path: Path, fps: float, on_end: Callable[[], None], on_error: ErrorHandler) -> None:
        """Start.

        Args:
            path: the video file; its folder is made.
            fps: nominal rate of the source, 0 if unknown.
            on_end: the file is finished, whether it was stopped or failed.
            on_error: why it failed; what was written is kept.
        """
        self.path = path
        self._fps = fps
        self._on_end = on_end
        self._results: Bounded[FrameResult] = Bounded(QUEUE)
        self.thread = start_thread("recorder", self._main, on_error)

    def put(self, result: FrameResult) -> None:
        """Record one frame; nothing happens after the end."""
        self._results.put(result)

    def stop(self) -> None:
        """Finish the file with what was given so far; ``on_end`` tells when that is done."""
        self._results.close()

    def _main(self) -> None:
        try:
            self._record()
        finally:
            self._results.close(discard=True)
            self._on_end()

    def _record(self) -> None:
        make_folder(self.path.parent)
        writer = VideoWriter(self.path, self._fps)
        try:
            for result in self._results:
                writer.write(result)
        finally:
            writer.close()
