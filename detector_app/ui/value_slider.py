"""A named number within bounds: a slider to drag and a field to type into, always the same value."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QSlider, QWidget

from detector_app.ui.theme import CONTROL_PX, GRID_PX, tabular

_LABEL_PX = 64
_WIDEST = "0.000"
"""Of the values of all spans, so that sliders under each other are equally long."""
_PAGES = 20
"""Page steps from one end to the other."""


@dataclass(frozen=True)
class Span:
    """The values that a slider has: from ``least`` to ``most``, with so many ``decimals``."""

    least: float = 0.0
    most: float = 1.0
    decimals: int = 2

    @property
    def steps(self) -> int:
        """From one end to the other."""
        return round((self.most - self.least) * 10.0**self.decimals)

    def at(self, step: int) -> float:
        """The value ``step`` steps from the least."""
        return round(self.least + step / 10.0**self.decimals, self.decimals)

    def step_of(self, value: float) -> int:
        """The inverse of :meth:`at`."""
        return round((value - self.least) * 10.0**self.decimals)

    def held(self, value: float) -> float:
        """The nearest value that there is."""
        return round(min(max(value, self.least), self.most), self.decimals)


SHARE = Span()
"""Hundredths from 0.00 to 1.00."""


class ValueSlider(QWidget):
    """A share from 0 to 1, unless another span is given. A double click on the name goes back to :attr:`default`.

    Signals:
        changed: the new value, when a person changes it; never for :meth:`set_value`.
    """

    changed = Signal(float)

    def __init__(self, parent: QWidget | None = None, span: Span = SHARE) -> None:
        super().__init__(parent)
        self._span = span
        self.default = span.held((span.least + span.most) / 2)
        self.name = QLabel()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.field = QDoubleSpinBox()
        self._set_up()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.name)
        row.addWidget(self.slider, 1)
        row.addWidget(self.field)
        self.slider.valueChanged.connect(lambda step: self._take(span.at(step)))
        self.field.valueChanged.connect(self._take)
        self._value = span.least - 1
        self.set_value(self.default)

    def _set_up(self) -> None:
        self.name.setMinimumWidth(_LABEL_PX)
        self.name.installEventFilter(self)
        span = self._span
        self.slider.setRange(0, span.steps)
        self.slider.setPageStep(max(1, span.steps // _PAGES))
        self.field.setDecimals(span.decimals)
        self.field.setRange(span.least, span.most)
        self.field.setSingleStep(10.0**-span.decimals)
        # A half-typed number is no value yet.
        self.field.setKeyboardTracking(False)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        # The style sheet takes the buttons away: NoButtons, in a widget with a style sheet, takes the text away, too (Qt 6.11).
        self.field.setProperty("bare", True)
        # Scores are written with a point everywhere else, whatever the country.
        self.field.setLocale(QLocale.c())
        self.setFixedHeight(CONTROL_PX)
        self.field.setFont(tabular(self.font()))
        self.field.setFixedWidth(QFontMetrics(self.field.font()).horizontalAdvance(_WIDEST) + 2 * GRID_PX)

    @property
    def value(self) -> float:
        """The value shown."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show ``value``, held within the span; emits nothing."""
        value = self._span.held(value)
        if value == self._value:
            return
        self._value = value
        for widget in (self.slider, self.field):
            widget.blockSignals(True)
        self.slider.setValue(self._span.step_of(value))
        self.field.setValue(value)
        for widget in (self.slider, self.field):
            widget.blockSignals(False)

    def nudge(self, delta: float) -> None:
        """Change the value by ``delta`` as a person would."""
        self._take(self._value + delta)

    def say(self, name: str, hint: str) -> None:
        """Set the name and the tooltip."""
        self.name.setText(name)
        for widget in (self.name, self.slider, self.field):
            widget.setToolTip(hint)
        self.slider.setAccessibleName(name)
        self.field.setAccessibleName(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A double click on the name restores the default."""
        if watched is self.name and isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonDblClick:
            self._take(self.default)
            return True
        return super().eventFilter(watched, event)

    def _take(self, value: float) -> None:
        before = self._value
        self.set_value(value)
        if self._value != before:
            self.changed.emit(self._value)
