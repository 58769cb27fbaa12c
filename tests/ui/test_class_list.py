from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from detector_app.ui.class_list import ClassList, ClassModel
from detector_app.ui.overlay import class_qcolor

NAMES = ("ace", "bottle", "cup", "fork")


@pytest.fixture
def classes(qtbot: QtBot) -> ClassList:
    classes = ClassList()
    qtbot.addWidget(classes)
    classes.classes.reset(NAMES, frozenset())
    classes.resize(240, 200)
    classes.show()
    return classes


def names(model: ClassModel) -> list[str]:
    return [row.name for row in model.rows]


def row_middle(classes: ClassList, row: int) -> QPoint:
    return classes.visualRect(classes.classes.index(row)).center()


def test_seen_classes_come_first_and_stay_where_they_are(classes: ClassList, qtmodeltester: object) -> None:
    model = classes.classes
    model.count({"cup": 2})
    assert names(model) == ["cup", "ace", "bottle", "fork"]
    model.count({"bottle": 1})
    assert names(model) == ["cup", "bottle", "ace", "fork"]
    model.count({"ace": 1, "cup": 5})
    assert names(model) == ["cup", "bottle", "ace", "fork"]
    assert [row.count for row in model.rows] == [5, 0, 1, 0]
    qtmodeltester.check(model)  # type: ignore[attr-defined]


def test_a_class_that_the_model_does_not_name_changes_nothing(classes: ClassList) -> None:
    classes.classes.count({"77": 1})
    assert names(classes.classes) == list(NAMES)


def test_names_given_twice_are_one_row(classes: ClassList) -> None:
    classes.classes.reset(("a", "b", "a"), frozenset("b"))
    assert names(classes.classes) == ["a", "b"]
    assert classes.hidden == {"b"}


def test_a_click_toggles(classes: ClassList, qtbot: QtBot) -> None:
    heard: list[frozenset[str]] = []
    classes.hiddenChanged.connect(heard.append)
    for row in (1, 2, 1):
        qtbot.mouseClick(classes.viewport(), Qt.MouseButton.LeftButton, pos=row_middle(classes, row))
    assert heard == [{"bottle"}, {"bottle", "cup"}, {"cup"}]


def test_a_click_below_the_rows_does_nothing(classes: ClassList, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(classes.hiddenChanged):
        qtbot.mouseClick(classes.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 190))


def test_the_keyboard_toggles(classes: ClassList, qtbot: QtBot) -> None:
    classes.setFocus()
    classes.setCurrentIndex(classes.classes.index(0))
    qtbot.keyClick(classes, Qt.Key.Key_Down)
    qtbot.keyClick(classes, Qt.Key.Key_Space)
    assert classes.hidden == {"bottle"}


def test_number_keys_beyond_the_last_row_do_nothing(classes: ClassList, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(classes.hiddenChanged):
        classes.toggle(4)
        classes.toggle(-1)


def test_the_menu_offers_only_all_and_none(classes: ClassList) -> None:
    menu = classes.menu_at(classes.classes.index(2))
    assert [action.text() for action in menu.actions()] == ["Only cup", "Show all", "Hide all"]
    menu.actions()[0].trigger()
    assert classes.hidden == {"ace", "bottle", "fork"}
    menu.actions()[2].trigger()
    assert classes.hidden == set(NAMES)
    menu.actions()[1].trigger()
    assert classes.hidden == set()


def test_searching_hides_rows_not_classes(classes: ClassList) -> None:
    classes.filter("BOT")
    assert [classes.isRowHidden(row) for row in range(4)] == [True, False, True, True]
    assert classes.hidden == set()
    classes.filter("")
    assert not any(classes.isRowHidden(row) for row in range(4))


def test_the_swatch_is_filled_while_the_class_is_wanted(classes: ClassList) -> None:
    middle = QPoint(8 + 6, row_middle(classes, 0).y())
    colour = class_qcolor("ace")
    assert classes.viewport().grab().toImage().pixelColor(middle) == colour
    classes.toggle(0)
    assert classes.viewport().grab().toImage().pixelColor(middle) != colour
