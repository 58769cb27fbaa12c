from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from detector_app.engine.state import EngineState, ExportProgress, Phase
from detector_app.sources.source import SourceInfo
from detector_app.ui.actions import ACTIONS, Actions, key_text
from tests.ui.results import card

FILM = SourceInfo(
    "film.mp4", "video", live=False, seekable=True, width_px=320, height_px=320, fps=30, frame_count=60, duration_s=2
)
CAMERA = SourceInfo("desk camera", "camera", live=True, seekable=False, width_px=320, height_px=320)
PLAYING = EngineState(Phase.PLAYING, FILM, spec="film.mp4")


@pytest.fixture
def actions(qtbot: QtBot) -> Actions:
    window = QWidget()
    qtbot.addWidget(window)
    made = Actions(window)
    made.window = window  # type: ignore[attr-defined]  # the actions live as long as their window
    return made


def enabled(actions: Actions, state: EngineState) -> set[str]:
    actions.follow(state)
    return {name for name in actions if actions[name].isEnabled()}


def test_no_two_actions_share_an_id_or_a_shortcut() -> None:
    keys = Counter(QKeySequence(key).toString() for spec in ACTIONS for key in spec.keys)
    assert [key for key, count in keys.items() if count > 1 or not key] == []
    assert len({spec.id for spec in ACTIONS}) == len(ACTIONS)


def test_the_keys_that_were_promised() -> None:
    keys = {key: spec.id for spec in ACTIONS for key in spec.keys}
    promised = {
        "Space": "play", "Left": "step_back", "Right": "step_forward", "Shift+Left": "second_back", "Home": "start", "End": "end",
        "[": "score_down", "]": "score_up", "{": "iou_down", "}": "iou_up", "R": "record", "S": "snapshot", "F": "full_screen",
        "1": "class_1", "9": "class_9", "Ctrl+O": "open", "Ctrl+L": "stream", "?": "shortcuts", "F1": "help",
    }  # fmt: skip
    assert {key: keys[key] for key in promised} == promised


def test_nothing_that_needs_a_picture_is_enabled_without_one(actions: Actions) -> None:
    impossible = {
        "play",
        "step_back",
        "seek",
        "snapshot",
        "record",
        "export",
        "fit",
        "zoom_in",
        "close_source",
        "model_info",
        "class_1",
    }
    assert enabled(actions, EngineState()) & impossible == set()
    assert {"open", "stream", "settings", "shortcuts", "quit"} <= enabled(actions, EngineState())


def test_a_live_source_can_be_played_and_kept_but_not_stepped(actions: Actions) -> None:
    found = enabled(actions, EngineState(Phase.PLAYING, CAMERA, model=card()))
    assert {"play", "record", "snapshot", "close_source"} <= found
    assert not {"step_back", "start", "second_on", "export"} & found


def test_an_export_needs_a_file_and_a_model_and_that_none_runs(actions: Actions) -> None:
    ready = replace(PLAYING, model=card())
    running = replace(ready, export=ExportProgress(Path("out")))
    assert "export" not in enabled(actions, PLAYING)
    assert "export" in enabled(actions, ready)
    assert "export" not in enabled(actions, running)


def test_a_source_that_opens_or_failed_can_be_closed(actions: Actions) -> None:
    for phase in (Phase.OPENING, Phase.FAILED):
        assert "close_source" in enabled(actions, EngineState(phase))


def test_tooltips_name_the_shortcut(actions: Actions) -> None:
    assert actions["snapshot"].toolTip() == "Snapshot (S)"
    assert actions["second_back"].toolTip() == "One second back (Shift+←)"
    assert actions["about"].toolTip() == "About Detector App"
    for spec in ACTIONS:
        if spec.keys and not spec.label:
            assert f"({key_text(spec)})" in actions[spec.id].toolTip()
