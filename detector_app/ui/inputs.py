"""How inputs get in: dialogs, drops, recent ones, several at once, and trying again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from detector_app.errors import DetectorError, SourceError
from detector_app.pipelines.embedded import assets_folder
from detector_app.sources.opener import expand
from detector_app.ui.background import Background
from detector_app.ui.playlist import Playlist
from detector_app.ui.recent import LastFolders, RecentList
from detector_app.ui.stream_dialog import StreamDialog, is_stream_address

MODEL_SUFFIX = ".onnx"


def demo_clip() -> Path | None:
    """The bundled clip, or None where it was not installed."""
    clip = assets_folder() / "demo.mp4"
    return clip if clip.is_file() else None


def dropped(data: QMimeData) -> list[str]:
    """What a drop brings: local paths, or stream addresses; empty when it is neither."""
    specs = [url.toLocalFile() if url.isLocalFile() else url.toString() for url in data.urls()]
    return [spec for spec in specs if Path(spec).exists() or is_stream_address(spec)]


def is_model(spec: str) -> bool:
    """Whether ``spec`` is meant as a model."""
    return spec.lower().endswith(MODEL_SUFFIX)


class Inputs(QObject):
    """Decides what is opened; the window listens and opens it.

    Signals:
        sourceChosen: the spec to open now.
        modelChosen: a model's name or path.
        playlistChanged: the present :class:`Playlist`.
        failed: a ``SourceError``: a folder holds nothing that can be opened.
    """

    sourceChosen = Signal(str)
    modelChosen = Signal(str)
    playlistChanged = Signal(object)
    failed = Signal(object)

    def __init__(self, store: QSettings, recent_limit: int, background: Background, window: QWidget) -> None:
        super().__init__(window)
        self._window, self._background = window, background
        self._folders = LastFolders(store)
        self._playlist = Playlist()
        self.recent = RecentList(store, "inputs", recent_limit)
        self.streams = RecentList(store, "streams", recent_limit)
        self.models = RecentList(store, "models", recent_limit)

    @property
    def playlist(self) -> Playlist:
        """What was opened together."""
        return self._playlist

    def set_recent_limit(self, limit: int) -> None:
        """Remember at most ``limit`` of each kind."""
        for kept in (self.recent, self.streams, self.models):
            kept.limit = limit

    def open_all(self, specs: Iterable[str]) -> None:
        """Open sources, the first now and the others after it; models among them are loaded (the last one counts)."""
        listed = list(specs)
        models = [spec for spec in listed if is_model(spec)]
        sources = [spec for spec in listed if not is_model(spec)]
        if models:
            self.modelChosen.emit(models[-1])
        if sources:
            self._open_expanded(sources)

    def open(self, spec: str) -> None:
        """Open one source; a folder of several videos opens the first, the others follow."""
        self._open_expanded([spec])

    def move(self, by: int) -> None:
        """Go to another one of those opened together."""
        moved = self._playlist.moved(by)
        if moved != self._playlist:
            self._go(moved)

    def retry(self) -> None:
        """Open the present one again."""
        if self._playlist.current is not None:
            self.sourceChosen.emit(self._playlist.current)

    def open_demo(self) -> None:
        """Open the bundled clip; it is not remembered as recent."""
        clip = demo_clip()
        if clip is not None:
            self._go(Playlist((str(clip),)))

    def forget(self) -> None:
        """Nothing is open any more."""
        self._set(Playlist())

    def choose_files(self) -> None:
        """Ask for videos, pictures or models."""
        title = self.tr("Open videos, pictures or models")
        dialog = self._dialog(title, "media", QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self.tr("All files (*)"), self.tr("Models (*.onnx)")])
        dialog.filesSelected.connect(self.open_all)
        dialog.open()

    def choose_folder(self) -> None:
        """Ask for a folder of pictures."""
        dialog = self._dialog(self.tr("Open a folder of pictures"), "media", QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(self.open_all)
        dialog.open()

    def choose_model(self) -> None:
        """Ask for a model file."""
        self.ask_model(self.modelChosen.emit)

    def ask_model(self, then: Callable[[str], object]) -> None:
        """Ask for a model file, and give it to ``then``."""
        dialog = self._dialog(self.tr("Open a model"), "model", QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Models (*.onnx)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(then)
        dialog.open()

    def ask_stream(self) -> StreamDialog:
        """Ask for an address; returns the dialog, which is shown."""
        dialog = StreamDialog(self.streams.items(), self._window)
        dialog.chosen.connect(self._open_stream)
        dialog.show()
        return dialog

    def _open_stream(self, address: str) -> None:
        self.streams.add(address)
        self.open(address)

    def _open_expanded(self, specs: list[str]) -> None:
        """A big folder takes a while to list, so this goes on in the background."""
        for spec in reversed(specs):
            self.recent.add(spec)
        self._background.call(
            lambda: tuple(found for spec in specs for found in expand(spec)),
            lambda found: self._go(Playlist(found)),
            self._fail,
        )

    def _fail(self, error: Exception) -> None:
        self.failed.emit(error if isinstance(error, DetectorError) else SourceError("", detail=str(error)))

    def _go(self, playlist: Playlist) -> None:
        self._set(playlist)
        spec = playlist.current
        if spec is not None:
            self.sourceChosen.emit(spec)

    def _set(self, playlist: Playlist) -> None:
        self._playlist = playlist
        self.playlistChanged.emit(playlist)

    def _dialog(self, title: str, kind: str, mode: QFileDialog.FileMode) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._folders.get(kind))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(lambda files: self._folders.keep(kind, files[0]))
        return dialog
