"""A slider over the time of a file: a press anywhere jumps there, the time under the pointer is shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QToolTip, QWidget

from detector_app.ui.time_text import clock

_HANDLE_PX = 12


class TimeSlider(QSlider):
    """Milliseconds from 0 to the duration.

    Signals:
        sought: seconds, while a person presses, drags or uses the keys; never for :meth:`show_time`.
    """

    sought = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setMouseTracking(True)
        # Left and right step frames in the window; the slider itself is used with the pointer.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_duration(self, seconds: float) -> None:
        """The time at the right end."""
        self.setMaximum(max(1, round(1000 * seconds)))

    def show_time(self, seconds: float) -> None:
        """Move the handle, unless a person holds it."""
        if not self.isSliderDown():
            self.setValue(round(1000 * seconds))

    def time_at(self, x: float) -> float:
        """Seconds at the widget's ``x`` in px."""
        room = max(1, self.width() - _HANDLE_PX)
        value = QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), round(x - _HANDLE_PX / 2), room)
        return value / 1000

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to the press and hold on."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._seek(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say the time here; follow while held."""
        self._show_hint(event.position().x())
        if self.isSliderDown():
            self._seek(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel is for zooming; here it does nothing."""
        event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the time away."""
        QToolTip.hideText()
        super().leaveEvent(event)

    def _seek(self, x: float) -> None:
        seconds = self.time_at(x)
        if round(1000 * seconds) != self.value():
            self.setValue(round(1000 * seconds))
            self.sought.emit(seconds)

    def _show_hint(self, x: float) -> None:
        text = clock(self.time_at(x), like=self.maximum() / 1000)
        above = self.mapToGlobal(QPoint(round(x) - 36, -48))
        QToolTip.showText(above, text, self)
