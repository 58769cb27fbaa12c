"""The cross over the picture as a button: the arrow keys move it, so that asking needs no mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QToolButton, QWidget

from detector_app.ui.icons import icon
from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.theme import tabular

_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_SMALL, _LARGE = 1 / 64, 1 / 8
"""Of the picture's longer side, for one press; with Shift the larger."""


class Aim(QToolButton):
    """Shows the point asked about; pressed it asks about the middle, arrow keys move it, Delete asks about none."""

    def __init__(self, inspection: Inspection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspection = inspection
        self.setIcon(icon("inspect"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFont(tabular(self.font()))
        self.clicked.connect(self._ask_middle)
        inspection.pointChanged.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Show the point."""
        point = self._inspection.point
        where = self.tr("Nowhere yet") if point is None else f"{point.x():.0f}, {point.y():.0f}"
        self.setText(where)
        self.setAccessibleName(self.tr("Point asked about: {where}").format(where=where))
        self.setToolTip(self.tr("Arrow keys move the cross, Shift in larger steps; Delete takes it away"))

    def move_by(self, x: int, y: int, *, far: bool = False) -> None:
        """Move the cross by so many steps, not beyond the picture; without one it begins in the middle."""
        result, point = self._inspection.result, self._inspection.point
        if result is None:
            return
        if point is None:
            self._ask_middle()
            return
        width, height = result.frame.width_px, result.frame.height_px
        step = max(1.0, round(max(width, height) * (_LARGE if far else _SMALL)))
        moved = QPointF(
            min(max(point.x() + x * step, 0.0), width - 1.0), min(max(point.y() + y * step, 0.0), height - 1.0)
        )
        self._inspection.ask(moved)

    def event(self, event: QEvent) -> bool:
        """Arrows are for the cross here, not for the video."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _STEPS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, or ask about none."""
        if event.key() in _STEPS:
            far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.move_by(*_STEPS[Qt.Key(event.key())], far=far)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._inspection.ask(None)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Speak the new language."""
        if event.type() == QEvent.Type.LanguageChange:
            self.follow()
        super().changeEvent(event)

    def _ask_middle(self) -> None:
        result = self._inspection.result
        if result is not None:
            self._inspection.ask(QPointF(result.frame.width_px / 2, result.frame.height_px / 2))
