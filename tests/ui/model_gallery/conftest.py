"""The page over a gallery of one small model on a server of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from detector_app.model_gallery import GalleryEntry
from detector_app.ui.model_gallery.gallery_dialog import GalleryDialog
from detector_app.ui.model_gallery.transfers import Transfers
from tests.model_gallery.conftest import certificate, model_bytes, serve
from tests.servers.https_files import Certificate

__all__ = ["certificate", "model_bytes", "serve"]
ANSWER_MS = 30_000
Until = Callable[[Callable[[], bool]], None]
MakeTransfers = Callable[..., Transfers]


@pytest.fixture
def until(qtbot: QtBot) -> Until:
    """Waits for what the threads bring."""
    return lambda condition: qtbot.waitUntil(condition, timeout=ANSWER_MS)


@pytest.fixture
def make_transfers(qapp: QApplication, certificate: Certificate, tmp_path: Path) -> Iterator[MakeTransfers]:
    """Work on a gallery of the given entries, in a folder of the test's own; ended after the test."""
    del qapp
    made: list[Transfers] = []

    def make(*entries: GalleryEntry) -> Transfers:
        one = Transfers(folder=tmp_path / "models", table=lambda: entries, tls=certificate.trusted())
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()


@pytest.fixture
def open_page(qtbot: QtBot, until: Until) -> Callable[[Transfers], GalleryDialog]:
    """Opens the window and waits for its list."""

    def make(transfers: Transfers) -> GalleryDialog:
        dialog = GalleryDialog(transfers)
        qtbot.addWidget(dialog)
        dialog.show()
        until(lambda: bool(transfers.entries))
        return dialog

    return make
