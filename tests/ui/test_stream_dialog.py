from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from detector_app.ui.stream_dialog import StreamDialog, is_stream_address


@pytest.mark.parametrize(
    "address",
    [
        "rtsp://camera.local/stream",
        "RTSP://10.0.0.2:554/1",
        " http://host/video.mjpg ",
        "rtsp://me:secret@[::1]:8554/x",
        "udp://host:1",
    ],
)
def test_addresses(address: str) -> None:
    assert is_stream_address(address)


@pytest.mark.parametrize(
    "text", ["", "camera.local", "rtsp://", "ftp://host/x", "http://", "rtsp://host:port/", "http://[::1", "file:///x"]
)
def test_what_is_no_address(text: str) -> None:
    assert not is_stream_address(text)


@given(st.text())
def test_any_text_is_judged_without_an_exception(text: str) -> None:
    assert is_stream_address(text) in (True, False)


def test_only_an_address_can_be_opened(qtbot: QtBot) -> None:
    dialog = StreamDialog([])
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.open_button.isEnabled()
    qtbot.keyClicks(dialog.address, "rtsp://camera.local/stream")
    assert dialog.open_button.isEnabled()
    with qtbot.waitSignal(dialog.chosen) as chosen:
        qtbot.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)
    assert chosen.args == ["rtsp://camera.local/stream"]


def test_accepting_what_is_no_address_does_nothing(qtbot: QtBot) -> None:
    dialog = StreamDialog([])
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.address.setEditText("nonsense")
    with qtbot.assertNotEmitted(dialog.chosen):
        dialog.accept()
    assert dialog.isVisible()


def test_the_history_is_offered_newest_first(qtbot: QtBot) -> None:
    dialog = StreamDialog(["rtsp://b/", "rtsp://a/"])
    qtbot.addWidget(dialog)
    assert [dialog.address.itemText(i) for i in range(2)] == ["rtsp://b/", "rtsp://a/"]
    assert dialog.open_button.isEnabled()
