"""What an export has brought: the file, the proof, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from superqt import QElidingLabel

from detector_app.ui.export_bar import clock_text
from detector_app.ui.icon_label import IconLabel
from detector_app.ui.model_export.events import DoneEvent
from detector_app.ui.model_export.exporter import Run
from detector_app.ui.model_export.report_view import ReportView
from detector_app.ui.theme import GRID_PX

_ICON_PX = 24
_NOT_OPENED = frozenset({"embedder"})
"""Families whose files find nothing by themselves."""


def can_be_opened(family: str) -> bool:
    """Whether what is exported from ``family`` can be run by itself."""
    return family not in _NOT_OPENED


class ResultPage(QWidget):
    """Shows a finished export.

    Signals:
        openRequested: path of the model.
        showRequested: path that is to be shown in its folder.
        againRequested: the form is wanted again.
    """

    openRequested = Signal(str)
    showRequested = Signal(object)
    againRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: Run | None = None
        self._title, self._path = QLabel(textFormat=Qt.TextFormat.PlainText), QElidingLabel()
        self._title.setProperty("role", "title")
        self._path.setElideMode(Qt.TextElideMode.ElideMiddle)
        self._path.setProperty("role", "muted")
        self._figures = QLabel()
        self.report = ReportView()
        self.open_button, self.show_button, self.again_button = (QPushButton() for _ in range(3))
        self.open_button.setProperty("primary", True)
        for button in (self.show_button, self.again_button):
            button.setAutoDefault(False)
        self.open_button.clicked.connect(lambda: self._with_file(lambda done: self.openRequested.emit(str(done.file))))
        self.show_button.clicked.connect(lambda: self._with_file(lambda done: self.showRequested.emit(done.file)))
        self.again_button.clicked.connect(lambda: self.againRequested.emit())
        self._lay_out()
        self._retranslate()

    @property
    def figures(self) -> str:
        """Size, nodes and duration as shown."""
        return self._figures.text()

    def show_run(self, run: Run) -> None:
        """Show what ``run``, which has succeeded, has brought."""
        self._run = run
        self._with_file(lambda done: self.report.show_report(done.parity, done.picture))
        self.open_button.setVisible(can_be_opened(run.order.family))
        self._tell()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _with_file(self, call: Callable[[DoneEvent], object]) -> None:
        if self._run is not None and isinstance(self._run.outcome, DoneEvent):
            call(self._run.outcome)

    def _tell(self) -> None:
        if self._run is None or not isinstance(self._run.outcome, DoneEvent):
            return
        done = self._run.outcome
        self._title.setText(done.file.name)
        self._path.setText(str(done.file.parent))
        self._path.setToolTip(str(done.file))
        text = self.tr("{size} MB · {nodes} nodes · compared with PyTorch and written in {time}")
        self._figures.setText(
            text.format(
                size=f"{done.size_bytes / 1e6:.1f}", nodes=done.nodes, time=clock_text(max(1.0, self._run.elapsed_s))
            )
        )

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(GRID_PX // 2)
        for widget in (self._title, self._path, self._figures):
            words.addWidget(widget)
        head = QHBoxLayout()
        head.setSpacing(2 * GRID_PX)
        head.addWidget(IconLabel("check", _ICON_PX, "accent"), alignment=Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        foot = QHBoxLayout()
        foot.setSpacing(GRID_PX)
        foot.addWidget(self.again_button)
        foot.addStretch(1)
        foot.addWidget(self.show_button)
        foot.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID_PX)
        column.addLayout(head)
        column.addWidget(self.report, 1)
        column.addLayout(foot)

    def _retranslate(self) -> None:
        self.open_button.setText(self.tr("Open it now"))
        self.open_button.setToolTip(self.tr("Run this model in the main window"))
        self.show_button.setText(self.tr("Show in folder"))
        self.again_button.setText(self.tr("Export another"))
        self._tell()
