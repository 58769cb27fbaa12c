"""A named share from 0 to 1: a slider to drag and a field to type into, always the same value."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QSlider, QWidget

from detector_app.ui.theme import CONTROL_PX, GRID_PX, tabular

STEPS = 100
_LABEL_PX = 64


class ValueSlider(QWidget):
    """Hundredths from 0.00 to 1.00. A double click on the name goes back to :attr:`default`.

    Signals:
        changed: the new value, when a person changes it; never for :meth:`set_value`.
    """

    changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.default = 0.5
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
        self.slider.valueChanged.connect(lambda hundredths: self._take(hundredths / STEPS))
        self.field.valueChanged.connect(self._take)
        self._value = -1.0
        self.set_value(self.default)

    def _set_up(self) -> None:
        self.name.setMinimumWidth(_LABEL_PX)
        self.name.installEventFilter(self)
        self.slider.setRange(0, STEPS)
        self.slider.setPageStep(STEPS // 20)
        self.field.setRange(0.0, 1.0)
        self.field.setDecimals(2)
        self.field.setSingleStep(1 / STEPS)
        # A half-typed number is no value yet.
        self.field.setKeyboardTracking(False)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        # The style sheet takes the buttons away: NoButtons, in a widget with a style sheet, takes the text away, too (Qt 6.11).
        self.field.setProperty("bare", True)
        # Scores are written with a point everywhere else, whatever the country.
        self.field.setLocale(QLocale.c())
        self.setFixedHeight(CONTROL_PX)
        self.field.setFont(tabular(self.font()))
        self.field.setFixedWidth(QFontMetrics(self.field.font()).horizontalAdvance("0.00") + 2 * GRID_PX)

    @property
    def value(self) -> float:
        """The value shown, two decimals."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show ``value``, held within 0 and 1; emits nothing."""
        value = round(min(max(value, 0.0), 1.0), 2)
        if value == self._value:
            return
        self._value = value
        for widget in (self.slider, self.field):
            widget.blockSignals(True)
        self.slider.setValue(round(value * STEPS))
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
