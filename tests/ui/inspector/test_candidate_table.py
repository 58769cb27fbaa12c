"""The table of candidates: any number of rows, sorted by values, linked both ways."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from detector_app.ui.inspector.candidate_table import CLASS, FATE, NUMBER, SCORE, CandidateTable
from detector_app.ui.inspector.steps import Mark, steps_of
from detector_app.vision.trace import Fate
from tests.ui.inspector.traces import desk, many


@pytest.fixture
def table(qtbot: QtBot) -> CandidateTable:
    table = CandidateTable()
    qtbot.addWidget(table)
    table.resize(320, 240)
    table.show()
    return table


def texts(table: CandidateTable, column: int) -> list[str]:
    found = table.found
    return [str(found.data(found.index(i, column))) for i in range(found.rowCount())]


def test_a_step_shows_what_came_through_and_what_it_took(table: CandidateTable) -> None:
    steps = {step.stage.name: step for step in steps_of(desk())}
    table.show_step(steps["suppression"], None)
    assert texts(table, NUMBER) == ["0", "1", "2"]
    assert texts(table, CLASS) == ["cup", "cup", "cup"]
    assert texts(table, SCORE) == ["0.90", "0.80", "0.70"]
    assert texts(table, FATE) == ["kept", "kept", "by #0, IoU 0.68"]
    table.show_step(steps["most"], None)
    assert texts(table, NUMBER) == ["0", "1"]
    table.show_step(None, None)
    assert table.found.rowCount() == 0


def test_a_wide_table_tells_more(table: CandidateTable) -> None:
    steps = steps_of(desk())
    table.show_step(steps[4], None)
    table.resize(640, 240)
    assert texts(table, FATE)[2] == "suppressed by #0, IoU 0.68"
    assert not table.isColumnHidden(3)


@pytest.mark.parametrize("order", list(Qt.SortOrder))
@pytest.mark.parametrize("column", range(6))
def test_sorting_goes_by_values_and_keeps_every_row(table: CandidateTable, column: int, order: Qt.SortOrder) -> None:
    step = steps_of(many(500))[0]
    table.show_step(step, None)
    table.sortByColumn(column, order)
    rows = table.found.rows
    assert sorted(rows.tolist()) == list(range(500))
    look = step.look
    keys = {NUMBER: rows, CLASS: look.class_ids[rows], SCORE: look.scores[rows], FATE: look.by[rows]}
    if column in keys:
        steps = np.diff(keys[column].astype(float))
        assert (steps >= 0).all() if order == Qt.SortOrder.AscendingOrder else (steps <= 0).all()


def test_25200_rows_are_shown_and_sorted(table: CandidateTable) -> None:
    table.show_step(steps_of(many())[1], None)
    assert table.found.rowCount() == 25200
    table.sortByColumn(SCORE, Qt.SortOrder.AscendingOrder)
    scores = table.found.step.look.scores  # type: ignore[union-attr]
    assert scores[table.found.rows[0]] == scores.min()


def test_pointing_and_selecting_name_the_candidate(table: CandidateTable, qtbot: QtBot) -> None:
    step = steps_of(desk())[4]
    table.show_step(step, None)
    with qtbot.waitSignal(table.markSelected) as chosen:
        table.selectRow(2)
    assert chosen.args == [Mark(0, 0, 2)]
    middle = table.visualRect(table.found.index(1, 0)).center()
    with qtbot.waitSignal(table.markHovered) as pointed:
        qtbot.mouseMove(table.viewport(), QPoint(middle.x(), middle.y()))
        qtbot.mouseMove(table.viewport(), QPoint(middle.x() + 4, middle.y()))
    assert pointed.args == [Mark(0, 0, 1)]


def test_what_is_selected_elsewhere_is_selected_here_and_stays(table: CandidateTable, qtbot: QtBot) -> None:
    step = steps_of(desk())[4]
    with qtbot.assertNotEmitted(table.markSelected):
        table.show_step(step, Mark(0, 0, 2))
        table.sortByColumn(SCORE, Qt.SortOrder.AscendingOrder)
    selected = table.selectionModel().selectedRows()
    assert [int(table.found.rows[index.row()]) for index in selected] == [2]
    table.set_hovered(Mark(0, 0, 0))
    assert table.found.rows[table.found.hovered] == 0
    table.set_hovered(Mark(1, 0, 0))
    assert table.found.hovered == -1


def test_rows_that_ended_stand_back(table: CandidateTable) -> None:
    table.show_step(steps_of(desk())[4], None)
    assert table.found.step is not None
    assert table.found.step.look.fates[2] == Fate.SUPPRESSED
    assert not table.grab().isNull()
