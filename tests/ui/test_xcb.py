"""A real X window with real keys: what the offscreen platform cannot show. ``make test`` runs these under Xvfb."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from detector_app.engine.state import Phase
from detector_app.ui.main_window import MainWindow
from detector_app.ui.shortcut_sheet import ShortcutSheet
from tests.ui.films import DEADLINE_MS, load, play, wait_for_phase

pytestmark = [
    pytest.mark.xcb,
    pytest.mark.skipif(not os.environ.get("DISPLAY"), reason="there is no X display (xvfb-run starts one)"),
    pytest.mark.skipif(os.environ.get("QT_QPA_PLATFORM") != "xcb", reason="QT_QPA_PLATFORM is not xcb"),
]


@pytest.fixture
def active(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with the keyboard's focus, which nothing gives it where no window manager runs."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=DEADLINE_MS)
    return window


def test_the_platform_is_x_and_its_plugins_are_ours(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    assert QGuiApplication.platformName() == "xcb"
    assert "cv2" not in os.environ.get("QT_QPA_PLATFORM_PLUGIN_PATH", "")


def on_screen(window: MainWindow, share_x: float, share_y: float) -> QColor:
    """The colour that the screen shows at a point of the picture area, given in shares of its width and height."""
    view = window.area.view
    point = view.mapToGlobal(QPoint(round(view.width() * share_x), round(view.height() * share_y)))
    return window.screen().grabWindow(0, point.x(), point.y(), 1, 1).toImage().pixelColor(0, 0)


def test_the_picture_reaches_the_screen(active: MainWindow, qtbot: QtBot, film: Path) -> None:
    play(qtbot, active, film)
    active.controller.pause()
    active.controller.seek_index(8)  # the square is in the middle: 168 of 320 pixels, both ways
    qtbot.waitUntil(lambda: active.controller.latest().frame.index == 8, timeout=DEADLINE_MS)

    def red_in_the_middle() -> bool:
        colour = on_screen(active, 0.5, 168 / 320)
        return colour.red() > 200 and colour.green() < 90 and colour.blue() < 90

    qtbot.waitUntil(red_in_the_middle, timeout=DEADLINE_MS)
    grey = on_screen(active, 0.5, 0.2)
    assert abs(grey.red() - 128) < 12
    assert abs(grey.blue() - 128) < 12


@pytest.mark.skipif(shutil.which("xdotool") is None, reason="xdotool is not installed")
def test_real_keys_do_what_the_sheet_says(active: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    load(qtbot, active, model)
    play(qtbot, active, film)

    def key(name: str) -> None:
        subprocess.run(["xdotool", "key", name], check=True, timeout=20)

    key("space")
    wait_for_phase(qtbot, active, Phase.PAUSED)
    key("Home")
    qtbot.waitUntil(lambda: active.controller.latest().frame.index == 0, timeout=DEADLINE_MS)
    key("Right")
    qtbot.waitUntil(lambda: active.controller.latest().frame.index == 1, timeout=DEADLINE_MS)
    score, overlap = active.controller.settings.score, active.controller.settings.iou
    key("bracketright")
    qtbot.waitUntil(lambda: active.controller.settings.score > score, timeout=DEADLINE_MS)
    key("braceleft")
    qtbot.waitUntil(lambda: active.controller.settings.iou < overlap, timeout=DEADLINE_MS)
    key("2")
    qtbot.waitUntil(lambda: active.controller.settings.classes == frozenset({0}), timeout=DEADLINE_MS)
    key("question")
    qtbot.waitUntil(lambda: active.windows.get(ShortcutSheet) is not None, timeout=DEADLINE_MS)


def test_it_closes_while_it_plays(active: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    load(qtbot, active, model)
    play(qtbot, active, film)
    active.close()
    assert active.controller.state.phase is Phase.CLOSED
