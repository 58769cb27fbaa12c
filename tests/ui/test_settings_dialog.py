from __future__ import annotations

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from detector_app.settings import TABLE, Settings, changed
from detector_app.ui.settings_dialog import SettingsDialog


@pytest.fixture
def dialog(qtbot: QtBot) -> SettingsDialog:
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    return dialog


def value_of(editor: object) -> object:
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    if isinstance(editor, QComboBox):
        return editor.currentData()
    if isinstance(editor, QLineEdit):
        return editor.text()
    assert isinstance(editor, QSpinBox | QDoubleSpinBox)
    return editor.value()


@pytest.mark.parametrize("name", TABLE)
def test_every_setting_has_a_field_that_shows_it(dialog: SettingsDialog, name: str) -> None:
    editor = dialog.editor(name)
    assert value_of(editor) == TABLE[name].default
    assert editor.toolTip() == TABLE[name].description


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.least is not None])
def test_a_number_cannot_leave_its_bounds(dialog: SettingsDialog, name: str) -> None:
    editor, row = dialog.editor(name), TABLE[name]
    assert isinstance(editor, QSpinBox | QDoubleSpinBox)
    assert (editor.minimum(), editor.maximum()) == (row.least, row.most)


def test_a_change_counts_at_once(dialog: SettingsDialog, qtbot: QtBot) -> None:
    theme = dialog.editor("theme")
    assert isinstance(theme, QComboBox)
    with qtbot.waitSignal(dialog.changed) as heard:
        theme.setCurrentIndex(theme.findData("dark"))
    assert heard.args == [changed(Settings(), theme="dark")]


def test_changes_add_up(dialog: SettingsDialog) -> None:
    heard: list[Settings] = []
    dialog.changed.connect(heard.append)
    loop, limit = dialog.editor("loop"), dialog.editor("max_detections")
    assert isinstance(loop, QCheckBox)
    assert isinstance(limit, QSpinBox)
    loop.setChecked(True)
    limit.setValue(7)
    assert heard[-1] == changed(Settings(), loop=True, max_detections=7)


def test_the_models_own_thresholds_make_the_other_two_idle(dialog: SettingsDialog) -> None:
    own = dialog.editor("model_thresholds")
    assert isinstance(own, QCheckBox)
    assert not dialog.editor("score").isEnabled()
    own.setChecked(False)
    assert dialog.editor("score").isEnabled()
    assert dialog.editor("iou").isEnabled()


def test_defaults_come_back(dialog: SettingsDialog, qtbot: QtBot) -> None:
    dialog.show_settings(changed(Settings(), score=0.9, theme="light", language="zh_CN"))
    with qtbot.waitSignal(dialog.changed) as heard:
        dialog.restore_button.click()
    assert heard.args == [Settings()]
    assert value_of(dialog.editor("score")) == Settings().score


def test_settings_changed_elsewhere_are_shown_without_an_echo(dialog: SettingsDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(dialog.changed):
        dialog.show_settings(changed(Settings(), speed=2.0, camera="desk"))
    assert value_of(dialog.editor("speed")) == 2.0
    assert value_of(dialog.editor("camera")) == "desk"
