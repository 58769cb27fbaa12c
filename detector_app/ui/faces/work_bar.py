"""One line for the work that a dialog is doing: what, how much, how long, and the button that ends it."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget
from superqt import QElidingLabel

from detector_app.ui.export_bar import clock_text
from detector_app.ui.theme import GRID_PX, PADDING_PX, tabular

_STEPS = 1000
_TITLE_PX = 280
_SURE_AFTER_S = 1.0
"""Before, nothing can be said of how long it will take."""


class WorkBar(QFrame):
    """Hidden while nothing is done. ``cancelled`` asks for the end; who does the work says when that is."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._began_s = 0.0
        self._title = QElidingLabel()
        self._title.setElideMode(Qt.TextElideMode.ElideMiddle)
        self._title.setFixedWidth(_TITLE_PX)
        self._bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._figures = QLabel(alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._figures.setFont(tabular(self.font()))
        self._figures.setProperty("role", "muted")
        self.cancel_button = QPushButton()
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(PADDING_PX)
        row.addWidget(self._title)
        row.addWidget(self._bar, 1)
        row.addWidget(self._figures)
        row.addWidget(self.cancel_button)
        self._retranslate()
        self.hide()

    @property
    def figures(self) -> str:
        """How far it is, as shown."""
        return self._figures.text()

    def begin(self, what: str) -> None:
        """Show that ``what`` is being done; how far is not known yet."""
        self._began_s = time.monotonic()
        self._bar.setRange(0, 0)
        self._figures.clear()
        self.cancel_button.setEnabled(True)
        self.say(what)
        self.show()

    def say(self, what: str) -> None:
        """Another word for what is being done."""
        self._title.setText(what)
        self._title.setToolTip(what)
        self._bar.setAccessibleName(what)

    def show_progress(self, done: int, total: int | None) -> None:
        """Show ``done`` of ``total`` (None or 0: unknown), and how long the rest will take."""
        self._bar.setRange(0, _STEPS if total else 0)
        self._bar.setValue(round(_STEPS * done / total) if total else 0)
        passed_s = time.monotonic() - self._began_s
        figures = f"{done} / {total}" if total else str(done)
        if total and done and passed_s >= _SURE_AFTER_S:
            left = self.tr("{time} left").format(time=clock_text(passed_s / done * (total - done)))
            figures = f"{figures} · {left}"
        self._figures.setText(figures)
        self._figures.setMinimumWidth(self._widest(total))

    def end(self) -> None:
        """It is over."""
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _widest(self, total: int | None) -> int:
        """Room for every figure that may come, so that the bar does not jump."""
        left = self.tr("{time} left").format(time="00:00")
        text = f"{total} / {total} · {left}" if total else ""
        return int(self._figures.fontMetrics().horizontalAdvance(text)) + GRID_PX

    def _ask(self) -> None:
        self.cancel_button.setEnabled(False)
        self.cancelled.emit()

    def _retranslate(self) -> None:
        self.cancel_button.setText(self.tr("Cancel"))
