"""The one line about the candidate in focus; it keeps its height, so that nothing moves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.inspector.story import story
from detector_app.ui.theme import tabular

LINES = 3


class StoryLine(QLabel):
    """Tells the story of what is in focus; without that, what to do."""

    def __init__(self, inspection: Inspection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspection = inspection
        self.setWordWrap(True)
        self.setFont(tabular(self.font()))
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        inspection.focusChanged.connect(self.follow)
        inspection.resultChanged.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Tell of what is in focus now."""
        self.setFixedHeight(LINES * self.fontMetrics().lineSpacing())
        found = self._inspection.focused()
        idle = self.tr("Point at a box: its whole story is told here. Click where something is missing to ask why.")
        text = idle if found is None else story(found[0], found[2].look, found[2].row)
        role = "muted" if found is None else ""
        if role != self.property("role"):
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
        if text != self.text():
            self.setText(text)
            self.setToolTip("" if found is None else text)

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.FontChange):
            self.follow()
        super().changeEvent(event)
