"""The page of the models: every button, what is said when things go wrong, and downloads that outlive the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from detector_app.model_gallery import State, entries
from detector_app.model_gallery.errors import DamagedModelError, HttpStatusError, OfflineError
from detector_app.pipelines.loader import load_pipeline
from detector_app.ui.model_gallery.gallery_dialog import GalleryDialog
from detector_app.ui.model_gallery.transfers import Transfers
from detector_app.ui.model_gallery.words import size_words, task_words
from tests.model_gallery.conftest import Serve, entry_for
from tests.servers.https_files import Served
from tests.ui.model_gallery.conftest import MakeTransfers, Until

PATH = "tiny.onnx"
Open = Callable[[Transfers], GalleryDialog]


def test_get_verify_open_and_remove(
    qtbot: QtBot, serve: Serve, make_transfers: MakeTransfers, open_page: Open, until: Until, model_bytes: bytes
) -> None:
    transfers = make_transfers(entry_for(serve({PATH: Served(model_bytes)}), PATH))
    dialog = open_page(transfers)
    page = dialog.page
    assert page.get_button.isVisible()
    assert not page.open_button.isVisible()
    assert size_words(len(model_bytes)) in page.get_button.text()
    page.get_button.click()
    assert transfers.running("tiny")
    until(lambda: page.open_button.isVisible())
    path = transfers.states["tiny"].path
    assert path.read_bytes() == model_bytes
    load_pipeline(path).close()
    page.verify_button.click()
    until(lambda: not transfers.running())
    assert page.note.text() == "Every byte is as it should be."
    with qtbot.waitSignal(dialog.openRequested) as opened:
        page.open_button.click()
    assert opened.args == [str(path)]
    with qtbot.waitSignal(dialog.showRequested):
        page.show_button.click()
    page.remove_button.click()
    box = dialog.findChild(QMessageBox)
    assert box is not None
    next(button for button in box.findChildren(QPushButton) if button.text() == "Remove").click()
    until(lambda: page.get_button.isVisible())
    assert not path.exists()


def test_a_download_goes_on_without_the_window_and_where_it_was_cancelled(
    serve: Serve, make_transfers: MakeTransfers, open_page: Open, until: Until, model_bytes: bytes
) -> None:
    served = Served(model_bytes, pause_after=len(model_bytes) // 2)
    transfers = make_transfers(entry_for(serve({PATH: served}), PATH))
    dialog = open_page(transfers)
    dialog.page.get_button.click()
    until(served.paused.is_set)
    until(lambda: dialog.page.work.isVisible())
    dialog.page.work.cancel_button.click()
    until(lambda: not transfers.running())
    served.go_on.set()
    told = transfers.transfer("tiny")
    assert told is not None
    assert told.error is None
    assert transfers.states["tiny"].state in (State.PARTIAL, State.ABSENT)
    assert dialog.page.get_button.isVisible()
    served.pause_after = -1
    dialog.page.get_button.click()
    dialog.close()
    until(lambda: not transfers.running())
    assert transfers.states["tiny"].state is State.INSTALLED
    assert transfers.states["tiny"].path.read_bytes() == model_bytes


def test_closing_the_app_ends_a_download(
    serve: Serve, make_transfers: MakeTransfers, open_page: Open, until: Until, model_bytes: bytes
) -> None:
    served = Served(model_bytes, pause_after=1000)
    transfers = make_transfers(entry_for(serve({PATH: served}), PATH))
    dialog = open_page(transfers)
    dialog.page.get_button.click()
    until(served.paused.is_set)
    transfers.close()
    served.go_on.set()
    assert not transfers.states["tiny"].path.exists()


def test_a_server_that_does_not_have_it_is_told_and_tried_again(
    serve: Serve, make_transfers: MakeTransfers, open_page: Open, until: Until, model_bytes: bytes
) -> None:
    server = serve({PATH: Served(model_bytes)})
    entry = entry_for(server, PATH)
    kept = server.files.pop(PATH)
    transfers = make_transfers(entry)
    dialog = open_page(transfers)
    dialog.page.get_button.click()
    until(lambda: not transfers.running())
    told = transfers.transfer("tiny")
    assert told is not None
    assert isinstance(told.error, HttpStatusError)
    assert "404" in dialog.page.note.text()
    assert dialog.page.note.property("role") == "danger"
    server.files[PATH] = kept
    dialog.page.get_button.click()
    until(lambda: dialog.page.open_button.isVisible())


def test_offline_is_said_plainly(
    serve: Serve, make_transfers: MakeTransfers, open_page: Open, until: Until, model_bytes: bytes
) -> None:
    entry = entry_for(serve({PATH: Served(model_bytes)}), PATH)
    nowhere = tuple(replace(file, urls=("https://nowhere.invalid/tiny.onnx",)) for file in entry.files)
    transfers = make_transfers(replace(entry, files=nowhere))
    dialog = open_page(transfers)
    dialog.page.get_button.click()
    until(lambda: not transfers.running())
    told = transfers.transfer("tiny")
    assert told is not None
    assert isinstance(told.error, OfflineError)
    assert "nowhere.invalid" in dialog.page.note.text()
    assert dialog.page.get_button.isVisible()


def test_a_damaged_model_is_found(
    serve: Serve, make_transfers: MakeTransfers, open_page: Open, until: Until, model_bytes: bytes
) -> None:
    transfers = make_transfers(entry_for(serve({PATH: Served(model_bytes)}), PATH))
    dialog = open_page(transfers)
    dialog.page.get_button.click()
    until(lambda: dialog.page.open_button.isVisible())
    transfers.states["tiny"].path.write_bytes(b"x" * len(model_bytes))
    dialog.page.verify_button.click()
    until(lambda: not transfers.running())
    told = transfers.transfer("tiny")
    assert told is not None
    assert isinstance(told.error, DamagedModelError)


def test_search_and_filter_by_task(make_transfers: MakeTransfers, open_page: Open) -> None:
    dialog = open_page(make_transfers(*entries()))
    shown = dialog.list.shown
    assert len(shown.entries) == len(entries())
    dialog.search.setText("YOLO coco")
    assert 0 < len(shown.entries) < len(entries())
    assert dialog.page.entry == shown.entries[0]
    dialog.search.setText("nothing like that")
    assert shown.rowCount() == 0
    assert dialog.page.entry is None
    dialog.search.clear()
    dialog.filter_box.setCurrentText(task_words("classify"))
    assert {entry.task for entry in shown.entries} == {"classify"}
    dialog.filter_box.setCurrentText("On this machine")
    assert shown.rowCount() == 0
    dialog.filter_box.setCurrentIndex(0)
    assert len(shown.entries) == len(entries())


def test_the_keyboard_reaches_the_list_and_gets_a_model(
    qtbot: QtBot, serve: Serve, make_transfers: MakeTransfers, open_page: Open, until: Until, model_bytes: bytes
) -> None:
    transfers = make_transfers(entry_for(serve({PATH: Served(model_bytes)}), PATH))
    dialog = open_page(transfers)
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    until(lambda: transfers.states["tiny"].state is State.INSTALLED and not transfers.running())


def test_a_table_that_cannot_be_read_is_told(qtbot: QtBot, until: Until, tmp_path: Path) -> None:
    def broken() -> tuple[()]:
        raise OSError("no table")

    transfers = Transfers(folder=tmp_path, table=broken)
    dialog = GalleryDialog(transfers)
    qtbot.addWidget(dialog)
    dialog.show()
    until(lambda: transfers.trouble is not None)
    assert "no table" in dialog.nothing.text()
    assert dialog.retry_button.isVisible()
    transfers.close()


@pytest.mark.parametrize(("size", "words"), [(0, "0 kB"), (26_400, "26 kB"), (63_500_000, "63.5 MB")])
def test_sizes(size: int, words: str) -> None:
    assert size_words(size) == words
