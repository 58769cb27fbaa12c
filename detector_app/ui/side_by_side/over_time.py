"""Where in the video two models differ: filled while both play, and for all frames from what is kept of both."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from detector_app.engine.analysis import Analysis, AnalysisJob, AnalysisProgress
from detector_app.engine.kept import Kept, Subject
from detector_app.engine.kept_comparison import KeptRun, compare_kept
from detector_app.engine.kept_settings import kept_settings
from detector_app.engine.result_keeper import ResultKeeper
from detector_app.errors import DetectorError
from detector_app.ui.preferences import processor_choice
from detector_app.ui.timeline.strip_row import StripRow
from detector_app.ui.timeline.timeline_desk import bins_of
from detector_app.vision.agreement import Agreement
from detector_app.vision.differences import Differences
from detector_app.vision.frame_result import FrameResult

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow

OWNER = "compare"
COLOUR_NAME = "difference"
"""Whose colour of the palette the row has."""
SETTLE_MS, REPAINT_MS, LOOK_MS = 250, 150, 300


class OverTime(QObject):
    """Counts frames that both models have seen, and shows them as a row of the timeline.

    Signals:
        changed: there is more to see in :attr:`differences`.
        progressed: frames done and their number (None: unknown) of an analysis with the second model.
        ended: that is over.
    """

    changed = Signal()
    progressed = Signal(int, object)
    ended = Signal()
    _told = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.differences = Differences()
        self._keeper: ResultKeeper | None = None
        self._subject: Subject | None = None
        self._job: AnalysisJob | None = None
        self._conditions: object = None
        self._recount = threading.Event()
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._count_kept)
        self._repaint = QTimer(self, singleShot=True, interval=REPAINT_MS)
        self._repaint.timeout.connect(self._show_row)
        self._first_run = QTimer(self, interval=LOOK_MS)
        self._first_run.timeout.connect(self._look_at_first_run)
        self._told.connect(self._show_progress)

    @property
    def analysable(self) -> bool:
        """Whether all frames can be looked at with both models, and nobody does so yet."""
        subject = self._subject
        if subject is None or self._job is not None or self._first_run.isActive():
            return False
        return subject.frame_count is None or self.differences.frames < subject.frame_count

    def follow(self) -> None:
        """Look whether video, models or thresholds are others by now: then everything is counted anew."""
        controller, state = self._window.controller, self._window.state
        card = state.second_model
        conditions = None
        if card is not None:
            settings = controller.comparison.settings(card)
            conditions = state.spec, state.model_name, state.second_name, controller.settings, settings
        if conditions == self._conditions:
            return
        self._conditions = conditions
        self._recount.set()
        self.differences.clear()
        if conditions is None:
            self._leave()
        else:
            self._settle.start()
        self._wake()

    def take(self, result: FrameResult, agreement: Agreement) -> None:
        """Count what is shown."""
        self.differences.add(result.frame.index, result.frame.time_s, agreement)
        self._wake()

    def analyse(self) -> None:
        """Look at all frames that one of the models has not seen, in the background."""
        covered: list[np.ndarray] = []
        subject, keeper = self._subject, self._keeper
        if subject is None or keeper is None or self._job is not None:
            return
        if not keeper.look(lambda kept: covered.append(kept.covered.copy()) if kept.loaded else None) or not covered:
            return
        choice = processor_choice(self._window.preferences.settings)
        analysis = Analysis(subject, None, covered[0])
        self._job = AnalysisJob(analysis, keeper, choice, self._told.emit, self._told.emit)
        self.progressed.emit(0, subject.frame_count)

    def stop(self) -> None:
        """End the analysis; what was found is kept."""
        if self._job is not None:
            self._job.stop()
        self._first_run.stop()
        self.ended.emit()

    def close(self, deadline_s: float = 5.0) -> None:
        """End all threads."""
        self._recount.set()
        self._window.controller.comparison.witness = None
        if self._job is not None:
            self._job.stop()
            self._job.thread.join(deadline_s)
        if self._keeper is not None:
            self._keeper.close()
            self._keeper.thread.join(deadline_s)

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _leave(self) -> None:
        """Nothing is compared."""
        self._subject = None
        self._settle.stop()
        self.stop()
        self._window.controller.comparison.witness = None
        if self._keeper is not None:
            self._keeper.open(None)

    def _count_kept(self) -> None:
        """Count all that is kept of both, once it is known what that is."""
        self._recount.set()
        self.differences.clear()
        state = self._window.state
        first, card, source = _looked(self._window.timeline.keeper), state.second_model, state.source
        if card is None or source is None or source.kind != "video" or not source.seekable or not source.duration_s:
            self._subject = None
            return
        if first is None or first.subject.source != state.spec or first.subject.card != state.model:
            self._settle.start()  # the timeline has not begun with this video yet
            return
        settings = self._window.controller.comparison.settings(card)
        name = state.second_name
        subject = replace(first.subject, model_name=name, card=card, settings=kept_settings(card, settings))
        keeper = self._keeper_of(subject)
        second = _looked(keeper)
        if second is None or not second.loaded or not first.loaded:
            self._settle.start()  # either is still being read
            return
        self._take_shown()
        if second.path is None or first.path is None:
            return
        keepers, cancelled, into = (self._window.timeline.keeper, keeper), threading.Event(), self.differences
        self._recount = cancelled
        runs = KeptRun(first.run, self._window.controller.settings), KeptRun(second.run, settings)
        sidecar, video = first.path, first.subject.video

        def count() -> bool:
            for one in keepers:
                one.flush()
            return compare_kept(sidecar, video, *runs, into, cancelled.is_set)

        self._window.background.call(count, lambda _done: self._wake(), self._say_failed)

    def _keeper_of(self, subject: Subject) -> ResultKeeper:
        if self._keeper is None:
            self._keeper = ResultKeeper(lambda: None, self._window.bridge.failed.emit)
        if subject != self._subject:
            if self._job is not None:
                self._job.stop()
            self._subject = subject
            self._keeper.open(subject)
        self._window.controller.comparison.witness = self._keeper.witness
        return self._keeper

    def _take_shown(self) -> None:
        """The shown frame was counted before all was forgotten."""
        self.changed.emit()

    def _wake(self) -> None:
        if not self._repaint.isActive():
            self._repaint.start()

    def _show_row(self) -> None:
        strip, source = self._window.area.timeline, self._window.state.source
        self.changed.emit()
        if source is None or source.kind != "video" or not source.duration_s or not strip.active:
            return
        if not self.differences.frames or self._window.state.second_model is None:
            strip.set_extra_rows(OWNER, ())
        else:
            subject = self._subject
            bins = subject.bins if subject is not None else bins_of(source.duration_s, source.frame_count)
            binned = self.differences.binned(source.duration_s, bins)
            title = self.tr("Differences")
            row = StripRow("compare:share", title, COLOUR_NAME, binned.shares, binned.event_times_s, binned.counts)
            strip.set_extra_rows(OWNER, (row,))
        self._window.timeline.follow_actions()

    def _show_progress(self, told: object) -> None:
        if isinstance(told, DetectorError):
            self._window.show_error(told)
        if not isinstance(told, AnalysisProgress):
            return
        if told.running:
            self.progressed.emit(told.done, told.total)
            return
        self._job = None
        if told.complete and not self._window.timeline.complete and self._window.actions_table["analyse"].isEnabled():
            self._window.actions_table["analyse"].trigger()
            self._first_run.start()
            return
        self.ended.emit()
        self._settle.start()

    def _look_at_first_run(self) -> None:
        """Whether the first model has seen all by now, or was stopped."""
        if self._window.timeline.complete or self._window.actions_table["analyse"].isEnabled():
            self._first_run.stop()
            self.ended.emit()
            self._settle.start()

    def _say_failed(self, error: Exception) -> None:
        told = error if isinstance(error, DetectorError) else DetectorError("", detail=str(error))
        self._window.show_error(told)


def _looked(keeper: ResultKeeper) -> Kept | None:
    """What a keeper has, for its plain values; None for nothing."""
    found: list[Kept] = []
    keeper.look(lambda kept: found.append(replace(kept)))
    return found[0] if found else None
