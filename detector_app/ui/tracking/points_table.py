"""The corners of a line or zone as numbers, for whoever draws with the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from detector_app.ui.theme import CONTROL_PX, tabular
from detector_app.vision.zones import Point, Shape


class PointsTable(QTableWidget):
    """x and y of each corner in per cent of the picture. ``edited`` carries all points after a change; nonsense is put back."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 2, parent)
        self._points: tuple[Point, ...] = ()
        self.setFont(tabular(self.font()))
        self.setTabKeyNavigation(False)
        self.verticalHeader().setDefaultSectionSize(CONTROL_PX - 4)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.itemChanged.connect(self._take)
        self._say()

    def show_shape(self, shape: Shape | None) -> None:
        """Show its corners; none without a shape."""
        self._points = () if shape is None else shape.points
        with QSignalBlocker(self):
            self.setRowCount(len(self._points))
            for row, point in enumerate(self._points):
                for column, value in enumerate(point):
                    item = self.item(row, column)
                    if item is None:
                        item = QTableWidgetItem()
                        self.setItem(row, column, item)
                    item.setText(f"{100 * value:.1f}")
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say()

    def _say(self) -> None:
        self.setHorizontalHeaderLabels([self.tr("From the left, %"), self.tr("From the top, %")])
        self.setAccessibleName(self.tr("Corners of the selected line or zone"))

    def _take(self, item: QTableWidgetItem) -> None:
        try:
            value = float(item.text().replace(",", ".")) / 100
        except ValueError:
            value = -1.0
        points = [list(point) for point in self._points]
        if 0 <= value <= 1:
            points[item.row()][item.column()] = value
        self.edited.emit(tuple((x, y) for x, y in points))
