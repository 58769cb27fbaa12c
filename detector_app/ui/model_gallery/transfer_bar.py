"""One line for the work on a model: what, how much, how long, and the button that ends a download."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from detector_app.ui.model_gallery.transfers import Task, Transfer
from detector_app.ui.model_gallery.words import doing_words, figures_words, share_of
from detector_app.ui.theme import GRID_PX, tabular

_STEPS = 1000
_TICK_MS = 500


class TransferBar(QFrame):
    """Hidden while nothing is done. ``cancelled`` asks for the end."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transfer: Transfer | None = None
        self._cancelling = False
        self._title, self._figures = QLabel(), QLabel()
        self._figures.setFont(tabular(self.font()))
        self._figures.setProperty("role", "muted")
        self._bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.cancel_button = QPushButton()
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(lambda: self.cancelled.emit())
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._tell)
        line = QHBoxLayout()
        line.addWidget(self._title, 1)
        line.addWidget(self._figures, 0, Qt.AlignmentFlag.AlignRight)
        words = QVBoxLayout()
        words.setSpacing(GRID_PX // 2)
        words.addLayout(line)
        words.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * GRID_PX)
        row.addLayout(words, 1)
        row.addWidget(self.cancel_button)
        self._retranslate()
        self.hide()

    @property
    def texts(self) -> tuple[str, str]:
        """What is done, and how far, as shown."""
        return self._title.text(), self._figures.text()

    def show_transfer(self, transfer: Transfer | None, *, cancelling: bool = False) -> None:
        """Follow ``transfer``; hidden unless it goes on."""
        self._transfer = transfer if transfer is not None and transfer.running else None
        self._cancelling = cancelling
        self.setVisible(self._transfer is not None)
        if self._transfer is None:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()
        self._tell()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _tell(self) -> None:
        transfer = self._transfer
        if transfer is None:
            return
        words = self.tr("Ending") if self._cancelling else doing_words(transfer)
        self._title.setText(words)
        self._bar.setAccessibleName(words)
        self._figures.setText(figures_words(transfer))
        share = share_of(transfer)
        self._bar.setRange(0, 0 if share is None else _STEPS)
        self._bar.setValue(0 if share is None else round(_STEPS * share))
        self.cancel_button.setVisible(transfer.task is Task.GET)
        self.cancel_button.setEnabled(not self._cancelling)

    def _retranslate(self) -> None:
        self.cancel_button.setText(self.tr("Cancel"))
        self.cancel_button.setToolTip(self.tr("End the download; what has come is kept"))
        self._tell()
