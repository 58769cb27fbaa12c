"""The last line of the window: how fast, where the time goes, how old, what was dropped, and on which processor."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from detector_app.engine.state import EngineState
from detector_app.engine.statistics import Statistics
from detector_app.pipelines.placement import Placement, short_name
from detector_app.ui.figure_line import FigureLine
from detector_app.ui.icons import picture
from detector_app.ui.source_status import status_text
from detector_app.ui.theme import CONTROL_PX, GRID_PX, PADDING_PX, tokens_for

_WIDEST = {"fps": "88.8", "total": "88.8", "prepare": "8.8", "run": "88.8", "select": "8.8", "age": "888"}
"""What there is room for; a longer number takes more. Dropped frames stand last and need none."""


class StatusBar(QWidget):
    """Figures in places of fixed width, so that nothing moves when they change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._statistics = Statistics()
        self._state = EngineState()
        self.figures = FigureLine(_WIDEST)
        self.activity = QLabel()
        self.mark = QLabel()
        self.provider = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING_PX, 0, PADDING_PX, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.figures, 1)
        row.addWidget(self.activity)
        row.addSpacing(GRID_PX)
        row.addWidget(self.mark)
        row.addWidget(self.provider)
        self.setFixedHeight(CONTROL_PX)
        self._say()

    def show_statistics(self, s: Statistics) -> None:
        """Show the figures ``s``."""
        self._statistics = s
        self._say_figures()

    def show_state(self, state: EngineState) -> None:
        """Show what goes on beside playback, and the provider."""
        self._state = state
        self._say_state()

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
        elif event.type() == QEvent.Type.PaletteChange:
            self._say_state()
        super().changeEvent(event)

    def _say(self) -> None:
        self.figures.setToolTip(
            self.tr("Frames a second · time of the detector = its three steps · age of the picture · frames left out")
        )
        self._say_figures()
        self._say_state()

    def _say_figures(self) -> None:
        s = self._statistics
        line = self.tr(
            "{fps} fps  ·  {total} ms = {prepare} prepare + {run} run + {select} select  ·  {age} ms old  ·  {count} dropped"
        )
        values = {
            "fps": _figure(s.fps),
            "total": _figure(s.prepare_ms + s.run_ms + s.select_ms),
            "prepare": _figure(s.prepare_ms),
            "run": _figure(s.run_ms),
            "select": _figure(s.select_ms),
            "age": f"{s.age_ms:.0f}",
            "count": str(s.dropped),
        }
        self.figures.say(line, values)

    def _say_state(self) -> None:
        state = self._state
        self.activity.setText(
            self.tr("Loading the model…") if state.model_loading else status_text(state.source_status)
        )
        placement = state.placement
        self.provider.setText("" if placement is None else placement.main)
        other = placement is not None and (not placement.as_asked or bool(placement.strays))
        self._mark(other)
        self.provider.setToolTip("" if placement is None else self._explain(placement))

    def _mark(self, warn: bool) -> None:
        amber = QColor(tokens_for(self.palette()).warning)
        self.mark.setPixmap(picture("warning", amber, 16, self.devicePixelRatioF()))
        self.mark.setVisible(warn)
        self.provider.setProperty("role", "warning" if warn else "muted")
        self.provider.style().polish(self.provider)

    def _explain(self, placement: Placement) -> str:
        asked = ", ".join(short_name(name) for name in placement.asked)
        lines = [self.tr("Asked for {asked}; runs on {found}.").format(asked=asked, found=placement.main)]
        lines += [
            self.tr("{provider}: {count} nodes").format(provider=short_name(name), count=count)
            for name, count in placement.nodes.items()
        ]
        if strays := placement.strays:
            names = ", ".join(dict.fromkeys(stray.operator for stray in strays))
            lines.append(self.tr("Not where it was asked to: {operators}").format(operators=names))
        return "\n".join(lines)


def _figure(value: float) -> str:
    """One decimal below 100, none from there on."""
    return f"{value:.1f}" if value < 99.95 else f"{value:.0f}"
