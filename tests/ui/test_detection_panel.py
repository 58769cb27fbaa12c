from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from detector_app.pipelines.pipeline import DetectSettings, default_settings
from detector_app.ui.detection_panel import DetectionPanel
from tests.ui.results import CLASSES, card, result

LEFT = Qt.MouseButton.LeftButton
CUP = ("cup", 0.9, (40.0, 60.0, 180.0, 220.0))
BOTTLE = ("bottle", 0.8, (240.0, 60.0, 360.0, 280.0))


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[DetectionPanel]:
    panel = DetectionPanel()
    qtbot.addWidget(panel)
    panel.resize(312, 640)
    panel.show()
    panel.show_model(card(), default_settings(card()))
    yield panel
    panel.close()


def settings_of(panel: DetectionPanel) -> list[DetectSettings]:
    heard: list[DetectSettings] = []
    panel.settingsChanged.connect(heard.append)
    return heard


def test_it_starts_from_the_settings_and_changes_only_what_is_moved(panel: DetectionPanel) -> None:
    heard = settings_of(panel)
    assert (panel.score.value, panel.overlap.value) == (0.35, 0.45)
    panel.score.slider.setValue(60)
    panel.overlap.slider.setValue(70)
    assert heard == [DetectSettings(score=0.6, iou=0.45), DetectSettings(score=0.6, iou=0.7)]
    assert panel.settings == heard[-1]


def test_keys_of_the_window_nudge(panel: DetectionPanel) -> None:
    heard = settings_of(panel)
    panel.nudge_score(0.05)
    panel.nudge_iou(-0.05)
    assert (heard[-1].score, heard[-1].iou) == (0.4, 0.4)


def test_hidden_classes_go_to_the_engine_by_number_and_to_the_picture_by_name(panel: DetectionPanel) -> None:
    heard, names = settings_of(panel), []
    panel.hiddenClassesChanged.connect(names.append)
    panel.toggle_class(CLASSES.index("bottle"))
    panel.toggle_class(CLASSES.index("fork"))
    assert [settings.classes for settings in heard] == [{0, 2}, {0}]
    panel.toggle_class(1)
    panel.toggle_class(2)
    assert heard[-1].classes is None
    assert names == [{"bottle"}, {"bottle", "fork"}, {"fork"}, frozenset()]


def test_one_box_per_object(panel: DetectionPanel, qtbot: QtBot) -> None:
    heard = settings_of(panel)
    qtbot.mouseClick(panel.agnostic, LEFT, pos=QPoint(8, panel.agnostic.height() // 2))
    assert [settings.class_agnostic for settings in heard] == [True]


def test_showing_a_model_asks_for_nothing_and_brings_its_classes(panel: DetectionPanel, qtbot: QtBot) -> None:
    other = card(("dog", "cat"))
    with qtbot.assertNotEmitted(panel.settingsChanged):
        panel.show_model(other, DetectSettings(score=0.7, classes=frozenset({1}), class_agnostic=True))
    assert [(row.name, row.shown) for row in panel.classes.classes.rows] == [("dog", False), ("cat", True)]
    assert panel.agnostic.isChecked()
    assert panel.score.value == 0.7


def test_the_picture_is_told_when_a_model_brings_another_choice(panel: DetectionPanel) -> None:
    names: list[frozenset[str]] = []
    panel.toggle_class(0)
    panel.hiddenClassesChanged.connect(names.append)
    panel.show_model(card(("dog", "cat")), DetectSettings())
    assert names == [frozenset()]


def test_without_a_model_nothing_can_be_changed(panel: DetectionPanel, qtbot: QtBot) -> None:
    panel.show_model(None, DetectSettings())
    with qtbot.assertNotEmitted(panel.settingsChanged):
        panel.nudge_score(0.1)
        panel.nudge_iou(0.1)
        panel.toggle_class(0)
    assert not panel.score.isEnabled()
    assert panel.classes.classes.rows == ()


def test_counts_per_class_and_in_all(panel: DetectionPanel) -> None:
    panel.show_result(result(CUP, CUP, BOTTLE))
    assert panel.total.text() == "3"
    assert {row.name: row.count for row in panel.classes.classes.rows} == {"cup": 2, "bottle": 1, "fork": 0}


def test_a_flood_of_results_is_thinned_and_the_last_is_shown(panel: DetectionPanel, qtbot: QtBot) -> None:
    shown = 0

    def count() -> None:
        nonlocal shown
        shown += 1

    panel.table.found.dataChanged.connect(count)
    for _ in range(200):
        panel.show_result(result(CUP))
    panel.show_result(result(CUP, BOTTLE))
    qtbot.waitUntil(lambda: panel.total.text() == "2")
    assert shown < 100


def test_search_appears_with_many_classes(panel: DetectionPanel) -> None:
    assert not panel.search.isVisible()
    panel.show_model(card(tuple(f"class {i}" for i in range(80))), DetectSettings())
    assert panel.search.isVisible()
    panel.search.setText("77")
    assert sum(not panel.classes.isRowHidden(row) for row in range(80)) == 1


def test_rows_and_the_newest_result_keep_speaking_of_the_same_thing(panel: DetectionPanel) -> None:
    """The table lags behind the picture: indices are translated both ways."""
    selected: list[int] = []
    panel.detectionSelected.connect(selected.append)
    panel.show_result(result(CUP, BOTTLE))
    panel.show_result(result(BOTTLE, CUP))  # not in the table yet
    assert panel.table.found.detections.name(0) == "cup"
    panel.table.selectRow(0)
    assert selected == [1]
    panel.set_selected(0)
    assert panel.table.selected == 1


def test_selection_stays_with_the_thing_when_the_table_refreshes(panel: DetectionPanel, qtbot: QtBot) -> None:
    panel.show_result(result(CUP, BOTTLE))
    panel.set_selected(1)
    panel.show_result(result(BOTTLE))
    qtbot.waitUntil(lambda: panel.total.text() == "1")
    assert panel.table.selected == 0


def test_nothing_moves_when_numbers_change(panel: DetectionPanel, qtbot: QtBot) -> None:
    def places() -> list[tuple[int, ...]]:
        widgets = (panel.score, panel.overlap, panel.agnostic, panel.classes, panel.table)
        return [panel.sizeHint().toTuple(), panel.minimumSizeHint().toTuple()] + [
            w.geometry().getRect() for w in widgets
        ]

    before = places()
    panel.show_result(result(*[CUP] * 150, *[BOTTLE] * 50))
    assert panel.total.text() == "200"
    assert places() == before
    panel.show_result(result())
    qtbot.waitUntil(lambda: panel.total.text() == "0")
    assert places() == before
