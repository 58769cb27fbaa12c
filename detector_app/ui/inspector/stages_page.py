"""The funnel of steps, and under it the candidates of the one that is chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from detector_app.ui.inspector.candidate_table import CandidateTable
from detector_app.ui.inspector.funnel import Funnel
from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.theme import GRID_PX


class StagesPage(QWidget):
    """Follows an :class:`Inspection`, and tells it what a person chooses here."""

    def __init__(self, inspection: Inspection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspection = inspection
        self.funnel, self.table = Funnel(), CandidateTable()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID_PX // 2, 0, 0)
        column.setSpacing(GRID_PX // 2)
        self._split = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        self._split.addWidget(self.funnel)
        self._split.addWidget(self.table)
        self._split.setStretchFactor(1, 1)
        column.addWidget(self._split)
        self.funnel.rowsChanged.connect(self._make_room)
        self.funnel.stepChosen.connect(lambda number: inspection.choose(inspection.steps[number]))
        self.table.markHovered.connect(inspection.hover)
        self.table.markSelected.connect(inspection.pin)
        inspection.stepChanged.connect(self.follow)
        inspection.focusChanged.connect(self._show_focus)
        self._say()

    def follow(self) -> None:
        """Show what is inspected now."""
        if not self.isVisible():
            return
        self.funnel.show_steps(self._inspection.steps, self._inspection.step)
        self.table.show_step(self._inspection.step, self._inspection.pinned)
        self.table.set_hovered(self._inspection.hovered)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened meanwhile."""
        self.follow()
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _make_room(self) -> None:
        """As much for the steps as they need, the rest for the candidates."""
        self._split.setSizes([self.funnel.sizeHint().height(), 10_000])

    def _show_focus(self) -> None:
        self.table.set_hovered(self._inspection.hovered)
        self.table.set_selected(self._inspection.pinned)

    def _say(self) -> None:
        self.funnel.setAccessibleName(self.tr("Stages"))
        self.table.setAccessibleName(self.tr("Candidates"))
