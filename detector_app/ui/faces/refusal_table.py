"""Pictures and videos that were left out, each with the reason and what would help."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget
from superqt import QElidingLabel

from detector_app.errors import DetectorError
from detector_app.ui.icons import icon
from detector_app.ui.theme import GRID_PX
from detector_app.ui.translation import describe_error

_HEIGHT_PX = 144
_ROW_PX = 48
_NAME_PX = 176
_MOST_ROWS = 200

Refused = tuple[Path | str, DetectorError]


class RefusalTable(QWidget):
    """Hidden while there is nothing to tell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._refused: tuple[Refused, ...] = ()
        self._title = QLabel()
        self._title.setProperty("role", "heading")
        self._close = QToolButton()
        self._close.setIcon(icon("close"))
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self.clear)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        column.addLayout(head)
        column.addWidget(self._scroll)
        self.hide()

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Name and reason of each, as shown."""
        found = []
        for path, error in self._refused[:_MOST_ROWS]:
            name = Path(path).name
            found.append((name, describe_error(error).replace(str(path), name)))
        return tuple(found)

    def show_refused(self, refused: Sequence[Refused]) -> None:
        """Show these; none hides the table."""
        self._refused = tuple(refused)
        self._fill()
        self.setVisible(bool(refused))

    def clear(self) -> None:
        """Nothing to tell any more."""
        self.show_refused(())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._fill()
        super().changeEvent(event)

    def _fill(self) -> None:
        self._title.setText(self.tr("Left out: {count}").format(count=len(self._refused)))
        self._close.setToolTip(self.tr("Close this list"))
        self._close.setAccessibleName(self.tr("Close this list"))
        self._scroll.setAccessibleName(self.tr("What was left out, and why"))
        page = QWidget()
        page.setObjectName("page")
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, GRID_PX, 0)
        grid.setHorizontalSpacing(2 * GRID_PX)
        grid.setVerticalSpacing(GRID_PX)
        for row, (name, reason) in enumerate(self.rows):
            label = QElidingLabel(name)
            label.setElideMode(Qt.TextElideMode.ElideMiddle)
            label.setFixedWidth(_NAME_PX)
            label.setToolTip(str(self._refused[row][0]))
            words = QLabel(reason, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
            words.setProperty("role", "muted")
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, row, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(self._refused), 1)
        self._scroll.setWidget(page)
        self._scroll.setFixedHeight(min(_HEIGHT_PX, _ROW_PX * max(1, len(self._refused))))
