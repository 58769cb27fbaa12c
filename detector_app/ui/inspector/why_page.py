"""Why nothing is here (to come)."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from detector_app.ui.inspector.inspection import Inspection


class WhyPage(QWidget):
    """Nothing yet."""

    def __init__(self, inspection: Inspection, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def follow(self) -> None:
        """Nothing yet."""
