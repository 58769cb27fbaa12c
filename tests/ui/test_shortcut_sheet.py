from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from detector_app.ui.actions import ACTIONS, key_text
from detector_app.ui.shortcut_sheet import ShortcutSheet, listed


def test_every_key_is_on_the_sheet(qtbot: QtBot) -> None:
    sheet = ShortcutSheet()
    qtbot.addWidget(sheet)
    shown = {label.text() for label in sheet.findChildren(QLabel)}
    for spec in ACTIONS:
        if spec.keys:
            assert key_text(spec) in shown, spec.id


def test_the_nine_class_keys_take_one_row() -> None:
    rows = [spec for _, specs in listed() for spec in specs if spec.id.startswith("class_")]
    assert [key_text(spec) for spec in rows] == ["1 … 9"]


def test_no_key_is_clipped(qtbot: QtBot) -> None:
    sheet = ShortcutSheet()
    qtbot.addWidget(sheet)
    with qtbot.waitExposed(sheet):
        sheet.show()
    for label in sheet.findChildren(QLabel):
        assert label.fontMetrics().horizontalAdvance(label.text()) <= label.contentsRect().width(), label.text()
