"""Which keys belong to the focused widget although they are shortcuts of the window: the keyboard alone must reach everything."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QTabBar, QWidget

_PRESS = frozenset({Qt.Key.Key_Space})
_MOVE = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End})
_PAGE = frozenset({Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
_KEYS: dict[type[QWidget], frozenset[Qt.Key]] = {
    QAbstractButton: _PRESS,
    QComboBox: _PRESS,
    QAbstractItemView: _PRESS | _PAGE,
    QAbstractSlider: _MOVE,
    QTabBar: _MOVE,
}


def keeps_key(focused: QWidget | None, event: QEvent) -> bool:
    """Whether ``event`` asks about a shortcut whose key ``focused`` wants for itself."""
    if focused is None or event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    return any(isinstance(focused, kind) and event.key() in keys for kind, keys in _KEYS.items())
