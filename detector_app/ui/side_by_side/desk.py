"""Connects the window with a second model: choosing it, showing both, counting how far they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QSettings

from detector_app.engine.comparison import OwnThresholds
from detector_app.engine.state import EngineState
from detector_app.ui.side_by_side.layers import Compared, MarkLayer, WipeLayer
from detector_app.ui.side_by_side.over_time import OverTime
from detector_app.ui.side_by_side.panel import ComparisonPanel
from detector_app.ui.side_by_side.second_view import SecondView
from detector_app.ui.side_by_side.sides import Side, titles
from detector_app.ui.side_by_side.title_bar import TitleBar
from detector_app.ui.side_by_side.wipe_handle import STEP, WipeHandle
from detector_app.vision.agreement import agree
from detector_app.vision.frame_result import FrameResult

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow

_BESIDE = "compare/beside"


class SideBySideDesk(QObject):
    """Owns what the window shows of a comparison.

    Attributes:
        compared: what both models found in the shown frame; None while nothing is compared.
        bar: above the picture.
        wipe, handle: the two halves, and the line between them.
        companion: the second view.
        panel: in the dock.
        over_time: where in the video they differ.
    """

    def __init__(self, window: MainWindow, store: QSettings) -> None:
        super().__init__(window)
        self._window, self._store = window, store
        view, table = window.area.view, window.actions_table
        self.compared: Compared | None = None
        self._colours_truth = False
        self.bar = TitleBar(table)
        self.wipe, self.handle = WipeLayer(view), WipeHandle(view)
        self.marks = MarkLayer(view, Side.FIRST)
        self.companion = SecondView(view)
        window.area.frame.add_beside(self.companion.view)
        window.area.frame.add_above(self.bar)
        self.bar.hide()
        self.panel = ComparisonPanel()
        window.docks.add("comparison", self.panel, "compare_panel", lambda: self.tr("Side by side"))
        self.over_time = OverTime(window)
        for layer in (self.wipe, self.marks):
            view.add_layer(layer)
        self._connect()
        table["compare_view"].setChecked(store.value(_BESIDE, False, type=bool) is True)
        self._arrange()

    # --- what a person does -----------------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Open the menu of models to compare with, in the picture's upper corner."""
        view = self._window.area.view
        self._window.second_models.popup(view.mapToGlobal(QPoint(0, 0)))

    def compare_with(self, model: str) -> None:
        """Compare with the model of that name or path, and show the panel."""
        self._window.controller.compare_with(model)
        self._window.actions_table["compare_panel"].setChecked(True)

    def stop(self) -> None:
        """Compare no more."""
        self._window.controller.compare_with(None)

    def close(self) -> None:
        """End what runs."""
        self.over_time.close()

    # --- what the window tells --------------------------------------------------------------------------------------------

    def show_state(self, state: EngineState) -> None:
        """Follow the engine."""
        if state.model is not None and state.model.task == "classify" and state.second_name:
            self.stop()
        self._window.second_models.set_current(state.second_name)
        self.bar.show_loading(self._loading_name(state))
        if state.second_model is None and not state.second_loading:
            self._show_compared(None, None)
        self.panel.show_models(*(titles(state) if state.second_model is not None else ("", "")))
        self._follow_thresholds()
        self.over_time.follow()
        self._arrange()

    def follow_actions(self) -> None:
        """Enable what can work."""
        table, comparing = self._window.actions_table, self._comparing
        for name in ("wipe_left", "wipe_right"):
            table[name].setEnabled(comparing and not self._beside)
        self.panel.show_analysable(self.over_time.analysable)

    # --- inside -----------------------------------------------------------------------------------------------------------

    @property
    def _comparing(self) -> bool:
        return self._window.state.second_model is not None

    @property
    def _beside(self) -> bool:
        return self._window.actions_table["compare_view"].isChecked()

    def _loading_name(self, state: EngineState) -> str:
        return self.tr("the second model") if state.second_loading and state.second_model is None else ""

    def _take_result(self) -> None:
        """Compare what is shown."""
        result = self._window.area.view.shown
        if result is None or result.second is None:
            self._show_compared(result, None)
            return
        first, second = result.detections, result.second.detections
        compared = Compared(first, second, agree(first, second))
        self._show_compared(result, compared)
        self.over_time.take(result, compared.agreement)

    def _show_compared(self, result: FrameResult | None, compared: Compared | None) -> None:
        self.compared = compared
        self.wipe.show_compared(None if self._beside else compared)
        self.marks.show_compared(compared if self._beside else None)
        self.companion.show_compared(result, compared)
        first, second = titles(self._window.state)
        if compared is None or result is None or result.second is None:
            self.bar.show_sides((first, None, None), (second, None, None))
            self.bar.show_agreement(None)
        else:
            self.bar.show_sides(
                (first, len(compared.first), result.timings), (second, len(compared.second), result.second.timings)
            )
            total = compared.agreement.total
            self.bar.show_agreement(total.share if total.both or total.differing else None)
        self._show_counts()

    def _show_counts(self) -> None:
        differences = self.over_time.differences
        if self.panel.over_all:
            self.panel.show_counts(differences.by_class, differences.apart, differences.frames)
        elif self.compared is not None:
            agreement = self.compared.agreement
            apart = agreement.apart_first, agreement.apart_second
            self.panel.show_counts(agreement.by_class, apart, differences.frames)
        else:
            self.panel.show_counts({}, ({}, {}), differences.frames)

    def _follow_thresholds(self) -> None:
        card, settings = self._window.state.second_model, self._window.controller.settings
        if card is not None:
            default = OwnThresholds(card.thresholds.score, card.thresholds.iou)
            own = self._window.controller.comparison.own
            self.panel.show_own(own, OwnThresholds(settings.score, settings.iou), default)

    def _choose_own(self, own: object) -> None:
        self._window.controller.comparison.set_own(own if isinstance(own, OwnThresholds) else None)
        self._follow_thresholds()
        self.over_time.follow()

    def _follow_settings(self) -> None:
        self._follow_thresholds()
        self.over_time.follow()

    def _arrange(self) -> None:
        """Show what belongs to the present situation."""
        state, picture = self._window.state, self._window.area.showing_picture
        full = self._window.isFullScreen()
        self.bar.setVisible((self._comparing or state.second_loading) and picture and not full)
        self._window.area.frame.show_beside(self._comparing and picture and self._beside)
        self.handle.setVisible(self._comparing and picture and not self._beside)
        self._yield_truth(self._comparing)
        self.follow_actions()

    def _yield_truth(self, comparing: bool) -> None:
        """What is right and wrong is not painted over what agrees and differs; afterwards it is again."""
        switch = self._window.actions_table["truth"]
        if comparing and switch.isChecked():
            self._colours_truth = True
            switch.setChecked(False)
        elif not comparing and self._colours_truth:
            self._colours_truth = False
            switch.setChecked(True)

    def _change_view(self, beside: bool) -> None:
        self._store.setValue(_BESIDE, beside)
        self._arrange()
        self._show_compared(self._window.area.view.shown, self.compared)

    def _hide_classes(self, names: frozenset[str]) -> None:
        for layer in (self.wipe, self.marks, self.companion.marks):
            layer.hidden = names
        self.companion.view.set_hidden_classes(names)

    def _link_hover(self, i: int) -> None:
        """The partner of what is lifted here is lifted there."""
        partners = self.compared.agreement.partner_of_first if self.compared is not None else ()
        self.companion.view.set_hovered(int(partners[i]) if 0 <= i < len(partners) else -1)

    def _link_back(self, j: int) -> None:
        partners = self.compared.agreement.partner_of_second if self.compared is not None else ()
        self._window.area.view.set_hovered(int(partners[j]) if 0 <= j < len(partners) else -1)

    def _connect(self) -> None:
        window, table = self._window, self._window.actions_table
        window.bridge.resultReady.connect(self._take_result)
        window.bridge.stateChanged.connect(self.show_state)
        window.area.panel.settingsChanged.connect(lambda _settings: self._follow_settings())
        window.area.panel.hiddenClassesChanged.connect(self._hide_classes)
        window.area.view.detectionHovered.connect(self._link_hover)
        self.companion.view.detectionHovered.connect(self._link_back)
        window.second_models.chosen.connect(self.compare_with)
        table["compare_models"].triggered.connect(lambda _=False: self.choose())
        table["compare_file"].triggered.connect(lambda _=False: window.inputs.ask_model(self.compare_with))
        table["stop_compare"].triggered.connect(lambda _=False: self.stop())
        table["compare_view"].toggled.connect(self._change_view)
        table["full_screen"].toggled.connect(lambda _on: self._arrange())
        table["wipe_left"].triggered.connect(lambda _=False: self.handle.move_to(self.handle.share - 2 * STEP))
        table["wipe_right"].triggered.connect(lambda _=False: self.handle.move_to(self.handle.share + 2 * STEP))
        self.handle.moved.connect(self.wipe.move_to)
        self.panel.ownChosen.connect(self._choose_own)
        self.panel.scopeChanged.connect(self._show_counts)
        self.panel.chooseRequested.connect(self.choose)
        self.panel.analyseRequested.connect(self._analyse)
        self.panel.progress.cancelled.connect(self.over_time.stop)
        self.over_time.changed.connect(self._show_counts)
        self.over_time.changed.connect(self.follow_actions)
        self.over_time.progressed.connect(self.panel.progress.show_progress)
        self.over_time.ended.connect(self.panel.progress.end)

    def _analyse(self) -> None:
        self.over_time.analyse()
        self.panel.scope.setCurrentIndex(1)
        self.follow_actions()
