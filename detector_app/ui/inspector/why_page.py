"""Why is nothing here? The candidates near the point that somebody clicked on, what stopped each, and a button that shows it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget
from superqt import QElidingLabel

from detector_app.pipelines.pipeline import DetectSettings
from detector_app.ui.inspector.aim import Aim
from detector_app.ui.inspector.answer_row import AnswerRow
from detector_app.ui.inspector.answers import MOST, MOST_BESIDE, Answer, answers
from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.inspector.steps import counts_text
from detector_app.ui.theme import GRID_PX, tabular

_NOTHING = 0.02
"""Where no answer is surer than this, there is nothing to be had by thresholds."""


class WhyPage(QWidget):
    """Follows an :class:`Inspection`.

    Signals:
        changeRequested: the ``Answer`` whose smallest change a person wants.
    """

    changeRequested = Signal(object)

    def __init__(self, inspection: Inspection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspection = inspection
        self.settings = DetectSettings()
        """By which the texts say what a threshold is now."""
        self.aim, self.counts, self.note = Aim(inspection), QElidingLabel(), QLabel()
        self.rows = [AnswerRow(inspection) for _ in range(MOST + MOST_BESIDE)]
        self._arrange()
        for row in self.rows:
            row.changeRequested.connect(self.changeRequested)
        inspection.pointChanged.connect(self.follow)
        self._say()

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What is shown, best first."""
        return tuple(row.answer for row in self.rows if row.answer is not None)

    def follow(self) -> None:
        """Show what is inspected now."""
        if not self.isVisible():
            return
        trace, point = self._inspection.trace, self._inspection.point
        self.counts.setText(counts_text(self._inspection.steps))
        found = () if trace is None or point is None else answers(trace, point.x(), point.y())
        for i, row in enumerate(self.rows):
            row.show_answer(found[i] if i < len(found) else None, self.settings)
        self._inspection.nominate(tuple(answer.mark for answer in found))
        self._show_note(found)

    def _show_note(self, found: tuple[Answer, ...]) -> None:
        if self._inspection.point is None:
            text = self.tr(
                "Click on the picture where something is missing, or press the button above and move the cross with the arrow keys."
            )
        elif not found:
            text = self.tr("Nothing was considered near this point.")
        elif all(answer.score < _NOTHING for answer in found if answer.look is answer.trace.last):
            text = self.tr("The network sees next to nothing here; no threshold is to blame.")
        else:
            text = ""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened meanwhile."""
        super().showEvent(event)
        self.follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Whoever looks at something else does not ask."""
        self._inspection.nominate(())
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
            self.follow()
        super().changeEvent(event)

    def _arrange(self) -> None:
        self.counts.setFont(tabular(self.font()))
        self.counts.setProperty("role", "muted")
        self.counts.setElideMode(
            Qt.TextElideMode.ElideLeft
        )  # a cascade has many steps, and the panel must not grow by them
        self.counts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.note.setWordWrap(True)
        self.note.setProperty("role", "muted")
        head = QHBoxLayout()
        head.addWidget(self.aim)
        head.addWidget(self.counts, 1)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(GRID_PX // 2)
        inner.addWidget(self.note)
        for row in self.rows:
            inner.addWidget(row)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID_PX // 2, 0, 0)
        column.setSpacing(GRID_PX // 2)
        column.addLayout(head)
        column.addWidget(scroll, 1)

    def _say(self) -> None:
        self.setAccessibleName(self.tr("Why is nothing here?"))
