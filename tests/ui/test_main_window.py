from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.engine.state import Phase
from detector_app.settings_store import SettingsStore
from detector_app.ui.main_window import MainWindow
from detector_app.ui.message_bar import Severity
from detector_app.ui.model_info import ModelInfo
from detector_app.ui.settings_dialog import SettingsDialog
from detector_app.ui.shortcut_sheet import ShortcutSheet
from tests.onnx_files import picture_with_squares, tiny_card, write_onnx
from tests.ui.conftest import MakeWindow
from tests.ui.films import DEADLINE_MS, FRAMES, cell_centre, load, play, squares_film, wait_for_phase


def shown_index(window: MainWindow) -> int:
    result = window.controller.latest()
    return -1 if result is None else result.frame.index


def press(
    qtbot: QtBot, window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    window.activateWindow()
    qtbot.keyClick(window, key, modifier)


def test_the_first_start_offers_three_ways_and_nothing_that_cannot_work(window: MainWindow) -> None:
    assert not window.area.showing_picture
    assert window.area.empty.open_button.isEnabled()
    assert window.area.empty.camera_button.isEnabled()
    assert not window.area.transport.isVisible()
    assert not window.actions_table["snapshot"].isEnabled()
    assert window.windowTitle() == "Detector App"


def test_a_film_plays_with_detections_and_ends(window: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    assert film.name in window.windowTitle()
    assert window.actions_table["snapshot"].isEnabled()
    wait_for_phase(qtbot, window, Phase.ENDED)
    result = window.controller.latest()
    assert result is not None
    assert len(result.detections) == 1
    centre = result.detections.xyxy[0].reshape(2, 2).mean(axis=0)
    assert centre == pytest.approx((cell_centre(result.frame.index), 168), abs=3)


def test_keys_play_step_and_jump(window: MainWindow, qtbot: QtBot, film: Path) -> None:
    play(qtbot, window, film)
    press(qtbot, window, Qt.Key.Key_Space)
    wait_for_phase(qtbot, window, Phase.PAUSED)
    press(qtbot, window, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: shown_index(window) == 0, timeout=DEADLINE_MS)
    press(qtbot, window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: shown_index(window) == 1, timeout=DEADLINE_MS)
    press(qtbot, window, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: shown_index(window) == 31, timeout=DEADLINE_MS)
    press(qtbot, window, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: shown_index(window) == 30, timeout=DEADLINE_MS)
    press(qtbot, window, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: shown_index(window) == FRAMES - 1, timeout=DEADLINE_MS)


def test_sliders_on_a_paused_frame_need_no_inference(window: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    window.controller.pause()
    window.controller.seek_index(3)
    qtbot.waitUntil(
        lambda: shown_index(window) == 3 and len(window.controller.latest().detections) == 1, timeout=DEADLINE_MS
    )
    before = window.controller.inference_count
    for _ in range(20):
        press(qtbot, window, Qt.Key.Key_BracketRight)
    qtbot.waitUntil(lambda: len(window.controller.latest().detections) == 0, timeout=DEADLINE_MS)
    press(qtbot, window, Qt.Key.Key_BracketLeft)
    press(qtbot, window, Qt.Key.Key_BracketLeft)
    qtbot.waitUntil(lambda: len(window.controller.latest().detections) == 1, timeout=DEADLINE_MS)
    press(qtbot, window, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: len(window.controller.latest().detections) == 0, timeout=DEADLINE_MS)
    assert window.controller.inference_count == before


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    keys = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(QPointF(100, 100).toPoint(), *keys)
    QApplication.sendEvent(window, entering)
    if entering.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(100, 100), *keys))


def test_films_and_models_can_be_dropped(window: MainWindow, qtbot: QtBot, film: Path, model: Path) -> None:
    drop(window, film, model)
    qtbot.waitUntil(lambda: window.state.model is not None and window.area.showing_picture, timeout=DEADLINE_MS)
    assert window.state.model == tiny_card()


def test_what_does_not_exist_cannot_be_dropped(window: MainWindow, tmp_path: Path) -> None:
    drop(window, tmp_path / "gone.mp4")
    assert window.state.phase is Phase.EMPTY


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("text.mp4", b"no film", "text.mp4"), ("empty.mp4", b"", "empty.mp4"), ("net.onnx", b"no net", "net.onnx")],
)
def test_a_bad_file_is_told_with_a_remedy_and_the_app_goes_on(
    window: MainWindow, qtbot: QtBot, film: Path, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    window.inputs.open_all([str(tmp_path / name)])
    qtbot.waitUntil(lambda: window.area.messages.message is not None, timeout=DEADLINE_MS)
    message = window.area.messages.message
    assert message is not None
    assert message.severity is Severity.DANGER
    assert said in message.text
    assert message.remedies
    play(qtbot, window, film)
    assert message.topic == "model" or window.area.messages.message is None


def test_a_model_that_is_no_detector_leaves_the_running_one(
    window: MainWindow, qtbot: QtBot, model: Path, tmp_path: Path
) -> None:
    load(qtbot, window, model)
    other = write_onnx(tmp_path / "plain.onnx", [_identity()], {"x": (1, 3)}, ("y",), {}, {})
    window.inputs.open_all([str(other)])
    qtbot.waitUntil(lambda: window.area.messages.message is not None, timeout=DEADLINE_MS)
    assert window.state.model_name == str(model)
    assert "plain.onnx" in window.area.messages.message.text


def _identity() -> object:
    from onnx import helper  # only tests have onnx

    return helper.make_node("Identity", ["x"], ["y"])


def test_try_again_opens_what_has_come_meanwhile(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window.inputs.open(str(tmp_path / "later.mp4"))
    qtbot.waitUntil(lambda: window.area.messages.message is not None, timeout=DEADLINE_MS)
    squares_film(tmp_path / "later.mp4", frames=5)
    window.actions_table["retry"].trigger()
    qtbot.waitUntil(lambda: window.area.showing_picture, timeout=DEADLINE_MS)
    assert window.area.messages.message is None


def test_several_films_play_one_after_the_other(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    films = [squares_film(tmp_path / f"{i}.mp4", frames=6) for i in range(3)]
    window.inputs.open_all(map(str, films))
    qtbot.waitUntil(
        lambda: window.state.spec == str(films[2]) and window.state.phase is Phase.ENDED, timeout=DEADLINE_MS
    )
    assert "2.mp4 (3/3)" in window.windowTitle()
    assert not window.actions_table["next"].isEnabled()
    assert window.actions_table["previous"].isEnabled()


def test_closing_the_source_leads_back_to_the_start(window: MainWindow, qtbot: QtBot, film: Path) -> None:
    play(qtbot, window, film)
    window.actions_table["close_source"].trigger()
    wait_for_phase(qtbot, window, Phase.EMPTY)
    assert not window.area.showing_picture
    assert window.windowTitle() == "Detector App"
    assert not window.actions_table["play"].isEnabled()


def test_a_picture_is_shown_with_its_detections(window: MainWindow, qtbot: QtBot, model: Path, tmp_path: Path) -> None:
    import cv2

    cv2.imwrite(str(tmp_path / "two.png"), picture_with_squares([(40, 40, "red"), (200, 200, "blue")]))
    load(qtbot, window, model)
    play(qtbot, window, tmp_path / "two.png")
    qtbot.waitUntil(lambda: len(window.controller.latest().detections) == 2, timeout=DEADLINE_MS)
    assert not window.area.timeline.isVisible()


def test_the_language_switches_while_it_runs(window: MainWindow, qtbot: QtBot, film: Path) -> None:
    play(qtbot, window, film)
    settings = window.windows.show(SettingsDialog, lambda: SettingsDialog(window.preferences.settings, window))
    window.preferences.set(language="zh_CN")
    qtbot.waitUntil(lambda: window.actions_table["snapshot"].text() == "截图")
    assert window.area.empty.demo_button.text() == "播放演示"
    assert settings.windowTitle() == "设置"
    assert window.toolbar.camera_button.text() == "摄像头"
    window.preferences.set(language="en")
    qtbot.waitUntil(lambda: window.toolbar.camera_button.text() == "Camera")
    assert settings.windowTitle() == "Settings"


def test_the_theme_switches_while_it_runs(window: MainWindow, qtbot: QtBot) -> None:
    dark = window.palette().window().color().lightness()
    window.preferences.set(theme="light")
    qtbot.waitUntil(lambda: window.palette().window().color().lightness() > 200)
    assert dark < 80
    assert QColor(window.grab().toImage().pixel(4, window.height() // 2)).lightness() > 200


def test_full_screen_leaves_the_picture_and_escape_ends_it(window: MainWindow, qtbot: QtBot, film: Path) -> None:
    play(qtbot, window, film)
    press(qtbot, window, Qt.Key.Key_F)
    qtbot.waitUntil(window.isFullScreen)
    assert not window.toolbar.isVisible()
    assert not window.area.panel.isVisible()
    assert window.area.transport.isVisible()
    press(qtbot, window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isFullScreen())
    assert window.toolbar.isVisible()
    assert window.area.panel.isVisible()


def test_secondary_windows_open_once_and_close_with_the_window(window: MainWindow, qtbot: QtBot, model: Path) -> None:
    load(qtbot, window, model)
    for name, kind in (("settings", SettingsDialog), ("shortcuts", ShortcutSheet), ("model_info", ModelInfo)):
        window.actions_table[name].trigger()
        first = window.windows.get(kind)
        window.actions_table[name].trigger()
        assert first is not None
        assert window.windows.get(kind) is first
    window.close()
    assert window.windows.get(SettingsDialog) is None


def test_a_closed_secondary_window_opens_again(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_table["shortcuts"].trigger()
    sheet = window.windows.get(ShortcutSheet)
    assert sheet is not None
    sheet.close()
    window.actions_table["shortcuts"].trigger()  # at once: the closed one is not deleted yet
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert window.windows.get(ShortcutSheet).isVisible()
    assert window.windows.get(ShortcutSheet) is not sheet


def test_a_focused_button_keeps_the_space_bar(window: MainWindow, qtbot: QtBot, film: Path) -> None:
    play(qtbot, window, film)
    window.activateWindow()
    window.toolbar.panel_button.setFocus()
    qtbot.waitUntil(window.toolbar.panel_button.hasFocus)
    qtbot.keyClick(window.toolbar.panel_button, Qt.Key.Key_Space)
    assert not window.area.panel.isVisible()
    assert window.state.phase is Phase.PLAYING


def test_shape_and_choices_are_kept(
    make_window: MakeWindow, store: QSettings, tmp_path: Path, qtbot: QtBot, model: Path
) -> None:
    first = make_window()
    first.resize(1100, 700)
    first.actions_table["panel"].setChecked(False)
    load(qtbot, first, model)
    first.area.transport.loopToggled.emit(True)
    first.close()
    second = make_window()
    assert not second.area.panel.isVisible()
    assert second.state.loop
    assert second.inputs.models.items() == [str(model)]
    assert SettingsStore(tmp_path / "settings.json").load().model == str(model)
    second.start()
    qtbot.waitUntil(lambda: second.state.model_name == str(model), timeout=DEADLINE_MS)


def test_the_settings_thresholds_count_for_the_running_model(window: MainWindow, qtbot: QtBot, model: Path) -> None:
    load(qtbot, window, model)
    assert window.controller.settings.score == tiny_card().thresholds.score
    window.preferences.set(model_thresholds=False, score=0.85)
    assert window.controller.settings.score == 0.85
    window.preferences.set(model_thresholds=True)
    assert window.controller.settings.score == tiny_card().thresholds.score


def test_a_crash_is_told_and_the_log_offered(window: MainWindow) -> None:
    window.show_crash("ValueError: oops")
    message = window.area.messages.message
    assert message is not None
    assert "ValueError: oops" in message.text
    assert [remedy.text for remedy in message.remedies] == ["Show the log file"]


@pytest.mark.parametrize("after", ["nothing", "opening", "loading", "playing", "paused"])
def test_it_can_be_closed_at_any_moment(window: MainWindow, qtbot: QtBot, film: Path, model: Path, after: str) -> None:
    if after in ("playing", "paused"):
        play(qtbot, window, film)
    if after == "paused":
        window.controller.pause()
    if after == "opening":
        window.inputs.open(str(film))
    if after == "loading":
        window.controller.load_model(str(model))
    window.close()
    ours = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    assert not [name for name in ours if name.startswith(("player", "inference", "select", "model", "window"))]


def test_nothing_of_a_closed_source_stays_in_the_panel(
    window: MainWindow, qtbot: QtBot, film: Path, model: Path
) -> None:
    load(qtbot, window, model)
    play(qtbot, window, film)
    qtbot.waitUntil(lambda: window.area.panel.total.text() == "1", timeout=DEADLINE_MS)
    window.actions_table["close_source"].trigger()
    wait_for_phase(qtbot, window, Phase.EMPTY)
    qtbot.waitUntil(lambda: window.area.panel.total.text() == "0", timeout=DEADLINE_MS)


def test_the_demo_plays_with_one_click(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.area.empty.demo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.area.showing_picture, timeout=DEADLINE_MS)
    assert window.windowTitle() == "demo.mp4 — Detector App"
    assert window.area.timeline.isVisible()


def test_without_a_model_a_film_still_plays(window: MainWindow, qtbot: QtBot, film: Path) -> None:
    play(qtbot, window, film)
    wait_for_phase(qtbot, window, Phase.ENDED)
    assert window.toolbar.model_button.text() == "Choose a model"
    assert not window.actions_table["export"].isEnabled()
    assert window.controller.inference_count == 0
