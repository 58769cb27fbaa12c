"""How ground truth gets in: a dialog, or something dropped; read in the background."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from detector_app.errors import DetectorError, GroundTruthError, SourceError
from detector_app.evaluation.truth import GroundTruth
from detector_app.evaluation.truth_files import is_truth, pictures_folder, read_truth
from detector_app.sources.listing import list_folder
from detector_app.ui.background import Background
from detector_app.ui.recent import LastFolders


class TruthLoader(QObject):
    """Of several requests only the last one counts.

    Signals:
        loaded: a :class:`~detector_app.evaluation.truth.GroundTruth`, and the folder of its pictures or None.
        failed: a ``DetectorError``.
    """

    loaded = Signal(object, object)
    failed = Signal(object)

    def __init__(self, store: QSettings, background: Background, window: QWidget) -> None:
        super().__init__(window)
        self._window, self._background = window, background
        self._folders = LastFolders(store)
        self._asked = 0

    def ask(self) -> None:
        """Ask for a file: of COCO the .json, of VOC one of the .xml files, of YOLO the .yaml or classes.txt."""
        dialog = QFileDialog(self._window, self.tr("Load ground truth"), self._folders.get("truth"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Ground truth (*.json *.xml *.yaml *.yml *.txt)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(self._load_chosen)
        dialog.open()

    def take_dropped(self, specs: list[str]) -> list[str]:
        """Load what is ground truth among dropped things, and return the others. A folder that holds pictures, too, is both."""
        found = [spec for spec in specs if is_truth(Path(spec))]
        if found:
            self.load(Path(found[-1]))
        return [spec for spec in specs if spec not in found or _has_pictures(Path(spec))]

    def load(self, path: Path) -> None:
        """Read what lies at ``path``."""
        self._asked += 1
        asked = self._asked

        def then(found: tuple[GroundTruth, Path | None]) -> None:
            if asked == self._asked:
                self.loaded.emit(*found)

        def fail(error: Exception) -> None:
            known = isinstance(error, DetectorError)
            self.failed.emit(error if known else GroundTruthError(path.name, detail=str(error)))

        self._background.call(lambda: _read(path), then, fail)

    def cancel(self) -> None:
        """What is being read is not wanted any more."""
        self._asked += 1

    def _load_chosen(self, file: str) -> None:
        """One .xml file stands for its folder: VOC has one for each picture."""
        path = Path(file)
        self._folders.keep("truth", file)
        self.load(path.parent if path.suffix.lower() == ".xml" else path)


def _read(path: Path) -> tuple[GroundTruth, Path | None]:
    truth = read_truth(path)
    return truth, pictures_folder(truth)


def _has_pictures(path: Path) -> bool:
    """Whether a folder has pictures or videos directly in it."""
    if not path.is_dir():
        return False
    try:
        list_folder(path)
    except SourceError:
        return False
    return True
