"""A real network stream in the real window."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from detector_app.engine.state import Phase
from detector_app.ui.main_window import MainWindow
from tests.servers.mjpeg import MjpegServer
from tests.ui.films import DEADLINE_MS


def test_a_stream_plays_breaks_and_comes_back_with_another_size(window: MainWindow, qtbot: QtBot) -> None:
    def shown_width() -> int:
        result = window.controller.latest()
        return 0 if result is None else result.frame.width_px

    with MjpegServer() as server:
        dialog = window.inputs.ask_stream()
        dialog.address.setEditText(server.url)
        dialog.accept()
        qtbot.waitUntil(lambda: window.area.showing_picture and shown_width() == 160, timeout=DEADLINE_MS)
        assert window.state.source is not None
        assert window.state.source.live
        assert not window.actions_table["step_back"].isEnabled()
        assert not window.area.timeline.isVisible()
        assert window.area.transport.live_label.isVisible()
        server.size_wh = (320, 240)
        server.cut()
        qtbot.waitUntil(lambda: shown_width() == 320, timeout=DEADLINE_MS)
        window.actions_table["close_source"].trigger()
        qtbot.waitUntil(lambda: window.state.phase is Phase.EMPTY, timeout=DEADLINE_MS)
        assert window.inputs.streams.items() == [server.url]


def test_a_stream_that_is_refused_is_told_and_can_be_tried_again(window: MainWindow, qtbot: QtBot) -> None:
    with MjpegServer() as server:
        server.refusing.set()
        window.preferences.set(live_timeout_s=1.0)
        window.inputs.open(server.url)
        qtbot.waitUntil(lambda: window.area.messages.message is not None, timeout=DEADLINE_MS)
        assert "127.0.0.1" in window.area.messages.message.text
        server.refusing.clear()
        next(button for button in window.area.messages.buttons if button.text() == "Try again").click()
        qtbot.waitUntil(lambda: window.area.showing_picture, timeout=DEADLINE_MS)
        window.close()
