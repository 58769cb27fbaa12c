"""An evaluation that is running: how far, and the button that ends it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from detector_app.ui.theme import GRID_PX, tabular

_STEPS = 1000


class ProgressRow(QWidget):
    """Hidden while nothing runs. ``cancelled`` asks for the end."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.busy = False
        self._bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._figures = QLabel(alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._figures.setFont(tabular(self.font()))
        self._figures.setProperty("role", "muted")
        self.cancel_button = QPushButton()
        self.cancel_button.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self._bar, 1)
        row.addWidget(self._figures)
        row.addWidget(self.cancel_button)
        self._say()
        self.hide()

    def show_progress(self, done: int, total: int | None) -> None:
        """Show ``done`` of ``total`` pictures (None: unknown)."""
        if not self.busy:
            self.cancel_button.setEnabled(True)
        self.busy = True
        self._bar.setRange(0, _STEPS if total else 0)
        self._bar.setValue(round(_STEPS * done / total) if total else 0)
        figures = f"{done} / {total}" if total else str(done)
        widest = f"{total} / {total}" if total else figures
        self._figures.setMinimumWidth(self._figures.fontMetrics().horizontalAdvance(widest))
        self._figures.setText(figures)
        self.show()

    def end(self) -> None:
        """It is over."""
        self.busy = False
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _ask(self) -> None:
        self.cancel_button.setEnabled(False)
        self.cancelled.emit()

    def _say(self) -> None:
        self.cancel_button.setText(self.tr("Cancel"))
        self._bar.setAccessibleName(self.tr("Evaluating"))
