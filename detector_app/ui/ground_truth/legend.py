"""What the lines on the picture mean, and how many there are: on this picture and in all that were evaluated."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from detector_app.ui.ground_truth.marks import Kind, kind_name, paint_mark
from detector_app.ui.theme import GRID_PX, tabular

_KINDS = (Kind.RIGHT, Kind.WRONG, Kind.MISSED)
_WIDEST = "000000"
_SWATCH = QSize(26, 18)


class Swatch(QWidget):
    """A small box painted as the boxes of its kind are."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self._kind = kind
        self.setFixedSize(_SWATCH)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box."""
        painter = QPainter(self)
        paint_mark(painter, QRectF(3, 3, self.width() - 7, self.height() - 7), self._kind)


class Legend(QWidget):
    """Three rows: right, wrong, missed; two columns of counts; and whether the picture shows it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = {kind: QLabel() for kind in _KINDS}
        self.here = {kind: self._figure() for kind in _KINDS}
        self.everywhere = {kind: self._figure() for kind in _KINDS}
        self._heads = [QLabel(alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter) for _ in range(2)]
        self._frames = 0
        self.colours = QCheckBox()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID_PX)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.colours, 0, 0, 1, 2)
        for column, head in enumerate(self._heads, 2):
            head.setProperty("role", "muted")
            grid.addWidget(head, 0, column)
        for row, kind in enumerate(_KINDS, 1):
            cells = (Swatch(kind), self._names[kind], self.here[kind], self.everywhere[kind])
            for column, widget in enumerate(cells):
                grid.addWidget(widget, row, column)
        self._say()

    def show_here(self, counts: tuple[int, int, int] | None) -> None:
        """Right, wrong and missed of the shown picture; None: it is not annotated."""
        self._show(self.here, counts)

    def show_everywhere(self, counts: tuple[int, int, int] | None, frames: int) -> None:
        """Those of so many evaluated pictures; None: there are none."""
        self._frames = frames
        self._show(self.everywhere, counts)
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _show(self, labels: dict[Kind, QLabel], counts: tuple[int, int, int] | None) -> None:
        for kind, count in zip(_KINDS, counts or (None, None, None), strict=True):
            labels[kind].setText("–" if count is None else str(count))

    def _figure(self) -> QLabel:
        label = QLabel("–", alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label.setFont(tabular(self.font()))
        label.setMinimumWidth(label.fontMetrics().horizontalAdvance(_WIDEST))
        return label

    def _say(self) -> None:
        for kind, label in self._names.items():
            label.setText(kind_name(kind))
        self.colours.setText(self.tr("Colour the picture"))
        self.colours.setToolTip(self.tr("Paint boxes by whether they are right  T"))
        here, everywhere = self._heads
        here.setText(self.tr("This picture"))
        everywhere.setText(self.tr("Evaluated: {count}").format(count=self._frames))
        for kind in _KINDS:
            for head, labels in ((here, self.here), (everywhere, self.everywhere)):
                labels[kind].setAccessibleName(f"{kind_name(kind)}, {head.text()}")
