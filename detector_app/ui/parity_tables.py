"""The proof of an export as two tables: what each output differs by, and what the boxes do that are made of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from detector_app.parity import BoxRow, ParityReport, ParityRow
from detector_app.ui.report_table import ReportTable


class OutputTable(ReportTable):
    """A row for each output and input."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(words=2, parent=parent)
        self._report: ParityReport | None = None
        self._retranslate()

    def show_report(self, report: ParityReport | None) -> None:
        """Show this one; none is no rows."""
        self._report = report
        words = self.tr("agrees"), self.tr("differs")
        self.show_rows([(*_outputs(row), words[not row.passed]) for row in (report.rows if report else ())])

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.show_heads(
            (
                self.tr("Output"), self.tr("Input"), self.tr("Largest difference"), self.tr("Mean difference"),
                self.tr("Allowed"), self.tr("Result"),
            )
        )  # fmt: skip
        self.setAccessibleName(self.tr("Proof of the export"))
        self.show_report(self._report)


class BoxTable(ReportTable):
    """A row for each input and number of boxes asked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(words=2, parent=parent)
        self._report: ParityReport | None = None
        self._retranslate()

    def show_report(self, report: ParityReport | None) -> None:
        """Show this one; none is no rows."""
        self._report = report
        words = self.tr("agrees"), self.tr("differs")
        self.show_rows([(*_boxes(row), words[not row.passed]) for row in (report.boxes if report else ())])

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.show_heads(
            (
                self.tr("Seen and asked for"), self.tr("Input"), self.tr("Boxes"), self.tr("Sides, px"),
                self.tr("Scores"), self.tr("Borderline"), self.tr("Result"),
            )
        )  # fmt: skip
        self.setAccessibleName(self.tr("Boxes that both find"))
        self.show_report(self._report)


def _outputs(row: ParityRow) -> tuple[str, ...]:
    return (row.output, _shape(row.input_shape), f"{row.max_abs:.2e}", f"{row.mean_abs:.2e}", f"{row.tolerance:.2e}")


def _boxes(row: BoxRow) -> tuple[str, ...]:
    differences = f"{row.max_box_px:.2e}", f"{row.max_score:.2e}"
    return (row.input, _shape(row.input_shape), str(row.detections), *differences, str(row.borderline))


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
