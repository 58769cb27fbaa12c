"""What is looked at inside the network: a layer's maps, one unit of them, one activation of that."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from detector_app.engine.tap_worker import Tapped
from detector_app.engine.unit_search import peak_of
from detector_app.pipelines.inside.receptive_field import ReceptiveField
from detector_app.pipelines.inside.sight import Maps
from detector_app.ui.network.map_colours import Scaling
from detector_app.vision.detections import FloatArray


class Probe(QObject):
    """One at a time. Until a person has chosen an activation, the strongest one of the unit is followed from frame to frame.

    Signals:
        changed: other maps, another unit, place, order or scaling.
        hoverChanged: the pointer is on another map.

    Attributes:
        tapped: the newest look; None before the first.
        unit, row, column: the chosen activation.
        hovered: the unit under the pointer, −1 for none.
        order: the units as they are shown.
        bounds: (C, 2) values of the first and the last colour of each unit.
    """

    changed = Signal()
    hoverChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tapped: Tapped | None = None
        self.unit = self.row = self.column = 0
        self.hovered = -1
        self.order: list[int] = []
        self.bounds: FloatArray = np.zeros((0, 2), np.float32)
        self.scaling = Scaling()
        self.by_strength = False
        self._pinned = False
        self._field: tuple[object, ReceptiveField] | None = None

    @property
    def maps(self) -> Maps | None:
        """The maps of the layer; None while there are none."""
        return None if self.tapped is None else self.tapped.maps

    @property
    def value(self) -> float:
        """Of the chosen activation; NaN while there is none."""
        maps = self.maps
        return float("nan") if maps is None else float(maps.values[self.unit, self.row, self.column])

    def show(self, tapped: Tapped | None) -> None:
        """Look at other maps. On another layer the unit that is excited most is chosen."""
        before, self.tapped = self.maps, tapped
        maps = self.maps
        if maps is None:
            self.order, self.hovered = [], -1
            self.changed.emit()
            return
        if before is None or before.layer.tensor != maps.layer.tensor or before.values.shape[0] != maps.values.shape[0]:
            self._pinned, self.hovered = False, -1
            self.unit = int(np.argmax(strengths(maps.values)))
            self._sort()
        elif before.values.shape != maps.values.shape:
            self._pinned = False
        if not self._pinned:
            self._seek_peak()
        self.bounds = self.scaling.bounds(maps.values)
        self.changed.emit()

    def choose(self, unit: int, row: int | None = None, column: int | None = None) -> None:
        """Choose an activation; without a place the unit's strongest."""
        maps = self.maps
        if maps is None:
            return
        channels, height, width = maps.values.shape
        self.unit = min(max(unit, 0), channels - 1)
        self._pinned = row is not None and column is not None
        if row is not None and column is not None:
            self.row, self.column = min(max(row, 0), height - 1), min(max(column, 0), width - 1)
        else:
            self._seek_peak()
        self.changed.emit()

    def choose_beside(self, steps: int) -> None:
        """Choose the unit so many places on, as they are shown."""
        if self.order:
            at = self.order.index(self.unit) if self.unit in self.order else 0
            self.choose(self.order[min(max(at + steps, 0), len(self.order) - 1)])

    def move(self, rows: int, columns: int) -> None:
        """Choose the activation so many rows and columns on."""
        self.choose(self.unit, self.row + rows, self.column + columns)

    def hover(self, unit: int) -> None:
        """The pointer is on the map of this unit; −1 on none."""
        if unit != self.hovered:
            self.hovered = unit
            self.hoverChanged.emit()

    def set_scaling(self, scaling: Scaling) -> None:
        """Colour otherwise."""
        self.scaling = scaling
        if self.maps is not None:
            self.bounds = scaling.bounds(self.maps.values)
        self.changed.emit()

    def set_by_strength(self, by_strength: bool) -> None:
        """Show the strongest units first, as they are now; otherwise by their numbers."""
        self.by_strength = by_strength
        self._sort()
        self.changed.emit()

    def field(self) -> ReceptiveField:
        """What the chosen activation depends on; computed once."""
        if self.tapped is None or self.tapped.maps is None:
            return ReceptiveField(None)
        key = (id(self.tapped.anatomy), self.tapped.maps.layer.tensor, self.unit, self.row, self.column)
        if self._field is None or self._field[0] != key:
            self._field = key, self.tapped.field_of(self.row, self.column, self.unit)
        return self._field[1]

    def _sort(self) -> None:
        maps = self.maps
        if maps is None:
            self.order = []
        elif self.by_strength:
            self.order = [int(i) for i in np.argsort(-strengths(maps.values), kind="stable")]
        else:
            self.order = list(range(len(maps.values)))

    def _seek_peak(self) -> None:
        maps = self.maps
        peak = peak_of(maps, self.unit) if maps is not None else None
        self.row, self.column = peak[1:] if peak is not None else (0, 0)


def strengths(values: FloatArray) -> FloatArray:
    """(C,) the greatest value of each map of (C, h, w); −inf for one without a finite number."""
    found: FloatArray = np.where(np.isfinite(values), values, -np.inf).max(axis=(1, 2))
    return found
