"""Connects the strip with what is kept of the video: filled while playing, by analysis, and from the sidecar."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from detector_app.engine.analysis import Analysis, AnalysisJob, AnalysisProgress
from detector_app.engine.kept import Subject
from detector_app.engine.kept_settings import kept_settings
from detector_app.engine.result_keeper import ResultKeeper
from detector_app.engine.state import EngineState
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.result_store.levels import Levels
from detector_app.result_store.place import Keep
from detector_app.ui.inputs import demo_clip
from detector_app.ui.message_bar import Message, Remedy, Severity
from detector_app.ui.preferences import processor_choice
from detector_app.ui.timeline.found_rows import found_rows, level_row
from detector_app.ui.timeline.table_export import TableExport
from detector_app.vision.frame_result import FrameResult

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow

REPAINT_MS, SETTLED_MS = 80, 250
"""A slider that is drawn passes many values; results are kept for the one where it stays."""
_MOST_BINS, _LEAST_BINS, _BINS_A_SECOND = 1200, 300, 10
_MOST_COUNTED = 240_000
"""Bins of all classes together, but for very many: some 70 MB."""
_TOPIC = "analysis"


class TimelineDesk(QObject):
    """Keeps results of the present video, shows them on the strip, analyses what is missing.

    Attributes:
        keeper: the thread that keeps them.
        tables: writes tables from them.
    """

    _kept_changed = Signal()
    _failed = Signal(object)
    _progressed = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._lock, self._pending = Lock(), False
        self._state = EngineState()
        self._subject: Subject | None = None
        self._answers: Levels | None = None
        self._job: AnalysisJob | None = None
        self._wanted = False
        self._repaint = QTimer(self, singleShot=True, interval=REPAINT_MS)
        self._repaint.timeout.connect(self.show_rows)
        self._kept_changed.connect(self._wake)
        self._failed.connect(window.show_error)
        self._progressed.connect(self._show_progress)
        self.keeper = ResultKeeper(self._tell, self._failed.emit)
        self.tables = TableExport(window, self.keeper)
        window.area.transport.add_tool(window.actions_table["analyse"])
        window.controller.add_witness(self.keeper.witness)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self._follow)
        window.area.panel.settingsChanged.connect(lambda _settings: self._follow_soon())
        window.keeper.takes_export = self.takes_export
        window.area.analysis.cancelled.connect(self.stop_analysis)
        window.installEventFilter(self)
        table = window.actions_table
        table["analyse"].triggered.connect(lambda _=False: self.analyse())
        table["next_event"].triggered.connect(lambda _=False: self.go_to_event(1))
        table["previous_event"].triggered.connect(lambda _=False: self.go_to_event(-1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Have as many rows in sight as the window's height leaves room for."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._window.area.timeline.fit_window(self._window.height())
        return super().eventFilter(watched, event)

    # --- what the window tells --------------------------------------------------------------------------------------------

    def show_state(self, state: EngineState) -> None:
        """Follow the engine: another video or model is another subject."""
        before, self._state = self._state, state
        if state.model is not before.model or state.source != before.source:
            self._answers = None
            self._window.area.timeline.set_rows((), np.zeros(1, np.bool_))
        self._follow()
        self.follow_actions()

    def show_result(self, result: FrameResult) -> None:
        """Count what a classifier says of a frame; of a detector the keeper has seen more than that."""
        if result.classification is None or not self._window.area.timeline.active:
            return
        source = self._state.source
        duration_s = source.duration_s if source is not None and source.duration_s else 1.0
        if self._answers is None:
            self._answers = Levels(duration_s, bins_of(duration_s))
        self._answers.add(result.frame.time_s, [result.classification.best.name], np.ones(1))
        self._wake()

    def follow_actions(self) -> None:
        """Enable what can work."""
        table, strip = self._window.actions_table, self._window.area.timeline
        busy = self._job is not None
        table["analyse"].setEnabled(self._subject is not None and not busy and not self.complete)
        for name in ("next_event", "previous_event"):
            table[name].setEnabled(strip.active and any(len(row.event_times_s) for row in strip.rows))

    @property
    def complete(self) -> bool:
        """Whether every frame of the video was looked at under the settings of now."""
        return self._known("complete")

    # --- what a person does -----------------------------------------------------------------------------------------------

    def go_to_event(self, direction: int) -> None:
        """Show where something comes into the picture, after the shown frame (1) or before it (−1)."""
        strip = self._window.area.timeline
        time_s = strip.event_from(strip.time_s, direction)
        if time_s is not None:
            self._window.controller.pause()
            self._window.controller.seek(time_s)

    def analyse(self) -> None:
        """Look at all frames that nobody has looked at."""
        self._follow()
        if self._job is not None or self._subject is None:
            return
        if self._known("failed"):
            self.keeper.open(None)
            self.keeper.open(self._subject)
        self._wanted = True
        self._begin_if_wanted()

    def _begin_if_wanted(self) -> None:
        """Begin the analysis as soon as it is known which frames were looked at before."""
        if not self._wanted or self._job is not None or self._subject is None or not self._known("loaded"):
            return
        self._wanted = False
        covered: list[np.ndarray] = []
        self.keeper.look(lambda kept: covered.append(kept.covered.copy()))
        if not covered:
            return
        analysis = Analysis(self._subject, self._state.given_card, covered[0])
        choice = processor_choice(self._window.preferences.settings)
        self._window.area.analysis.begin(self._subject.video.name)
        self._job = AnalysisJob(analysis, self.keeper, choice, self._progressed.emit, self._failed.emit)
        self.follow_actions()

    def stop_analysis(self) -> None:
        """End it; what was found is kept."""
        if self._job is not None:
            self._job.stop()

    def takes_export(self, kinds: tuple[str, ...], folder: Path) -> bool:
        """Write tables from what is kept, if that is all of it; see :meth:`TableExport.begin`. False: somebody must run."""
        self._follow()
        source, subject = self._state.source, self._subject
        return source is not None and subject is not None and self.tables.begin(kinds, folder, source, subject)

    def close(self, deadline_s: float = 5.0) -> None:
        """End the analysis and write what waits."""
        self.tables.cancel()
        self._window.controller.remove_witness(self.keeper.witness)
        if self._job is not None:
            self._job.stop()
            self._job.thread.join(deadline_s)
        self.keeper.close()
        self.keeper.thread.join(deadline_s)

    # --- inside -----------------------------------------------------------------------------------------------------------

    def _follow_soon(self) -> None:
        """The rows at once; what is kept, once the slider stays."""
        self._settled.start()
        self._wake()

    def _follow(self) -> None:
        """Keep results of what is shown now, under the settings of now."""
        self._settled.stop()
        subject = self._present_subject()
        if subject != self._subject:
            if self._job is not None:
                self._job.stop()
            self._subject, self._wanted = subject, False
            self.keeper.open(subject)
        self._wake()

    def _present_subject(self) -> Subject | None:
        state, source = self._state, self._state.source
        if source is None or source.kind != "video" or not source.seekable or not source.duration_s:
            return None
        if state.model is None or state.model.task == "classify":
            return None
        duration_s, frame_count = source.duration_s, source.frame_count
        before = self._subject
        if before is not None and before.source == state.spec:
            # A file tells more of itself once somebody has jumped in it: that is no reason to begin anew.
            duration_s, frame_count = before.duration_s, before.frame_count
        return Subject(
            Path(state.spec),
            state.spec,
            duration_s,
            frame_count,
            state.model_name,
            state.model,
            kept_settings(state.model, self._window.controller.settings),
            self._where_to_keep(state.spec),
            bins=bins_of(duration_s, frame_count, len(state.model.classes)),
        )

    def _where_to_keep(self, spec: str) -> Keep:
        """As the settings say; the bundled clip lies where the app is installed, so that nothing is put beside it."""
        keep = Keep(self._window.preferences.settings.keep_results)
        return Keep.APP if keep is Keep.BESIDE and Path(spec) == demo_clip() else keep

    def _tell(self) -> None:
        """From the keeper's thread: one wake-up at a time."""
        with self._lock:
            if self._pending:
                return
            self._pending = True
        self._kept_changed.emit()

    def _wake(self) -> None:
        with self._lock:
            self._pending = False
        if not self._repaint.isActive():
            self._repaint.start()

    def show_rows(self) -> None:
        """Show what is known now, at the score and for the classes of now."""
        self._begin_if_wanted()
        strip, settings = self._window.area.timeline, self._window.controller.settings
        if self._answers is not None:
            names = self._answers.rows(1.0)
            strip.set_rows(
                [level_row(self._answers, n, 1.0, f"class:{n}") for n in names], self._answers.visited.copy()
            )
            self.follow_actions()
            return
        wanted = self._wanted_names(settings)
        shown = self.keeper.look(
            lambda kept: strip.set_rows(found_rows(kept, settings.score, wanted), kept.levels.visited.copy())
        )
        if not shown and strip.active:
            strip.set_rows((), np.zeros(1, np.bool_))
        self.follow_actions()

    def _wanted_names(self, settings: DetectSettings) -> frozenset[str] | None:
        model = self._state.model
        if settings.classes is None or model is None:
            return None
        return frozenset(model.classes[i] for i in settings.classes if i < len(model.classes))

    def _known(self, name: str) -> bool:
        found: list[bool] = []
        self.keeper.look(lambda kept: found.append(bool(getattr(kept, name))))
        return bool(found and found[0])

    def _show_progress(self, progress: AnalysisProgress) -> None:
        bar = self._window.area.analysis
        if progress.running:
            bar.show_progress(progress.done, progress.total, progress.remaining_s)
            return
        bar.hide()
        self._job = None
        self._wake()
        if progress.complete:
            export = Remedy(self.tr("Export…"), self._window.actions_table["export"].trigger)
            text = self.tr("Every frame is analysed; exports of tables are instant now.")
            self._window.area.messages.show_message(Message(text, Severity.INFO, (export,), _TOPIC))


def bins_of(duration_s: float, frame_count: int | None = None, classes: int = 1) -> int:
    """Parts of a file's time: ten for a second, but not more than frames, nor than anybody can see, nor than memory should hold.

    With a thousand classes, each of which may come, that is fewer.
    """
    most = max(_LEAST_BINS, min(_MOST_BINS, _MOST_COUNTED // max(1, classes)))
    return min(most, frame_count or most, max(1, round(duration_s * _BINS_A_SECOND)))
