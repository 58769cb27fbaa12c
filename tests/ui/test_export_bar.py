from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from detector_app.ui.export_bar import ExportBar, clock_text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (61, "1:01"), (3600, "1:00:00"), (-3, "0:00")]
)
def test_times(seconds: float, text: str) -> None:
    assert clock_text(seconds) == text


def texts(bar: ExportBar) -> set[str]:
    return {label.text() for label in bar.findChildren(QLabel)}


def test_progress_says_what_how_much_and_how_long(qtbot: QtBot) -> None:
    bar = ExportBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()
    bar.begin("film.mp4")
    line = bar.findChild(QProgressBar)
    assert (line.minimum(), line.maximum()) == (0, 0), "busy until the first figure"
    bar.show_progress(30, 120, 75.0)
    assert "30 / 120 · 1:15 left" in texts(bar)
    assert line.value() / line.maximum() == 0.25
    bar.show_progress(31, None, None)
    assert "31" in texts(bar)
    assert line.maximum() == 0


def test_cancel_is_asked_once(qtbot: QtBot) -> None:
    bar = ExportBar()
    qtbot.addWidget(bar)
    bar.begin("film.mp4")
    cancel = bar.findChild(QPushButton)
    with qtbot.waitSignal(bar.cancelled):
        cancel.click()
    assert not cancel.isEnabled()
    bar.begin("another.mp4")
    assert cancel.isEnabled()
