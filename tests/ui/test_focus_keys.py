from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLabel, QListWidget, QPushButton, QSlider, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from detector_app.ui.focus_keys import keeps_key

PLAIN, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize(
    ("kind", "key", "kept"),
    [
        (QPushButton, Qt.Key.Key_Space, True),
        (QPushButton, Qt.Key.Key_Left, False),
        (QSlider, Qt.Key.Key_Left, True),
        (QSlider, Qt.Key.Key_Space, False),
        (QListWidget, Qt.Key.Key_Space, True),
        (QComboBox, Qt.Key.Key_Space, True),
        (QListWidget, Qt.Key.Key_PageDown, True),
        (QListWidget, Qt.Key.Key_Left, False),
        (QTabBar, Qt.Key.Key_Right, True),
        (QTabBar, Qt.Key.Key_Space, False),
        (QLabel, Qt.Key.Key_Space, False),
    ],
)
def test_a_widget_keeps_the_keys_that_mean_something_in_it(
    qtbot: QtBot, kind: type[QWidget], key: Qt.Key, kept: bool
) -> None:
    widget = kind()
    qtbot.addWidget(widget)
    assert keeps_key(widget, QKeyEvent(QEvent.Type.ShortcutOverride, key, PLAIN)) is kept
    assert not keeps_key(widget, QKeyEvent(QEvent.Type.ShortcutOverride, key, SHIFT))
    assert not keeps_key(widget, QKeyEvent(QEvent.Type.KeyPress, key, PLAIN))


def test_without_a_focus_nothing_is_kept() -> None:
    assert not keeps_key(None, QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Space, PLAIN))
