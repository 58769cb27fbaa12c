"""Connects the window with ground truth: loading it, colouring the picture, evaluating all, and walking through errors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings

from detector_app.engine.state import EngineState, Phase
from detector_app.evaluation.truth import GroundTruth, PictureTruth
from detector_app.evaluation.whole_run import Seen, seen_frame
from detector_app.ui.ground_truth.error_row import show_error_row
from detector_app.ui.ground_truth.error_walk import ErrorWalk
from detector_app.ui.ground_truth.evaluation import Conditions, Evaluation
from detector_app.ui.ground_truth.holder import Holder
from detector_app.ui.ground_truth.layer import TruthLayer
from detector_app.ui.ground_truth.loading import TruthLoader
from detector_app.ui.ground_truth.picture_judge import judge_picture
from detector_app.ui.ground_truth.truth_words import facts_line, judged_line, left_out_line, unjudged_line
from detector_app.ui.ground_truth.witness import TruthWitness
from detector_app.ui.message_bar import Message, Remedy, Severity
from detector_app.ui.preferences import processor_choice
from detector_app.vision.frame_result import FrameResult

if TYPE_CHECKING:
    from detector_app.ui.ground_truth.panel import TruthPanel
    from detector_app.ui.main_window import MainWindow

_TOPIC = "truth"


class GroundTruthDesk(QObject):
    """Owns what is known of the truth in one window.

    Attributes:
        truth: what is loaded, or None.
        loader: brings it in.
        layer: paints the judged picture.
        evaluation: keeps what the model made of annotated pictures.
        walk: goes from error to error.
    """

    def __init__(self, window: MainWindow, store: QSettings) -> None:
        super().__init__(window)
        self._window = window
        self.loader = TruthLoader(store, window.background, window)
        self.truth: GroundTruth | None = None
        self._panel: TruthPanel | None = None
        self._score, self._settling = 0.0, False
        self._holder = Holder()
        self.layer = TruthLayer(window.area.view)
        self.evaluation = Evaluation(window.background, self)
        tell, view = self._offer_evaluation, window.area.view
        self.walk = ErrorWalk(window.controller, view, self.evaluation, self._class_id, tell)
        self._witness = TruthWitness(window.controller, self.evaluation, self)
        self.evaluation.changed.connect(self._show_evaluation)
        self.evaluation.progressed.connect(lambda done, total: self.panel.show_progress(done, total))
        self.evaluation.ended.connect(self._end_run)
        window.bridge.resultReady.connect(self._take_result)
        window.bridge.stateChanged.connect(self._follow)
        window.area.panel.settingsChanged.connect(lambda _settings: self._follow_settings())
        window.area.view.add_layer(self.layer)
        self.loader.loaded.connect(self._take)
        self.loader.failed.connect(window.show_error)
        self._connect_actions()

    @property
    def panel(self) -> TruthPanel:
        """The panel; made when it is first needed, because the plot takes a while to import."""
        if self._panel is None:
            self._panel = self._make_panel()
        return self._panel

    # --- loading --------------------------------------------------------------------------------------------------------------

    def take_dropped(self, specs: list[str]) -> list[str]:
        """Load what is ground truth among dropped things, and return the others."""
        return self.loader.take_dropped(specs)

    def forget(self) -> None:
        """Have none any more."""
        self.loader.cancel()
        self.truth = None
        self._window.area.messages.clear(_TOPIC)
        self._begin()

    def close(self) -> None:
        """End what still goes on."""
        self.evaluation.close()

    def evaluate(self) -> None:
        """Run the model over every annotated picture of the present input."""
        state = self._window.state
        if self.truth is None:
            self._miss_truth()
        elif state.model is None or state.model.task == "classify":
            self._say(self.tr("Load a detector first: there is nothing to evaluate."), severity=Severity.WARNING)
        elif state.source is None or state.source.live:
            self._say(self.tr("Open the annotated pictures or video first."), severity=Severity.WARNING)
        else:
            self._check_conditions()
            choice = processor_choice(self._window.preferences.settings)
            self.evaluation.run(self._window.controller.settings, choice)

    def _take(self, truth: GroundTruth, pictures: Path | None) -> None:
        self.truth = truth
        for name in ("truth", "truth_panel"):
            self._window.actions_table[name].setChecked(True)
        self._begin()
        shown, state = self._window.area.view.shown, self._window.state
        if shown is not None and state.phase in (Phase.PAUSED, Phase.ENDED) and self._shows_marked(Path()):
            self.walk.go_to(shown.frame.index)  # once more through the network, for its low scores
        if not truth.boxes:
            self._say(self.tr("{name} has no boxes.").format(name=truth.where.name), severity=Severity.WARNING)
        elif pictures is not None and not self._shows_marked(pictures):
            text = self.tr("The ground truth is loaded. Its pictures are in {folder}.").format(folder=pictures.name)
            self._say(text, Remedy(self.tr("Open its pictures"), lambda: self._open(pictures)))

    def _open(self, pictures: Path) -> None:
        self._window.area.messages.clear(_TOPIC)
        self._window.inputs.open(str(pictures))

    def _shows_marked(self, pictures: Path) -> bool:
        """Whether what is open, or being opened, may be annotated."""
        state, shown = self._window.state, self._window.area.view.shown
        if state.phase is Phase.OPENING or Path(state.spec) == pictures:
            return True
        known = self.truth is not None and shown is not None and state.source is not None
        return known and self.truth.of(shown.frame, state.source.kind) is not None  # type: ignore[union-attr]

    def _begin(self) -> None:
        """Start anew with the present truth."""
        now = self._conditions()
        self.evaluation.start(now, self.panel.overlap.value)
        self.panel.curve.show_classes(
            () if now is None else now.classes, tuple(i for i, on in enumerate(self.evaluation.classes.judged) if on)
        )
        self._say_truth()
        self._look()

    def _conditions(self) -> Conditions | None:
        if self.truth is None:
            return None
        return Conditions.of(self.truth, self._window.state, self._window.controller.settings)

    def _check_conditions(self) -> None:
        """What was seen under other conditions counts no more."""
        if self.truth is not None and self._conditions() != self.evaluation.conditions:
            self._begin()

    def _follow(self, state: EngineState) -> None:
        self._witness.source_kind = state.source.kind if state.source is not None else ""
        self._check_conditions()
        self._show_numbering()

    def _follow_settings(self) -> None:
        """The point moves at once; the picture follows with the engine."""
        if self._panel is None or self.truth is None:
            return
        self._check_conditions()
        score = self._window.area.panel.settings.score
        self._settling = score < self._score and self._window.state.phase is Phase.PLAYING
        self._score = score
        self.evaluation.lower(score)
        self._panel.curve.show_score(self._window.area.panel.settings.score)
        self._show_counts()

    def _take_result(self) -> None:
        """Let the curve grow by what is shown, and judge it. The first after a lower threshold may still be one of the higher."""
        result, source = self._window.area.view.shown, self._window.state.source
        settings = self._window.controller.settings
        if self.truth is not None and result is not None and source is not None:
            seen = None if self._settling else seen_frame(result, self.truth, source.kind, settings.score)
            self._settling = False
            if seen is not None and settings.classes is None and self._of_present_model(result):
                self.evaluation.add(seen)
        self._look()

    def _of_present_model(self, result: FrameResult) -> bool:
        """Whether the window knows the model that made it; another may have come a moment ago."""
        model = self._window.state.model
        return model is not None and result.detections.class_names == model.classes

    def _look(self) -> None:
        """Judge the shown picture."""
        result = self._window.area.view.shown
        if self.truth is None or result is None:
            self.layer.show_marks(None)
            if self._panel is not None:
                self._panel.picture_errors.show_marks(())
                self._panel.legend.show_here(None)
            return
        state = self._window.state
        marked = self.truth.of(result.frame, state.source.kind) if state.source is not None else None
        if marked is None or state.model is None or state.model.task == "classify":
            self._show_unmarked(marked)
        else:
            self._show_judged(result, marked)

    def _show_unmarked(self, marked: PictureTruth | None) -> None:
        self.layer.show_marks(None)
        self.panel.picture_errors.show_marks(())
        self.panel.legend.show_here(None)
        self._say_note(self.tr("This picture is not annotated.") if marked is None else "")

    def _show_judged(self, result: FrameResult, marked: PictureTruth) -> None:
        if len(result.detections) and not self._of_present_model(result):
            return
        held = self._window.state.phase is not Phase.PLAYING
        judged = judge_picture(result, marked, self.evaluation, self._window.controller.settings, held=held)
        self.layer.show_marks(judged.marks if self._window.actions_table["truth"].isChecked() else None)
        self.panel.picture_errors.show_marks(judged.marks)
        self.panel.legend.show_here(judged.counts)
        strange = self.tr("The boxes were marked in a picture of another size.") if judged.strange else ""
        self._say_note(strange, judged.strange)

    def _show_evaluation(self) -> None:
        if self._panel is None:
            return
        found, score = self.evaluation, self._window.controller.settings.score
        curve = self._panel.curve
        curve.show_judged(found.judged, score, found.least_iou, found.whole, complete=found.complete)
        self._show_counts()
        self._look()

    def _show_counts(self) -> None:
        """Counts of all evaluated pictures and the worst of them, under the score that the slider shows."""
        judged, panel, errors = self.evaluation.judged, self.panel, self.walk.errors()
        show_error_row(self._window.area.timeline, self._window.state.source, errors, self.tr("Errors"))
        panel.worst.show_errors(errors)
        if judged is None:
            panel.legend.show_everywhere(None, 0)
            return
        point = judged.curve(panel.curve.class_id).at(self._window.area.panel.settings.score)
        panel.legend.show_everywhere((point.right, point.wrong, point.missed), len(judged.frames))

    def _end_run(self, seen: Seen) -> None:
        self.panel.end_progress()
        if seen.error is not None:
            self._window.show_error(seen.error)
        elif seen.complete and not seen.frames:
            self._say(self.tr("None of the input's pictures is in the ground truth."), severity=Severity.WARNING)
        elif seen.skipped:
            text = self.tr("{count} pictures could not be read; the others are evaluated.")
            self._say(text.format(count=len(seen.skipped)), severity=Severity.WARNING)

    def _say_truth(self) -> None:
        truth, panel = self.truth, self.panel
        if truth is None:
            panel.show_truth("", "", "", "", "")
            self._show_numbering()
            panel.show_note(
                self.tr(
                    "Load or drop what is really to be seen (COCO, Pascal VOC, YOLO): every box is shown as right, wrong or missed."
                )
            )
            return
        classes, has_model = self.evaluation.classes, self._window.state.model is not None
        unjudged = unjudged_line(classes, has_model=has_model)
        panel.show_truth(truth.where.name, facts_line(truth), judged_line(classes), unjudged, str(truth.where))
        self._show_numbering()
        self._say_note("")

    def _show_numbering(self) -> None:
        asked = self.truth is not None and self._witness.source_kind == "video" and self.truth.numbered_by_name
        if self._panel is not None:
            self._panel.show_numbering(self.truth.first_number if self.truth is not None and asked else None)

    def _say_note(self, text: str, warning: bool = False) -> None:
        """What is special; without anything, what could not be read of the truth."""
        if not text and self.truth is not None:
            text = left_out_line(self.truth)
            warning = bool(text)
        self.panel.show_note(text, "warning" if warning else "muted")

    def _say(self, text: str, *remedies: Remedy, severity: Severity = Severity.INFO) -> None:
        self._window.area.messages.show_message(Message(text, severity, remedies, _TOPIC))

    def _offer_evaluation(self, text: str) -> None:
        self._say(text, Remedy(self.tr("Evaluate all"), self.evaluate))

    def _class_id(self) -> int | None:
        return self._panel.curve.class_id if self._panel is not None else None

    def _miss_truth(self) -> None:
        self._say(self.tr("No ground truth is loaded."), Remedy(self.tr("Load ground truth…"), self.loader.ask))

    def _connect_actions(self) -> None:
        table, window = self._window.actions_table, self._window
        table["load_truth"].triggered.connect(lambda _=False: self.loader.ask())
        table["forget_truth"].triggered.connect(lambda _=False: self.forget())
        table["next_error"].triggered.connect(lambda _=False: self.walk.step(True))
        table["previous_error"].triggered.connect(lambda _=False: self.walk.step(False))
        table["truth"].setChecked(True)
        table["truth"].toggled.connect(self._colour)
        window.docks.add("truth", self._holder, "truth_panel", lambda: self.tr("Ground truth"))
        table["truth_panel"].toggled.connect(lambda on: self._say_truth() if on else None)

    def _colour(self, on: bool) -> None:
        if self.truth is not None:
            self._look()
        elif on:
            self._miss_truth()

    def _make_panel(self) -> TruthPanel:
        from detector_app.ui.ground_truth.panel import TruthPanel

        panel, switch = TruthPanel(), self._window.actions_table["truth"]
        self._panel = panel
        self._holder.hold(panel, panel.foot)
        panel.loadRequested.connect(self.loader.ask)
        panel.forgetRequested.connect(self.forget)
        panel.evaluateRequested.connect(self.evaluate)
        panel.progress.cancelled.connect(self.evaluation.stop)
        panel.firstNumberChanged.connect(self._renumber)
        panel.overlap.changed.connect(self._change_overlap)
        panel.curve.scoreWanted.connect(self._want_score)
        panel.curve.classChosen.connect(self._show_counts)
        panel.worst.chosen.connect(self.walk.go_to)
        panel.picture_errors.chosen.connect(self.layer.choose)
        panel.colours.setChecked(switch.isChecked())
        panel.colours.toggled.connect(switch.setChecked)
        switch.toggled.connect(panel.colours.setChecked)
        self._holder.language_changed = self._retranslate
        return panel

    def _retranslate(self) -> None:
        if self._panel is not None:
            self._say_truth()
            self._look()

    def _renumber(self, first_number: int) -> None:
        if self.truth is not None:
            self.truth = replace(self.truth, first_number=first_number)
            self._begin()

    def _change_overlap(self, least_iou: float) -> None:
        self.evaluation.set_least_iou(least_iou)
        self._look()

    def _want_score(self, score: float) -> None:
        results = self._window.area.panel
        results.nudge_score(score - results.score.value)
