"""All annotated frames of a source through a model of its own, in the background, into frames that can be judged."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from detector_app.engine.batch_plan import BatchPlan
from detector_app.engine.batch_run import BatchRun
from detector_app.engine.model_loader import ProcessorChoice, load
from detector_app.engine.threads import as_detector_error, start_thread
from detector_app.errors import DetectorError
from detector_app.evaluation.precision_recall import SeenFrame
from detector_app.evaluation.truth import GroundTruth
from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.sources.listing import list_folder
from detector_app.sources.opener import open_source
from detector_app.sources.source import Source, SourceInfo
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult

LEAST_SCORE = 0.001
MOST_DETECTIONS = 100
"""Both as ``detector-app eval`` has them."""
POLL_S = 0.1


@dataclass(frozen=True)
class WholeOrder:
    """What is to be evaluated: input, model (with a card, if not its own), thresholds, truth."""

    spec: str
    model_name: str
    card: ModelCard | None
    settings: DetectSettings
    truth: GroundTruth


@dataclass(frozen=True, eq=False)
class Seen:
    """What a run has come to.

    Attributes:
        frames: annotated ones, in order.
        complete: none is missing.
        skipped: pictures that could not be read.
        error: what ended it early, or None.
    """

    frames: tuple[SeenFrame, ...]
    complete: bool
    skipped: tuple[DetectorError, ...] = ()
    error: DetectorError | None = None


def low_settings(settings: DetectSettings) -> DetectSettings:
    """The same with hardly any least score, and all classes: what every higher threshold can be read from."""
    return replace(settings, score=LEAST_SCORE, max_detections=MOST_DETECTIONS, classes=None)


def seen_frame(
    result: FrameResult, truth: GroundTruth, source_kind: str, floor: float = LEAST_SCORE
) -> SeenFrame | None:
    """What is kept of a result that was selected with the least score ``floor``; None if nobody has marked its frame."""
    frame, found = result.frame, truth.of(result.frame, source_kind)
    if found is None:
        return None
    name = Path(frame.source).name if source_kind == "pictures" else ""
    size = frame.width_px, frame.height_px
    return SeenFrame(frame.index, name, frame.time_s, size, result.detections, found, floor)


class WholeRun:
    """Runs once. Progress and the end come by callbacks from its thread; after ``stop`` the end still comes, with what there is."""

    def __init__(
        self,
        order: WholeOrder,
        choice: ProcessorChoice,
        on_progress: Callable[[int, int | None], None],
        on_end: Callable[[Seen], None],
    ) -> None:
        """Begin.

        Args:
            order: what is to be done.
            choice: of the processor.
            on_progress: is told frames done, and of how many (None: unknown).
            on_end: is told once what came of it.
        """
        self._order, self._choice = order, choice
        self._on_progress, self._on_end = on_progress, on_end
        self._stopped = threading.Event()
        self._frames: list[SeenFrame] = []
        self.thread = start_thread("evaluate", self._main, lambda _error: None)

    def stop(self) -> None:
        """End soon."""
        self._stopped.set()

    def _main(self) -> None:
        try:
            seen = self._evaluate()
        except Exception as error:
            seen = Seen(tuple(self._frames), False, (), as_detector_error(error, self._order.spec))
        self._on_end(seen)

    def _evaluate(self) -> Seen:
        order = self._order
        pipeline = load(order.model_name, self._choice, order.card)
        try:
            source = MarkedFrames(open_source(order.spec), order.truth, order.spec)
            total = source.info.frame_count
            keeper = _Keeper(self._frames, order.truth, source.info.kind)
            run = BatchRun(source, pipeline, [keeper], BatchPlan(low_settings(order.settings)))
            while not run.wait(POLL_S):
                self._on_progress(len(self._frames), total)
                if self._stopped.is_set():
                    run.cancel()
        finally:
            pipeline.close()
        report = run.report
        self._on_progress(len(self._frames), total)
        return Seen(tuple(self._frames), report.complete, report.skipped, report.error)


class MarkedFrames:
    """A source that leaves out the frames that nobody has marked; those it has keep their numbers. Files only.

    Pictures of a folder that are not marked are not even opened.
    """

    def __init__(self, source: Source, truth: GroundTruth, spec: str) -> None:
        """Take over ``source``, which was opened by ``spec``."""
        self._source, self._truth = source, truth
        self._marked = _marked_pictures(Path(spec), truth) if source.info.kind == "pictures" else None
        self._at = 0

    @property
    def info(self) -> SourceInfo:
        """That of the source, with the number of frames that may come."""
        info = self._source.info
        if self._marked is not None:
            return replace(info, frame_count=len(self._marked))
        most = len(self._truth.pictures)
        return replace(info, frame_count=most if info.frame_count is None else min(most, info.frame_count))

    def read(self) -> Frame | None:
        """The next marked frame."""
        if self._marked is not None:
            if self._at >= len(self._marked):
                return None
            self._source.seek_index(self._marked[self._at])
            self._at += 1  # also when it cannot be read
            return self._source.read()
        while True:
            frame = self._source.read()
            if frame is None or self._truth.of(frame, self._source.info.kind) is not None:
                return frame

    def seek(self, time_s: float) -> None:
        """As the source does."""
        self._source.seek(time_s)

    def seek_index(self, index: int) -> None:
        """As the source does."""
        self._source.seek_index(index)

    def interrupt(self) -> None:
        """As the source does."""
        self._source.interrupt()

    def close(self) -> None:
        """As the source does."""
        self._source.close()


def _marked_pictures(folder: Path, truth: GroundTruth) -> tuple[int, ...] | None:
    """Numbers of the marked pictures of a folder, in the order in which it is opened; None for what is no folder."""
    if not folder.is_dir():
        return None
    pictures = list_folder(folder).pictures
    return tuple(i for i, path in enumerate(pictures) if truth.of_file(str(path)) is not None)


@dataclass(frozen=True, eq=False)
class _Keeper:
    """A sink that keeps what is to be judged in memory."""

    frames: list[SeenFrame]
    truth: GroundTruth
    source_kind: str
    path: Path = Path()

    def write(self, result: FrameResult) -> None:
        """Keep one frame."""
        seen = seen_frame(result, self.truth, self.source_kind)
        if seen is not None:
            self.frames.append(seen)

    def close(self) -> None:
        """Nothing is open."""
