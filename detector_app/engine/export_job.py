"""The thread that exports a whole file in the background, with a model of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from detector_app.engine.batch_plan import BatchPlan
from detector_app.engine.batch_run import BatchReport, BatchRun
from detector_app.engine.finishing import Finish, careful
from detector_app.engine.model_loader import ProcessorChoice, load
from detector_app.engine.output_names import free_stem
from detector_app.engine.state import EngineState, ExportProgress
from detector_app.engine.threads import ErrorHandler, start_thread
from detector_app.engine.tracking import Tracker, TrackOptions
from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import DetectSettings, Pipeline
from detector_app.sinks.opener import open_sinks
from detector_app.sources.opener import open_source

POLL_S = 0.2


@dataclass(frozen=True)
class ExportOrder:
    """What to export: the input, the model with its thresholds (and card, if not its own), kinds of files, folder, the last step.

    ``tracking`` says what is followed and counted; None for nothing.
    """

    spec: str
    model_name: str
    settings: DetectSettings
    kinds: tuple[str, ...]
    out_dir: Path
    finish: Finish | None = None
    card: ModelCard | None = None
    tracking: TrackOptions | None = None

    @classmethod
    def of(
        cls,
        state: EngineState,
        settings: DetectSettings,
        kinds: tuple[str, ...],
        out_dir: Path,
        finish: Finish | None,
        tracking: TrackOptions | None = None,
    ) -> ExportOrder:
        """What the engine shows in ``state``, all of it."""
        return cls(state.spec, state.model_name, settings, kinds, out_dir, finish, state.given_card, tracking)


class ExportJob:
    """Runs once; progress and its end come by ``on_progress``, everything that fails by ``on_error``."""

    def __init__(
        self,
        order: ExportOrder,
        choice: ProcessorChoice,
        on_progress: Callable[[ExportProgress], None],
        on_error: ErrorHandler,
    ) -> None:
        self._order = order
        self._choice = choice
        self._on_progress = on_progress
        self._on_error = on_error
        self._stopped = threading.Event()
        self._progress = ExportProgress(order.out_dir)
        self.thread = start_thread("export", self._main, on_error)

    def stop(self) -> None:
        """Finish the files with what they have, soon."""
        self._stopped.set()

    def _main(self) -> None:
        try:
            pipeline = load(self._order.model_name, self._choice, self._order.card)
            try:
                self._export(pipeline)
            finally:
                pipeline.close()
        finally:
            now = self._progress
            self._on_progress(ExportProgress(now.out_dir, now.done, now.total, running=False))

    def _export(self, pipeline: Pipeline) -> None:
        order = self._order
        settings, finish = careful(order.settings, order.finish)
        plan = BatchPlan(settings)
        source = open_source(order.spec)
        total = plan.total(source.info)
        try:
            stem, people = free_stem(order.out_dir, source.info.name), order.finish is not None
            layout = None if order.tracking is None else order.tracking.layout
            tracker = None if order.tracking is None else Tracker(order.tracking)
            sinks = open_sinks(order.kinds, order.out_dir, stem, source.info, people=people, layout=layout)
            run = BatchRun(source, pipeline, sinks, plan, finish, tracker)
        except BaseException:
            source.close()
            raise
        started_s = time.monotonic()
        while not run.wait(POLL_S):
            self._tell(run.report, total, time.monotonic() - started_s)
            if self._stopped.is_set():
                run.cancel()
        self._tell(run.report, total, time.monotonic() - started_s)
        for error in (*run.report.skipped, *([run.report.error] if run.report.error else [])):
            self._on_error(error)

    def _tell(self, report: BatchReport, total: int | None, elapsed_s: float) -> None:
        left = max(0, total - report.frames) if total is not None else None
        remaining_s = left * elapsed_s / report.frames if left is not None and report.frames else None
        self._progress = ExportProgress(self._order.out_dir, report.frames, total, remaining_s)
        self._on_progress(self._progress)
