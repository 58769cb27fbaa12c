"""What the inspector has to do with the window: when it costs anything, what the pointer means, where copies go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QSettings

from detector_app.engine.state import EngineState, Phase
from detector_app.ui.inspector.answers import Answer, changed
from detector_app.ui.inspector.copies import Copies
from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.inspector.inspector_layer import InspectorLayer
from detector_app.ui.inspector.inspector_panel import WHY, InspectorPanel
from detector_app.ui.inspector.steps import Mark, detections_as_marks
from detector_app.vision.detections import Detections
from detector_app.vision.frame_result import FrameResult

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow

_PAGE = "inspector/page"


class InspectorDesk(QObject):
    """Connects panel, picture and engine. While the panel cannot be seen nothing is traced and nothing painted.

    Attributes:
        inspection: what is inspected.
        panel: in a dock of the window.
        layer: over the picture while the panel is seen.
    """

    def __init__(self, window: MainWindow, store: QSettings) -> None:
        super().__init__(window)
        self._window, self._store = window, store
        self._marks: tuple[Mark | None, ...] = ()
        self._active = False
        self.inspection = Inspection(self)
        self.panel = InspectorPanel(self.inspection)
        self.layer = InspectorLayer(self.inspection)
        self.panel.show_page(int(str(store.value(_PAGE, 0))))
        self.layer.asking = self.panel.page == WHY
        self._copies = Copies(window, self.inspection, self)
        self._dock = window.docks.add("inspector", self.panel, "inspect", lambda: self.tr("Inspector"))
        self._connect_window()
        self._connect_panel()

    @property
    def active(self) -> bool:
        """Whether the panel is seen, and with it the layer."""
        return self._active

    # --- what the window tells --------------------------------------------------------------------------------------------

    def show_result(self) -> None:
        """Inspect what the picture shows."""
        if self._active:
            self._take(self._window.area.view.shown)

    def show_state(self, state: EngineState) -> None:
        """Follow the engine: another model, no picture."""
        if self._active and (state.model is not self.inspection.card or self._window.area.view.shown is None):
            self._take(self._window.area.view.shown)

    def _take(self, result: FrameResult | None) -> None:
        trace = None if result is None else result.trace
        self._marks = () if result is None or trace is None else detections_as_marks(trace, result.detections)
        results = self._window.area.panel
        self.panel.why.settings = results.settings
        self.panel.show_thresholds(results.score.value, results.overlap.value)
        self.inspection.show(result, self._window.state.model)
        self._window.area.view.update()

    # --- opening and closing ----------------------------------------------------------------------------------------------

    def _set_active(self, active: bool) -> None:
        if active == self._active:
            return
        self._active = active
        self._window.controller.set_tracing(active)
        view = self._window.area.view
        if active:
            view.add_layer(self.layer)
            self._take(view.shown)
        else:
            view.remove_layer(self.layer)
            self.inspection.hover(None)

    # --- what a person does -----------------------------------------------------------------------------------------------

    def _click(self, at: QPointF) -> None:
        """Select the box under the pointer; beside all boxes, ask why nothing is there."""
        shown = self._window.area.view.shown
        if not self._active or shown is None or shown.trace is None:
            return
        hit = self.layer.candidate_at(at) if self.layer.hides_boxes else self._mark(self._window.area.view.selected)
        self.inspection.pin(hit)
        if hit is None or self.panel.page == WHY:
            self._ask(at)

    def _ask(self, at: QPointF) -> None:
        if self._window.state.phase is Phase.PLAYING:
            self._window.controller.pause()
        self.panel.show_page(WHY)
        self.inspection.ask(at)

    def _hover_in_picture(self, i: int) -> None:
        if not self.layer.hides_boxes:
            self._hover(i)

    def _hover(self, i: int) -> None:
        if self._active:
            self.inspection.hover(self._mark(i))

    def _select(self, i: int) -> None:
        if self._active:
            self.inspection.pin(self._mark(i))

    def _show_focus(self) -> None:
        """Lift in the picture and in the results what is in focus here."""
        if not self._active:
            return
        area, mark = self._window.area, self.inspection.hovered
        i = self._marks.index(mark) if mark is not None and mark in self._marks else -1
        area.view.set_hovered(i)
        area.panel.set_hovered(i)
        area.view.update()

    def _mark(self, i: int) -> Mark | None:
        if self.inspection.result is not self._window.area.view.shown:
            self.show_result()  # its wake-up is on the way; the index is one of this result already
        return self._marks[i] if 0 <= i < len(self._marks) else None

    def _set_score(self, value: float) -> None:
        results = self._window.area.panel
        results.nudge_score(value - results.score.value)

    def _set_overlap(self, value: float) -> None:
        results = self._window.area.panel
        results.nudge_iou(value - results.overlap.value)

    def _show_it(self, answer: Answer) -> None:
        """Make the smallest change that shows a candidate; the results show it, too."""
        card, results = self._window.state.model, self._window.area.panel
        if card is not None:
            settings = changed(answer, results.settings, card)
            results.show_model(card, settings)
            results.settingsChanged.emit(settings)

    def _show_other(self, boxes: Detections | None) -> None:
        if boxes is not self.layer.other:
            self.layer.other = boxes
            self._window.area.view.update()

    def _turn(self, page: int) -> None:
        self._store.setValue(_PAGE, page)
        self.layer.asking = page == WHY
        self._window.area.view.update()

    # --- construction -----------------------------------------------------------------------------------------------------

    def _connect_window(self) -> None:
        window = self._window
        view, results, actions = window.area.view, window.area.panel, window.actions_table
        self._dock.visibilityChanged.connect(self._set_active)
        window.bridge.resultReady.connect(self.show_result)
        window.bridge.stateChanged.connect(self.show_state)
        view.clickedAt.connect(self._click)
        view.detectionHovered.connect(self._hover_in_picture)
        results.detectionHovered.connect(self._hover)
        results.detectionSelected.connect(self._select)
        results.score.changed.connect(self.panel.score.set_value)
        results.overlap.changed.connect(self.panel.overlap.set_value)
        actions["stage_next"].triggered.connect(lambda _=False: self._walk(1))
        actions["stage_before"].triggered.connect(lambda _=False: self._walk(-1))

    def _walk(self, by: int) -> None:
        if self._active:
            self.inspection.walk(by)

    def _connect_panel(self) -> None:
        view = self._window.area.view
        self.panel.scoreChanged.connect(self._set_score)
        self.panel.overlapChanged.connect(self._set_overlap)
        self.panel.copyRequested.connect(self._copies.make)
        self.panel.pageChanged.connect(self._turn)
        self.panel.why.changeRequested.connect(self._show_it)
        self.panel.kinds.chosen.connect(self._show_other)
        self.inspection.nominated.connect(view.update)
        self.inspection.focusChanged.connect(self._show_focus)
        self.inspection.stepChanged.connect(view.update)
        self.inspection.pointChanged.connect(view.update)
