"""One ``detector-app run`` from its first input to its last."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any

from tqdm import tqdm

from detector_app.commands.answers import Answers, refuse_coco
from detector_app.commands.chosen_settings import chosen_settings
from detector_app.commands.interruption import Interruption
from detector_app.commands.options import CASCADE_OPTIONS
from detector_app.commands.run_journal import COMPLETE, INCOMPLETE, INTERRUPTED, Entry, RunJournal
from detector_app.commands.tally import Tally
from detector_app.engine.batch_plan import BatchPlan
from detector_app.engine.batch_run import BatchReport, BatchRun
from detector_app.engine.layout_files import read_layout
from detector_app.engine.tracking import Tracker, TrackOptions
from detector_app.errors import DetectorError, SourceError
from detector_app.pipelines.embedded import DEFAULT_MODEL
from detector_app.pipelines.loader import files_of, load_pipeline, read_card_file
from detector_app.pipelines.pipeline import Pipeline
from detector_app.result_store.keys import file_sha256
from detector_app.sinks.opener import open_sinks
from detector_app.sinks.sink import Sink
from detector_app.sources.opener import expand, open_source
from detector_app.sources.source import Source, SourceInfo
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.zone_format import layout_text
from detector_app.vision.zones import Layout

SAVE_BY_DEFAULT = ("video", "jsonl")
SAVE_OF_PICTURES = ("frames", "jsonl")
POLL_S = 0.1
ABANDON_S = 30.0
"""How long an impatient second Ctrl-C still waits for files to be closed."""

RESULT_OPTIONS = (
    *("score", "iou", "classes", "class_agnostic", "max_detections", "every", "start", "end", "save"),
    *CASCADE_OPTIONS,
)
"""Options that the results depend on; another value is another run."""


class RunSession:
    """Holds the model while inputs go through it, one after the other; a context that releases it."""

    def __init__(
        self,
        args: argparse.Namespace,
        interruption: Interruption,
        finish: Callable[[FrameResult], FrameResult] | None = None,
        finish_parameters: Mapping[str, Any] | None = None,
    ) -> None:
        """Find the model's file and the folder's journal; nothing runs yet.

        Args:
            args: of the command.
            interruption: asked whether to stop.
            finish: gives names to the faces of every result before it is written.
            finish_parameters: what the names depend on, as JSON values; others are another run.

        Raises:
            ModelNotFoundError: there is no such model.
            CardInvalidError, CardVersionError: a card that was given cannot be read.
            ZonesError: lines and zones cannot be read.
            OtherRunError, SinkError: see :class:`RunJournal`.
        """
        self._args = args
        self._interruption = interruption
        self._finish = finish
        self._model = args.model or DEFAULT_MODEL
        sha256 = "+".join(file_sha256(path) for path in files_of(self._model))
        parameters: dict[str, Any] = {name: _plain(getattr(args, name)) for name in RESULT_OPTIONS}
        if args.top_k is not None:  # only then: folders from before this option go on
            parameters["top_k"] = args.top_k
        self._card = read_card_file(args.card) if args.card else None
        if self._card is not None:
            parameters["card"] = json.loads(self._card.to_json())
        parameters |= finish_parameters or {}
        self._tracking = TrackOptions(read_layout(args.zones) if args.zones else Layout()) if args.track else None
        if self._tracking is not None:
            parameters |= {"track": True, "zones": json.loads(layout_text(self._tracking.layout))}
        self._journal = RunJournal(args.out, {"model_sha256": sha256, **parameters}, overwrite=args.overwrite)
        self._pipeline: Pipeline | None = None
        self.tally = Tally()

    def __enter__(self) -> RunSession:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pipeline is not None:
            self._pipeline.close()

    def run(self) -> None:
        """Work through all inputs that are not complete; a failure of one does not keep the others.

        Raises:
            SettingError: a class that the model does not have.
            ModelError: the model cannot be used.
            SinkError: the journal cannot be written.
            KeyboardInterrupt: while nothing was open.
        """
        pending = [spec for spec in self._specs() if not self._finished(spec)]
        if not pending:
            return
        args = self._args
        self._pipeline = load_pipeline(
            self._model,
            providers=args.providers,
            strict=args.strict,
            threads=args.threads or None,
            card=self._card,
        )
        settings = chosen_settings(self._pipeline.card, args)
        if self._pipeline.card.task == "classify":
            refuse_coco(args.save or ())
            self.tally.expect_classes()
        plan = BatchPlan(settings, args.batch, args.every, args.start, args.end)
        for spec in pending:
            self._one(spec, self._pipeline, plan)
            if self._interruption.requested:
                return

    def _specs(self) -> Iterator[str]:
        """The inputs, folders with videos taken apart; videos that this run made itself are none."""
        for spec in self._args.inputs:
            try:
                found = expand(spec)
            except SourceError as error:
                self.tally.fail(error)
                continue
            yield from (one for one in found if one == spec or not self._journal.wrote(one))

    def _finished(self, spec: str) -> bool:
        entry = self._journal.finished(spec)
        if entry is not None:
            self.tally.already += 1
            print(f"{entry.stem}: complete before ({entry.frames} frames)", file=sys.stderr)
        return entry is not None

    def _one(self, spec: str, pipeline: Pipeline, plan: BatchPlan) -> None:
        """One input; from its first file on, Ctrl-C waits until the files are whole."""
        try:
            source = open_source(spec, cancelled=lambda: self._interruption.requested)
        except SourceError as error:
            self.tally.fail(error)
            return
        self._interruption.deferred = True
        try:
            info = source.info
            entry = self._journal.begin(spec, info.name)
            sinks = self._open_sinks(source, entry)
            if sinks is not None:
                told = [Answers()] if info.kind == "pictures" and pipeline.card.task == "classify" else []
                run = BatchRun(source, pipeline, [*sinks, *told], plan, self._finish, self._tracker())
                report = self._follow(run, info, entry.stem, plan)
                self.tally.add(report)
                self._journal.note(self._ended(entry, report, sinks, live=info.live))
        finally:
            self._interruption.deferred = False
            source.close()

    def _open_sinks(self, source: Source, entry: Entry) -> list[Sink] | None:
        usual = SAVE_OF_PICTURES if source.info.kind == "pictures" else SAVE_BY_DEFAULT
        try:
            people = self._finish is not None
            layout = None if self._tracking is None else self._tracking.layout
            kinds = self._args.save or (*usual, *(("counts",) if layout is not None and layout.shapes else ()))
            return open_sinks(kinds, self._args.out, entry.stem, source.info, people=people, layout=layout)
        except DetectorError as error:
            self.tally.fail(error)
            self._journal.note(replace(entry, state=INCOMPLETE, error=str(error)))
            return None

    def _tracker(self) -> Tracker | None:
        return None if self._tracking is None else Tracker(self._tracking)

    def _follow(self, run: BatchRun, info: SourceInfo, name: str, plan: BatchPlan) -> BatchReport:
        """Show progress until everything is written."""
        interval_s = 0.2 if sys.stderr.isatty() else 5.0
        tqdm.monitor_interval = 0  # it would start a thread of its own
        try:
            with tqdm(
                total=plan.total(info), desc=name, unit="frame", mininterval=interval_s, dynamic_ncols=True
            ) as bar:
                while not run.wait(POLL_S):
                    bar.update(run.report.frames - bar.n)
                    if self._interruption.requested:
                        run.cancel()
                bar.update(run.report.frames - bar.n)
        except KeyboardInterrupt:
            self._interruption.requested = True
        finally:
            run.cancel()
            run.wait(ABANDON_S)
        return run.report

    def _ended(self, entry: Entry, report: BatchReport, sinks: Sequence[Sink], *, live: bool) -> Entry:
        # A live source that sees the wish to stop before the run does ends as if by itself.
        stopped = report.cancelled or (live and self._interruption.requested and report.error is None)
        errors = [*report.skipped, *([report.error] if report.error else [])]
        return replace(
            entry,
            state=INTERRUPTED if stopped else COMPLETE if report.complete else INCOMPLETE,
            frames=report.frames,
            detections=report.detections,
            outputs=tuple(sink.path.name for sink in sinks if sink.path.exists()),
            error=" ".join(str(error) for error in errors),
        )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
