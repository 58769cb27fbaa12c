"""The two windows that bring models, opened from the menu, and what the main window says when they are closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from detector_app.model_gallery.errors import OfflineError
from detector_app.ui.main_window import MainWindow
from detector_app.ui.model_export.export_model_dialog import ExportModelDialog
from detector_app.ui.model_gallery.gallery_dialog import GalleryDialog

LOAD_MS = 30_000


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DETECTOR_APP_MODELS", str(tmp_path / "models"))


def test_both_windows_open_once(qtbot: QtBot, window: MainWindow) -> None:
    for action, kind in (("export_model", ExportModelDialog), ("get_models", GalleryDialog)):
        window.actions_table[action].trigger()
        dialog = window.windows.get(kind)
        assert dialog is not None
        assert not dialog.isModal()
        window.actions_table[action].trigger()
        assert window.windows.get(kind) is dialog
    qtbot.waitUntil(lambda: bool(window.models.transfers.entries), timeout=LOAD_MS)


def test_a_model_that_came_while_its_window_was_closed_can_be_opened(
    qtbot: QtBot, window: MainWindow, model: Path
) -> None:
    window.models.transfers.got.emit("squares", model)
    message = window.area.messages.message
    assert message is not None
    assert "squares" in message.text
    window.area.messages.buttons[0].click()
    qtbot.waitUntil(lambda: window.state.model_name == str(model), timeout=LOAD_MS)


def test_a_download_that_failed_meanwhile_leads_back(window: MainWindow) -> None:
    window.models.transfers.failed.emit("squares", OfflineError("https://nowhere.invalid", detail="no network"))
    message = window.area.messages.message
    assert message is not None
    assert "nowhere.invalid" in message.text
    window.area.messages.buttons[0].click()
    assert window.windows.get(GalleryDialog) is not None
