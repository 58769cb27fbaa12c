"""What a person keeps: a snapshot, a recording, the results of a whole file; and the messages that say where it went."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from detector_app.engine.controller import Controller
from detector_app.engine.state import EngineState, ExportProgress
from detector_app.errors import DetectorError, SinkError
from detector_app.sinks.snapshot import write_snapshot
from detector_app.sinks.writing import make_folder
from detector_app.ui.background import Background
from detector_app.ui.central_area import CentralArea
from detector_app.ui.export_dialog import ExportDialog, ExportRequest
from detector_app.ui.message_bar import Message, Remedy, Severity
from detector_app.ui.recent import LastFolders
from detector_app.ui.translation import describe_error
from detector_app.vision.frame_result import FrameResult

_FOLDER = "Detector App"


def keep_folder(location: QStandardPaths.StandardLocation) -> Path:
    """Our folder inside one of the user's own (pictures, films), or in the home folder where there is none."""
    return Path(QStandardPaths.writableLocation(location) or Path.home()) / _FOLDER


def file_stem(name: str, at: datetime) -> str:
    """A file name without suffix from a source's name and a moment: sortable, valid on every system."""
    clean = re.sub(r"[^\w-]+", "-", Path(name).stem).strip("-")[:60] or "picture"
    return f"{clean}-{at:%Y%m%d-%H%M%S}-{at.microsecond // 1000:03d}"


class Keeper(QObject):
    """Starts what writes files and tells where they are. Writing happens on other threads."""

    def __init__(
        self, controller: Controller, background: Background, area: CentralArea, store: QSettings, window: QWidget
    ) -> None:
        super().__init__(window)
        self._controller, self._background, self._area, self._window = controller, background, area, window
        self._folders = LastFolders(store)
        self._state = EngineState()
        self._cancelled = False
        self.takes_export: Callable[[tuple[str, ...], Path], bool] = lambda _kinds, _folder: False
        """Asked first: whether somebody has the results already, and writes them."""
        self._area.exports.cancelled.connect(self._cancel_export)

    def show_state(self, state: EngineState) -> None:
        """Follow the engine: say when a recording has ended, and how far an export is."""
        before, self._state = self._state, state
        if before.recording is not None and state.recording is None:
            self._say_saved(self.tr("The recording is saved: {name}"), before.recording)
        if state.export is not None and state.export != before.export:
            self._show_export(state.export)

    def take_snapshot(self) -> None:
        """Save the shown frame with its boxes or best classes."""
        result = self._controller.latest()
        if result is None:
            return
        folder = keep_folder(QStandardPaths.StandardLocation.PicturesLocation)
        path = folder / f"{file_stem(result.frame.source, datetime.now().astimezone())}.png"
        self._background.call(
            lambda: _save(result, path),
            lambda saved: self._say_saved(self.tr("The snapshot is saved: {name}"), saved),
            self._say_failed,
        )

    def toggle_recording(self) -> None:
        """Begin or end recording what is played."""
        source = self._state.source
        if self._state.recording is not None:
            self._controller.stop_recording()
        elif source is not None:
            folder = keep_folder(QStandardPaths.StandardLocation.MoviesLocation)
            self._controller.start_recording(folder / f"{file_stem(source.name, datetime.now().astimezone())}.mp4")

    def ask_export(self) -> ExportDialog | None:
        """Ask what to write of the whole source; the dialog is shown, None without a source."""
        source = self._state.source
        if source is None:
            return None
        model = self._state.model
        boxes = model is None or model.task != "classify"
        tracking = self._controller.tracking
        counted = tracking is not None and bool(tracking.layout.shapes)
        dialog = ExportDialog(
            source.name, Path(self._folders.get("export")), self._window, boxes=boxes, counted=counted
        )
        dialog.chosen.connect(self._start_export)
        dialog.show()
        return dialog

    def reveal(self, path: Path) -> None:
        """Open ``path``, or the folder that holds it, with the desktop's own program."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path if path.is_dir() else path.parent)))

    def reveal_in_folder(self, path: Path) -> None:
        """Open the folder that holds ``path``, which may be a folder itself."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

    def say_exported(self, folder: Path, *, cancelled: bool = False) -> None:
        """Tell that tables were written from what was kept."""
        if cancelled:
            self._say_saved(self.tr("The export was cancelled; what was written is in {name}"), folder)
        else:
            self._say_saved(self.tr("The results are saved in {name}"), folder)

    def _start_export(self, request: ExportRequest) -> None:
        source = self._state.source
        self._folders.keep("export", str(request.folder))
        # What was kept of the video has no ids.
        if self._controller.tracking is None and self.takes_export(request.kinds, request.folder):
            return
        self._cancelled = False
        self._area.exports.begin(source.name if source is not None else "")
        self._controller.start_export(request.kinds, request.folder)

    def _cancel_export(self) -> None:
        self._cancelled = True
        self._controller.stop_export()

    def _show_export(self, progress: ExportProgress) -> None:
        if progress.running:
            self._area.exports.show_progress(progress.done, progress.total, progress.remaining_s)
            return
        self._area.exports.hide()
        if self._cancelled:
            self._say_saved(self.tr("The export was cancelled; what was written is in {name}"), progress.out_dir)
        elif progress.done:
            self._say_saved(self.tr("The results are saved in {name}"), progress.out_dir)

    def _say_saved(self, template: str, path: Path) -> None:
        shown = self._area.messages.message
        if shown is not None and shown.severity is Severity.DANGER and shown.topic == "sink":
            return  # the error tells already what was kept
        show = Remedy(self.tr("Show in folder"), lambda: self.reveal(path))
        self._area.messages.show_message(Message(template.format(name=path.name), Severity.INFO, (show,), "sink"))

    def _say_failed(self, error: Exception) -> None:
        text = describe_error(error if isinstance(error, DetectorError) else SinkError("", detail=str(error)))
        self._area.messages.show_message(Message(text, Severity.DANGER, topic="sink"))


def _save(result: FrameResult, path: Path) -> Path:
    make_folder(path.parent)
    write_snapshot(path, result)
    return path
