"""What the window does to get models: exporting trained ones, downloading public ones. Goes on while its windows are closed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings

from detector_app.errors import DetectorError
from detector_app.ui.message_bar import Message, Remedy, Severity
from detector_app.ui.model_export.events import DoneEvent
from detector_app.ui.model_export.export_model_dialog import ExportModelDialog
from detector_app.ui.model_export.exporter import Failure, ModelExporter
from detector_app.ui.model_export.failure_words import failure_words
from detector_app.ui.model_export.result_page import can_be_opened
from detector_app.ui.model_gallery.gallery_dialog import GalleryDialog
from detector_app.ui.model_gallery.transfers import Transfers
from detector_app.ui.recent import LastFolders
from detector_app.ui.translation import describe_error

if TYPE_CHECKING:
    from detector_app.ui.main_window import MainWindow

_TOPIC, _GALLERY_TOPIC = "model-export", "model-gallery"


class ModelDesk(QObject):
    """Connects the window's actions, the windows that they open, and the work behind these.

    Attributes:
        exporter: runs exports.
        transfers: downloads, checks and removes public models.
    """

    def __init__(self, window: MainWindow, store: QSettings) -> None:
        super().__init__(window)
        self._window = window
        self._folders = LastFolders(store)
        self.exporter = ModelExporter(self)
        self.exporter.changed.connect(self._tell_export)
        self.transfers = Transfers(self)
        self.transfers.got.connect(self._tell_got)
        self.transfers.failed.connect(self._tell_failed)
        window.actions_table["get_models"].triggered.connect(lambda _=False: self.show_gallery())
        window.actions_table["export_model"].triggered.connect(lambda _=False: self.show_export())

    def show_export(self) -> ExportModelDialog:
        """Open the window for exports, or bring it to the front."""
        return self._window.windows.show(ExportModelDialog, self._make_export)

    def show_gallery(self) -> GalleryDialog:
        """Open the window of the public models, or bring it to the front."""
        return self._window.windows.show(GalleryDialog, self._make_gallery)

    def close(self) -> None:
        """End what still goes on. Of an export nothing is left; what has come of a download is kept."""
        self.exporter.close()
        self.transfers.close()

    def _make_export(self) -> ExportModelDialog:
        dialog = ExportModelDialog(self.exporter, self._folders, self._window)
        dialog.openRequested.connect(self._open)
        dialog.showRequested.connect(self._window.keeper.reveal_in_folder)
        return dialog

    def _make_gallery(self) -> GalleryDialog:
        dialog = GalleryDialog(self.transfers, self._window)
        dialog.openRequested.connect(self._open)
        dialog.showRequested.connect(self._window.keeper.reveal_in_folder)
        return dialog

    def _open(self, path: str) -> None:
        self._window.inputs.modelChosen.emit(path)
        self._window.raise_()
        self._window.activateWindow()

    def _tell_export(self) -> None:
        """Say in the main window how an export ended whose own window is closed."""
        run = self.exporter.run
        if run is None or run.outcome is None or self._window.windows.get(ExportModelDialog) is not None:
            return
        if isinstance(run.outcome, DoneEvent):
            self._tell_done(run.outcome.file, can_be_opened(run.order.family))
        elif isinstance(run.outcome, Failure):
            text = failure_words(run.outcome)
            again = Remedy(self.tr("Back to the form"), self.show_export)
            self._window.area.messages.show_message(Message(text, Severity.DANGER, (again,), _TOPIC, text))

    def _tell_done(self, file: Path, openable: bool) -> None:
        text = self.tr("The model {name} is exported.").format(name=file.name)
        remedies = [Remedy(self.tr("Show the proof"), self.show_export)]
        if openable:
            remedies.insert(0, Remedy(self.tr("Open it now"), lambda: self._open(str(file))))
        self._window.area.messages.show_message(Message(text, remedies=tuple(remedies), topic=_TOPIC, full=str(file)))

    def _tell_got(self, name: str, file: Path) -> None:
        """Say in the main window that a model has come whose own window is closed."""
        if self._window.windows.get(GalleryDialog) is None:
            text = self.tr("The model {name} is on this machine now.").format(name=name)
            remedy = Remedy(self.tr("Open it now"), lambda: self._open(str(file)))
            self._window.area.messages.show_message(Message(text, remedies=(remedy,), topic=_GALLERY_TOPIC))

    def _tell_failed(self, name: str, error: DetectorError) -> None:
        del name  # the error has it
        if self._window.windows.get(GalleryDialog) is None:
            text = describe_error(error)
            back = Remedy(self.tr("Back to the models"), self.show_gallery)
            self._window.area.messages.show_message(Message(text, Severity.DANGER, (back,), _GALLERY_TOPIC, text))
