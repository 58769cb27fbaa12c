from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from detector_app.errors import SettingError
from detector_app.model_card import Thresholds
from detector_app.pipelines.pipeline import DetectSettings
from detector_app.settings import Settings, changed
from detector_app.settings_store import SettingsStore
from detector_app.ui.preferences import Preferences, processor_choice, with_preferences
from tests.onnx_files import tiny_card


@pytest.fixture
def settings_file(tmp_path: Path) -> SettingsStore:
    return SettingsStore(tmp_path / "settings.json")


def test_a_change_is_told_and_kept(qtbot: QtBot, settings_file: SettingsStore) -> None:
    preferences = Preferences(settings_file)
    with qtbot.waitSignal(preferences.changed) as heard:
        preferences.set(theme="dark", loop=True)
    assert heard.args == [changed(Settings(), theme="dark", loop=True), frozenset({"theme", "loop"})]
    assert settings_file.load() == changed(Settings(), theme="dark", loop=True)


def test_what_is_the_same_is_not_told(qtbot: QtBot, settings_file: SettingsStore) -> None:
    preferences = Preferences(settings_file)
    with qtbot.assertNotEmitted(preferences.changed):
        preferences.set(theme=Settings().theme)


def test_the_command_line_counts_but_is_not_kept(settings_file: SettingsStore) -> None:
    preferences = Preferences(settings_file, {"language": "zh_CN"})
    assert preferences.settings.language == "zh_CN"
    preferences.set(loop=True)
    assert settings_file.load() == changed(Settings(), loop=True)


def test_what_is_not_allowed_changes_nothing(settings_file: SettingsStore) -> None:
    with pytest.raises(SettingError):
        Preferences(settings_file, {"theme": "pink"})
    preferences = Preferences(settings_file)
    with pytest.raises(SettingError):
        preferences.set(score=2.0)
    assert preferences.settings == Settings()


def test_a_file_that_cannot_be_written_is_told_and_the_setting_counts(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    preferences = Preferences(SettingsStore(tmp_path / "file" / "settings.json"))
    with qtbot.waitSignal(preferences.failed):
        preferences.set(theme="dark")
    assert preferences.settings.theme == "dark"


def test_thresholds_come_from_the_card_or_from_the_settings() -> None:
    card = replace(tiny_card(), thresholds=Thresholds(score=0.7, iou=0.3))
    own = changed(Settings(), model_thresholds=True, score=0.1, iou=0.1, top_k=9)
    mine = changed(own, model_thresholds=False)
    present = DetectSettings(classes=frozenset({1}))
    assert with_preferences(present, own, card) == replace(present, score=0.7, iou=0.3, top_k=9)
    assert with_preferences(present, mine, card) == replace(present, score=0.1, iou=0.1, top_k=9)


def test_the_processor_as_the_engine_takes_it() -> None:
    automatic, asked = (
        processor_choice(Settings()),
        processor_choice(changed(Settings(), providers="cuda", strict=True, threads=2)),
    )
    assert (automatic.providers, automatic.strict, automatic.threads) == (None, False, None)
    assert (asked.providers, asked.strict, asked.threads) == (("cuda",), True, 2)
