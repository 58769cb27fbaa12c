from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from detector_app.faces.refusals import FaceTooSmallError
from detector_app.ui.faces.enrol_card import EnrolCard
from detector_app.vision.detections import Detections
from detector_app.vision.frame import Frame
from detector_app.vision.frame_result import FrameResult
from detector_app.vision.identity import Identity

NEAR = QRect(100, 100, 80, 100)


def result(identity: Identity | None = None) -> FrameResult:
    """A picture with one face at its edge."""
    frame = Frame(np.full((200, 300, 3), 90, np.uint8), 0, 0.0, 0.0, "one.png")
    found = Detections(
        np.array([[0, 20, 60, 90]], np.float32),
        np.ones(1, np.float32),
        np.zeros(1, np.int64),
        ("face",),
        np.zeros((1, 5, 2), np.float32),
        identities=(identity,),
    )
    return FrameResult(frame, found)


@pytest.fixture
def card(qtbot: QtBot) -> EnrolCard:
    around = QWidget()
    around.resize(800, 600)
    qtbot.addWidget(around)
    around.show()
    return EnrolCard(around)


def test_it_asks_and_tells_the_name(card: EnrolCard, qtbot: QtBot) -> None:
    card.ask(result(), 0, ("Anna", "Ben"), NEAR)
    assert card.isVisible()
    assert card.title.text() == "Who is this?"
    assert not card.enrol_button.isEnabled()
    with qtbot.waitSignal(card.named) as caught:
        qtbot.keyClicks(card.name, "  Carl   Otto ")
        qtbot.keyClick(card.name, Qt.Key.Key_Return)
    assert caught.args == ["Carl Otto"]
    assert not card.enrol_button.isEnabled(), "one order at a time"


def test_a_known_face_gets_another_picture(card: EnrolCard) -> None:
    card.ask(result(Identity("Anna", 0.21, known=True)), 0, ("Anna",), NEAR)
    assert card.title.text() == "Anna, 0.21 apart"
    assert card.name.text() == "Anna"
    assert card.enrol_button.text() == "Add picture"


def test_a_refusal_says_how_to_do_better_and_asks_again(card: EnrolCard, qtbot: QtBot) -> None:
    card.ask(result(), 0, (), NEAR)
    card.name.setText("Anna")
    card.enrol_button.click()
    card.refuse(FaceTooSmallError("one.png", found="9", expected="24"))
    assert card.trouble.isVisible()
    assert "9 pixels between the eyes" in card.trouble.text()
    assert "Come closer" in card.trouble.text()
    assert card.trouble.height() >= card.trouble.heightForWidth(card.trouble.width())
    with qtbot.waitSignal(card.named):
        card.enrol_button.click()


def test_escape_closes_it_and_no_key_reaches_the_window(card: EnrolCard, qtbot: QtBot) -> None:
    card.ask(result(), 0, (), NEAR)
    assert card.face is not None
    with qtbot.waitSignal(card.closed):
        qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert card.face is None
    assert not card.isVisible()


@pytest.mark.parametrize("near", [NEAR, QRect(700, 540, 90, 60), QRect(-50, -50, 60, 60), QRect(0, 0, 800, 600)])
def test_it_stays_inside(card: EnrolCard, near: QRect) -> None:
    card.ask(result(), 0, (), near)
    assert card.parentWidget().rect().contains(card.geometry())
    card.refuse(FaceTooSmallError("a picture with a rather long name.png", found="9", expected="24"))
    assert card.parentWidget().rect().contains(card.geometry())
