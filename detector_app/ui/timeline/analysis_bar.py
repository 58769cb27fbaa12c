"""A running analysis: of what, how far, how much longer, and the button that ends it."""

from __future__ import annotations

from detector_app.ui.export_bar import ExportBar


class AnalysisBar(ExportBar):
    """As for an export, with other words."""

    def title_text(self, name: str) -> str:
        """What is being done."""
        return self.tr("Analysing {name}").format(name=name)
