from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from detector_app.ui.export_dialog import ExportDialog


def test_the_button_that_starts_keeps_its_name_when_the_language_changes(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog("film.mp4", tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.start_button.text() == "Start"
    QCoreApplication.sendEvent(dialog, QEvent(QEvent.Type.LanguageChange))
    assert dialog.start_button.text() == "Start"
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.start_button.click()
    assert chosen.args[0].folder == tmp_path  # type: ignore[index]
