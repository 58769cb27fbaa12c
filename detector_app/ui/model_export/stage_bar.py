"""One line for a running export: what it does, the stage of how many, for how long so far, and the button that ends it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget
from superqt import QElidingLabel

from detector_app.ui.export_bar import clock_text
from detector_app.ui.model_export.exporter import Run
from detector_app.ui.model_export.words import stage_words
from detector_app.ui.theme import GRID_PX, PADDING_PX, tabular

_TITLE_PX = 272
_TICK_MS = 500


class StageBar(QFrame):
    """Hidden while nothing is exported. ``cancelled`` asks for the end."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: Run | None = None
        self._title = QElidingLabel()
        self._title.setFixedWidth(_TITLE_PX)
        self.bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self.bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._figures = QLabel(alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._figures.setFont(tabular(self.font()))
        self._figures.setProperty("role", "muted")
        self.cancel_button = QPushButton()
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(lambda: self.cancelled.emit())
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._tell)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(PADDING_PX)
        row.addWidget(self._title)
        row.addWidget(self.bar, 1)
        row.addWidget(self._figures)
        row.addWidget(self.cancel_button)
        self._retranslate()
        self.hide()

    @property
    def title(self) -> str:
        """What is being done, as shown."""
        return self._title.text()

    @property
    def figures(self) -> str:
        """How far it is, as shown."""
        return self._figures.text()

    def show_run(self, run: Run | None) -> None:
        """Follow ``run``; hidden unless it goes on."""
        self._run = run if run is not None and run.outcome is None else None
        self.setVisible(self._run is not None)
        self._timer.start() if self._run is not None else self._timer.stop()
        self._tell()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _tell(self) -> None:
        run = self._run
        if run is None:
            return
        stage = run.stage
        words = self.tr("Starting the exporter") if stage is None else stage_words(stage.stage, stage.text)
        self._title.setText(words)
        self._title.setToolTip(words if stage is None else stage.text)
        self.bar.setAccessibleName(words)
        passed = clock_text(run.elapsed_s)
        if stage is None:
            self.bar.setRange(0, 0)
            self._figures.setText(passed)
        else:
            self.bar.setRange(0, stage.steps)
            self.bar.setValue(stage.step - 1)
            place = self.tr("{step} of {steps}").format(step=stage.step, steps=stage.steps)
            self._figures.setText(f"{place} · {passed}")
        widest = self.tr("{step} of {steps}").format(step=9, steps=9) + " · 00:00"
        self._figures.setMinimumWidth(self._figures.fontMetrics().horizontalAdvance(widest) + GRID_PX)

    def _retranslate(self) -> None:
        self.cancel_button.setText(self.tr("Cancel"))
        self.cancel_button.setToolTip(self.tr("End the export; nothing of it is left"))
        self._tell()
