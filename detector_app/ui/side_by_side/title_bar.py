"""The line above compared pictures: each model with its count and cost, how far they agree, and the buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from detector_app.ui.actions import Actions
from detector_app.ui.figure_line import FigureLine
from detector_app.ui.side_by_side.sides import Side, paint_tag
from detector_app.ui.theme import CONTROL_PX, GRID_PX, PADDING_PX
from detector_app.vision.frame_result import Timings

_SAMPLES = {"count": "000", "ms": "0000.0", "share": "100"}
_NAME_PX = 160
_SWATCH = QSize(18, 18)


class SideSwatch(QWidget):
    """The letter of one model, as on boxes that only it found."""

    def __init__(self, side: Side) -> None:
        super().__init__()
        self._side = side
        self.setFixedSize(_SWATCH)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as on the picture."""
        painter = QPainter(self)
        painter.setFont(self.font())
        paint_tag(painter, QRectF(self.rect()), self._side)


class TitleBar(QWidget):
    """Shows; the buttons are actions of the window."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.sides = FigureLine(_SAMPLES), FigureLine(_SAMPLES)
        self.agreement = FigureLine(_SAMPLES)
        self._shown: tuple[tuple[str, int | None, Timings | None], ...] = ()
        self._share: float | None = None
        self._loading = ""
        self._lay_out(actions)
        self.agreement.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def show_sides(self, *sides: tuple[str, int | None, Timings | None]) -> None:
        """Name, number of boxes and cost of the first and the second; None where nothing is known."""
        self._shown = sides
        self._say()

    def show_agreement(self, share: float | None) -> None:
        """How much of what was found in the shown frame both found, 0 to 1; None: nothing to say."""
        self._share = share
        self._say()

    def show_loading(self, name: str) -> None:
        """A second model of that name is being loaded; empty: none is."""
        self._loading = name
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        super().changeEvent(event)

    def _lay_out(self, actions: Actions) -> None:
        self.setFixedHeight(CONTROL_PX + GRID_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING_PX, 0, GRID_PX, 0)
        row.setSpacing(GRID_PX)
        for side, line in zip(Side, self.sides, strict=True):
            row.addWidget(SideSwatch(side))
            row.addWidget(line, 1)
        row.addWidget(self.agreement)
        for name in ("compare_view", "compare_panel", "stop_compare"):
            button = QToolButton()
            button.setDefaultAction(actions[name])
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            row.addWidget(button)

    def _say(self) -> None:
        for line, (name, count, timings) in zip(self.sides, self._shown, strict=False):
            line.setToolTip(name)
            shown = line.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, _NAME_PX)
            if count is None or timings is None:
                line.say("{name}", {"name": shown})
                continue
            values = {"name": shown, "count": str(count), "ms": f"{timings.total_ms:.1f}"}
            line.say(self.tr("{name}   {count} found   {ms} ms"), values)
        if self._loading:
            self.sides[1].say(self.tr("Loading {name}…"), {"name": self._loading})
        if self._share is None:
            self.agreement.say("", {})
        else:
            self.agreement.say(self.tr("{share} % agree"), {"share": f"{100 * self._share:.0f}"})
        places = self.agreement.places()
        self.agreement.setFixedWidth(int(places[-1][1].right()) + 2 * GRID_PX if places else 0)
