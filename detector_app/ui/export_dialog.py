"""Asks what is to be kept of a whole file, and where."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from detector_app.ui.dialog_buttons import dialog_buttons
from detector_app.ui.translation import QT_TRANSLATE_NOOP, translate

CONTEXT = "ExportKinds"
KINDS = {
    "video": QT_TRANSLATE_NOOP("ExportKinds", "Video with boxes (.mp4)"),
    "jsonl": QT_TRANSLATE_NOOP("ExportKinds", "One JSON line per frame (.jsonl)"),
    "csv": QT_TRANSLATE_NOOP("ExportKinds", "Table (.csv)"),
    "coco": QT_TRANSLATE_NOOP("ExportKinds", "COCO results (.json)"),
    "frames": QT_TRANSLATE_NOOP("ExportKinds", "Pictures with boxes"),
    "counts": QT_TRANSLATE_NOOP("ExportKinds", "Counts of lines and zones (.csv)"),
}
"""Kinds that the engine writes → what they are called; source texts of the context "ExportKinds"."""
WITHOUT_BOXES = {
    "video": QT_TRANSLATE_NOOP("ExportKinds", "Video with the best classes (.mp4)"),
    "frames": QT_TRANSLATE_NOOP("ExportKinds", "Pictures with the best classes"),
}
"""What two of them are called for a classifier; COCO it has none."""


@dataclass(frozen=True)
class ExportRequest:
    """What to write, and into which folder."""

    kinds: tuple[str, ...]
    folder: Path


class ExportDialog(QDialog):
    """Check boxes for the kinds and a folder. ``chosen`` carries an :class:`ExportRequest`. Not modal.

    ``counted`` says whether things are followed and there are lines or zones; else there are no counts to keep.
    ``boxes`` says whether the model finds any: a classifier does not, and COCO files hold nothing else.
    """

    chosen = Signal(object)

    def __init__(
        self, name: str, folder: Path, parent: QWidget | None = None, *, boxes: bool = True, counted: bool = False
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._name = name
        self._finds_boxes = boxes
        self._title = QLabel(wordWrap=True)
        self._boxes = {kind: QCheckBox() for kind in KINDS}
        self._folder_label = QLabel()
        self.folder = QLineEdit(str(folder))
        self.folder.setMinimumWidth(360)
        self._browse = QPushButton()
        self._browse.clicked.connect(self._choose_folder)
        self._buttons = dialog_buttons(QDialogButtonBox.StandardButton.Cancel)
        # A button of our own: at a change of the language Qt gives its standard buttons its own words again.
        self.start_button = self._buttons.addButton("", QDialogButtonBox.ButtonRole.AcceptRole)
        self.start_button.setProperty("primary", True)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self.folder.textChanged.connect(self._check)
        for box in self._boxes.values():
            box.toggled.connect(self._check)
        for kind in ("video", "jsonl"):
            self._boxes[kind].setChecked(True)
        self._boxes["coco"].setEnabled(boxes)
        self._boxes["counts"].setVisible(counted)
        self._lay_out()
        self._retranslate()
        self._check()

    def box(self, kind: str) -> QCheckBox:
        """The check box of ``kind``."""
        return self._boxes[kind]

    def request(self) -> ExportRequest:
        """What is chosen now."""
        kinds = tuple(kind for kind, box in self._boxes.items() if box.isChecked())
        return ExportRequest(kinds, Path(self.folder.text().strip()).expanduser())

    def accept(self) -> None:
        """Hand the choice on."""
        self.chosen.emit(self.request())
        super().accept()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(self._browse)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addSpacing(8)
        for box in self._boxes.values():
            column.addWidget(box)
        column.addSpacing(8)
        column.addWidget(self._folder_label)
        column.addLayout(row)
        column.addSpacing(16)
        column.addWidget(self._buttons)

    def _check(self) -> None:
        self.start_button.setEnabled(bool(self.request().kinds) and bool(self.folder.text().strip()))

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("Folder for the results"), self.folder.text())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Export results"))
        self._title.setText(
            self.tr("Every frame of {name} is run through the model; none is skipped.").format(name=self._name)
        )
        names = KINDS if self._finds_boxes else {**KINDS, **WITHOUT_BOXES}
        for kind, box in self._boxes.items():
            box.setText(translate(CONTEXT, names[kind]))
        if not self._finds_boxes:
            self._boxes["coco"].setToolTip(self.tr("COCO files hold boxes, and a classifier finds none"))
        self._folder_label.setText(self.tr("Folder"))
        self._browse.setText(self.tr("Choose…"))
        self.start_button.setText(self.tr("Start"))
        self._buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
