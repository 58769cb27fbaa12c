"""The line of the wipe: dragged with the mouse, moved with the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from detector_app.ui.theme import tokens_for

WIDTH_PX = 25
STEP = 0.02
"""Of the width, for an arrow key."""
_KNOB_PX = 22
_KEYS = {Qt.Key.Key_Left: -STEP, Qt.Key.Key_Right: STEP, Qt.Key.Key_Home: -1.0, Qt.Key.Key_End: 1.0}


class WipeHandle(QWidget):
    """Lies over a view, as high as that. ``moved`` carries the share of the width."""

    moved = Signal(float)

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view, self.share = view, 0.5
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        view.installEventFilter(self)
        self._name()
        self.hide()

    def move_to(self, share: float) -> None:
        """Go there, and tell of it."""
        self.share = min(max(share, 0.0), 1.0)
        self._place()
        self.moved.emit(self.share)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the view's size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that move it from the window, whose shortcuts they are."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _moves(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move."""
        by = _KEYS.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.move_to(self.share + by)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer while a button is down."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            at = self.mapToParent(event.position().toPoint()).x()
            self.move_to(at / max(1, self._view.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line over the whole height with a knob that says: left and right."""
        painter = QPainter(self)
        t = tokens_for(self.palette())
        middle = self.width() // 2
        painter.fillRect(middle - 1, 0, 3, self.height(), QColor(t.surface0))
        painter.fillRect(middle, 0, 1, self.height(), QColor(t.accent if self.hasFocus() else t.text))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        knob = QRectF(middle + 0.5 - _KNOB_PX / 2, self.height() / 2 - _KNOB_PX / 2, _KNOB_PX, _KNOB_PX)
        painter.setPen(QPen(QColor(t.accent if self.hasFocus() else t.line), 2))
        painter.setBrush(QColor(t.surface1))
        painter.drawEllipse(knob)
        painter.setPen(QColor(t.text))
        painter.drawText(knob, Qt.AlignmentFlag.AlignCenter, "↔")

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._name()
        super().changeEvent(event)

    def _place(self) -> None:
        middle = round(self.share * self._view.width())
        self.setGeometry(middle - WIDTH_PX // 2, 0, WIDTH_PX, self._view.height())
        self.update()

    def _name(self) -> None:
        self.setAccessibleName(self.tr("Wipe"))
        self.setAccessibleDescription(self.tr("Left of it the first model's boxes, right of it the second's"))
        self.setToolTip(self.tr("Drag it, or move it with the arrow keys"))


def _moves(event: QKeyEvent) -> bool:
    return event.key() in _KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
