"""Tracking in the real window, over the real model on the demo clip."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from detector_app.engine.batch_plan import BatchPlan
from detector_app.engine.batch_run import BatchRun
from detector_app.engine.layout_files import read_layout, write_layout
from detector_app.engine.state import Phase
from detector_app.engine.tracking import Tracker, TrackOptions
from detector_app.pipelines.loader import load_pipeline
from detector_app.pipelines.pipeline import default_settings
from detector_app.sinks.counts_table import event_rows
from detector_app.sinks.opener import open_sinks
from detector_app.sources.opener import open_source
from detector_app.ui.main_window import MainWindow
from detector_app.ui.tracking.counts_tree import INTO, NAME
from detector_app.ui.tracking.shape_editor import Tool
from detector_app.vision.zones import CountingLine, Layout, Zone
from tests.ui.conftest import MakeWindow
from tests.ui.films import DEADLINE_MS

CLIP = Path(__file__).parents[3] / "assets" / "demo.mp4"
FIRST, LAST = 100, 140
"""The cup goes over the middle of the picture meanwhile."""
LAYOUT = Layout((CountingLine("Middle", (0.5, 0.0), (0.5, 1.0)), Zone("Left", ((0, 0), (0.5, 0), (0.5, 1), (0, 1)))))


def hold(qtbot: QtBot, window: MainWindow, index: int) -> None:
    """Hold a frame of the demo clip."""
    if not window.state.model_name:
        window.controller.load_model("desk-yolo")
        qtbot.waitUntil(lambda: window.state.model_name == "desk-yolo", timeout=DEADLINE_MS)
        window.controller.open(str(CLIP), autoplay=False)
        qtbot.waitUntil(lambda: window.state.phase is Phase.PAUSED, timeout=DEADLINE_MS)
    window.controller.seek_index(index)

    def there() -> bool:
        shown = window.area.view.shown
        return shown is not None and shown.frame.index == index

    qtbot.waitUntil(there, timeout=DEADLINE_MS)


def on_view(window: MainWindow, x: float, y: float) -> QPoint:
    """Where a part of the picture lies in the view."""
    view = window.area.view
    assert view.shown is not None
    frame = view.shown.frame
    return view.transform.to_view(QPointF(x * frame.width_px, y * frame.height_px)).toPoint()


def test_the_window_counts_what_a_run_counts(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    source, pipeline = open_source(str(CLIP)), load_pipeline("desk-yolo")
    sinks = open_sinks(("counts", "jsonl"), tmp_path, "x", source.info, layout=LAYOUT)
    plan = BatchPlan(
        default_settings(pipeline.card), start_s=FIRST / source.info.fps, end_s=(LAST - 0.5) / source.info.fps
    )
    run = BatchRun(source, pipeline, sinks, plan, tracker=Tracker(TrackOptions(LAYOUT)))
    assert run.wait(60)
    pipeline.close()
    written = (tmp_path / "x.counts.csv").read_text(encoding="utf-8")
    assert ",line,Middle," in written

    hold(qtbot, window, FIRST)
    window.tracking.editor.change_layout(LAYOUT)
    assert window.actions_table["track"].isChecked()
    for index in range(FIRST, LAST):
        hold(qtbot, window, index)
    hold(qtbot, window, LAST - 5)
    seen = [line for line in event_rows(window.tracking.counts().events).splitlines() if "vanish" not in line]
    assert seen == [line for line in written.splitlines()[1:] if "vanish" not in line]
    window.actions_table["tracking_panel"].setChecked(True)
    qtbot.waitUntil(lambda: window.tracking.panel.tree.topLevelItem(0).text(INTO) == "1", timeout=DEADLINE_MS)
    window.tracking.panel.commands["copy_counts"].trigger()
    assert (
        QGuiApplication.clipboard().text().splitlines()[1:] == event_rows(window.tracking.counts().events).splitlines()
    )
    assert {row.title for row in window.area.timeline.rows} >= {"Middle", "Left"}
    window.tracking.panel.reset.click()
    assert window.tracking.counts().events == ()


def test_ids_are_on_chips_and_in_the_table_and_leave_trails(qtbot: QtBot, window: MainWindow) -> None:
    hold(qtbot, window, FIRST)
    table = window.area.panel.table
    assert table.isColumnHidden(3)
    qtbot.keyClick(window, Qt.Key.Key_K)
    assert window.actions_table["track"].isChecked()
    for index in range(FIRST + 1, FIRST + 4):
        hold(qtbot, window, index)
    qtbot.waitUntil(lambda: len(window.tracking.layer.trails) > 0, timeout=DEADLINE_MS)
    assert not table.isColumnHidden(3)
    assert table.found.index(0, 3).data() == "#1"
    assert len(window.tracking.layer.trails[0].points_xy) >= 2
    window.actions_table["track"].setChecked(False)
    qtbot.waitUntil(lambda: table.isColumnHidden(3), timeout=DEADLINE_MS)
    assert window.tracking.layer.trails == ()


def test_drawing_with_the_mouse(qtbot: QtBot, window: MainWindow) -> None:
    hold(qtbot, window, FIRST)
    window.actions_table["tracking_panel"].setChecked(True)
    view, editor, panel = window.area.view, window.tracking.editor, window.tracking.panel
    qtbot.waitUntil(panel.isVisible, timeout=DEADLINE_MS)
    qtbot.mouseClick(panel.line, Qt.MouseButton.LeftButton)
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=on_view(window, 0.2, 0.2))
    qtbot.mouseMove(view, on_view(window, 0.5, 0.5))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=on_view(window, 0.8, 0.6))
    assert editor.layout.shapes[0].points[1] == pytest.approx((0.8, 0.6), abs=0.005)
    qtbot.mouseClick(panel.zone, Qt.MouseButton.LeftButton)
    for x, y in ((0.1, 0.1), (0.4, 0.1), (0.4, 0.4)):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=on_view(window, x, y))
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert len(editor.layout.zones[0].points) == 3
    view.grab()
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert [shape.name for shape in editor.layout.shapes] == ["Line 1"]


def test_drawing_with_the_keyboard(qtbot: QtBot, window: MainWindow) -> None:
    hold(qtbot, window, FIRST)
    window.actions_table["tracking_panel"].setChecked(True)
    editor, panel = window.tracking.editor, window.tracking.panel
    qtbot.waitUntil(panel.isVisible, timeout=DEADLINE_MS)
    panel.zone.setFocus()
    qtbot.keyClick(panel.zone, Qt.Key.Key_Space)
    assert editor.tool is Tool.ZONE
    qtbot.keyClick(panel.zone, Qt.Key.Key_Return)
    assert editor.layout.shapes[0].points[0] == (0.3, 0.3)
    for text, x in (("12.5", 0.125), ("nonsense", 0.125), ("120", 0.125)):
        cell = panel.points.item(0, 0)
        assert cell is not None
        cell.setText(text)
        assert editor.layout.shapes[0].points[0] == (x, 0.3)
        assert cell.text() == "12.5"
    item = panel.tree.topLevelItem(0)
    item.setText(NAME, "Desk")
    assert editor.layout.shapes[0].name == "Desk"
    item.setText(NAME, "")
    assert item.text(NAME) == "Desk"


def test_each_video_keeps_its_own(qtbot: QtBot, make_window: MakeWindow, store: QSettings, tmp_path: Path) -> None:
    window = make_window()
    hold(qtbot, window, 0)
    window.tracking.editor.change_layout(LAYOUT)
    window.controller.close_source()
    qtbot.waitUntil(lambda: window.tracking.editor.layout == Layout(), timeout=DEADLINE_MS)
    window.close()
    store.sync()
    again = make_window()
    hold(qtbot, again, 0)
    qtbot.waitUntil(lambda: again.tracking.editor.layout == LAYOUT, timeout=DEADLINE_MS)
    write_layout(tmp_path / "zones.json", Layout(LAYOUT.zones))
    again.tracking.load(tmp_path / "zones.json")
    assert again.tracking.editor.layout == read_layout(tmp_path / "zones.json")
    (tmp_path / "zones.json").write_text("{", encoding="utf-8")
    again.tracking.load(tmp_path / "zones.json")
    assert again.tracking.editor.layout.shapes == LAYOUT.zones
