"""The window: what a person does goes to the engine, what the engine tells goes to the parts that show it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from detector_app.engine.controller import Controller
from detector_app.engine.state import EngineState, Phase
from detector_app.errors import DetectorError
from detector_app.pipelines.embedded import DEFAULT_MODEL, embedded_models, models_by_name
from detector_app.ui.actions import SHOWING, Actions
from detector_app.ui.applied_settings import AppliedSettings
from detector_app.ui.background import Background
from detector_app.ui.bridge import Bridge
from detector_app.ui.central_area import CentralArea
from detector_app.ui.command_line.command_desk import CommandDesk
from detector_app.ui.commands import Commands, Parts
from detector_app.ui.docks import Docks
from detector_app.ui.faces.face_desk import FaceDesk
from detector_app.ui.focus_keys import keeps_key
from detector_app.ui.ground_truth.desk import GroundTruthDesk
from detector_app.ui.help.help_desk import HelpDesk
from detector_app.ui.inputs import Inputs, demo_clip, dropped
from detector_app.ui.inspector.inspector_desk import InspectorDesk
from detector_app.ui.keeper import Keeper
from detector_app.ui.menus import CameraMenu, ChoiceMenu, MenuBar, ModelMenu, OpenMenu, RecentMenu
from detector_app.ui.message_bar import Message, Remedy, Severity
from detector_app.ui.model_desk import ModelDesk
from detector_app.ui.model_info import ModelInfo
from detector_app.ui.network.network_desk import NetworkDesk
from detector_app.ui.preferences import processor_choice
from detector_app.ui.reading.reading_desk import ReadingDesk
from detector_app.ui.recent import WindowShape
from detector_app.ui.remedies import message_for
from detector_app.ui.secondary_windows import SecondaryWindows
from detector_app.ui.side_by_side.desk import SideBySideDesk
from detector_app.ui.surroundings import Surroundings
from detector_app.ui.timeline.timeline_desk import TimelineDesk
from detector_app.ui.toolbar import Toolbar
from detector_app.ui.tour.tour_desk import TourDesk
from detector_app.ui.tracking.tracking_desk import TrackingDesk

_STATISTICS_MS = 250
_FIRST_SIZE = (1280, 720)


class MainWindow(QMainWindow):
    """One window, one engine. Closing the window ends the engine.

    Attributes:
        state: the engine's state as the window shows it.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__()
        self._log_file = surroundings.log_file
        self.preferences, self.translations = surroundings.preferences, surroundings.translations
        settings = self.preferences.settings
        self.bridge = Bridge(self)
        processor = processor_choice(settings)
        self.controller = Controller(
            self.bridge, providers=processor.providers, strict=processor.strict, threads=processor.threads
        )
        self.background = Background(self)
        self.actions_table = Actions(self)
        self.inputs = Inputs(surroundings.store, settings.recent_limit, self.background, self)
        self.windows = SecondaryWindows()
        self.area = CentralArea(self.actions_table, self)
        self.docks = Docks(self.area.stage, self.actions_table, surroundings.store)
        self.faces = FaceDesk(self, surroundings.gallery)
        self.keeper = Keeper(self.controller, self.background, self.area, surroundings.store, self)
        self.reading = ReadingDesk(self)
        self.models = ModelDesk(self, surroundings.store)
        self.timeline = TimelineDesk(self)
        self._shape = WindowShape(surroundings.store)
        self.state = EngineState()
        self._chosen_model = ""
        self._statistics = QTimer(self, interval=_STATISTICS_MS)
        self._make_menus()
        self.setCentralWidget(self.area)
        self.setAcceptDrops(True)
        self.commands = Commands(self._parts())
        self._connect_engine()
        self._connect_parts()
        self._connect_actions()
        self.truth = GroundTruthDesk(self, surroundings.store)  # looks at what the window has shown before
        self.inspector = InspectorDesk(self, surroundings.store)
        self.network = NetworkDesk(self)
        self.side_by_side = SideBySideDesk(self, surroundings.store)
        self.command_line = CommandDesk(self, surroundings.gallery)
        self.help_desk = HelpDesk(self)
        self.tour = TourDesk(self, surroundings.store)
        self.tracking = TrackingDesk(self, surroundings.store)
        self._restore()
        self._applied = AppliedSettings(self)
        self._show_state(self.controller.state)

    # --- what starts things -------------------------------------------------------------------------------------------------

    def start(self, source: str | None = None) -> None:
        """Load the model of the settings, or the embedded one, and open ``source`` if there is one."""
        wanted = self.preferences.settings.model
        model = wanted or (DEFAULT_MODEL if DEFAULT_MODEL in embedded_models() else "")
        if model:
            self.controller.load_model(model)
        if source:
            self.inputs.open(source)

    def show_help(self, page: str) -> None:
        """Open a page of the help."""
        self.help_desk.show(page)

    def show_error(self, error: DetectorError) -> None:
        """Tell of an error, with the buttons that mend it."""
        if self.reading.takes(error):
            return
        self.area.messages.show_message(message_for(error, self.actions_table))

    def show_crash(self, text: str) -> None:
        """Tell of an error in the program itself; it was logged."""
        log = self.actions_table["log"]
        shown = self.tr("Something went wrong inside the app: {detail}").format(detail=text)
        self.area.messages.show_message(Message(shown, Severity.DANGER, (Remedy(log.text(), log.trigger),)))

    # --- construction -------------------------------------------------------------------------------------------------------

    def _make_menus(self) -> None:
        self._cameras = CameraMenu(self.background, self)
        self._models = ModelMenu(models_by_name, self.inputs.models, self.actions_table["open_model"], self)
        browse = self.actions_table["compare_file"]
        self.second_models = ModelMenu(models_by_name, self.inputs.models, browse, self, "side-by-side")
        self._recent = RecentMenu(self.inputs.recent, self)
        self.themes = ChoiceMenu("theme", self)
        self.languages = ChoiceMenu("language", self)
        submenus = {
            "camera": self._cameras,
            "model": self._models,
            "second": self.second_models,
            "recent": self._recent,
            "theme": self.themes,
            "language": self.languages,
        }
        self._menu_bar = MenuBar(self.menuBar(), self.actions_table, submenus)
        opening = OpenMenu(self.actions_table, self._recent, self)
        self.toolbar = Toolbar(self.actions_table, {**submenus, "open": opening}, self)
        self.addToolBar(self.toolbar)

    def _connect_engine(self) -> None:
        self.bridge.resultReady.connect(self._show_result)
        self.bridge.stateChanged.connect(self._show_state)
        self.bridge.failed.connect(self.show_error)
        self._statistics.timeout.connect(self._show_statistics)

    def _connect_parts(self) -> None:
        transport, controller = self.area.transport, self.controller
        transport.playToggled.connect(controller.toggle)
        transport.stepRequested.connect(controller.step)
        transport.seekRequested.connect(controller.seek)
        transport.startRequested.connect(self.commands.go_to_start)
        transport.endRequested.connect(self.commands.go_to_end)
        transport.speedChanged.connect(lambda speed: self.preferences.set(speed=speed))
        transport.loopToggled.connect(lambda loop: self.preferences.set(loop=loop))
        self.area.timeline.seekRequested.connect(controller.seek)
        self.area.panel.settingsChanged.connect(controller.change_settings)
        self.inputs.sourceChosen.connect(controller.open)
        self.inputs.modelChosen.connect(self._load_model)
        self.inputs.playlistChanged.connect(self._show_playlist)
        self.inputs.failed.connect(self.show_error)
        self._recent.chosen.connect(self.inputs.open)
        self._cameras.chosen.connect(self.inputs.open)
        self._models.chosen.connect(self._load_model)
        self.themes.chosen.connect(lambda choice: self.preferences.set(theme=choice))
        self.languages.chosen.connect(lambda choice: self.preferences.set(language=choice))
        self.preferences.failed.connect(self.show_error)

    def _connect_actions(self) -> None:
        self.actions_table["panel"].toggled.connect(self.area.set_panel_shown)
        self.actions_table["full_screen"].toggled.connect(self._set_full_screen)
        # The engine decides whether it records; a press on the switch alone must not look as if it did.
        self.actions_table["record"].triggered.connect(self._follow_actions)

    def _parts(self) -> Parts:
        return Parts(
            window=self,
            actions=self.actions_table,
            controller=self.controller,
            preferences=self.preferences,
            area=self.area,
            inputs=self.inputs,
            keeper=self.keeper,
            choose_camera=self._choose_camera,
            windows=self.windows,
            log_file=self._log_file,
        )

    def _restore(self) -> None:
        self.resize(*_FIRST_SIZE)
        geometry = self._shape.geometry
        if geometry is not None:
            self.restoreGeometry(geometry)
        self.actions_table["panel"].setChecked(self._shape.panel_shown)
        self.area.set_panel_shown(self._shape.panel_shown)
        self.docks.restore()

    # --- what the engine tells ----------------------------------------------------------------------------------------------

    def _show_result(self) -> None:
        self.bridge.accept()
        result = self.controller.latest()
        if result is not None:
            self.area.show_result(result)
            self.timeline.show_result(result)

    def _show_state(self, state: EngineState) -> None:
        before, self.state = self.state, state
        if state.source is not None and before.source is None:
            self.area.messages.clear("source")
        if state.model is not before.model:
            self._show_model(state, before)
        self.area.show_state(state)
        self.toolbar.show_state(state)
        self._models.set_current(state.model_name)
        self._follow_actions()
        self.keeper.show_state(state)
        self.faces.show_state(state)
        self.reading.show_state(state)
        self.timeline.show_state(state)
        information = self.windows.get(ModelInfo)
        if information is not None:
            information.show_state(state)
        self._show_title()
        self._count(state.phase in SHOWING)
        if state.phase is Phase.ENDED and before.phase is Phase.PLAYING and not state.loop:
            self.inputs.move(1)

    def _show_model(self, state: EngineState, before: EngineState) -> None:
        self.area.messages.clear("model")
        if Path(state.model_name).suffix == ".onnx":
            self.inputs.models.add(state.model_name)
        if state.model_name == self._chosen_model:
            self.preferences.set(model=self._chosen_model)
        if state.model is None or not before.only_read_anew(state.model_name, state.model):
            self._applied.choose_thresholds()

    def _follow_actions(self) -> None:
        table, playlist = self.actions_table, self.inputs.playlist
        table.follow(self.state)
        table["demo"].setEnabled(demo_clip() is not None)
        table["next"].setEnabled(playlist.has_next)
        table["previous"].setEnabled(playlist.has_previous)
        table["record"].setChecked(self.state.recording is not None)
        self.timeline.follow_actions()
        self.side_by_side.follow_actions()
        table["leave_full_screen"].setEnabled(self.isFullScreen())

    def _show_title(self) -> None:
        source, playlist = self.state.source, self.inputs.playlist
        several = f" ({playlist.position + 1}/{len(playlist.specs)})" if len(playlist.specs) > 1 else ""
        self.setWindowTitle(f"{source.name}{several} — Detector App" if source is not None else "Detector App")

    def _show_playlist(self) -> None:
        self._follow_actions()
        self._show_title()

    def _count(self, running: bool) -> None:
        if running and not self._statistics.isActive():
            self._statistics.start()
        elif not running:
            self._statistics.stop()
        self._show_statistics()

    def _show_statistics(self) -> None:
        self.area.status.show_statistics(self.controller.statistics())

    # --- what a person does -------------------------------------------------------------------------------------------------

    def _load_model(self, model: str) -> None:
        self._chosen_model = model  # kept as a setting when it has proved to load
        self.controller.load_model(model)

    def _choose_camera(self) -> None:
        corner = self.toolbar.camera_corner() if self.area.showing_picture else self.area.empty.camera_corner()
        self._cameras.choose(self.preferences.settings.camera, corner)

    def _set_full_screen(self, full_screen: bool) -> None:
        self.menuBar().setVisible(not full_screen)
        self.toolbar.setVisible(not full_screen)
        self.area.set_full_screen(full_screen)
        self.docks.set_full_screen(full_screen)
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self._follow_actions()

    # --- Qt's events --------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Leave a key to the widget that has the focus, where it means something there."""
        if keeps_key(QApplication.focusWidget(), event):
            event.accept()
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.actions_table.retranslate()
            self.toolbar.retranslate()
            self._menu_bar.retranslate()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what can be opened."""
        if dropped(event.mimeData()):
            event.acceptProposedAction()
            self.area.empty.set_dragging(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing is over the window any more."""
        self.area.empty.set_dragging(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open media, load models."""
        self.area.empty.set_dragging(False)
        self.inputs.open_all(self.truth.take_dropped(dropped(event.mimeData())))
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the window's shape, then end the engine; the window is gone at once, whatever that takes."""
        self.docks.keep()
        self._shape.keep(self.saveGeometry(), panel_shown=self.docks.results_wanted)
        self._statistics.stop()
        self.tour.stop()
        self.help_desk.close()
        self.windows.close()
        self.hide()
        self.models.close()
        self.truth.close()
        self.side_by_side.close()
        self.timeline.close()
        self.network.close()
        self.controller.close()
        self.background.close()
        self.faces.close()
        super().closeEvent(event)
