"""The help in the window: opened, searched, turned, and its examples carried out by the real app on the demo clip."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from detector_app.engine.state import Phase
from detector_app.ui.help.contents import PAGES, load_page
from detector_app.ui.help.examples import EXAMPLES
from detector_app.ui.help.help_button import help_button
from detector_app.ui.help.help_window import HelpWindow
from detector_app.ui.inputs import demo_clip
from detector_app.ui.main_window import MainWindow
from detector_app.ui.model_info import ModelInfo
from detector_app.ui.shortcut_sheet import ShortcutSheet

DEADLINE_MS = 30_000


def opened(window: MainWindow) -> HelpWindow:
    shown = window.windows.get(HelpWindow)
    assert shown is not None
    return shown


def titles(shown: HelpWindow) -> list[str]:
    return [shown.list.item(row).text() for row in range(shown.list.count())]


def test_f1_opens_the_first_page(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    shown = opened(window)
    assert shown.page == "getting-started"
    assert "Getting started" in shown.view.toPlainText()
    assert shown.list.currentRow() == 0


def test_the_way_back_and_on(window: MainWindow) -> None:
    shown = window.help_desk.show("iou")
    shown.view.pageAsked.emit("nms")
    shown.list.setCurrentRow(PAGES.index("rcnn"))
    assert shown.page == "rcnn"
    shown.back.click()
    shown.back.click()
    assert (shown.page, shown.back.isEnabled(), shown.forward.isEnabled()) == ("iou", False, True)
    shown.forward.click()
    assert shown.page == "nms"
    shown.show_page("grid")
    assert not shown.forward.isEnabled()
    with pytest.raises(KeyError):
        shown.show_page("unicorn")


def test_the_list_is_searched_and_return_opens_the_first(window: MainWindow, qtbot: QtBot) -> None:
    shown = window.help_desk.show()
    shown.search.setText("selective search")
    assert titles(shown) == ["The R-CNN family"]
    qtbot.keyClick(shown.search, Qt.Key.Key_Return)
    assert shown.page == "rcnn"
    shown.search.setText("no such word anywhere")
    assert titles(shown) == []
    shown.search.clear()
    assert len(titles(shown)) == len(PAGES)


def test_the_pages_follow_language_and_theme(window: MainWindow, qtbot: QtBot) -> None:
    shown = window.help_desk.show("nms")
    dark = shown.view.loadResource(QTextDocument.ResourceType.ImageResource.value, "figure:nms")
    window.preferences.set(language="zh_CN", theme="light")
    assert shown.page == "nms"
    assert "非极大值抑制" in shown.view.toPlainText()
    qtbot.waitUntil(lambda: shown.windowTitle() == "帮助")
    assert shown.example.text() == load_page("nms", "zh_CN").example_text
    assert shown.view.loadResource(QTextDocument.ResourceType.ImageResource.value, "figure:nms") != dark


def test_the_keys_are_those_of_the_window(window: MainWindow) -> None:
    text = window.help_desk.show("keyboard").view.toPlainText()
    assert "Help contents — F1" in text
    assert "Inspect — I" in text


def test_a_button_opens_its_page_wherever_it_stands(window: MainWindow) -> None:
    panel = QWidget(window.area)
    button = help_button("tracking")
    QVBoxLayout(panel).addWidget(button)
    button.click()
    assert opened(window).page == "tracking"
    assert button.accessibleName()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_brings_the_app_there(window: MainWindow, qtbot: QtBot, name: str) -> None:
    example, page = EXAMPLES[name], next(page for page in PAGES if load_page(page, "en").example == name)
    shown = window.help_desk.show(page)
    with qtbot.waitSignal(window.help_desk.examples.finished, timeout=DEADLINE_MS) as ended:
        shown.example.click()
    assert ended.args == [name, True]
    assert shown.note.text() == "The window shows it now."
    state, picture = window.state, window.area.view.shown
    assert (state.model_name, state.spec) == (example.model, str(demo_clip()))
    assert picture is not None
    if example.time_s is None:
        assert state.phase is Phase.PLAYING
    else:
        assert state.phase is Phase.PAUSED
        assert picture.frame.time_s == pytest.approx(example.time_s, abs=0.03)
    settings = window.controller.settings
    assert example.score is None or settings.score == pytest.approx(example.score)
    assert example.overlap is None or settings.iou == pytest.approx(example.overlap)
    for action, on in example.switches.items():
        assert action not in set(window.actions_table) or window.actions_table[action].isChecked() == on
    if example.page is not None:
        assert window.inspector.panel.page == example.page
    if example.step is not None:
        step = window.inspector.inspection.step
        assert step is not None
        assert (step.stage.look, step.stage.name) == example.step


def run(qtbot: QtBot, window: MainWindow, name: str) -> None:
    with qtbot.waitSignal(window.help_desk.examples.finished, timeout=DEADLINE_MS):
        window.help_desk.examples.run(name)


def test_what_the_examples_promise_is_seen(window: MainWindow, qtbot: QtBot) -> None:
    """The moments of the table are those of the clip: a cup in doubt, and a face that all three stages let through."""
    run(qtbot, window, "score")
    inspection = window.inspector.inspection
    shown, point = window.area.view.shown, inspection.point
    assert shown is not None
    assert len(shown.detections) == 0, "the cup is hidden"
    assert point is not None
    qtbot.waitUntil(lambda: bool(inspection.nominees))
    trace = shown.trace
    assert trace is not None
    best = trace.looks[0]
    assert best.class_ids[0] == shown.detections.class_names.index("cup")
    assert 0.4 <= best.scores[0] < 0.55
    run(qtbot, window, "mtcnn")
    shown = window.area.view.shown
    assert shown is not None
    assert len(shown.detections) == 1
    run(qtbot, window, "nms")
    shown = window.area.view.shown
    assert shown is not None
    assert np.all(shown.detections.scores >= 0.05)


def test_the_sheets_open(window: MainWindow, qtbot: QtBot) -> None:
    run(qtbot, window, "letterbox")
    assert window.windows.get(ModelInfo) is not None
    run(qtbot, window, "keyboard")
    assert window.windows.get(ShortcutSheet) is not None


def test_an_example_in_the_way_of_another_gives_way(window: MainWindow, qtbot: QtBot) -> None:
    examples = window.help_desk.examples
    examples.run("rcnn")
    with qtbot.waitSignal(examples.finished, timeout=DEADLINE_MS) as ended:
        examples.run("grid")
    assert ended.args == ["grid", True]
    assert examples.running == ""
