from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.ui.detection_table import DetectionTable
from detector_app.ui.theme import Scheme, apply_theme, tokens
from detector_app.ui.translation import Translations
from tests.ui.results import detections

FOUND = (
    ("cup", 0.934, (10.0, 20.0, 50.0, 60.0)),
    ("bottle", 0.5, (100.0, 20.0, 140.0, 160.0)),
    ("fork", 0.41, (200.0, 20.0, 240.0, 60.0)),
)


@pytest.fixture
def table(qtbot: QtBot) -> DetectionTable:
    table = DetectionTable()
    qtbot.addWidget(table)
    table.resize(280, 240)
    table.show_detections(detections(*FOUND))
    table.show()
    return table


def heard(table: DetectionTable) -> tuple[list[int], list[int]]:
    hovered: list[int] = []
    selected: list[int] = []
    table.rowHovered.connect(hovered.append)
    table.rowSelected.connect(selected.append)
    return hovered, selected


def middle(table: DetectionTable, row: int) -> QPoint:
    return table.visualRect(table.found.index(row, 1)).center()


def test_rows_say_class_score_and_middle(table: DetectionTable, qtmodeltester: object) -> None:
    texts = [table.found.index(0, column).data() for column in range(3)]
    assert texts == ["cup", "0.93", "30, 40"]
    assert "40.0 × 40.0" in table.found.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    qtmodeltester.check(table.found)  # type: ignore[attr-defined]


def test_a_click_and_the_arrow_keys_select(table: DetectionTable, qtbot: QtBot) -> None:
    _, selected = heard(table)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle(table, 1))
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Up)
    assert selected == [1, 2, 1]


def test_moving_over_rows_hovers(table: DetectionTable, qtbot: QtBot) -> None:
    hovered, _ = heard(table)
    qtbot.mouseMove(table.viewport(), middle(table, 0))
    qtbot.mouseMove(table.viewport(), middle(table, 2))
    qtbot.mouseMove(table.viewport(), QPoint(40, 200))
    assert hovered == [0, 2, -1]


def test_setting_from_outside_is_silent(table: DetectionTable) -> None:
    hovered, selected = heard(table)
    table.set_selected(2)
    table.set_hovered(1)
    assert table.selected == 2
    table.set_selected(-1)
    assert table.selected == -1
    assert hovered == selected == []


def test_the_whole_hovered_row_is_lit(table: DetectionTable, qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    table.set_hovered(1)
    image = table.viewport().grab().toImage()
    cells = [table.visualRect(table.found.index(row, column)) for row in (0, 1) for column in range(3)]
    back = [image.pixelColor(cell.left() + 1, cell.top() + 2).name().upper() for cell in cells]
    t = tokens(Scheme.DARK)
    assert back == [t.surface1] * 3 + [t.surface2] * 3
    apply_theme(qapp, "system")


def test_other_detections_are_shown_silently_in_the_same_rows(table: DetectionTable) -> None:
    _, selected = heard(table)
    table.set_selected(2)
    for count in (1, 3, 0, 2):
        table.show_detections(detections(*FOUND[:count]))
        assert table.found.rowCount() == count
    assert selected == []


def test_columns_make_room_for_their_names_in_chinese(table: DetectionTable, qapp: QApplication) -> None:
    translations = Translations(qapp)
    before = table.columnWidth(1)
    translations.use("zh_CN")
    QApplication.processEvents()
    names = [table.found.headerData(column, Qt.Orientation.Horizontal) for column in range(3)]
    assert names[1] == "置信度"
    for column in (1, 2):
        assert table.columnWidth(column) >= table.horizontalHeader().fontMetrics().horizontalAdvance(names[column]) + 8
    translations.use("en")
    QApplication.processEvents()
    assert table.columnWidth(1) == before


def test_columns_keep_their_places(table: DetectionTable) -> None:
    def places() -> list[int]:
        return [table.columnViewportPosition(column) for column in range(3)]

    before = places()
    wide = ("bottle", 1.0, (3000.0, 3000.0, 3999.0, 3999.0))
    table.show_detections(detections(*[wide] * 100))
    assert places() == before
    table.show_detections(detections())
    assert places() == before
    text = table.found.index(0, 2).data() or "0000, 0000"
    assert table.columnWidth(2) >= table.fontMetrics().horizontalAdvance(text) + 8
