"""Kinds of suppression beside each other, on a crowd whose answer is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.inspector.kinds import boxes_under, compared, kind_of_model
from detector_app.ui.inspector.kinds_page import KindsPage
from detector_app.vision.detections import Detections
from detector_app.vision.suppression import Kind
from detector_app.vision.trace import Fate, Look, Rules, Trace
from tests.ui.inspector.traces import look, result, trace
from tests.ui.results import card


def crowd(rules: Rules | None = None) -> Trace:
    """A cup, another cup that overlaps it by 0.6, and a bottle in the first cup's place; a fork below the score."""
    of = look(
        ("cup", 0.9, (0, 0, 100, 100), Fate.KEPT),
        ("bottle", 0.8, (0, 0, 100, 100), Fate.KEPT),
        ("cup", 0.7, (25, 0, 125, 100), Fate.SUPPRESSED),
        ("fork", 0.1, (200, 200, 300, 300), Fate.BELOW_SCORE),
        by={2: (0, 0.6)},
    )
    return trace(replace(of, measured_xyxy=of.xyxy, rules=rules or Rules(), least_score=0.05, most_iou=0.5))


def test_each_kind_keeps_what_its_rule_says() -> None:
    of = crowd()
    assert boxes_under(Kind.PER_CLASS, of, 0.5).class_ids.tolist() == [0, 1]
    assert boxes_under(Kind.AGNOSTIC, of, 0.5).class_ids.tolist() == [0]
    soft = boxes_under(Kind.SOFT_LINEAR, of, 0.5)
    assert soft.class_ids.tolist() == [0, 1, 0]
    assert soft.scores.tolist() == pytest.approx([0.9, 0.8, 0.7 * 0.4], abs=1e-6)
    gaussian = boxes_under(Kind.SOFT_GAUSSIAN, of, 0.5)
    assert gaussian.scores[-1] == pytest.approx(0.7 * np.exp(-(0.6**2) / 0.5), abs=1e-6)


def test_the_kind_of_the_model_gives_its_detections() -> None:
    of = crowd()
    kind = kind_of_model(of)
    assert kind is Kind.PER_CLASS
    found: Detections = result(of).detections
    assert boxes_under(kind, of, 0.5).xyxy.tolist() == found.xyxy.tolist()
    assert kind_of_model(crowd(Rules(class_agnostic=True))) is Kind.AGNOSTIC
    assert kind_of_model(crowd(Rules(by_smaller_area=True))) is None


def test_where_no_boxes_are_measured_nothing_is_compared() -> None:
    empty: Look = look()
    assert not compared(None)
    assert not compared(trace(empty))
    with pytest.raises(ValueError, match="no boxes"):
        boxes_under(Kind.PER_CLASS, trace(empty), 0.5)


@pytest.fixture
def page(qtbot: QtBot) -> KindsPage:
    inspection = Inspection()
    page = KindsPage(inspection)
    qtbot.addWidget(page)
    page.resize(340, 400)
    page.show()
    inspection.show(result(crowd()), card())
    page.follow()
    return page


def test_three_pictures_with_their_counts(page: KindsPage) -> None:
    assert [one.count.text() for one in page.cards] == ["2 boxes · as now", "1 box", "3 boxes"]
    page.method.setCurrentIndex(1)
    assert page.cards[2].name.text() == "Soft, gaussian"
    assert page.sigma.isVisible()
    page.sigma.nudge(-0.45)
    assert page.cards[2].count.text() == "2 boxes", "the neighbour's score has become less than the least"


def test_a_pressed_picture_is_shown_large_and_pressed_again_small(page: KindsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.chosen) as large:
        qtbot.keyClick(page.cards[1], Qt.Key.Key_Space)
    assert len(large.args[0]) == 1
    with qtbot.waitSignal(page.chosen) as other:
        qtbot.mouseClick(page.cards[2], Qt.MouseButton.LeftButton)
    assert len(other.args[0]) == 3
    assert [one.chosen for one in page.cards] == [False, False, True]
    with qtbot.waitSignal(page.chosen) as small:
        qtbot.mouseClick(page.cards[2], Qt.MouseButton.LeftButton)
    assert small.args == [None]
    page.cards[0].pressed.emit()
    with qtbot.waitSignal(page.chosen) as hidden:
        page.hide()
    assert hidden.args == [None]


def test_a_model_that_suppresses_inside_itself_says_so(qtbot: QtBot) -> None:
    inspection = Inspection()
    page = KindsPage(inspection)
    qtbot.addWidget(page)
    page.show()
    inspection.show(result(trace(look(("cup", 0.9, (0, 0, 9, 9), Fate.KEPT)))), card())
    page.follow()
    assert not page.cards[0].isVisible()
    assert "inside itself" in page.note.text()
