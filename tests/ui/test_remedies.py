from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from detector_app import errors
from detector_app.engine.state import EngineState
from detector_app.ui.actions import ACTIONS, Actions
from detector_app.ui.message_bar import Severity
from detector_app.ui.remedies import message_for, offers, topic

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.DetectorError)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_offers_only_actions_that_exist(kind: type[errors.DetectorError]) -> None:
    assert set(offers(kind("x"))) <= {spec.id for spec in ACTIONS}


def test_the_most_special_kind_counts() -> None:
    assert offers(errors.CameraError("desk")) == ("retry", "choose_camera")
    assert offers(errors.NotAVideoError("x.txt")) == ("open",)
    assert topic(errors.NotAnOnnxFileError("x.txt")) == "model"
    assert topic(errors.DiskFullError("x")) == "sink"
    assert topic(errors.SettingError("x")) == ""


def test_a_message_has_a_button_for_what_can_be_done(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    actions = Actions(window)
    actions.follow(EngineState())
    message = message_for(errors.CameraError("desk", detail="busy", known="none"), actions)
    assert message.severity is Severity.DANGER
    assert [remedy.text for remedy in message.remedies] == ["Try again", "Choose a camera"]
    assert message_for(errors.TruncatedError("x", found=3, detail=""), actions).severity is Severity.WARNING
    actions["retry"].setEnabled(False)
    assert [remedy.text for remedy in message_for(errors.CameraError("desk"), actions).remedies] == ["Choose a camera"]


def test_a_message_names_the_file_and_its_tooltip_the_path(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    path = tmp_path / "a folder" / "film.mp4"
    message = message_for(errors.NotAVideoError(str(path), detail="the file is empty"), Actions(window))
    assert message.text.startswith("film.mp4 is not")
    assert str(path) in message.full
    address = "rtsp://camera.local/stream"
    assert address in message_for(errors.StreamError(address, detail="busy"), Actions(window)).text
