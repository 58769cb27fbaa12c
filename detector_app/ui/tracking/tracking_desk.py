"""Connects tracking with the window: the switch, the layer, the panel, the files, and the rows of the timeline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSettings, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFileDialog

from detector_app.engine.layout_files import read_layout, write_layout
from detector_app.engine.state import EngineState
from detector_app.engine.tracking import TrackOptions
from detector_app.errors import DetectorError
from detector_app.sinks.counts_table import event_rows, write_events
from detector_app.ui.tracking.layout_store import LayoutStore
from detector_app.ui.tracking.shape_editor import ShapeEditor, Tool
from detector_app.ui.tracking.strip_rows import strip_rows
from detector_app.ui.tracking.track_layer import TrackLayer
from detector_app.ui.tracking.tracking_panel import TrackingPanel
from detector_app.vision.zone_counting import Counts
from detector_app.vision.zones import Layout

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow

_COUNTS_MS = 250
_ON = "tracking/on"


class TrackingDesk(QObject):
    """Owns lines and zones of one window.

    Attributes:
        editor: the layout of the present video, as it is drawn.
        panel: in a dock of the window.
        layer: over the picture while things are followed or the panel is seen.
    """

    def __init__(self, window: MainWindow, store: QSettings) -> None:
        super().__init__(window)
        self._window, self._store = window, store
        self._layouts = LayoutStore(store)
        self._spec = ""
        self.editor = ShapeEditor(self)
        self._switch = window.actions_table["track"]
        self.panel = TrackingPanel(self.editor, self._switch)
        self.layer = TrackLayer(window.area.view, self.editor)
        self._dock = window.docks.add("tracking", self.panel, "tracking_panel", lambda: self.tr("Tracking"))
        self._timer = QTimer(self, interval=_COUNTS_MS, singleShot=True)
        self._timer.timeout.connect(self._show_counts)
        self._connect()

    @property
    def on(self) -> bool:
        """Whether things are followed."""
        return self._switch.isChecked()

    def counts(self) -> Counts:
        """What was counted of the present video so far."""
        tracker = self._window.controller.tracker
        return tracker.counts() if tracker is not None else Counts()

    # --- what the window tells ------------------------------------------------------------------------------------------------

    def show_result(self) -> None:
        """Paint the trails of what is shown; the numbers follow a little later."""
        tracker, shown = self._window.controller.tracker, self._window.area.view.shown
        self.layer.trails = tracker.trails(shown) if tracker is not None and shown is not None else ()
        if not self._timer.isActive():
            self._timer.start()

    def show_state(self, state: EngineState) -> None:
        """Have the layout of another video."""
        if state.spec != self._spec:
            self._spec = state.spec
            self.layer.trails = ()
            self.editor.show_layout(self._layouts.get(state.spec) if state.spec else Layout())
            self._give()

    # --- inside ---------------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        window, editor = self._window, self.editor
        self._switch.toggled.connect(self._turn)
        self._dock.visibilityChanged.connect(lambda _on: self._follow())
        window.bridge.resultReady.connect(self.show_result)
        window.bridge.stateChanged.connect(self.show_state)
        editor.layoutChanged.connect(self._take_layout)
        editor.changed.connect(self.panel.show_editor)
        self.panel.tree.picked.connect(editor.select)
        self.panel.tree.renamed.connect(self._rename)
        self.panel.points.edited.connect(self._take_points)
        self.panel.asked.connect(self._do)
        window.area.view.installEventFilter(self)
        self.panel.installEventFilter(self)
        for button in (self.panel.line, self.panel.zone):
            button.installEventFilter(self)

    def _turn(self, on: bool) -> None:
        del on
        self._give()
        if not self.on:
            self.layer.trails = ()
        self._follow()

    def _give(self) -> None:
        self._window.controller.set_tracker(TrackOptions(self.editor.layout) if self.on else None)
        self._show_counts()

    def _follow(self) -> None:
        """The layer is there while it has something to show or to take."""
        view, seen = self._window.area.view, not self.panel.visibleRegion().isEmpty() or self.panel.isVisible()
        self.layer.editing = seen
        if not seen:
            self.editor.take(Tool.MOVE)
        if seen or self.on:
            view.add_layer(self.layer)
        else:
            view.remove_layer(self.layer)
        view.update()

    def _take_layout(self) -> None:
        """Keep what was drawn, and count by it: who draws wants things to be followed."""
        if self._spec:
            self._layouts.keep(self._spec, self.editor.layout)
        if self.editor.layout.shapes and not self.on:
            self._switch.setChecked(True)
        else:
            self._give()

    def _rename(self, i: int, name: str) -> None:
        self.editor.rename(i, name)
        self.panel.show_editor()

    def _take_points(self, points: object) -> None:
        if isinstance(points, tuple):
            self.editor.change_points(points)
        self.panel.show_editor()

    def _show_counts(self) -> None:
        counts = self.counts()
        self.panel.show_counts(self.editor.layout, counts)
        source = self._window.state.source
        rows = strip_rows(self.editor.layout, counts, source.duration_s if source is not None else None)
        self._window.area.timeline.set_extra_rows("tracking", rows if self.on else ())

    # --- files ----------------------------------------------------------------------------------------------------------------

    def load(self, path: Path) -> None:
        """Count by the lines and zones in ``path``; an error is told."""
        try:
            layout = read_layout(path)
        except DetectorError as error:
            self._window.show_error(error)
            return
        self.editor.change_layout(layout)

    def _do(self, command: str) -> None:
        if command == "load":
            dialog = self._dialog(self.tr("Load lines and zones"), self.tr("Lines and zones (*.json)"), "")
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            dialog.fileSelected.connect(lambda file: self.load(Path(file)))
            dialog.open()
        elif command == "save":
            dialog = self._dialog(self.tr("Save lines and zones"), self.tr("Lines and zones (*.json)"), "json")
            dialog.fileSelected.connect(lambda file: self._write(Path(file), counts=False))
            dialog.open()
        elif command == "save_counts":
            dialog = self._dialog(self.tr("Save what was counted"), self.tr("Table (*.csv)"), "csv")
            dialog.fileSelected.connect(lambda file: self._write(Path(file), counts=True))
            dialog.open()
        elif command == "copy_counts":
            QGuiApplication.clipboard().setText(event_rows(self.counts().events, heading=True))
        elif command == "reset":
            tracker = self._window.controller.tracker
            if tracker is not None:
                tracker.reset_counts()
            self._show_counts()

    def _dialog(self, title: str, kinds: str, suffix: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, "", kinds)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if suffix:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix(suffix)
        return dialog

    def _write(self, path: Path, *, counts: bool) -> None:
        try:
            if counts:
                write_events(path, self.counts().events)
            else:
                write_layout(path, self.editor.layout)
        except DetectorError as error:
            self._window.show_error(error)

    # --- keys -----------------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, Backspace, Esc and Delete while something is drawn or selected."""
        kinds = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        if event.type() in kinds and isinstance(event, QKeyEvent) and self.layer.editing and self._means(event):
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
            else:
                self._press(event.key())
            return True
        return super().eventFilter(watched, event)

    def _means(self, event: QKeyEvent) -> bool:
        drawing = self.editor.tool is not Tool.MOVE
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() == Qt.Key.Key_Delete:
            return not drawing and self.editor.selected >= 0
        if event.key() == Qt.Key.Key_Backspace:
            return bool(self.editor.draft)
        return drawing and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)

    def _press(self, key: int) -> None:
        if key == Qt.Key.Key_Delete:
            self.editor.delete()
        elif key == Qt.Key.Key_Backspace:
            self.editor.back()
        elif key == Qt.Key.Key_Escape:
            self.editor.leave()
        else:
            self.editor.finish()
