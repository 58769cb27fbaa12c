"""What looking inside the network has to do with the window: when it costs anything, which frame, where clicks go."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtWidgets import QFileDialog

from detector_app.engine.state import EngineState
from detector_app.engine.tap_worker import TapOrder, Tapped, TapWorker
from detector_app.engine.threads import join_all
from detector_app.engine.unit_search import Patch, SearchProgress, UnitQuery, UnitSearchJob
from detector_app.errors import DetectorError
from detector_app.model_card import ModelCard
from detector_app.pipelines.inside.sight import Crop, Sight
from detector_app.pipelines.pipeline import CascadeSettings
from detector_app.ui.network.field_layer import FieldLayer
from detector_app.ui.network.network_panel import NetworkPanel
from detector_app.ui.network.probe import Probe
from detector_app.ui.translation import describe_error
from detector_app.vision.frame_result import FrameResult

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow


class NetworkDesk(QObject):
    """Connects panel, picture and engine. While the panel cannot be seen nothing is computed, and no network is kept open.

    Attributes:
        probe: what is looked at.
        panel: in a dock of the window.
        layer: over the picture while the panel is seen.
    """

    _seen = Signal()
    _failed = Signal(object)
    _progressed = Signal(object, object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._lock = Lock()
        self._newest: Tapped | None = None
        self._worker: TapWorker | None = None
        self._former: list[TapWorker | UnitSearchJob] = []
        self._job: UnitSearchJob | None = None
        self._searched: object = None
        self._searched_in = ""
        self._layer_name, self._stage, self._level = "", 0, 0
        self._model: tuple[str, ModelCard | None] = "", None
        self._active = False
        self.probe = Probe(self)
        self.panel = NetworkPanel(self.probe)
        self.layer = FieldLayer()
        self._dock = window.docks.add("network", self.panel, "network", lambda: self.tr("Inside the network"))
        self._connect()

    @property
    def active(self) -> bool:
        """Whether the panel is seen."""
        return self._active

    @property
    def searching(self) -> bool:
        """Whether a search for patches is under way."""
        return self._job is not None

    def close(self, deadline_s: float = 5.0) -> None:
        """End what runs."""
        self._set_active(False)
        self.stop_search()
        join_all([*(former.thread for former in self._former), *([self._job.thread] if self._job else [])], deadline_s)

    # --- looking ----------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Look at the frame that the picture shows."""
        result, state = self._window.area.view.shown, self._window.state
        if not self._active or self._worker is None:
            return
        if result is None or state.model is None:
            self._forget()
            return
        sight = Sight(self._level, self._crop(result), self._cascade())
        order = TapOrder(state.model_name, state.given_card, result.frame, self._stage, self._layer_name, sight)
        self._worker.ask(order)

    def show_state(self, state: EngineState) -> None:
        """Another model has other layers."""
        if (state.model_name, state.given_card) != self._model:
            self._model = state.model_name, state.given_card
            self._layer_name, self._stage, self._level = "", 0, 0
            self._forget()
            self.panel.show_failure("")
            self.stop_search()
            self.look()
        elif self._window.area.view.shown is None:
            self._forget()

    def _take(self) -> None:
        with self._lock:
            tapped, self._newest = self._newest, None
        if tapped is None or not self._active or tapped.order.model != self._window.state.model_name:
            return
        if (tapped.order.stage, tapped.order.layer) != (self._stage, self._layer_name):
            return  # another one was chosen meanwhile, and is on its way
        self.panel.show_networks(tapped.networks, tapped.anatomy.layers, self._stage)
        self.panel.show_failure("" if tapped.maps is not None else self.tr("This network has no layers that are maps."))
        self.probe.show(tapped)

    def _keep(self, tapped: Tapped) -> None:
        """On the worker's thread: the newest look wakes the window once."""
        with self._lock:
            waiting, self._newest = self._newest, tapped
        if waiting is None:
            self._seen.emit()

    def _forget(self) -> None:
        if self.probe.tapped is not None:
            self.probe.show(None)

    def _show_failure(self, error: DetectorError) -> None:
        self._forget()
        self.panel.show_failure(describe_error(error))

    def _cascade(self) -> CascadeSettings:
        return self._window.controller.settings.cascade or CascadeSettings()

    def _crop(self, result: FrameResult) -> Crop | None:
        """Of a cascade's later stages the selected face, or the surest one, as a square."""
        found, i = result.detections, self._window.area.view.selected
        if not len(found):
            return None
        left, top, right, bottom = found.xyxy[i if i >= 0 else int(np.argmax(found.scores))].tolist()
        side, x, y = max(right - left, bottom - top) / 2, (left + right) / 2, (top + bottom) / 2
        return round(x - side), round(y - side), round(x + side), round(y + side)

    # --- choosing ---------------------------------------------------------------------------------------------------------

    def choose_layer(self, tensor: str) -> None:
        """Look at this layer from now on."""
        self._layer_name = tensor
        self.look()

    def choose_stage(self, stage: int) -> None:
        """Look at this network of a cascade."""
        self._stage, self._layer_name = stage, ""
        self.look()

    def _choose_level(self, level: int) -> None:
        self._level = level
        self.look()

    def _click(self, at: QPointF) -> None:
        """Choose the activation that lies where a person has clicked on the picture."""
        maps = self.probe.maps
        if self._active and maps is not None:
            x, y = (float(value) for value in maps.letterbox.forward(np.array([at.x(), at.y()], np.float32)))
            width, height = maps.letterbox.input_wh
            self.probe.choose(self.probe.unit, int(y * maps.layer.height / height), int(x * maps.layer.width / width))

    def _show_field(self) -> None:
        """Draw what the chosen activation sees."""
        maps = self.probe.maps
        box = self.probe.field().in_source(maps.letterbox) if maps is not None and self._active else None
        self.layer.field = None
        if box is not None and maps is not None:
            self.layer.field = QRectF(QPointF(*box[:2]), QPointF(*box[2:]))
            width, height = maps.letterbox.input_wh
            middle = (
                (self.probe.column + 0.5) * width / maps.layer.width,
                (self.probe.row + 0.5) * height / maps.layer.height,
            )
            self.layer.centre = QPointF(*maps.letterbox.inverse(np.array(middle, np.float32)).tolist())
        self._window.area.view.update()

    def _set_active(self, active: bool) -> None:
        if active == self._active:
            return
        self._active = active
        view = self._window.area.view
        if active:
            self._worker = TapWorker(self._keep, self._failed.emit)
            view.add_layer(self.layer)
            self.look()
        else:
            if self._worker is not None:
                self._worker.close()
                self._former = [former for former in self._former if former.thread.is_alive()] + [self._worker]
                self._worker = None
            view.remove_layer(self.layer)
            self._forget()

    # --- patches ----------------------------------------------------------------------------------------------------------

    def search(self, source: str) -> None:
        """Look for what excites the chosen unit in ``source``."""
        tapped = self.probe.tapped
        if tapped is None or tapped.maps is None:
            return
        self.stop_search()
        order, layer = tapped.order, tapped.maps.layer
        query = UnitQuery(
            order.model,
            order.card,
            layer.tensor,
            self.probe.unit,
            source,
            order.stage,
            Sight(self._level, None, self._cascade()),
        )
        self.panel.patches.begin(Path(source).name or source)
        self._searched, self._searched_in = (layer.tensor, self.probe.unit), source
        self._job = UnitSearchJob(query, lambda progress: self._progressed.emit(query, progress), self._failed_search)

    def stop_search(self) -> None:
        """End the search, if there is one; what was found stays."""
        if self._job is not None:
            self._job.stop()
            self._former.append(self._job)

    def _failed_search(self, error: DetectorError) -> None:
        self._window.bridge.on_error(error)

    def _show_progress(self, query: UnitQuery, progress: SearchProgress) -> None:
        if self._job is None or self._job.query is not query:
            return
        self.panel.patches.show_progress(progress)
        if not progress.running:
            self._former.append(self._job)
            self._job = None

    def _ask_where(self, where: str) -> None:
        if where == "present":
            self.search(self._window.state.spec)
            return
        folder = where == "folder"
        dialog = QFileDialog(self._window, self.tr("Where to look"))
        dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.search)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _open_patches(self) -> None:
        maps, source = self.probe.maps, self._window.state.source
        if maps is None:
            return
        searchable = source is not None and not source.live
        self.panel.patches.show_unit(self.panel.unit_text(), searchable=searchable)
        if self._searched != (maps.layer.tensor, self.probe.unit):
            self.stop_search()
            self.panel.patches.reset()

    def _show_patch(self, patch: Patch) -> None:
        """Show the frame that a patch is from, if it is of the open source, and the activation there."""
        state = self._window.state
        if state.source is None or not state.source.seekable or self._searched_in != state.spec:
            return
        self.probe.choose(self.probe.unit, patch.row, patch.column)
        self._window.controller.pause()
        self._window.controller.seek_index(patch.index)

    # --- construction -----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        window, panel = self._window, self.panel
        self._seen.connect(self._take)
        self._failed.connect(self._show_failure)
        self._progressed.connect(self._show_progress)
        self._dock.visibilityChanged.connect(self._set_active)
        window.bridge.resultReady.connect(self.look)
        window.bridge.stateChanged.connect(self.show_state)
        window.area.view.clickedAt.connect(self._click)
        self.probe.changed.connect(self._show_field)
        panel.layerChosen.connect(self.choose_layer)
        panel.stageChosen.connect(self.choose_stage)
        panel.levelChosen.connect(self._choose_level)
        panel.patchesOpened.connect(self._open_patches)
        panel.patches.searchRequested.connect(self._ask_where)
        panel.patches.stopRequested.connect(self.stop_search)
        panel.patches.patchChosen.connect(self._show_patch)
