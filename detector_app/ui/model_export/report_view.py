"""The proof of an export as tables and as a picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QImageReader, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QLabel, QTabWidget, QVBoxLayout, QWidget

from detector_app.parity import ParityReport
from detector_app.ui.parity_tables import BoxTable, OutputTable
from detector_app.ui.theme import GRID_PX

_MOST_SIDE_PX = 4096
_OUTPUTS, _BOXES, _PICTURE = range(3)


class ReportPicture(QWidget):
    """A picture as large as fits, never larger than it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QPixmap()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return self._picture.isNull()

    def show_file(self, path: Path | None) -> None:
        """Show the picture in ``path``; one that is absent, no picture or absurdly large is none."""
        reader = QImageReader(str(path)) if path is not None else None
        size = QSize() if reader is None else reader.size()
        fits = 0 < size.width() <= _MOST_SIDE_PX and 0 < size.height() <= _MOST_SIDE_PX
        self._picture = QPixmap.fromImage(reader.read()) if reader is not None and fits else QPixmap()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture in the middle, smoothly reduced."""
        del event
        if self.empty:
            return
        ratio = self.devicePixelRatioF()
        room = self.size() * ratio
        size = self._picture.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio).boundedTo(self._picture.size())
        shown = self._picture.scaled(
            size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        shown.setDevicePixelRatio(ratio)
        wide, high = shown.deviceIndependentSize().width(), shown.deviceIndependentSize().height()
        painter = QPainter(self)
        painter.drawPixmap(round((self.width() - wide) / 2), round((self.height() - high) / 2), shown)
        painter.end()


class ReportView(QWidget):
    """Three tabs; those of boxes and of the picture are there only where there are any."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: ParityReport | None = None
        self.outputs, self.boxes = OutputTable(), BoxTable()
        self.notes = QLabel(wordWrap=True)
        self.notes.setProperty("role", "muted")
        self.picture = ReportPicture()
        self.tabs = QTabWidget()
        for page in (self.outputs, self.boxes, self.picture):
            self.tabs.addTab(page, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.notes)
        self._retranslate()

    def show_report(self, report: ParityReport | None, picture: Path | None) -> None:
        """Show these; either may be absent."""
        self._report = report
        self.outputs.show_report(report)
        self.boxes.show_report(report)
        self.picture.show_file(picture)
        self.tabs.setTabVisible(_BOXES, report is not None and bool(report.boxes))
        self.tabs.setTabVisible(_PICTURE, not self.picture.empty)
        self.tabs.setCurrentIndex(_OUTPUTS)
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _fill(self) -> None:
        report = self._report
        if report is None:
            self.notes.setText(self.tr("The report is in the model card of the file."))
        else:
            runtimes = f"torch {report.torch_version} · ONNX Runtime {report.onnxruntime_version}"
            self.notes.setText("\n".join((*report.notes, f"opset {report.opset} · {runtimes}")))

    def _retranslate(self) -> None:
        self.picture.setAccessibleName(self.tr("Proof of the export as a picture"))
        for i, text in enumerate((self.tr("Outputs"), self.tr("Boxes"), self.tr("Picture"))):
            self.tabs.setTabText(i, text)
        self._fill()
