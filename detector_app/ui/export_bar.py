"""A running export: what, how far, how much longer, and the button that ends it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget
from superqt import QElidingLabel

from detector_app.ui.theme import tabular

_STEPS = 1000
_TITLE_PX = 400
_SLACK_PX = 8


def clock_text(seconds: float) -> str:
    """Seconds as m:ss, or h:mm:ss from an hour on."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


class ExportBar(QFrame):
    """One line with a thin bar. ``cancelled`` asks for the end; the one who runs the export hides the bar when it is over."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportBar")
        self._name = ""
        self._title = QElidingLabel()
        self._bar = QProgressBar(minimum=0, maximum=_STEPS, textVisible=False)
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._figures = QLabel(alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._figures.setFont(tabular(self.font()))
        self._figures.setProperty("role", "muted")
        self._cancel = QPushButton()
        self._cancel.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(12)
        row.addWidget(self._title)
        row.addWidget(self._bar, 1)
        row.addWidget(self._figures)
        row.addWidget(self._cancel)
        self._retranslate()
        self.hide()

    def begin(self, name: str) -> None:
        """Show that ``name`` is being exported; how far is not known yet."""
        self._name = name
        self._retranslate()
        self._cancel.setEnabled(True)
        self._bar.setRange(0, 0)
        self._figures.clear()
        self.show()

    def show_progress(self, done: int, total: int | None, remaining_s: float | None) -> None:
        """Show ``done`` of ``total`` frames (None: unknown) and the seconds left (None: unknown)."""
        self._bar.setRange(0, _STEPS if total else 0)
        self._bar.setValue(round(_STEPS * done / total) if total else 0)
        frames = f"{done} / {total}" if total else str(done)
        left = self.tr("{time} left").format(time=clock_text(remaining_s)) if remaining_s is not None else ""
        self._figures.setText(f"{frames} · {left}" if left else frames)

    def title_text(self, name: str) -> str:
        """What is being done."""
        return self.tr("Exporting {name}").format(name=name)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _ask(self) -> None:
        self._cancel.setEnabled(False)
        self.cancelled.emit()

    def _retranslate(self) -> None:
        title = self.title_text(self._name)
        self._title.setText(title)
        self._title.setFixedWidth(min(_TITLE_PX, self._title.fontMetrics().horizontalAdvance(title) + _SLACK_PX))
        self._cancel.setText(self.tr("Cancel"))
