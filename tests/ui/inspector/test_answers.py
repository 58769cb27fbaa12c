"""Why nothing is there: words, and settings that do show it (the brute-force check is in the window's tests)."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.model_card import ModelCard
from detector_app.pipelines.pipeline import CascadeSettings, DetectSettings
from detector_app.ui.inspector.aim import Aim
from detector_app.ui.inspector.answers import Answer, change_text, changed, reason_text, score_text
from detector_app.ui.inspector.inspection import Inspection
from detector_app.ui.inspector.steps import Mark
from detector_app.vision.nearby import Change, Reason
from detector_app.vision.trace import Fate
from tests.ui.inspector.traces import desk, result
from tests.ui.results import card

SETTINGS = DetectSettings(score=0.4, iou=0.5, classes=frozenset({0, 1}))


def answer(row: int, change: Change | None = None, then: Fate | None = None) -> Answer:
    reason = Reason(0, row, Fate(int(desk().last.fates[row])), change, then, then_by=0, then_iou=0.7)
    return Answer(Mark(0, 0, row), desk(), reason)


def test_reasons_are_told_in_words(qapp: QApplication) -> None:
    assert reason_text(answer(0)) == "It is shown."
    assert reason_text(answer(2)) == "suppressed by #0, IoU 0.68"
    assert reason_text(answer(4)) == "score below 0.40"
    told = reason_text(answer(4, then=Fate.SUPPRESSED))
    assert told == "score below 0.40; with a lower score it would be suppressed by #0, IoU 0.70"
    for then in (Fate.NOT_WANTED, Fate.BEYOND_TOP_K, Fate.BEYOND_MOST):
        assert reason_text(answer(4, then=then)) != "score below 0.40"


@pytest.mark.parametrize(
    ("change", "words", "field", "value"),
    [
        (Change("score", 0.3), "Score 0.40 → 0.30", "score", 0.3),
        (Change("score", 0.3999), "Score 0.4000 → 0.3999", "score", 0.3999),
        (Change("overlap", 0.69), "Overlap 0.50 → 0.69", "iou", 0.69),
        (
            Change("top_k", 2000.0, sure=False),
            "Compare the best 2,000; what comes after may still drop it",
            "top_k",
            2000,
        ),
        (Change("most", 301.0), "Show up to 301", "max_detections", 301),
        (Change("class", 2.0), "Switch the class bottle on", "classes", frozenset({0, 1})),
    ],
)
def test_each_change_has_words_and_makes_settings(
    qapp: QApplication, change: Change, words: str, field: str, value: object
) -> None:
    found = answer(4, change)
    assert change_text(found, SETTINGS) == words
    assert getattr(changed(found, SETTINGS, card()), field) == value


def test_a_class_is_switched_on_by_its_name(qapp: QApplication) -> None:
    found = answer(3, Change("class", 2.0))
    assert changed(found, SETTINGS, card()).classes == frozenset({0, 1, 2})


@pytest.mark.parametrize("threshold", ["proposal_score", "refine_score"])
def test_scores_of_a_cascade_are_its_own(qapp: QApplication, threshold: str) -> None:
    found = answer(4, Change(threshold, 0.55, sure=False))
    settings = changed(found, DetectSettings(cascade=CascadeSettings()), card())
    assert settings.cascade is not None
    assert getattr(settings.cascade, threshold) == 0.55


def test_the_score_of_faces_beside_objects_is_their_own(qapp: QApplication) -> None:
    beside = Answer(Mark(1, 0, 4), desk(), Reason(0, 4, Fate.BELOW_SCORE, Change("score", 0.3)))
    settings = changed(beside, DetectSettings(cascade=CascadeSettings(score=0.7)), card())
    assert settings.score == 0.4
    assert settings.cascade is not None
    assert settings.cascade.score == 0.3


def test_where_nothing_helps_nothing_changes(qapp: QApplication) -> None:
    assert change_text(answer(4), SETTINGS) == "No threshold alone would show it"
    assert change_text(answer(0), SETTINGS) == ""
    found: ModelCard = card()
    assert changed(answer(4), SETTINGS, found) is SETTINGS
    assert (score_text(0.004), score_text(0.4)) == ("0.0040", "0.40")


def test_the_cross_moves_by_keys_and_stays_in_the_picture(qtbot: QtBot) -> None:
    inspection = Inspection()
    aim = Aim(inspection)
    qtbot.addWidget(aim)
    aim.show()
    qtbot.keyClick(aim, Qt.Key.Key_Right)
    assert inspection.point is None, "there is no picture"
    inspection.show(result(desk()), card())
    qtbot.keyClick(aim, Qt.Key.Key_Right)
    assert inspection.point == QPointF(200, 150), "it begins in the middle"
    qtbot.keyClick(aim, Qt.Key.Key_Right)
    qtbot.keyClick(aim, Qt.Key.Key_Up)
    assert inspection.point == QPointF(206, 144)
    for _ in range(20):
        qtbot.keyClick(aim, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert inspection.point == QPointF(0, 144)
    assert aim.text() == "0, 144"
    qtbot.keyClick(aim, Qt.Key.Key_Delete)
    assert inspection.point is None
    assert "Nowhere" in aim.accessibleName()
