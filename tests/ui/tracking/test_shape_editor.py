"""Drawing with mouse and keys, without a window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from detector_app.ui.tracking.shape_editor import ShapeEditor, Tool
from detector_app.vision.zones import CountingLine, Layout, Zone

REACH = QPointF(0.01, 0.01)


@pytest.fixture
def editor(qtbot: QtBot) -> ShapeEditor:
    del qtbot
    return ShapeEditor()


def test_a_line_is_dragged_or_clicked(editor: ShapeEditor, qtbot: QtBot) -> None:
    editor.take(Tool.LINE)
    editor.press((0.1, 0.1), REACH)
    with qtbot.waitSignal(editor.layoutChanged):
        editor.release((0.9, 1.4), REACH)
    assert editor.layout.shapes == (CountingLine("Line 1", (0.1, 0.1), (0.9, 1.0)),)
    assert (editor.tool, editor.selected) == (Tool.MOVE, 0)
    editor.take(Tool.LINE)
    for at in ((0.2, 0.2), (0.3, 0.7)):
        editor.press(at, REACH)
        editor.release(at, REACH)
    assert editor.layout.shapes[1] == CountingLine("Line 2", (0.2, 0.2), (0.3, 0.7))


def test_a_zone_closes_at_its_first_corner_and_with_enter(editor: ShapeEditor) -> None:
    corners = ((0.1, 0.1), (0.5, 0.1), (0.5, 0.5))
    for close in ("click", "enter"):
        editor.take(Tool.ZONE)
        for at in (*corners, (0.9, 0.9)):
            editor.press(at, REACH)
        assert editor.back()
        if close == "enter":
            editor.finish()
        else:
            editor.press((0.105, 0.1), REACH)
    assert [shape.points for shape in editor.layout.shapes] == [corners, corners]
    assert [shape.name for shape in editor.layout.shapes] == ["Zone 1", "Zone 2"]


@pytest.mark.parametrize(("tool", "kind"), [(Tool.LINE, CountingLine), (Tool.ZONE, Zone)])
def test_enter_alone_puts_one_in_the_middle(editor: ShapeEditor, tool: Tool, kind: type) -> None:
    editor.take(tool)
    assert editor.finish()
    assert isinstance(editor.layout.shapes[0], kind)
    assert not editor.finish()


def test_esc_gives_up_the_draft_and_then_the_tool(editor: ShapeEditor) -> None:
    editor.take(Tool.ZONE)
    editor.press((0.1, 0.1), REACH)
    assert editor.leave()
    assert (editor.draft, editor.tool) == ((), Tool.ZONE)
    assert editor.leave()
    assert editor.tool is Tool.MOVE
    assert not editor.leave()
    assert editor.layout == Layout()


def test_a_corner_is_dragged_and_typed(editor: ShapeEditor, qtbot: QtBot) -> None:
    editor.change_layout(Layout((CountingLine("a", (0.1, 0.1), (0.9, 0.9)),)))
    assert not editor.press((0.5, 0.5), REACH)
    assert editor.press((0.905, 0.9), REACH)
    with qtbot.assertNotEmitted(editor.layoutChanged):
        editor.move((0.7, 0.2))
    with qtbot.waitSignal(editor.layoutChanged):
        editor.release((0.7, 0.2), REACH)
    assert editor.layout.shapes[0].points == ((0.1, 0.1), (0.7, 0.2))
    assert not editor.change_points(((0.1, 0.1), (0.1, 0.1)))
    assert editor.change_points(((0.1, 0.1), (0.2, 0.2)))
    assert editor.layout.shapes[0].points[1] == (0.2, 0.2)


def test_names_are_unlike_each_other(editor: ShapeEditor) -> None:
    editor.change_layout(Layout((CountingLine("a", (0, 0), (1, 1)), CountingLine("b", (0, 0), (1, 0)))))
    assert not editor.rename(0, "b")
    assert not editor.rename(0, " ")
    assert editor.rename(0, " door ")
    assert [shape.name for shape in editor.layout.shapes] == ["door", "b"]
    editor.select(1)
    editor.delete()
    assert [shape.name for shape in editor.layout.shapes] == ["door"]
    assert editor.selected == -1
