"""Precision over recall, where the present threshold is on it, and where it would be best; a click chooses another."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget

from detector_app.evaluation.precision_recall import RECALLS, Curve, Point
from detector_app.ui.theme import tabular, tokens_for

_SIZE = (300, 88)
_LOOKS = (QEvent.Type.PaletteChange, QEvent.Type.FontChange)
_POINT_PX, _BEST_PX = 11, 16
_MOST_DRAWN = 4000
"""Points of the uninterpolated line; more cannot be told apart."""


class CurvePlot(pg.PlotWidget):  # type: ignore[misc]
    """One curve at a time. The thin line is the curve as it is, the thick one COCO's interpolation.

    Signals:
        picked: recall and precision of the place that was clicked.
    """

    picked = Signal(float, float)

    _ready = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = ("", "")
        self.line, self.stairs = pg.PlotCurveItem(), pg.PlotCurveItem()
        self.point, self.best = pg.ScatterPlotItem(), pg.ScatterPlotItem()
        for item in (self.line, self.stairs, self.best, self.point):
            self.addItem(item)
        self.setMouseEnabled(x=False, y=False)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setXRange(0, 1, padding=0.02)
        self.setYRange(0, 1, padding=0.06)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the score slider is for the keyboard
        self.scene().sigMouseClicked.connect(self._click)
        self._ready = True
        self._paint_anew()

    def show_curve(self, curve: Curve) -> None:
        """Draw another curve."""
        step = max(1, len(curve.scores) // _MOST_DRAWN)
        self.line.setData(curve.recall[::step], curve.precision[::step])
        drawn = curve.objects > 0
        self.stairs.setData(RECALLS if drawn else np.zeros(0), curve.interpolated if drawn else np.zeros(0))

    def show_points(self, now: Point, best: Point) -> None:
        """Show where the present threshold is, and the best one."""
        self.point.setData([now.recall], [now.precision])
        self.best.setData([best.recall], [best.precision])

    def clear_curve(self) -> None:
        """Draw none."""
        for item in (self.line, self.stairs, self.point, self.best):
            item.setData([], [])

    def say(self, recall: str, precision: str) -> None:
        """Set the names of the axes."""
        self._labels = recall, precision
        self._paint_anew()

    def sizeHint(self) -> QSize:
        """No larger than it must be: the picture has the room."""
        return QSize(*_SIZE)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the font."""
        # A plot that was closed has no axes any more, and lives on until Qt deletes it.
        if event.type() in _LOOKS and self._ready and self.plotItem is not None:
            self._paint_anew()
        super().changeEvent(event)

    def _click(self, event: Any) -> None:
        box = self.plotItem.vb
        if event.button() == Qt.MouseButton.LeftButton and box.sceneBoundingRect().contains(event.scenePos()):
            at = box.mapSceneToView(event.scenePos())
            self.picked.emit(float(at.x()), float(at.y()))

    def _paint_anew(self) -> None:
        t = tokens_for(self.palette())
        self.setBackground(QColor(t.surface1))
        for side, label in zip(("bottom", "left"), self._labels, strict=True):
            axis = self.getAxis(side)
            axis.setPen(QColor(t.line))
            axis.setTextPen(QColor(t.muted))
            axis.setStyle(tickFont=tabular(self.font()))
            axis.setLabel(label, **{"color": t.muted, "font-size": f"{self.font().pointSizeF()}pt"})
        self.line.setPen(_pen(t.muted, 1.0))
        self.stairs.setPen(_pen(t.accent, 2.0))
        self.point.setSymbol("o")
        self.point.setSize(_POINT_PX)
        self.point.setBrush(QColor(t.text))
        self.point.setPen(_pen(t.surface1, 2.0))
        self.best.setSymbol("d")
        self.best.setSize(_BEST_PX)
        self.best.setBrush(QColor(t.warning))
        self.best.setPen(_pen(t.surface1, 1.0))


def _pen(colour: str, width_px: float) -> QPen:
    pen = QPen(QColor(colour), width_px)
    pen.setCosmetic(True)
    return pen
