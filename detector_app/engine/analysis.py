"""All frames of a video that nobody has looked at yet, in the background, with a model of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detector_app.engine.kept import Subject
from detector_app.engine.model_loader import ProcessorChoice, load
from detector_app.engine.result_keeper import ResultKeeper
from detector_app.engine.threads import ErrorHandler, start_thread, step_back
from detector_app.errors import TruncatedError
from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import Interrupted, Pipeline, infer
from detector_app.result_store.store import StoredFrame
from detector_app.sources.opener import open_source
from detector_app.sources.source import Source
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame

TOLD_EVERY_S = 0.2


@dataclass(frozen=True)
class Analysis:
    """What is to be analysed: the video, the model as the engine loaded it, and the frames that were looked at already."""

    subject: Subject
    given_card: ModelCard | None
    covered: NDArray[np.bool_]


@dataclass(frozen=True)
class AnalysisProgress:
    """How far it is.

    Attributes:
        done, total: frames; the total None if nobody knows.
        remaining_s: at the rate so far; None at the beginning.
        running: False once it has ended.
        complete: every frame has been looked at.
    """

    done: int = 0
    total: int | None = None
    remaining_s: float | None = None
    running: bool = True
    complete: bool = False


class AnalysisJob:
    """Runs once. Frames go to ``keeper`` as they come, so that nothing is lost when it is stopped, or the program.

    Args:
        analysis: what.
        keeper: takes the results.
        choice: the processor.
        on_progress: called on its thread.
        on_error: told of what ends it early.
    """

    def __init__(
        self,
        analysis: Analysis,
        keeper: ResultKeeper,
        choice: ProcessorChoice,
        on_progress: Callable[[AnalysisProgress], None],
        on_error: ErrorHandler,
    ) -> None:
        self._analysis, self._keeper, self._choice = analysis, keeper, choice
        self._on_progress, self._on_error, self._told_s = on_progress, on_error, 0.0
        self._stopped = threading.Event()
        self._pipeline: Pipeline | None = None
        self._progress = AnalysisProgress(total=missing_count(analysis))
        self.thread = start_thread("analysis", self._main, on_error)

    def stop(self) -> None:
        """End soon; what was found is kept."""
        self._stopped.set()
        pipeline = self._pipeline
        if pipeline is not None:
            pipeline.interrupt()

    def _main(self) -> None:
        complete = False
        try:
            subject = self._analysis.subject
            # Playing goes first; where threads cannot step back, one of them leaves room for it.
            choice = self._choice if step_back() else replace(self._choice, threads=1)
            pipeline = self._pipeline = load(subject.model_name, choice, self._analysis.given_card)
            try:
                source = open_source(str(subject.video), cancelled=self._stopped.is_set)
                try:
                    complete = self._look_at_all(pipeline, source)
                finally:
                    source.close()
            except Interrupted:  # by ``stop``
                pass
            finally:
                self._pipeline = None
                pipeline.close()
        finally:
            self._keeper.flush()
            now = self._progress
            self._on_progress(AnalysisProgress(now.done, now.total, running=False, complete=complete))

    def _look_at_all(self, pipeline: Pipeline, source: Source) -> bool:
        """Every missing frame; says whether there was an end to it."""
        started_s = time.monotonic()
        for done, frame in enumerate(self._missing_frames(source), start=1):
            if self._stopped.is_set() or not self._look_at(pipeline, frame):
                return False
            self._tell(done, time.monotonic() - started_s)
        if self._stopped.is_set():  # which ends the reading, too
            return False
        self._keeper.take_whole(self._analysis.subject)
        return True

    def _missing_frames(self, source: Source) -> Iterator[Frame]:
        """The frames in the gaps, in order. A file that ends sooner than it says is told; what can be read of it is all there is."""
        for first, end in gaps(self._analysis.covered, source.info.frame_count):
            source.seek_index(first)
            position = first
            while end is None or position < end:
                try:
                    frame = source.read()
                except TruncatedError as error:
                    self._on_error(error)
                    return
                if frame is None or (frame.index < position and position > 0):
                    break
                position = frame.index + 1
                yield frame

    def _look_at(self, pipeline: Pipeline, frame: Frame) -> bool:
        """Find what is in it, and hand it on; False if nobody takes it."""
        settings = self._analysis.subject.settings.select
        found = pipeline.select(infer(pipeline, [frame], settings), settings)[0]
        if not isinstance(found, Detections):
            return False
        kept = StoredFrame(frame.index, frame.time_s, frame.width_px, frame.height_px, found)
        return self._keeper.take(self._analysis.subject, [kept])

    def _tell(self, done: int, elapsed_s: float) -> None:
        total = self._progress.total
        remaining_s = (total - done) * elapsed_s / done if total is not None and done else None
        self._progress = AnalysisProgress(done, total, remaining_s)
        if time.monotonic() - self._told_s >= TOLD_EVERY_S:
            self._told_s = time.monotonic()
            self._on_progress(self._progress)


def missing_count(analysis: Analysis) -> int | None:
    """Frames that nobody has looked at; None if nobody knows how many there are."""
    count = analysis.subject.frame_count
    return None if count is None else count - int(np.count_nonzero(analysis.covered[:count]))


def gaps(covered: NDArray[np.bool_], count: int | None) -> Iterator[tuple[int, int | None]]:
    """Runs of frames that are missing, as (first, end); the last end is None where the number of frames is not known."""
    known = covered if count is None else covered[:count]
    missing = np.flatnonzero(~np.concatenate([known, np.zeros(max(0, (count or 0) - len(known)), np.bool_)]))
    for run in np.split(missing, np.flatnonzero(np.diff(missing) != 1) + 1):
        if len(run):
            yield int(run[0]), int(run[-1]) + 1
    if count is None:
        yield len(known), None
