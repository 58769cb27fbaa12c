"""A whole source through a detector into files, every frame, in order: four threads behind bounded queues."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from detector_app.engine.batch_plan import BatchPlan, DecodedFrame, planned_frames
from detector_app.engine.mailbox import Bounded, Budget
from detector_app.engine.threads import as_detector_error, start_thread
from detector_app.engine.tracking import Tracker, sought
from detector_app.errors import DetectorError
from detector_app.pipelines.pipeline import Inference, Pipeline, infer
from detector_app.sinks.sink import Sink
from detector_app.sources.source import Source
from detector_app.vision.frame_result import FrameResult, Timings

QUEUE = 4
"""Batches between two threads."""

MOST_BYTES = 512 * 1024 * 1024
"""Pixels under way at a time: a folder of 100-megapixel pictures must not fill the memory."""


@dataclass(frozen=True)
class BatchReport:
    """What came of a run.

    Attributes:
        frames, detections: written.
        classes: of a classifier, how many frames each class was the best of.
        skipped: pictures of a folder that could not be read.
        error: what ended the run early, or None.
        cancelled: it was ended by request.
    """

    frames: int = 0
    detections: int = 0
    classes: Mapping[str, int] = field(default_factory=dict)
    skipped: tuple[DetectorError, ...] = ()
    error: DetectorError | None = None
    cancelled: bool = False

    @property
    def complete(self) -> bool:
        """Every frame that was asked for is written."""
        return self.error is None and not self.cancelled and not self.skipped


@dataclass(frozen=True)
class _Inferred:
    batch: tuple[DecodedFrame, ...]
    inference: Inference


class BatchRun:
    """Starts at once. Takes over the source and the sinks: both are closed when it ends, whatever happens; the pipeline stays the caller's.

    A failure in one thread stops those before it; what is behind it is still finished and written.
    """

    def __init__(
        self,
        source: Source,
        pipeline: Pipeline,
        sinks: Sequence[Sink],
        plan: BatchPlan,
        finish: Callable[[FrameResult], FrameResult] | None = None,
        tracker: Tracker | None = None,
    ) -> None:
        """Begin. ``finish`` has the last word on every result before it is counted and written; its cost counts as ``select_ms``.

        ``tracker`` gives ids before that; it must be a fresh one.
        """
        self._source = source
        self._finish, self._tracker = finish, tracker
        self._sought = plan.settings if tracker is None else sought(plan.settings)
        self._pipeline = pipeline
        self._sinks = tuple(sinks)
        self._plan = plan
        self._stop = threading.Event()
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._report = BatchReport()
        self._classes: Counter[str] = Counter()
        self._batch = plan.batch_for(source.info, pipeline.card)
        self._budget = Budget(MOST_BYTES, always=self._batch)
        decoded: Bounded[DecodedFrame] = Bounded(QUEUE * self._batch)
        inferred: Bounded[_Inferred] = Bounded(QUEUE)
        results: Bounded[FrameResult] = Bounded(QUEUE * self._batch)
        self._threads = [
            self._stage("decode", lambda: self._decode(decoded), None, decoded),
            self._stage("inference", lambda: self._infer(decoded, inferred), decoded, inferred),
            self._stage("select", lambda: self._select(inferred, results), inferred, results),
            self._stage("sinks", lambda: self._write(results), results, None),
        ]

    @property
    def report(self) -> BatchReport:
        """What was done so far; final once ``wait`` said so."""
        with self._lock:
            return replace(self._report, classes=dict(self._classes))

    def wait(self, timeout_s: float) -> bool:
        """Wait until everything is written and closed, at most ``timeout_s``. Says whether it is."""
        end = time.monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def cancel(self) -> None:
        """Begin nothing more; what goes through the network is still written. Takes locks, so it is not for signal handlers."""
        self._cancelled.set()
        with self._lock:
            if self._threads[0].is_alive():
                self._report = replace(self._report, cancelled=True)
        self._halt()

    # --- threads --------------------------------------------------------------------------------------------------------------

    def _stage(
        self, name: str, work: Callable[[], None], inbox: Bounded[Any] | None, outbox: Bounded[Any] | None
    ) -> threading.Thread:
        """A thread that, however it ends, lets those before it give up and those behind it finish."""

        def main() -> None:
            try:
                work()
            except Exception as error:
                self._fail(as_detector_error(error, name))
            finally:
                if inbox is not None:
                    inbox.close(discard=True)
                if outbox is not None:
                    outbox.close()

        return start_thread(f"run-{name}", main, self._fail)

    def _decode(self, outbox: Bounded[DecodedFrame]) -> None:
        try:
            for decoded in planned_frames(self._source, self._plan, self._stop.is_set, self._skip):
                self._budget.spend(decoded.frame.image_bgr.nbytes)
                if not outbox.put(decoded):
                    return
        finally:
            self._source.close()

    def _infer(self, inbox: Bounded[DecodedFrame], outbox: Bounded[_Inferred]) -> None:
        for batch in _batches(inbox, self._batch):
            if self._cancelled.is_set():  # a model may take seconds for each of those that wait
                return
            inference = infer(self._pipeline, [decoded.frame for decoded in batch], self._sought)
            if not outbox.put(_Inferred(batch, inference)):
                return

    def _select(self, inbox: Bounded[_Inferred], outbox: Bounded[FrameResult]) -> None:
        for item in inbox:
            for result in self._results(item):
                if not outbox.put(result):
                    return

    def _results(self, item: _Inferred) -> Iterator[FrameResult]:
        """One result per frame; costs of the batch are shared equally."""
        n, inference = len(item.batch), item.inference
        started = time.perf_counter()
        found = self._pipeline.select(inference, self._sought)
        select_ms = 1000 * (time.perf_counter() - started)
        for decoded, one in zip(item.batch, found, strict=True):
            timings = Timings(decoded.decode_ms, inference.prepare_ms / n, inference.run_ms / n, select_ms / n)
            yield self._finished(FrameResult.of(decoded.frame, one, timings))

    def _finished(self, result: FrameResult) -> FrameResult:
        started = time.perf_counter()
        done = result if self._tracker is None else self._tracker.step(result, self._plan.settings)
        done = done if self._finish is None else self._finish(done)
        finish_ms = 1000 * (time.perf_counter() - started)
        return replace(done, timings=replace(done.timings, select_ms=done.timings.select_ms + finish_ms))

    def _write(self, inbox: Bounded[FrameResult]) -> None:
        try:
            for result in inbox:
                for sink in self._sinks:
                    sink.write(result)
                self._budget.give_back(result.frame.image_bgr.nbytes)
                self._count(result)
        except Exception as error:
            self._fail(as_detector_error(error, "sinks"))  # before closing: what fails there is only a consequence
        finally:
            self._close_sinks()

    def _close_sinks(self) -> None:
        """Every one, also when another cannot be finished."""
        for sink in self._sinks:
            try:
                sink.close()
            except Exception as error:
                self._fail(as_detector_error(error, str(sink.path)))

    # --- report ---------------------------------------------------------------------------------------------------------------

    def _count(self, result: FrameResult) -> None:
        with self._lock:
            frames, detections = self._report.frames + 1, self._report.detections + len(result.detections)
            self._report = replace(self._report, frames=frames, detections=detections)
            if result.classification is not None:
                self._classes[result.classification.best.name] += 1

    def _skip(self, error: DetectorError) -> None:
        with self._lock:
            self._report = replace(self._report, skipped=(*self._report.skipped, error))

    def _fail(self, error: DetectorError) -> None:
        """Keep the first error: those that follow are its consequences."""
        with self._lock:
            self._report = replace(self._report, error=self._report.error or error)
        self._halt()

    def _halt(self) -> None:
        self._stop.set()
        self._source.interrupt()
        self._budget.close()


def _batches(inbox: Bounded[DecodedFrame], size: int) -> Iterator[tuple[DecodedFrame, ...]]:
    """Full batches; the last one holds what is left."""
    batch: list[DecodedFrame] = []
    for decoded in inbox:
        batch.append(decoded)
        if len(batch) == size:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)
