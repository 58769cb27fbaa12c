"""Videos that are analysed one after the other, with a bar for each."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from tqdm import tqdm

from detector_app.commands.chosen_settings import chosen_settings
from detector_app.commands.interruption import Interruption
from detector_app.engine.analysis import Analysis, AnalysisJob, AnalysisProgress
from detector_app.engine.kept import Kept, Subject
from detector_app.engine.kept_export import export_kept
from detector_app.engine.kept_settings import kept_settings, searches_each
from detector_app.engine.model_loader import ProcessorChoice
from detector_app.engine.result_keeper import ResultKeeper
from detector_app.errors import DetectorError, SettingError, SourceError
from detector_app.model_card import ModelCard
from detector_app.result_store.keys import content_key
from detector_app.result_store.place import Keep
from detector_app.result_store.store import ResultStore
from detector_app.sources.opener import open_source
from detector_app.sources.source import SourceInfo

POLL_S = 0.1
LOAD_S = 600.0


class AnalysisSession:
    """Holds the thread that keeps results; ``close`` ends it.

    Args:
        args: of the command.
        model: its name or path.
        card: its card.
        interruption: asked whether to stop.

    Raises:
        SettingError: a threshold or class that does not fit the model.
    """

    def __init__(self, args: argparse.Namespace, model: str, card: ModelCard, interruption: Interruption) -> None:
        self._args, self._model, self._card, self._interruption = args, model, card, interruption
        self._settings = chosen_settings(card, args)
        if not searches_each(self._settings):
            found = str(args.scan_every)
            raise SettingError("--scan-every", found=found, expected="left out: each frame that is kept is searched")
        self._lock = threading.Lock()
        self.failures = 0
        self._keeper = ResultKeeper(lambda: None, self._fail)

    def run(self) -> None:
        """Work through all videos; a failure of one does not keep the others."""
        for spec in self._args.videos:
            try:
                self._one(spec)
            except DetectorError as error:
                self._fail(error)
            if self._interruption.requested:
                return

    def close(self) -> None:
        """Write what waits."""
        self._keeper.close()
        self._keeper.thread.join()

    def _one(self, spec: str) -> None:
        """Analyse a video, and write its tables.

        Raises:
            SourceError: it is no video file, or cannot be read.
            SinkError, StoreError: tables cannot be written, or nothing is kept that they could be made of.
        """
        info = _video_info(spec)
        kept = self._opened(
            Subject(
                Path(spec),
                spec,
                info.duration_s or 1.0,
                info.frame_count,
                self._model,
                self._card,
                kept_settings(self._card, self._settings),
                Keep(self._args.keep),
                bins=1,  # nobody looks at a strip
            )
        )
        failures, done = self.failures, 0
        if not kept.complete and kept.path is not None:
            done = self._analyse(kept)
        if kept.path is None or not kept.complete:
            self.failures += self.failures == failures and not self._interruption.requested
            print(f"{info.name}: {done} frames analysed, not all; the same command goes on", file=sys.stderr)
            return
        print(f"{info.name}: {kept.frame_total} frames, {done} of them new, in {kept.path}")
        if self._args.export:
            self._export(kept, info)

    def _opened(self, subject: Subject) -> Kept:
        """What is known of the video, once all that was kept has been read."""
        self._keeper.open(subject)
        self._keeper.flush(LOAD_S)
        found: list[Kept] = []
        self._keeper.look(found.append)
        return found[0]

    def _analyse(self, kept: Kept) -> int:
        """Look at the missing frames; how many it were."""
        newest, ended = AnalysisProgress(), threading.Event()

        def told(progress: AnalysisProgress) -> None:
            nonlocal newest
            newest = progress
            if not progress.running:
                ended.set()

        self._interruption.deferred = True
        tqdm.monitor_interval = 0  # it would start a thread of its own
        interval_s = 0.2 if sys.stderr.isatty() else 5.0
        job = AnalysisJob(
            Analysis(kept.subject, None, kept.covered.copy()), self._keeper, ProcessorChoice(), told, self._fail
        )
        with tqdm(desc=kept.subject.video.name, unit="frame", mininterval=interval_s, dynamic_ncols=True) as bar:
            while not ended.wait(POLL_S):
                bar.total = newest.total
                bar.update(newest.done - bar.n)
                if self._interruption.requested:
                    job.stop()
            bar.update(newest.done - bar.n)
        job.thread.join()
        self._interruption.deferred = False
        return newest.done

    def _export(self, kept: Kept, info: SourceInfo) -> None:
        subject = kept.subject
        if kept.path is None:
            return
        with ResultStore(kept.path, content_key(subject.video)) as store:
            frames = store.frames(kept.run)
            export_kept(frames, self._settings, self._args.export, self._args.out, info, subject.source)
        print(f"{info.name}: {', '.join(self._args.export)} in {self._args.out}")

    def _fail(self, error: DetectorError) -> None:
        """From any thread."""
        with self._lock:
            self.failures += 1
        print(f"detector-app: {error}", file=sys.stderr)


def _video_info(spec: str) -> SourceInfo:
    """What the file says of itself, the number of frames exact.

    Raises:
        SourceError: it is no video file, or cannot be read.
    """
    source = open_source(spec)
    try:
        if source.info.kind != "video" or not source.info.seekable:
            raise SourceError(spec, detail="it is no video file, and only of those results are kept")
        return source.info
    finally:
        source.close()
