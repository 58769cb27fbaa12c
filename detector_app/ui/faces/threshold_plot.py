"""How far apart pictures of one person are, and pictures of two: two histograms, and between them the threshold, to be dragged."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from detector_app.faces.threshold import Histograms
from detector_app.ui.faces.pair_style import GENUINE, IMPOSTOR, LINE_PX, PairStyle, cosmetic_pen
from detector_app.ui.theme import tabular, tokens_for

_ROOM = 1.08
"""So much more than the greatest distance and the highest bar is shown."""
_LEAST_SHOWN = 0.2
_LOOKS = (QEvent.Type.PaletteChange, QEvent.Type.FontChange)


class ThresholdPlot(pg.PlotWidget):  # type: ignore[misc]
    """Each histogram as parts of its own pairs: there are always many more pairs of two people.

    Signals:
        moved: the threshold, while it is dragged.
        released: the threshold, when it was let go.
    """

    moved = Signal(float)
    released = Signal(float)

    # Qt sends change events while the constructor is still at work.
    _shown = 1.0
    _distance = ""
    _ready = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._genuine, self._impostor = self._curve(GENUINE), self._curve(IMPOSTOR)
        self.line = pg.InfiniteLine(0.5, angle=90, movable=True, bounds=(0.0, 2.0))
        self.addItem(self.line)
        self.line.sigDragged.connect(lambda: self.moved.emit(self.threshold))
        self.line.sigPositionChangeFinished.connect(lambda: self.released.emit(self.threshold))
        self.setMouseEnabled(x=False, y=False)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.hideAxis("left")
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field beside it is for the keyboard
        self._ready = True
        self._paint_anew()

    @property
    def threshold(self) -> float:
        """Where the line is."""
        return round(float(self.line.value()), 3)

    @property
    def dragging(self) -> bool:
        """Whether a person holds the line."""
        return bool(self.line.moving)

    def show_threshold(self, threshold: float) -> None:
        """Put the line there; no signal follows."""
        if not self.dragging:
            self.line.blockSignals(True)
            self.line.setValue(threshold)
            self.line.blockSignals(False)
            self._widen(threshold)

    def show_bars(self, found: Histograms) -> None:
        """Draw these histograms."""
        tallest = 0.0
        for curve, counts in ((self._genuine, found.genuine), (self._impostor, found.impostor)):
            shares = counts / max(1, counts.sum())
            curve.setData(found.edges, shares)
            curve.setVisible(bool(counts.any()))
            tallest = max(tallest, float(shares.max()))
        self.setYRange(0, max(tallest, 1e-6) * _ROOM, padding=0)
        self._shown = _end_of(found) if tallest else 1.0
        self._widen(self.threshold)

    def say(self, distance: str) -> None:
        """Set the name of the axis."""
        self._distance = distance
        self._paint_anew()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the font."""
        # A plot that was closed has no axes any more, and lives on until Qt deletes it.
        if event.type() in _LOOKS and self._ready and self.plotItem is not None:
            self._paint_anew()
        super().changeEvent(event)

    def _widen(self, threshold: float) -> None:
        self.setXRange(0, min(2.0, max(self._shown, threshold * _ROOM, _LEAST_SHOWN)), padding=0.01)

    def _curve(self, style: PairStyle) -> pg.PlotCurveItem:
        curve = pg.PlotCurveItem(
            np.array([0.0, 1.0]), np.array([0.0]), stepMode="center", fillLevel=0, pen=style.pen(), brush=style.brush()
        )
        self.addItem(curve)
        return curve

    def _paint_anew(self) -> None:
        t = tokens_for(self.palette())
        self.setBackground(QColor(t.surface1))
        axis = self.getAxis("bottom")
        axis.setPen(QColor(t.line))
        axis.setTextPen(QColor(t.muted))
        axis.setStyle(tickFont=tabular(self.font()))
        axis.setLabel(self._distance, **{"color": t.muted, "font-size": f"{self.font().pointSizeF()}pt"})
        self.line.setPen(cosmetic_pen(t.text, LINE_PX))
        self.line.setHoverPen(cosmetic_pen(t.accent, 2 * LINE_PX))


def _end_of(found: Histograms) -> float:
    return math.ceil(float(found.edges[-1]) * _ROOM * 20) / 20
